"""Which cameras are lost for so long that somebody has to be told, wherever they look at that moment (pure, no Qt)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from livevision.sources.status import CameraState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_NOT_LOST = frozenset({CameraState.LIVE, CameraState.ENDED, CameraState.STOPPED})
"""A film that is over, and a camera that somebody stopped, are missed by nobody."""
_HELD = 15.0
"""Seconds that a camera must be live to be back: one that flaps is there for a moment, again and again."""
_UNWATCHED = 5.0
"""Seconds between two looks after which nobody knows what was meanwhile: the computer slept."""


class Turn(Enum):
    """What became of a camera."""

    LOST = "lost"
    UNSTABLE = "unstable"
    """It comes back each time, but never for long."""
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Seen:
    """One camera at one moment."""

    camera: str
    """What it is known by; each has another."""
    name: str
    """As the operator calls it."""
    state: CameraState


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told."""

    name: str
    turn: Turn
    seconds: float
    """Since the camera was lost; of a camera that is unstable or back, since it was for the first time."""


@dataclass(slots=True)
class _Outage:
    began: float
    since: float | None
    """Since when it is lost without a break; None while it is live."""
    gone: float = 0.0
    """Seconds lost before that."""
    live_since: float = 0.0
    told: frozenset[Turn] = frozenset()

    def shift(self, seconds: float) -> None:
        self.began += seconds
        self.live_since += seconds
        if self.since is not None:
            self.since += seconds


class LostWatch:
    """Looks at all cameras now and then; tells each outage once, and its end if it was told.

    An outage is over when the camera has been live for 15 s in a row.  One that comes and goes is told as unstable,
    once, when it has been away for ``after`` seconds altogether, and as lost when it was for as long in a row.  Time
    in which nobody looked does not count: after a sleep of the computer every camera gets its chance to come back.

    ``after`` are the seconds that a camera has to be lost; 0: nothing is ever told.  It may be changed at any time.
    """

    def __init__(self, after: float, now: Callable[[], float] = time.monotonic) -> None:
        self.after = after
        self._now = now
        self._outages: dict[str, _Outage] = {}
        self._looked = now()

    def __repr__(self) -> str:
        return f"<LostWatch after {self.after:g} s: {sorted(self._outages)}>"

    def look(self, cameras: Iterable[Seen]) -> tuple[News, ...]:
        """Return what is new.  Cameras that are not among ``cameras`` any more are forgotten."""
        seen = {each.camera: each for each in cameras}
        self._outages = {camera: outage for camera, outage in self._outages.items() if camera in seen}
        now = self._now()
        unwatched, self._looked = now - self._looked, now
        if unwatched > _UNWATCHED:
            for outage in self._outages.values():
                outage.shift(unwatched)
        news = (self._news_of(each, now) for each in seen.values())
        return tuple(each for each in news if each is not None)

    def _news_of(self, seen: Seen, now: float) -> News | None:
        if seen.state in _NOT_LOST:
            return self._while_there(seen, now)
        outage = self._outages.setdefault(seen.camera, _Outage(now, now))
        if outage.since is None:
            outage.since = now
        away = now - outage.since
        if self.after <= 0 or Turn.LOST in outage.told:
            return None
        if away >= self.after:
            outage.told |= {Turn.LOST}
            return News(seen.name, Turn.LOST, away)
        if outage.gone + away >= self.after and not outage.told:
            outage.told |= {Turn.UNSTABLE}
            return News(seen.name, Turn.UNSTABLE, now - outage.began)
        return None

    def _while_there(self, seen: Seen, now: float) -> News | None:
        outage = self._outages.get(seen.camera)
        if outage is None:
            return None
        if outage.since is not None:
            outage.gone += now - outage.since
            outage.since, outage.live_since = None, now
        if seen.state is not CameraState.LIVE:
            del self._outages[seen.camera]
            return None
        if now - outage.live_since < _HELD:
            return None
        del self._outages[seen.camera]
        is_news = bool(outage.told) and self.after > 0
        return News(seen.name, Turn.BACK, outage.live_since - outage.began) if is_news else None
