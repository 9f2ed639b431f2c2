"""One check and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How it stands; the value is what the terminal shows."""

    OK = "OK"
    WARN = "WARN"
    """Something is missing that not everybody needs."""
    FAIL = "FAIL"
    """The app, or a promised part of it, will not work."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it stands, and what to do where it does not stand well."""

    name: str
    verdict: Verdict
    words: str
    hint: str = ""

    def line(self) -> str:
        """Say it in one line, as wide as it needs."""
        hint = f" -> {self.hint}" if self.hint else ""
        return f"{self.verdict.value:<5} {self.name}: {self.words}{hint}"


def ok(name: str, words: str) -> Check:
    """Return a check that found nothing wrong."""
    return Check(name, Verdict.OK, words)


def warn(name: str, words: str, hint: str) -> Check:
    """Return a check that found something that not everybody needs missing."""
    return Check(name, Verdict.WARN, words, hint)


def fail(name: str, words: str, hint: str) -> Check:
    """Return a check that found what will not work."""
    return Check(name, Verdict.FAIL, words, hint)
