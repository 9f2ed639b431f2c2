"""Time, and waiting for it to pass; tests bring their own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import threading


class Clock(Protocol):
    """Time, and waiting for it to pass."""

    def now(self) -> float:
        """Return the seconds of a clock that only goes forward."""

    def wait(self, ended: threading.Event, seconds: float) -> None:
        """Wait until the time is over or ``ended`` is set."""


class MonotonicClock:
    """The real time: :func:`time.monotonic`."""

    def now(self) -> float:
        """Return :func:`time.monotonic`."""
        return time.monotonic()

    def wait(self, ended: threading.Event, seconds: float) -> None:
        """Wait until the time is over or ``ended`` is set."""
        ended.wait(seconds)


_UNNOTICED = 5.0
"""Seconds of a sleep that matter to a connection."""
_STOPPED = 15.0
"""Seconds that nobody looked at a clock that is looked at all the time: longer than any busy computer takes."""
_SLEEP = 2.0
"""Seconds that the time of day must have gone on more than the monotonic clock to mean that the computer slept."""
_LONGEST_SLEEP = 7 * 86_400.0
"""A time of day that jumps by more was set right for the first time."""


def slept(passed: float, wall_passed: float) -> float:
    """Return for how long the computer slept while two clocks went on so far, of which one may stand still then."""
    asleep = wall_passed - passed
    return asleep if _SLEEP < asleep < _LONGEST_SLEEP else 0.0


class SleepWatch:
    """Notices that the computer has slept, or that the program was stopped for a while (pure).

    In a sleep the monotonic clock stands still on some systems and goes on on others; the time of day always goes on.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None

    def woke(self, now: float, wall: float) -> bool:
        """Say whether there was a sleep since the last call; ``now`` is monotonic, ``wall`` the time of day."""
        last, self._last = self._last, (now, wall)
        if last is None:
            return False
        passed = now - last[0]
        return passed > _STOPPED or slept(passed, wall - last[1]) > _UNNOTICED
