"""Tells when a recording of a given length is complete."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stopwatch:
    """Runs for ``duration`` seconds from ``asked``, or from the first picture after it.  Any thread.

    All times are monotonic seconds.  ``over`` is called once, in the thread that notices.
    """

    def __init__(self, duration: float | None, asked: float, over: Callable[[], None]) -> None:
        self._duration = duration
        self._asked = asked
        self._over = over
        self._lock = threading.Lock()
        self._end: float | None = None
        self._is_over = False

    def is_over(self, captured: float) -> bool:
        """Tell whether what was captured then is no longer part of the recording."""
        with self._lock:
            if self._end is None:
                self._end = math.inf if self._duration is None else max(self._asked, captured) + self._duration
            # Half a millisecond: a tenth of a second and ten hundredths are not the same number.
            if captured < self._end - 0.0005:
                return False
            tells, self._is_over = not self._is_over, True
        if tells:
            self._over()
        return True
