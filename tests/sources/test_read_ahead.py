"""Streams that come a segment at a time are shown as evenly as they were made, and say by how much they are behind."""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from itertools import islice, pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import av
import pytest

from livevision.errors import SourceUnavailable
from livevision.sources.read_ahead import ReadAhead
from livevision.sources.stream import StreamReader
from tests.fakes.clips import Encoding, encoded, number_in, numbered, write_clip
from tests.fakes.interleaved import CLOCK, VIDEO, InterleavedCamera, Sent
from tests.fakes.packet_log import PacketLog
from tests.fakes.web_server import WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TICK = Fraction(1, 90_000)


class Time:
    """A clock that goes on when somebody waits, once all that is there was read; also the event that is waited for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.changed = threading.Condition()
        self.next_burst: float | None = 0.0
        """None while one is being read."""
        self.is_over = False

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.next_burst is not None and self.next_burst > self.now, 60)
            self.now += seconds
            self.changed.notify_all()

    def is_set(self) -> bool:
        return self.is_over


class Bursts:
    """A container: each burst is there from a moment on, a picture every 40 ms from ``first`` to ``last``."""

    def __init__(self, time: Time, *bursts: tuple[float, float, float], offset: float = 500.0) -> None:
        self.time = time
        self.bursts = bursts
        self.offset = offset
        self.closed = 0

    def demux(self, *_streams: object) -> Iterator[av.Packet]:
        for available, first, last in self.bursts:
            self.wait_until(1000 + available)
            for index in range(round((last - first) * 25)):
                packet = av.Packet(b"picture")
                packet.time_base = TICK
                packet.pts = packet.dts = round((self.offset + first + index / 25) * 90_000)
                yield packet
        with self.time.changed:
            self.time.next_burst = 1e12
            self.time.changed.notify_all()

    def wait_until(self, moment: float) -> None:
        with self.time.changed:
            self.time.next_burst = moment
            self.time.changed.notify_all()
            self.time.changed.wait_for(lambda: self.time.now >= moment, 60)
            self.time.next_burst = None

    def close(self) -> None:
        self.closed += 1


STREAM = SimpleNamespace(index=0, average_rate=25)


def reading(time: Time, container: Bursts) -> ReadAhead:
    return ReadAhead(container, STREAM, time, time)  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [1.0, 4.0, 6.0, 10.0, 25.0])
def test_pictures_of_long_segments_come_evenly_and_without_a_rush_at_the_beginning(length: float) -> None:
    time = Time()
    # Three segments are there at once; the next ones follow, each when it is complete.
    first = (0.0, 0.0, 3 * length)
    later = [(number * length, (2 + number) * length, (3 + number) * length) for number in (1, 2, 3)]
    container = Bursts(time, first, *later)
    ahead = reading(time, container)
    shown, delays = [], []
    for _ in ahead.demux(STREAM):  # type: ignore[arg-type]
        shown.append(time.now)
        delays.append(ahead.delay())
    assert len(shown) == round(6 * length * 25)
    assert [late - early for early, late in pairwise(shown)] == pytest.approx([0.04] * (len(shown) - 1), abs=0.001)
    # What is shown was complete three segments ago.
    assert delays[round(4 * length * 25) :] == pytest.approx([3 * length] * round(2 * length * 25), abs=0.1)
    ahead.close()
    assert container.closed == 1


def test_a_clock_that_begins_again_between_segments_makes_no_pause() -> None:
    time = Time()
    container = Bursts(time, (0.0, 0.0, 4.0), (0.0, -400.0, -396.0))
    ahead = reading(time, container)
    shown = [time.now for _ in ahead.demux(STREAM)]  # type: ignore[arg-type]
    assert [late - early for early, late in pairwise(shown)] == pytest.approx([0.04] * 199, abs=0.001)
    ahead.close()


def test_what_reading_raises_comes_after_what_was_read_and_reading_may_go_on() -> None:
    class Damaged(Bursts):
        def demux(self, *streams: object) -> Iterator[av.Packet]:
            yield from super().demux(*streams)
            raise av.error.InvalidDataError(1, "damaged")

    time = Time()
    container = Damaged(time, (0.0, 0.0, 1.0))
    ahead = reading(time, container)
    for _ in range(2):
        packets = ahead.demux(STREAM)  # type: ignore[arg-type]
        assert len(list(islice(packets, 25))) == 25
        with pytest.raises(av.error.InvalidDataError):
            next(packets)
    ahead.close()
    ahead.close()
    assert container.closed == 1


def test_an_interrupt_ends_a_wait_for_the_next_segment_and_the_container_is_closed_once() -> None:
    time = Time()
    container = Bursts(time, (0.0, 0.0, 1.0), (1e9, 1.0, 2.0))
    ahead = reading(time, container)
    ended = threading.Event()

    def read() -> None:
        for _ in ahead.demux(STREAM):  # type: ignore[arg-type]
            pass
        ended.set()

    reader = threading.Thread(target=read, name="reader")
    reader.start()
    assert not ended.wait(0.1)
    time.is_over = True
    ahead.interrupt()
    assert ended.wait(10)
    reader.join()
    ahead.close()
    assert container.closed == 0, "FFmpeg has it"
    time.wait(1e9)
    deadline = threading.Event()
    for _ in range(1000):
        if container.closed:
            break
        deadline.wait(0.01)
    assert container.closed == 1


@pytest.fixture
def live_hls(tmp_path: Path) -> Iterator[WebServer]:
    """A live playlist, three entries of 2 s, that goes on by the clock for a minute."""
    clip = write_clip(tmp_path / "all.mp4", [numbered(n % 256) for n in range(500)], Encoding(gop=50))
    with av.open(str(clip)) as source:
        stream = source.streams.video[0]
        target = None
        for packet in source.demux(stream):
            if packet.dts is None:
                continue
            number = int(packet.pts * packet.time_base // 2)
            if packet.is_keyframe:
                if target is not None:
                    target.close()
                target = av.open(str(tmp_path / f"s{number}.ts"), "w", format="mpegts", options={"muxdelay": "0"})
                copy = target.add_stream_from_template(stream)
            packet.stream = copy
            target.mux_one(packet)
        target.close()
    begun = time.monotonic()

    def playlist() -> str:
        complete = min(10, 3 + int((time.monotonic() - begun) / 2))
        entries = "".join(f"#EXTINF:2,\ns{number}.ts\n" for number in range(complete - 3, complete))
        return f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:{complete - 3}\n{entries}"

    with WebServer(tmp_path) as server:
        server.pages["live.m3u8"] = playlist
        yield server


@pytest.mark.alone
def test_a_live_playlist_is_watched_and_recorded_without_gaps(live_hls: WebServer) -> None:
    reader = StreamReader(live_hls.url("live.m3u8"), "Live", 0)
    log = PacketLog()
    reader.tap(log)
    info = reader.open()
    assert info.patience > 10
    frames = [reader.read() for _ in range(200)]
    delay = frames[-1].delay
    reader.interrupt()
    reader.close()
    captured = [frame.captured for frame in frames]
    # 8 s of pictures take 8 s, and none of the bursts is seen: what was there at the beginning would be 6 s at once.
    assert captured[-1] - captured[0] == pytest.approx(199 / 25, abs=1.0)
    assert all(captured[at + 25] - captured[at] > 0.5 for at in range(175))
    numbers = [number_in(frame.bgr()) for frame in frames]
    assert numbers == [(numbers[0] + n) % 256 for n in range(200)]
    assert 3.5 < delay < 8.5
    assert frames[-1].made == pytest.approx(captured[-1] - delay)
    pts = [packet.pts for packet in log.video]
    assert [late - early for early, late in pairwise(pts)] == pytest.approx([0.04] * (len(pts) - 1), abs=0.002)


@pytest.mark.parametrize("silent_for", [0.8, 1.6])
def test_a_camera_with_one_picture_now_and_then_is_connected_anew_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent_for: float
) -> None:
    monkeypatch.setattr("livevision.sources.stream.TIMEOUT", 0.4)
    with WebServer(tmp_path) as server:
        server.picture_every = silent_for
        # Pictures this small are seen only with the next one, so that opening takes as long.
        impatient = StreamReader(server.url("mjpeg"), "Dark", 0)
        with pytest.raises(SourceUnavailable):
            impatient.open()
        impatient.close()
        reader = StreamReader(server.url("mjpeg"), "Dark", 1)
        reader.open()
        for _ in range(4):
            assert reader.read() is not None
        reader.interrupt()
        reader.close()
    assert server.paths == ["mjpeg", "mjpeg"]


def test_a_camera_that_begins_to_pause_is_connected_anew_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livevision.sources.stream.TIMEOUT", 0.4)
    with WebServer(tmp_path) as server:
        reader = StreamReader(server.url("mjpeg"), "Dusk", 0)
        reader.open()
        stamps = [reader.read().pts]
        server.picture_every = 1.0
        stamps += [reader.read().pts for _ in range(4)]
        reader.interrupt()
        reader.close()
    assert stamps == sorted(set(stamps))
    assert server.paths == ["mjpeg", "mjpeg"]


@pytest.mark.alone
def test_an_rtsp_camera_that_begins_to_pause_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.sources.stream.TIMEOUT", 0.4)
    options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1"}
    pictures = [bytes(packet) for packet in encoded([numbered(n) for n in range(8)], "libx264", options, 4)]

    def script() -> Iterator[Sent]:
        for number, picture in enumerate(pictures):
            yield Sent(number * 0.9, VIDEO, 1000 + round(number * 0.9 * CLOCK), picture)

    with InterleavedCamera(script, fps=25) as server:
        reader = StreamReader(server.url, "Dark", 0)
        reader.open()
        frames = [reader.read() for _ in range(6)]
        reader.interrupt()
        reader.close()
    assert server.played == 2
    assert [number_in(frame.bgr()) for frame in frames] == list(range(6))
    times = [frame.pts for frame in frames]
    assert times == sorted(set(times))
