"""From a camera's clock to the time in a recording's files."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass

from livevision.sources.clock import slept

_CLOCK_JUMP = 10.0
"""Seconds that a camera's clock may run ahead of ours before it counts as set anew."""
_SMALLEST_GAP = 0.04
_MOST_BREAKS = 1000
"""Of the newest, as nobody asks for more than the last seconds: a recording may go on for years."""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point on a camera's clock.  Later ones are greater, also across reconnects."""

    generation: int
    pts: float
    """Seconds on the clock of that generation."""


@dataclass(frozen=True, slots=True)
class _Newest:
    moment: Moment
    captured: float
    wall: float | None
    time: float


class FileClock:
    """Gives every moment its time in the recording, in seconds: 0 for the first one that is asked for.

    Between moments of one generation it is as much as the camera says.  Where the camera's clock starts anew, after a
    reconnect or because it was set, the monotonic clock says how long it was, and of a computer that slept meanwhile
    the time of day: a gap stays a gap.  All files of a recording share one, so that they agree; any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begins: list[Moment] = []
        self._offsets: list[float] = []
        self._first_captured = 0.0
        self._slept = 0.0
        self._newest: _Newest | None = None

    def __repr__(self) -> str:
        return f"<FileClock at {self._newest.time:.3f} s>" if self._newest else "<FileClock not started>"

    def time_of(self, moment: Moment, captured: float, wall: float | None = None) -> float:
        """Return the time in the file of a picture or sound that came at ``captured``, in monotonic seconds.

        ``wall`` is the time of day then, where it is known.  Negative for what is older than the recording.
        """
        with self._lock:
            newest = self._newest
            if newest is None:
                self._first_captured = captured
                self._begin(moment, -moment.pts)
            elif moment > newest.moment and self._starts_anew(moment, captured, newest):
                self._slept += _sleep_between(newest, captured, wall)
                elapsed = captured - self._first_captured + self._slept
                self._begin(moment, max(elapsed, newest.time + _SMALLEST_GAP) - moment.pts)
            at = max(0, bisect_right(self._begins, moment) - 1)
            time = moment.pts + self._offsets[at]
            if newest is None or moment > newest.moment:
                self._newest = _Newest(moment, captured, wall, time)
            return time

    def _begin(self, moment: Moment, offset: float) -> None:
        self._begins.append(moment)
        self._offsets.append(offset)
        del self._begins[:-_MOST_BREAKS], self._offsets[:-_MOST_BREAKS]

    def _starts_anew(self, moment: Moment, captured: float, newest: _Newest) -> bool:
        if moment.generation != newest.moment.generation:
            return True
        # A camera that sets its clock must not make hours of nothing.  The other way round, when pictures come late
        # and then all at once, the camera's clock is right, and so it is when it has always been a little fast.
        step = moment.pts - newest.moment.pts
        suddenly = step - (captured - newest.captured)
        altogether = newest.time + step - (captured - self._first_captured + self._slept)
        return min(suddenly, altogether) > _CLOCK_JUMP


def _sleep_between(before: _Newest, captured: float, wall: float | None) -> float:
    """Return for how long the computer slept meanwhile: the monotonic clock may stand still then."""
    if before.wall is None or wall is None:
        return 0.0
    return slept(captured - before.captured, wall - before.wall)
