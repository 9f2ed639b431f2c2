"""A circuit breaker: after failures in a row nothing is sent, but one probe now and then (pure).

The pattern is Michael Nygard's (*Release It!*, chapter "Stability Patterns").
"""

from __future__ import annotations

import random
import time
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FAILURES = 5
"""So many in a row open it: fewer may be a server that restarts, more would be pictures sent for nothing."""
FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0
"""Seconds before a probe; each one that finds no server doubles the delay."""
JITTER = 0.2
"""Share of a delay that is taken off or added, so that many cameras do not ask in the same moment."""
LONGEST_WISH = 600.0
"""Seconds that a server may ask to be left alone."""


class Failure(Enum):
    """What a request without a result says about the next one."""

    SERVER = "server"
    """The server is away, busy or hangs: the next picture would fare no better."""
    PICTURE = "picture"
    """The server is there and its model failed: with another picture it may not.  Some fail wherever there is nothing
    to be found, and are needed in the very moment in which there is."""


class BreakerState(Enum):
    """What happens to the next picture."""

    CLOSED = "closed"
    """It is sent."""
    OPEN = "open"
    """It is not, until the delay is over; then it is the probe."""
    PROBING = "probing"
    """It is not: a probe is on its way."""


class Breaker:
    """Says whether a server may be asked.  For one event loop; takes no time.

    Whoever is admitted says how it went, with the number that it was given: what was sent before the breaker opened
    fails late and says nothing new.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, uniform: Callable[[], float] = random.random
    ) -> None:
        self._clock = clock
        self._uniform = uniform
        self._state = BreakerState.CLOSED
        self._failures = 0  # in a row, while it is closed
        self._openings = 0  # in a row, without a success in between
        self._epoch = 0  # counts all openings
        self._probe_at = 0.0
        self._wished = False  # whether the server said how long it wants to be left alone

    def __repr__(self) -> str:
        return f"<Breaker {self._state.value}, {self._failures} failures, retry in {self.retry_in:.1f} s>"

    @property
    def state(self) -> BreakerState:
        """What happens to the next picture, apart from the delay being over."""
        return self._state

    @property
    def retry_in(self) -> float:
        """Seconds until it makes sense to ask again; 0 while it is closed."""
        if self._state is BreakerState.CLOSED:
            return 0.0
        if self._state is BreakerState.PROBING:
            return FIRST_DELAY  # whatever the probe brings, it will be known or be under way then
        return max(0.0, self._probe_at - self._clock())

    def admit(self) -> int | None:
        """Return the number to report with, or None where nothing may be sent."""
        if self._state is BreakerState.PROBING or self.retry_in > 0:
            return None
        if self._state is BreakerState.OPEN:
            self._state = BreakerState.PROBING
        return self._epoch

    def succeed(self, number: int) -> None:
        """Note a good answer: the server is there, also when it was asked before the breaker opened.

        Not then where it has said since that it wants to be left alone.
        """
        if number != self._epoch and self._wished:
            return
        self._state = BreakerState.CLOSED
        self._failures = self._openings = 0

    def fail(self, number: int, wish: float | None = None, failure: Failure = Failure.SERVER) -> None:
        """Note a failure, and the seconds that the server wants to be left alone, where it said so.

        Delays do not grow while it is the model that fails.
        """
        if number != self._epoch or self._state is BreakerState.OPEN:
            return
        if failure is Failure.PICTURE:
            self._openings = 0
        self._failures += 1
        if self._state is BreakerState.PROBING or self._failures >= FAILURES or wish:
            self._open(min(wish or 0.0, LONGEST_WISH))

    def abandon(self, number: int) -> None:
        """Note that nobody waited for the answer; if it was the probe, the next one may be sent at once."""
        if number == self._epoch and self._state is BreakerState.PROBING:
            self._state = BreakerState.OPEN

    def _open(self, wish: float) -> None:
        delay = min(FIRST_DELAY * 2.0**self._openings, LONGEST_DELAY)
        delay *= 1 + JITTER * (2 * self._uniform() - 1)
        self._probe_at = self._clock() + max(delay, wish)
        self._state = BreakerState.OPEN
        self._wished = wish > 0
        self._failures = 0
        self._openings = min(self._openings + 1, 16)
        self._epoch += 1
