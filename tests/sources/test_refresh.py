"""Cameras without keyframes, that refresh their picture bit by bit: seen, hidden, and recorded."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from livevision.recording.partial import NewFile
from livevision.recording.remux import RemuxSink
from livevision.sources.access_units import AccessUnits
from livevision.sources.live import LiveDecoder
from livevision.sources.nal_units import SYNTAXES
from livevision.sources.random_access import pictures_to_recover
from livevision.sources.reader import Demand
from livevision.sources.stream import StreamReader
from tests.fakes.clips import encoded, number_in, numbered
from tests.fakes.interleaved import CLOCK, VIDEO, InterleavedCamera, Sent, annex_b
from tests.fakes.packet_log import PacketLog
from tests.fakes.rtp import nal_units
from tests.recording.material import read_back
from tests.recording.packet_material import complaints, timed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CYCLE = 30
JOINED = 7
"""The picture with which somebody else's recording, or our connection, begins: somewhere in a refresh."""
OPTIONS = {
    "h264": {"preset": "ultrafast", "tune": "zerolatency", "crf": "8", "x264-params": "threads=1:intra-refresh=1"},
    "hevc": {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "crf": "8",
        "x265-params": "log-level=none:pools=1:intra-refresh=1:repeat-headers=1",
    },
}
# HEVC: recovery_poc_cnt 29, exact match.  x265 writes none, cameras do.
RECOVERS_IN_29 = bytes.fromhex("4e010602075480")


@cache
def pictures(codec: str) -> tuple[bytes, ...]:
    """Whole pictures as a camera sends them; a number goes up in each."""
    made = encoded(
        [numbered(number) for number in range(150)], "libx264" if codec == "h264" else "libx265", OPTIONS[codec], CYCLE
    )
    whole = [bytes(packet) for packet in made]
    if codec == "h264":
        return tuple(whole)
    parameters = [nal for nal in nal_units(whole[0]) if nal[0] >> 1 in (32, 33, 34)]
    return tuple(
        annex_b(*parameters, RECOVERS_IN_29) + picture if number and number % CYCLE == 0 else picture
        for number, picture in enumerate(whole)
    )


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_where_decoding_can_begin_and_when_all_is_right(codec: str) -> None:
    counts = [pictures_to_recover(codec, picture) for picture in pictures(codec)]
    assert counts[0] == 0
    points = [number for number, count in enumerate(counts) if count]
    assert points == [30, 60, 90, 120]
    assert {counts[point] for point in points} <= set(range(10, CYCLE))


@pytest.mark.parametrize(
    ("codec", "sei", "count"),
    [
        ("h264", "06 06 01 c0 80", 0),
        ("h264", "06 06 02 09 c4 80", 18),
        ("h264", "06 05 02 aa bb 06 01 c0 80", 0),
        ("h264", "06 05 02 aa bb 80", None),
        ("hevc", "4e 01 06 01 d0 80", 0),
        ("hevc", "4e 01 06 01 54 80", 1),
        ("hevc", "4e 01 06 01 74 80", 0),  # -1
        ("hevc", "4e 01 06 02 00 00 03 80", None),
    ],
)
def test_what_a_message_says(codec: str, sei: str, count: int | None) -> None:
    slice_of = {"h264": b"\x41\x9a\0\x80", "hevc": b"\x02\x01\xd0\x80"}[codec]
    assert pictures_to_recover(codec, annex_b(bytes.fromhex(sei), slice_of)) == count


def camera(codec: str, first: int = JOINED) -> InterleavedCamera:
    def script() -> Iterator[Sent]:
        for number, picture in enumerate(islice(pictures(codec), first, None)):
            yield Sent(number / 25, VIDEO, 1000 + number * CLOCK // 25, picture)

    return InterleavedCamera(script, codec, 25, paced=False)


def is_right(image: np.ndarray, number: int) -> bool:
    """Say whether nothing of older pictures is left, but for what encoding costs; x265's refresh leaves a trace."""
    return number_in(image) == number and float(np.abs(image.astype(int) - numbered(number)).mean()) < 20


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_camera_without_keyframes_is_seen_and_recorded_within_one_refresh(codec: str, tmp_path: Path) -> None:
    log = PacketLog()
    with camera(codec) as server:
        reader = StreamReader(server.url, "Drone", 0)
        reader.tap(log)
        reader.open()
        assert repr(reader).endswith("open, unparsed>")
        frames = [reader.read() for _ in range(60)]
        reader.interrupt()
        reader.close()
    assert server.played == 1
    first = round(frames[0].pts * 25) + JOINED
    assert CYCLE <= first <= 2 * CYCLE
    assert all(is_right(frame.bgr(), first + at) for at, frame in enumerate(frames))
    # The recording begins where the refresh began that led to the first picture.
    assert log.video[0].is_keyframe
    assert round(log.video[0].pts * 25) + JOINED == CYCLE
    file = RemuxSink(tmp_path / "drone.mp4", new_file=NewFile)
    for item in timed(log):
        file.write(item)
    file.close()
    if codec == "h264":  # of HEVC it says what it is missing before the first picture
        assert complaints(tmp_path / "drone.mp4") == ""
    kept = read_back(tmp_path / "drone.mp4")
    assert len(kept.images) > 50
    whole = first - CYCLE
    assert all(is_right(image, round(at * 25) + CYCLE) for at, image in zip(kept.times, kept.images, strict=True))
    assert kept.times[0] * 25 <= whole + 1


class Fed:
    """A decoder of a camera that was joined in the middle."""

    def __init__(self, codec: str = "h264") -> None:
        self.codec = codec
        self.units = AccessUnits(SYNTAXES[codec])
        context = av.CodecContext.create(codec, "r")
        context.thread_count = 1
        self.decoder = LiveDecoder(context, None)
        self.shown: list[int] = []

    def feed(self, first: int, last: int) -> None:
        for number in range(first, last):
            packet = av.Packet(pictures(self.codec)[number])
            packet.is_keyframe = self.codec == "h264" and pictures_to_recover("h264", bytes(packet)) is not None
            packet.pts = number
            for picture in self.decoder.decode(packet, number / 25):
                image = picture.to_ndarray(format="bgr24")
                assert is_right(image, picture.pts)
                self.shown.append(picture.pts)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_tile_that_nobody_sees_has_the_newest_picture_at_once_when_somebody_looks(codec: str) -> None:
    fed = Fed(codec)
    fed.feed(JOINED, 80)
    assert fed.shown[-1] == 79
    fed.decoder.demand = Demand.KEYFRAMES
    fed.feed(80, 140)
    fed.decoder.demand = Demand.EVERY_FRAME
    fed.feed(140, 141)
    assert fed.shown[-1] == 140


def test_one_that_was_never_seen_has_its_picture_within_a_refresh_too() -> None:
    fed = Fed()
    fed.decoder.demand = Demand.KEYFRAMES
    fed.feed(JOINED, 75)
    assert fed.shown[-1] == 74


def test_after_too_much_was_left_out_only_whole_pictures_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.sources.live._KEPT", 2000)
    fed = Fed()
    fed.decoder.demand = Demand.KEYFRAMES
    fed.feed(0, 28)
    fed.decoder.demand = Demand.EVERY_FRAME
    fed.feed(28, 70)
    assert fed.shown[0] == 0
    assert fed.shown[1] >= CYCLE + 10
    assert fed.shown[-1] == 69
