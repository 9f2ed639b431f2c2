"""How many pictures a server can have at once: fewer, where it took too long with several (pure).

A server that answers one after the other keeps the last of sixteen waiting for sixteen answers: many would come too
late, and be sent in vain.
"""

from __future__ import annotations

from dataclasses import dataclass

_MANY = 32
"""Answers in good time after which one more is tried."""
_GOOD_TIME = 0.5
"""Share of the patience that an answer may take for that."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture under way."""

    epoch: int
    answers: int
    """How many there had been when it was sent."""


class Concurrency:
    """Counts what is under way and says how much may be.  For one event loop.

    ``most`` is what the user allows, ``patience`` the seconds after which an answer comes too late.
    """

    def __init__(self, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._allowed = most
        self._epoch = 0  # counts the times that fewer were allowed
        self._answers = 0
        self._good = 0  # answers in good time since then, or since one more was
        self.under_way = 0
        """Pictures that were sent and are not answered."""

    def __repr__(self) -> str:
        return f"<Concurrency {self.under_way} of {self._allowed}, {self._most} at most>"

    @property
    def allowed(self) -> int:
        """How many may be under way: 1 at least."""
        return self._allowed

    def begin(self) -> Sent:
        """Note that a picture is sent; return what to end it with."""
        self.under_way += 1
        return Sent(self._epoch, self._answers)

    def end(self) -> None:
        """Note that it is over, however it ended."""
        self.under_way -= 1

    def too_slow(self, sent: Sent) -> None:
        """Note that an answer took too long: where it was not alone, half as many are allowed as came while it waited.

        What was sent before fewer were allowed says nothing new.
        """
        at_once = min(self._allowed, self.under_way)
        if sent.epoch == self._epoch and at_once > 1:
            self._allowed = max(1, min(at_once, self._answers - sent.answers) // 2)
            self._epoch += 1
            self._good = 0

    def answered(self, seconds: float) -> None:
        """Note an answer, and how long it took."""
        self._answers += 1
        if self._allowed == self._most:
            return
        in_good_time = seconds * (self._allowed + 1) / self._allowed < _GOOD_TIME * self._patience
        self._good = self._good + 1 if in_good_time else 0
        if self._good >= _MANY:
            self._allowed += 1
            self._good = 0
