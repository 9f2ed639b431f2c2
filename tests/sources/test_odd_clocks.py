"""Cameras whose clocks are wrong, for a moment, for good, or about their rate: time goes on as it does on the wall."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from livevision.probe import probe
from livevision.sources.packet_times import SoundTimes
from livevision.sources.stream import StreamReader
from livevision.sources.timestamps import Timestamps
from tests.fakes.clips import encoded, numbered
from tests.fakes.interleaved import (
    CLOCK,
    SOUND,
    SOUND_REPORT,
    VIDEO,
    VIDEO_REPORT,
    InterleavedCamera,
    Sent,
)
from tests.fakes.packet_log import PacketLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPTIONS = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1:keyint=25:min-keyint=25"}
CHUNK = 160
"""Samples of sound in 20 ms."""
BASE = 123_456_789


@cache
def pictures() -> tuple[bytes, ...]:
    made = encoded([numbered(number, (64, 48)) for number in range(250)], "libx264", OPTIONS, 25)
    return tuple(bytes(packet) for packet in made)


class Both:
    """Picture and sound on one clock, as :mod:`stream` and :mod:`tap` put them; what comes is on time."""

    def __init__(self) -> None:
        self.pictures = Timestamps(0.04, longest_gap=60.0)
        self.sound = SoundTimes(self.pictures)
        self.shown: list[float] = []
        self.heard: list[float] = []

    def play(
        self, seconds: float, picture: Callable[[int, float], float], sound: Callable[[float], float] = lambda at: at
    ) -> None:
        """Send 25 pictures and 50 pieces of sound a second; the functions say what is stamped at a moment."""
        for number in range(round(seconds * 25)):
            at = number / 25
            self.shown.append(self.pictures.next(picture(number, at), 1000.0 + at))
            for half in (0.0, 0.02):
                self.heard.append(self.sound.next(sound(at + half), 1000.0 + at + half))

    @property
    def out_of_step(self) -> list[float]:
        return [abs(heard - shown) for heard, shown in zip(self.heard[::2], self.shown, strict=True)]


@pytest.mark.parametrize("jump", [-9800.0, 37_600.0, 3.0, -3.0, 20.0])
def test_single_pictures_stamped_far_away_move_neither_what_follows_nor_the_sound(jump: float) -> None:
    both = Both()
    both.play(600, lambda number, at: at + (jump if number % 50 == 49 else 0.0))
    assert both.shown[-1] - both.shown[0] == pytest.approx(600, rel=0.01)
    assert all(0.02 < late - early < 0.07 for early, late in pairwise(both.shown))
    assert max(both.out_of_step) < 0.1


@pytest.mark.parametrize("step", [-3.0, -1.5, 2.5, 30.0, 3600.0])
def test_a_clock_set_for_the_picture_first_and_for_the_sound_later(step: float) -> None:
    both = Both()
    both.play(60, lambda _, at: at + (step if at >= 20 else 0.0), lambda at: at + (step if at >= 25 else 0.0))
    assert all(0.0 < late - early < 0.2 for early, late in pairwise(both.shown))
    assert both.shown[-1] - both.shown[0] == pytest.approx(60, abs=0.5)
    assert max(both.out_of_step) < 0.3
    assert max(both.out_of_step[30 * 25 :]) < 0.1


@pytest.mark.parametrize("step", [-3.0, 2.5, 3600.0])
def test_a_clock_set_for_the_sound_first(step: float) -> None:
    both = Both()
    both.play(60, lambda _, at: at + (step if at >= 25 else 0.0), lambda at: at + (step if at >= 20 else 0.0))
    assert all(0.0 < late - early < 0.2 for early, late in pairwise(both.shown))
    assert max(both.out_of_step[30 * 25 :]) < 0.1


def test_sound_goes_on_between_the_pictures_of_a_camera_in_the_dark() -> None:
    pictures = Timestamps(0.04, longest_gap=60.0)
    sound = SoundTimes(pictures)
    for number in range(5):
        pictures.next(number * 20.0, 1000 + number * 20.0)
        for piece in range(1000):
            at = number * 20.0 + piece / 50
            assert sound.next(at, 1000 + at) == pytest.approx(at)


def test_pictures_that_come_late_and_then_all_at_once_keep_their_times() -> None:
    clock = Timestamps(0.04, longest_gap=60.0)
    made = [clock.next(number / 25, 1000 + number / 25) for number in range(100)]
    # Nothing for 8 s, then what was kept, and in the middle of that a second that got lost.
    late = [number for number in range(100, 300) if not 200 <= number < 225]
    made += [clock.next(number / 25, 1012 + index / 1000) for index, number in enumerate(late)]
    assert made == pytest.approx([number / 25 for number in [*range(100), *late]])


def tapped(script: Callable[[], Iterator[Sent]], count: int, **how: object) -> tuple[PacketLog, list[float]]:
    log = PacketLog()
    with InterleavedCamera(script, **how) as server:  # type: ignore[arg-type]
        reader = StreamReader(server.url, "Clock", 0)
        reader.tap(log)
        reader.open()
        shown = [reader.read().pts for _ in range(count)]
        reader.interrupt()
        reader.close()
    return log, shown


def test_a_camera_with_wrong_stamps_over_the_network() -> None:
    def script() -> Iterator[Sent]:
        for number, picture in enumerate(pictures()[:175]):
            wrong = (-9800 if number % 100 == 49 else 37_600) if number % 50 == 49 else 0
            yield Sent(number / 25, VIDEO, BASE + number * CLOCK // 25 + wrong * CLOCK, picture)
            for half in range(2):
                stamp = (number * 2 + half) * CHUNK
                yield Sent(number / 25 + half / 50, SOUND, stamp + 77, b"\xd5" * CHUNK)

    log, shown = tapped(script, 150, sound=True)
    assert shown[-1] - shown[0] == pytest.approx(149 / 25, rel=0.01)
    steps = [late - early for early, late in pairwise(packet.pts for packet in log.audio)]
    assert all(0.015 < step < 0.025 for step in steps)


@pytest.mark.parametrize("step", [-3.0, 3600.0])
def test_a_camera_whose_time_of_day_is_set_over_the_network(step: float) -> None:
    def script() -> Iterator[Sent]:
        for number, picture in enumerate(pictures()[:175]):
            at = number / 25
            if number % 25 == 0:
                day = 1_700_000_000 + at
                yield Sent(at, VIDEO_REPORT, BASE + number * CLOCK // 25, ntp=day + (step if at >= 2 else 0))
                yield Sent(at, SOUND_REPORT, 77 + number * 2 * CHUNK, ntp=day + (step if at >= 4 else 0))
            yield Sent(at, VIDEO, BASE + number * CLOCK // 25, picture)
            for half in range(2):
                yield Sent(at + half / 50, SOUND, 77 + (number * 2 + half) * CHUNK, b"\xd5" * CHUNK)

    log, shown = tapped(script, 160, sound=True)
    assert shown[-1] - shown[0] == pytest.approx(159 / 25, abs=0.5)
    assert all(0.0 < late - early < 0.3 for early, late in pairwise(shown))
    pairs = [
        (packet.pts, min(abs(packet.pts - other.pts) for other in log.audio))
        for packet in log.video
        if packet.pts < log.audio[-1].pts
    ]
    assert max(apart for _, apart in pairs[25:]) < 0.3


def test_a_declared_rate_that_is_wrong_is_named_beside_the_real_one() -> None:
    def script() -> Iterator[Sent]:
        for number, picture in enumerate(pictures()[:60]):
            yield Sent(number / 10, VIDEO, BASE + number * CLOCK // 10, picture)

    with InterleavedCamera(script, fps=25) as server:
        report = probe(server.url, seconds=2.0)
    assert report.declared_fps == 25
    assert report.measured.fps == pytest.approx(10, abs=0.2)
    assert any("10.0 a second measured, 25 declared" in line for line in report.lines())
