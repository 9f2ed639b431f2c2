"""Web cameras and playlists that are not as the standard says, and what must stay out of reach for them."""

import hashlib
import re
import threading
import time
from itertools import pairwise

import cv2
import pytest

from livevision.errors import SourceError, SourceRefused, SourceUnavailable
from livevision.sources import stream
from livevision.sources.registry import SourceRegistry
from tests.fakes.clips import number_in, numbered, write_clip
from tests.fakes.inference_server import wait_until
from tests.fakes.odd_server import OddServer

MULTIPART = "multipart/x-mixed-replace; boundary=abc"


@pytest.fixture(autouse=True)
def _forget_what_was_learned():
    yield
    stream.BROKEN_MJPEG.clear()
    stream.PAUSES.clear()
    stream.WITHOUT_PICTURE.clear()


@pytest.fixture(scope="module")
def jpegs():
    return [cv2.imencode(".jpg", numbered(number))[1].tobytes() for number in range(64)]


def read_numbers(url, count):
    reader = SourceRegistry().opener(url)(0)
    try:
        reader.open()
        frames = [reader.read() for _ in range(count)]
    finally:
        reader.interrupt()
        reader.close()
    return [number_in(frame.bgr()) for frame in frames], frames


def part(jpeg, boundary="abc", kind="Content-Type: image/jpeg\r\n", length=True):
    size = f"Content-Length: {len(jpeg)}\r\n" if length else ""
    return f"--{boundary}\r\n{kind}{size}\r\n".encode() + jpeg + b"\r\n"


def with_boundary_inside(jpeg):
    comment = b"\r\n--abc\r\nContent-Type: image/jpeg\r\n\r\n"
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


WAYS = {
    "as it should be": (MULTIPART, part),
    "no boundary before the first picture": (
        MULTIPART,
        lambda jpeg: part(jpeg).removeprefix(b"--abc\r\n") + b"--abc\r\n",
    ),
    "bare line feeds": (
        MULTIPART,
        lambda jpeg: part(jpeg).replace(b"\r\n", b"\n", 4),
    ),
    "another type": (MULTIPART, lambda jpeg: part(jpeg, kind="Content-Type: image/jpg\r\n", length=False)),
    "no type": (MULTIPART, lambda jpeg: part(jpeg, kind="", length=False)),
    "bytes": (MULTIPART, lambda jpeg: part(jpeg, kind="Content-Type: application/octet-stream\r\n")),
    "named with its dashes": ("multipart/x-mixed-replace; boundary=--abc", part),
    "dashes before dashes": (
        "multipart/x-mixed-replace; boundary=--abc",
        lambda jpeg: part(jpeg, boundary="--abc", length=False),
    ),
    "quoted": ('multipart/x-mixed-replace; boundary="abc"', part),
    "no length": (MULTIPART, lambda jpeg: part(jpeg, length=False)),
    "the boundary inside a picture": (MULTIPART, lambda jpeg: part(with_boundary_inside(jpeg), length=False)),
    "a length that is too small": (
        MULTIPART,
        lambda jpeg: b"--abc\r\nContent-Type: image/jpeg\r\nContent-Length: 12\r\n\r\n" + jpeg + b"\r\n",
    ),
    "named as a single picture": ("image/jpeg", lambda jpeg: part(jpeg, length=False)),
}


@pytest.mark.parametrize(("kind", "each"), WAYS.values(), ids=WAYS)
def test_every_picture_comes_whatever_is_between_them(jpegs, kind, each):
    def answer(_request):
        yield f"HTTP/1.0 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
        for number in range(100_000):
            yield each(jpegs[number % len(jpegs)])
            time.sleep(0.01)

    with OddServer(answer) as server:
        numbers, frames = read_numbers(f"http://127.0.0.1:{server.port}/x", 40)
    steps = [(later - earlier) % len(jpegs) for earlier, later in pairwise(numbers)]
    assert steps == [1] * 39
    assert all(later.pts > earlier.pts for earlier, later in pairwise(frames))


def test_after_an_attempt_without_a_picture_they_are_looked_for_in_another_way(jpegs, monkeypatch):
    monkeypatch.setattr(stream, "_LONG", 0.0)

    def answer(_request):
        yield f"HTTP/1.0 200 OK\r\nContent-Type: {MULTIPART}\r\n\r\n".encode()
        for number in range(100_000):
            # Nothing says where a picture ends but the picture itself.
            yield b"--abc\nContent-Type: image/jpeg\n\n" + jpegs[number % len(jpegs)] + b"\n"
            time.sleep(0.01)

    with OddServer(answer) as server:
        url = f"http://127.0.0.1:{server.port}/x"
        reader = SourceRegistry().opener(url)(0)
        interrupted = threading.Thread(target=lambda: (wait_until(lambda: server.sent > 100_000), reader.interrupt()))
        interrupted.start()
        with pytest.raises(SourceUnavailable):
            reader.open()
        interrupted.join()
        reader.close()
        numbers, _ = read_numbers(url, 10)
    assert [(later - earlier) % len(jpegs) for earlier, later in pairwise(numbers)] == [1] * 9


class Guarded:
    """A web camera that lets in who knows the password, hashed with one of ``algorithms``."""

    def __init__(self, jpegs, algorithms):
        self.jpegs, self.algorithms, self.logins = jpegs, algorithms, 0

    def __call__(self, request):
        said = dict(re.findall(rb'(\w+)="?([^",\r]*)"?', request.partition(b"Authorization: Digest")[2]))
        self.logins += bool(said)
        algorithm = said.get(b"algorithm", b"MD5").decode()
        if not said or algorithm not in self.algorithms or said[b"response"] != self._right(algorithm, said):
            lines = [
                f'WWW-Authenticate: Digest realm="x", nonce="00ff", algorithm={each}, qop="auth"\r\n'
                for each in self.algorithms
            ]
            return f"HTTP/1.1 401 Unauthorized\r\n{''.join(lines)}Content-Length: 0\r\n\r\n".encode()
        return self._pictures()

    def _right(self, algorithm, said):
        def digest(*parts):
            return {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm](b":".join(parts)).hexdigest().encode()

        secret = digest(b"anna", b"x", b"p@ss")
        return digest(secret, b"00ff", said[b"nc"], said[b"cnonce"], b"auth", digest(b"GET", said[b"uri"]))

    def _pictures(self):
        yield f"HTTP/1.0 200 OK\r\nContent-Type: {MULTIPART}\r\n\r\n".encode()
        for number in range(100_000):
            yield part(self.jpegs[number % len(self.jpegs)])
            time.sleep(0.01)


ORDERS = pytest.mark.parametrize(
    "algorithms", [("MD5",), ("SHA-256",), ("MD5", "SHA-256"), ("SHA-256", "MD5")], ids=" then ".join
)


@ORDERS
def test_a_right_password_is_let_in_whatever_it_is_hashed_with(jpegs, algorithms):
    with OddServer(Guarded(jpegs, algorithms)) as server:
        numbers, _ = read_numbers(f"http://anna:p%40ss@127.0.0.1:{server.port}/x?camera=1", 10)
    assert [(later - earlier) % len(jpegs) for earlier, later in pairwise(numbers)] == [1] * 9


@ORDERS
def test_a_wrong_password_is_sent_once(jpegs, algorithms):
    camera = Guarded(jpegs, algorithms)
    with OddServer(camera) as server, pytest.raises(SourceRefused, match="refused the user name or the password"):
        read_numbers(f"http://anna:wrong@127.0.0.1:{server.port}/x", 1)
    assert camera.logins == 1


def test_a_login_that_nobody_knows_is_no_wrong_password(jpegs):
    with (
        OddServer(Guarded(jpegs, ("CRC-32",))) as server,
        pytest.raises(SourceRefused, match=r"a login that cannot be given here \(CRC-32\)"),
    ):
        read_numbers(f"http://anna:p%40ss@127.0.0.1:{server.port}/x", 1)


def test_a_playlist_takes_such_a_login_to_nobody_else(jpegs):
    asked = []
    with OddServer(asked.append) as elsewhere:
        camera = Guarded(jpegs, ("SHA-256",))
        content = playlist(f"http://127.0.0.1:{elsewhere.port}/a.ts").encode()
        camera._pictures = lambda: b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content
        with OddServer(camera) as server, pytest.raises(SourceRefused, match=r"cannot be given here \(SHA-256\)"):
            read_numbers(f"http://anna:p%40ss@127.0.0.1:{server.port}/live.m3u8", 1)
    assert asked == []


def playlist(*segments, head=""):
    lines = "".join(f"#EXTINF:0.4,\n{segment}\n" for segment in segments)
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n{head}{lines}#EXT-X-ENDLIST\n"


@pytest.mark.parametrize("name", ["segment.jpg", "segment.html", "segment", "segment?id=1", "s/1"])
def test_segments_may_be_called_anything(web_server, name):
    clip = write_clip(web_server.folder / "a.ts", [numbered(number) for number in range(10)])
    target = web_server.folder / name.partition("?")[0]
    target.parent.mkdir(exist_ok=True)
    clip.rename(target)
    (web_server.folder / "live.m3u8").write_text(playlist(name), encoding="ascii")
    numbers, _ = read_numbers(web_server.url("live.m3u8"), 10)
    assert numbers == list(range(10))


@pytest.mark.parametrize("suffix", [".ts", ".jpg", "", ".txt", ".m3u8"])
@pytest.mark.parametrize(
    "leading",
    ["file://{}", "{}", "concat:{}", "subfile,,start,0,end,0,,:{}", "crypto+file://{}", "cache:file://{}", "async:{}"],
)
def test_however_called_no_segment_leads_to_files_here(web_server, tmp_path_factory, leading, suffix):
    elsewhere = tmp_path_factory.mktemp("private")
    secret = write_clip(elsewhere / "a.ts", [numbered(1)] * 10).rename(elsewhere / f"secret{suffix}")
    address = leading.format(secret)
    key = f'#EXT-X-MAP:URI="{address}"\n'
    for content in (
        playlist(address),
        playlist("none.ts", head=key),
        f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{address}\n",
    ):
        (web_server.folder / "evil.m3u8").write_text(content, encoding="utf-8")
        with pytest.raises(SourceError):
            read_numbers(web_server.url("evil.m3u8"), 1)


def test_a_nested_list_that_is_called_a_picture_does_not_lead_to_files_here(web_server, tmp_path_factory):
    secret = write_clip(tmp_path_factory.mktemp("private") / "a.ts", [numbered(1)] * 10)
    for name, content in (
        ("inner.jpg", playlist(secret.as_uri())),
        ("script.jpg", f"ffconcat version 1.0\nfile '{secret.as_uri()}'\n"),
    ):
        (web_server.folder / name).write_text(content, encoding="utf-8")
        (web_server.folder / "evil.m3u8").write_text(playlist(name), encoding="utf-8")
        with pytest.raises(SourceError):
            read_numbers(web_server.url("evil.m3u8"), 1)
