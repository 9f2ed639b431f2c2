"""The way from camera to screen on a virtual clock: a minute of it takes seconds, and is the same each time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.frame import Frame, Result
from livevision.timing import timing_for
from livevision.tracking.identities import Identities, TrackerChoice
from tests.benchmarks.truth_score import FPS, SIZE, answer

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.timing import BoxTiming

TICK = 0.005
TICKS_A_PICTURE = round(1 / FPS / TICK)
SHORTEST = 0.001
"""Seconds that an answer without delay takes: the picture that it is about is painted by then."""


class NoPixels:
    """A picture that nobody looks at."""

    size = SIZE

    def bgr(self, size: tuple[int, int]) -> Image:
        raise AssertionError(f"nobody was to look at this picture, at {size} or any other size")


@dataclass
class Run:
    painted: list[tuple[int, sv.Detections]]
    times: list[float]
    """When each was painted."""

    @property
    def rate(self) -> float:
        """Pictures a second, after the first three seconds."""
        times = [time for time in self.times if time >= 3]
        return (len(times) - 1) / (times[-1] - times[0])


def simulate(
    choice: BoxTiming,
    delay: float,
    most: int,
    seconds: float = 30,
    tracker: TrackerChoice = TrackerChoice.BYTETRACK,
) -> Run:
    """Show the street for ``seconds`` with answers ``delay`` seconds late, ``most`` of them on the way at once.

    Requests are started as :class:`LiveWindow` does: the newest picture, and ``delay / most`` apart.
    """
    timing, identities = timing_for(choice), Identities(tracker)
    in_flight: deque[tuple[float, Frame]] = deque()
    run, started = Run([], []), -1e9
    for tick in range(int(seconds / TICK)):
        now = tick * TICK
        while in_flight and in_flight[0][0] <= now:
            _, frame = in_flight.popleft()
            timing.on_result(identities.update(Result(frame, answer(frame.index), frame.captured, now)), now)
        if tick % TICKS_A_PICTURE == 0:
            index = tick // TICKS_A_PICTURE
            frame = Frame(index, 0, index / FPS, now, now, NoPixels())
            timing.on_frame(frame)
            if len(in_flight) < most and now - started >= delay / most - 1e-9:
                in_flight.append((now + max(delay, SHORTEST), frame))
                started = now
        if (shown := timing.take(now)) is not None:
            run.painted.append((shown[0].index, shown[1]))
            run.times.append(now)
    return run
