"""A source's raw time stamps, made fit to be relied on."""

from __future__ import annotations

import math

_STEP_BACK = 1.0
"""Seconds by which a stamp must lie in the past to mean that the clock was set anew."""


class Timestamps:
    """Turns raw stamps into seconds that strictly increase: missing and backward ones get the next plausible value.

    A little backwards (jitter, a stamp sent twice) puts that picture just behind its forerunner; far backwards is a
    clock that began again, and time goes on from where it was.  So it is with a gap longer than ``longest_gap``: a live
    camera was set to the right time.  ``interval`` is the usual time between pictures.
    """

    def __init__(self, interval: float, longest_gap: float = math.inf) -> None:
        self.interval = interval
        self.longest_gap = longest_gap
        self._shift = 0.0
        self._last: float | None = None
        self._begins_again = False

    @property
    def last(self) -> float | None:
        """The latest seconds returned; None before the first."""
        return self._last

    @property
    def shift(self) -> float:
        """Seconds that are added to a raw stamp at present."""
        return self._shift

    def begin_again(self) -> None:
        """Let the next stamp follow the last one whatever it says: a file starts over."""
        self._begins_again = self._last is not None

    def next(self, raw: float | None) -> float:
        """Return the seconds for a picture with the raw stamp ``raw``; None where the source gave none."""
        self._last = (raw or 0.0) if self._last is None else self._following(self._last, raw)
        return self._last

    def next_decoded(self, raw: float) -> float:
        """Return the seconds for a picture in decoding order: where pictures are reordered, a step back is right."""
        if self._last is None or self._is_anew(raw + self._shift - self._last):
            return self.next(raw)
        stamp = raw + self._shift
        self._last = max(self._last, stamp)
        return stamp

    def _following(self, last: float, raw: float | None) -> float:
        if raw is None:
            return last + self.interval
        if self._is_anew(raw + self._shift - last):
            self._begins_again = False
            self._shift = last + self.interval - raw
        stamp = raw + self._shift
        return stamp if stamp > last else last + self.interval / 10

    def _is_anew(self, gap: float) -> bool:
        return self._begins_again or not -_STEP_BACK <= gap <= self.longest_gap
