"""What fails again and again: counted, logged once a minute, and said for as long as it lasts."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from livevision.errors import LivevisionError
from livevision.wording import say, text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

logger = logging.getLogger(__name__)

_TELL_EVERY = 60.0
"""Seconds between two lines in the log while it lasts."""
_OVER_AFTER = 5.0
"""Seconds without another failure after which it counts as over, where something works in between."""
_LONGEST_REASON = 160
"""Characters of a library's error that a tile has room for."""


class Failures:
    """The failures of one thing that is tried again and again, such as drawing the pictures of a camera.

    ``what`` says for the log what fails, at the moment of failing.  The first failure of a row is logged with its
    traceback, the others once a minute with their number.  Belongs to one thread.
    """

    def __init__(self, what: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self.total = 0
        """Failures since the start."""
        self._what = what
        self._clock = clock
        self._reason = ""
        self.is_failing = False
        """Whether it failed the last time."""
        self._failed_at = self._told_at = 0.0
        self._told_total = 0

    def __repr__(self) -> str:
        return f"<Failures {self._what()!r} {self.total}, {self.reason or 'works'}>"

    @property
    def reason(self) -> str:
        """Why it fails, in one line; empty while it works."""
        return self._reason if self._lasts() else ""

    def add(self, error: Exception) -> None:
        """Count a failure, and log it if that is due."""
        now, lasted = self._clock(), self._lasts()
        self.total += 1
        self._reason, self.is_failing, self._failed_at = reason_of(error), True, now
        if self._told_total and now - self._told_at < _TELL_EVERY:
            return
        if lasted:
            more = self.total - self._told_total
            logger.error("%s failed %d more times, at last: %s", self._what(), more, self._reason)
        else:
            logger.error("%s failed unexpectedly and is tried again: %s", self._what(), self._reason, exc_info=error)
        self._told_at, self._told_total = now, self.total

    def worked(self) -> None:
        """Note a success.  One among many failures does not end the row."""
        self.is_failing = False

    def _lasts(self) -> bool:
        return bool(self.total) and (self.is_failing or self._clock() - self._failed_at < _OVER_AFTER)


async def all_of(what: str, works: Iterable[Awaitable[object]]) -> None:
    """Await all of them side by side; what one raises is logged, and keeps none of the others from coming to an end."""
    for result in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(result, Exception):
            logger.error("%s failed unexpectedly: %s", what, reason_of(result), exc_info=result)


def reason_of(error: Exception) -> str:
    """Return what an error of any kind says, in one line with its kind where it is none of ours."""
    if isinstance(error, LivevisionError):
        return error.text
    words = " ".join(text_of(error).split())
    if len(words) > _LONGEST_REASON:
        words = words[: _LONGEST_REASON - 1] + "…"
    kind = type(error).__name__
    return say("{kind}: {words}", kind=kind, words=words) if words else kind
