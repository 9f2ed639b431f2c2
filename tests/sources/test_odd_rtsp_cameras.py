"""RTSP cameras that want another login, both of their tracks or only one of them, or no further viewer."""

import re
from itertools import pairwise
from urllib.parse import quote

import pytest

from livevision.errors import SourceError, SourceRefused, SourceUnavailable
from livevision.sources import receiver_reports, stream
from livevision.sources.registry import SourceRegistry
from tests.fakes.clips import number_in
from tests.fakes.odd_server import OddServer
from tests.fakes.packet_log import PacketLog
from tests.fakes.rtsp_camera import PASSWORD, USER, RtspCamera, encoded


@pytest.fixture(scope="module")
def pictures():
    return encoded(20)


@pytest.fixture(autouse=True)
def _forget_what_was_learned():
    yield
    for learned in (stream.NEEDS_RELAY, stream.NEEDS_SOUND, stream.SOUND_REFUSED, stream.NEEDS_PARSER, stream.PAUSES):
        learned.clear()


def address(server, password=PASSWORD):
    return f"rtsp://{USER}:{quote(password, safe='')}@127.0.0.1:{server.port}/live?channel=1"


def read_numbers(url, count=8, sink=None):
    reader = SourceRegistry().opener(url)(0)
    if sink is not None:
        reader.tap(sink)
    try:
        reader.open()
        return [number_in(reader.read().bgr()) for _ in range(count)]
    finally:
        reader.interrupt()
        reader.close()


def fail_to_open(url):
    with pytest.raises(SourceError) as caught:
        read_numbers(url)
    assert PASSWORD not in str(caught.value)
    assert quote(PASSWORD, safe="") not in str(caught.value)
    return caught


def is_steady(numbers):
    return [(later - earlier) % 20 for earlier, later in pairwise(numbers)] == [1] * 7


@pytest.mark.parametrize(
    "algorithms", [("MD5",), ("SHA-256",), ("MD5", "SHA-256"), ("SHA-256", "MD5")], ids=" then ".join
)
def test_a_right_password_is_let_in_whatever_it_is_hashed_with(pictures, algorithms):
    camera = RtspCamera(pictures, algorithms)
    with OddServer(camera) as server:
        for _ in range(2):
            assert is_steady(read_numbers(address(server)))
    assert camera.verified


@pytest.mark.parametrize(
    "algorithms", [("MD5",), ("SHA-256",), ("MD5", "SHA-256"), ("SHA-256", "MD5")], ids=" then ".join
)
def test_a_wrong_password_is_sent_once(pictures, algorithms):
    camera = RtspCamera(pictures, algorithms)
    with OddServer(camera) as server:
        caught = fail_to_open(address(server, "wrong"))
    assert caught.type is SourceRefused
    assert caught.match("refused the user name or the password")
    assert camera.logins == 1


def test_a_login_that_nobody_knows_is_no_wrong_password(pictures):
    with OddServer(RtspCamera(pictures, ("CRC-32",))) as server:
        caught = fail_to_open(address(server))
    assert caught.type is SourceRefused
    assert caught.match(
        r"a login of a kind that is not known here \(CRC-32\). Set its RTSP authentication to digest/MD5"
    )


@pytest.mark.parametrize("status", ["453 Not Enough Bandwidth", "503 Service Unavailable"])
def test_too_many_viewers_are_said_as_such(pictures, status):
    with OddServer(RtspCamera(pictures, status={"SETUP": status})) as server:
        caught = fail_to_open(address(server))
    assert caught.type is SourceUnavailable
    assert caught.match(rf"has no room for another viewer now \({status[:3]}\)")


@pytest.mark.parametrize("audio", ["first", "last"])
@pytest.mark.parametrize("status", ["461 Unsupported Transport", "500 Internal Server Error"])
def test_where_the_sound_is_refused_the_picture_comes_without(pictures, audio, status, caplog):
    camera = RtspCamera(pictures, audio=audio, audio_status=status)
    with OddServer(camera) as server:
        assert is_steady(read_numbers(address(server), sink=PacketLog()))
    assert [line for line in caplog.messages if "refuses to send its sound; its pictures come without" in line]


@pytest.mark.parametrize("audio", ["first", "last"])
@pytest.mark.parametrize("tapped", [False, True])
def test_a_camera_that_waits_for_both_tracks_gets_them(pictures, audio, tapped, monkeypatch):
    monkeypatch.setattr(stream, "TIMEOUT", 0.5)
    camera = RtspCamera(pictures, audio=audio, wants_both=True)
    with OddServer(camera) as server:
        assert is_steady(read_numbers(address(server), sink=PacketLog() if tapped else None))
    assert len(camera.setups) == 2


def test_a_camera_hears_every_few_seconds_that_it_is_watched(pictures, monkeypatch):
    monkeypatch.setattr(receiver_reports, "EVERY", 0.1)
    with OddServer(RtspCamera(pictures)) as server:
        read_numbers(address(server), count=40)
        heard = server.heard
    # RFC 3550: version 2, no block, type 201, one more word; in channel 1.
    reports = re.findall(rb"\$\x01\x00\x20\x80\xc9\x00\x01(....)\x81\xca\x00\x05\1\x01\x0alivevision", heard, re.DOTALL)
    assert len(reports) >= 2
    assert len(set(reports)) == 1
