"""Showing recorded pictures at the pace at which they were taken."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

_LONGEST_WAIT = 2.0
"""Seconds.  A recording with larger gaps (motion only, time lapse) skips through them, or it would look stalled."""


class Pacer:
    """Holds each picture back until its time has come.

    A picture that is late goes at once and the schedule starts from it, so that no bunch of pictures follows.
    ``longest_wait`` are the seconds after which it comes at the latest.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, longest_wait: float = _LONGEST_WAIT) -> None:
        self._clock = clock
        self._longest_wait = longest_wait
        self._start: float | None = None

    def hold(self, pts: float, interrupted: threading.Event) -> None:
        """Wait until the picture of ``pts`` is due; an interrupt ends the wait at once."""
        now = self._clock()
        wait = 0.0 if self._start is None else self._start + pts - now
        if not 0.0 < wait <= self._longest_wait:
            wait = min(max(wait, 0.0), self._longest_wait)
            self._start = now + wait - pts
        if wait:
            interrupted.wait(wait)
