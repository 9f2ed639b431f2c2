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
