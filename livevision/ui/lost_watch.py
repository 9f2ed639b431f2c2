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


class Turn(Enum):
    """What became of a camera."""

    LOST = "lost"
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
    """Since the camera was lost."""


@dataclass(slots=True)
class _Outage:
    since: float
    told: bool = False


class LostWatch:
    """Looks at all cameras now and then; tells each outage once, and its end if it was told.

    ``after`` are the seconds that a camera has to be lost; 0: nothing is ever told.  It may be changed at any time.
    """

    def __init__(self, after: float, now: Callable[[], float] = time.monotonic) -> None:
        self.after = after
        self._now = now
        self._outages: dict[str, _Outage] = {}

    def __repr__(self) -> str:
        return f"<LostWatch after {self.after:g} s: {sorted(self._outages)}>"

    def look(self, cameras: Iterable[Seen]) -> tuple[News, ...]:
        """Return what is new.  Cameras that are not among ``cameras`` any more are forgotten."""
        seen = {each.camera: each for each in cameras}
        self._outages = {camera: outage for camera, outage in self._outages.items() if camera in seen}
        now = self._now()
        news = (self._news_of(each, now) for each in seen.values())
        return tuple(each for each in news if each is not None)

    def _news_of(self, seen: Seen, now: float) -> News | None:
        if seen.state in _NOT_LOST:
            outage = self._outages.pop(seen.camera, None)
            is_news = outage is not None and outage.told and seen.state is CameraState.LIVE and self.after > 0
            return News(seen.name, Turn.BACK, now - outage.since) if outage is not None and is_news else None
        outage = self._outages.setdefault(seen.camera, _Outage(now))
        if outage.told or self.after <= 0 or now - outage.since < self.after:
            return None
        outage.told = True
        return News(seen.name, Turn.LOST, now - outage.since)
