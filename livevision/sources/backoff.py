"""How long to wait before a camera is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Delays that double from ``first`` to ``ceiling`` seconds, until a camera has been live for ``calm`` seconds.

    Each delay is spread by up to ``jitter`` of itself either way, so that cameras that were lost together (a switch, a
    power cut) do not all come back in the same moment.  ``uniform`` gives numbers in [0, 1).
    """

    def __init__(
        self,
        first: float = 0.5,
        ceiling: float = 30.0,
        calm: float = 60.0,
        jitter: float = 0.2,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        self._first = first
        self._ceiling = ceiling
        self._calm = calm
        self._jitter = jitter
        self._uniform = uniform
        self._next = first

    def __repr__(self) -> str:
        return f"<Backoff next {self._next:g} s>"

    def delay_after(self, live_for: float) -> float:
        """Return the seconds to wait after an attempt that brought pictures for ``live_for`` seconds."""
        if live_for >= self._calm:
            self.start_over()
        delay = self._next
        self._next = min(delay * 2, self._ceiling)
        return delay * (1 + self._jitter * (2 * self._uniform() - 1))

    def start_over(self) -> None:
        """Begin with ``first`` again: something has changed, so what failed before may work now."""
        self._next = self._first
