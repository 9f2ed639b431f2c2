"""The latest log lines, kept in memory for whoever wants to look at them (no Qt)."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime

MOST_LINES = 2000
_LONGEST = 8000
"""Characters of a line with its traceback; more is cut."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record, as text."""

    number: int
    """Counts all that there ever were, from 0."""
    when: datetime
    level: int
    """As in :mod:`logging`."""
    origin: str
    """The part of the program that said it."""
    text: str
    """Redacted; with the traceback, if there is one."""

    @property
    def headline(self) -> str:
        """The first line of it."""
        return self.text.partition("\n")[0]

    def __str__(self) -> str:
        return (
            f"{self.when:%Y-%m-%d %H:%M:%S}.{self.when.microsecond // 1000:03} {self.word} {self.origin}: {self.text}"
        )

    @property
    def word(self) -> str:
        """The level's name."""
        return logging.getLevelName(self.level)


class LogLines(logging.Handler):
    """Keeps the latest lines.  Records may come from any thread, which waits for nobody: it appends, and goes on.

    For a program that runs in :func:`livevision.redaction.redacted_logging`: records are redacted when they are made,
    before any handler sees them.
    """

    def __init__(self, most: int = MOST_LINES) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=most)
        self._count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record.  Called with the handler's lock held."""
        try:
            text = self.format(record)
        except Exception:  # arguments that do not fit; logging's own way to tell is stderr
            self.handleError(record)
            return
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]} …"
        when = datetime.fromtimestamp(record.created)
        self._lines.append(LogLine(self._count, when, record.levelno, record.name, text))
        self._count += 1

    @property
    def count(self) -> int:
        """How many there ever were."""
        return self._count

    def since(self, number: int) -> tuple[LogLine, ...]:
        """Return the lines from ``number`` on, the oldest first; those that are forgotten are not among them."""
        self.acquire()
        try:
            new = min(len(self._lines), self._count - number)
            # From the end: who looks often takes a few of many, and nobody waits meanwhile.
            lines = [self._lines[-1 - back] for back in range(new)]
        finally:
            self.release()
        return tuple(reversed(lines))
