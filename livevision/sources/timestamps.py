"""A source's raw time stamps, made fit to be relied on."""

from __future__ import annotations

import math

_STEP_BACK = 1.0
"""Seconds by which a stamp must lie in the past to mean that the clock was set anew."""
_STEP_AHEAD = 2.0
"""Seconds by which stamps must run ahead of their arrival, suddenly and altogether, to mean the same."""
_DRIFT = 0.0005
"""Seconds a second by which two clocks may drift apart; more than any quartz does."""
_RETURN = 2.0
"""Seconds from the last good stamp within which a clock that went wrong for a moment is the old one again."""


class Timestamps:
    """Turns raw stamps into seconds that strictly increase: missing and backward ones get the next plausible value.

    A little backwards (jitter, a stamp sent twice) puts that picture just behind its forerunner; far backwards is a
    clock that began again, and time goes on from where it was.  So it is with a gap longer than ``longest_gap``, and
    with one that cannot have passed because the picture came too soon: a live camera was set to the right time.  A
    single wrong stamp changes nothing for those after it.  ``interval`` is the usual time between pictures.
    """

    def __init__(self, interval: float, longest_gap: float = math.inf) -> None:
        self.interval = interval
        self.longest_gap = longest_gap
        self._shift = self._former_shift = 0.0
        self._last: float | None = None
        self._arrived: float | None = None  # when the last one did, monotonic seconds
        self._ahead = 0.0  # of its arrival, since the clock was set
        self._begins_again = False

    @property
    def last(self) -> float | None:
        """The latest seconds returned; None before the first."""
        return self._last

    @property
    def shift(self) -> float:
        """Seconds that are added to a raw stamp at present."""
        return self._shift

    def at(self, arrived: float) -> float | None:
        """Return the seconds of what comes at ``arrived``, as far as is known; None before the first picture."""
        if self._last is None or self._arrived is None:
            return self._last
        return self._last + max(0.0, arrived - self._arrived)

    def begin_again(self) -> None:
        """Let the next stamp follow the last one whatever it says: a file starts over."""
        self._begins_again = self._last is not None

    def next(self, raw: float | None, arrived: float | None = None) -> float:
        """Return the seconds for a picture with the raw stamp ``raw``; None where the source gave none.

        ``arrived`` is when it came, in monotonic seconds, where pictures come as they are made.
        """
        last = self._last
        self._last = (raw or 0.0) if last is None else self._following(last, raw, arrived)
        self._note(last, arrived)
        return self._last

    def next_decoded(self, raw: float, arrived: float | None = None) -> float:
        """Return the seconds for a picture in decoding order: where pictures are reordered, a step back is right."""
        last = self._last
        if last is None or self._is_anew(raw + self._shift - last, arrived):
            return self.next(raw, arrived)
        stamp = raw + self._shift
        self._last = max(last, stamp)
        self._note(last, arrived)
        return stamp

    def _following(self, last: float, raw: float | None, arrived: float | None) -> float:
        if raw is None:
            return last + self.interval
        if self._is_anew(raw + self._shift - last, arrived):
            self._set(last, raw, arrived)
        stamp = raw + self._shift
        return stamp if stamp > last else last + self.interval / 10

    def _set(self, last: float, raw: float, arrived: float | None) -> None:
        is_old = not self._begins_again and 0 < raw + self._former_shift - last <= _RETURN
        self._begins_again = False
        self._ahead = 0.0
        if is_old:
            self._shift = self._former_shift
            return
        passed = arrived - self._arrived if arrived is not None and self._arrived is not None else 0.0
        step = passed if self.interval < passed <= self.longest_gap else self.interval
        self._former_shift, self._shift = self._shift, last + step - raw

    def _is_anew(self, gap: float, arrived: float | None) -> bool:
        if self._begins_again or not -_STEP_BACK <= gap <= self.longest_gap:
            return True
        if arrived is None or self._arrived is None:
            return False
        # Pictures that come late and then all at once are late before they are quick; and a camera that is always a
        # little fast is never so suddenly.
        suddenly = gap - (arrived - self._arrived)
        return min(suddenly, self._ahead + suddenly) > _STEP_AHEAD

    def _note(self, last: float | None, arrived: float | None) -> None:
        if arrived is None:
            return
        if self._arrived is not None and last is not None and self._last is not None:
            passed = arrived - self._arrived
            ahead = self._ahead + (self._last - last) - passed
            self._ahead = ahead - math.copysign(min(abs(ahead), passed * _DRIFT), ahead)
        self._arrived = arrived
