"""How far behind the camera pictures arrive (pure)."""

from __future__ import annotations

_DRIFT = 0.0005
"""Seconds a second by which two clocks may drift apart; more than any quartz does."""
_JUMP_BACK = 1.0
"""Seconds by which a time stamp must lie before the last one to mean that the camera set its clock; reordered pictures
lie less."""
_JUMP_AHEAD = 2.0
"""Seconds of the stream that cannot go by faster than that, unless its clock was set."""


class Backlog:
    """Compares the arrival of pictures with their time stamps.

    The network's own delay is part of every arrival and does not count: behind is who comes later than the quickest
    picture did.  That one is forgotten slowly, so that clocks which drift apart do not look like a backlog after hours;
    a camera that sets its clock starts the comparison anew.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None
        self._least = 0.0

    def begin_again(self) -> None:
        """Take the next picture for one that is not behind."""
        self._last = None

    def measure(self, arrived: float, stamp: float) -> float:
        """Return how many seconds behind the picture with the time ``stamp`` is, having arrived at ``arrived``."""
        if self._last is not None:
            waited, went_by = arrived - self._last[0], stamp - self._last[1]
            if -_JUMP_BACK <= went_by <= waited + _JUMP_AHEAD:
                self._least = min(self._least + waited * _DRIFT, arrived - stamp)
                self._last = arrived, stamp
                return arrived - stamp - self._least
        self._last = arrived, stamp
        self._least = arrived - stamp
        return 0.0
