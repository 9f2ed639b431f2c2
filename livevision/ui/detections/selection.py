"""Which of the recent detections are listed (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livevision.sightings import Sighting


@dataclass(frozen=True, slots=True)
class Selection:
    """Those that fit everything that is said here."""

    searched: str = ""
    """Words, each of which is in the class or the camera's name, or is its identity, as in ``#12``."""
    class_name: str | None = None
    camera: str | None = None

    def of(self, sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
        """Return those that fit, in their order."""
        words = self.searched.casefold().split()
        return tuple(each for each in sightings if self._fits(each) and _has(each, words))

    def _fits(self, sighting: Sighting) -> bool:
        return self.class_name in (None, sighting.class_name) and self.camera in (None, sighting.camera)


def _has(sighting: Sighting, words: list[str]) -> bool:
    if not words:
        return True
    identity = "" if sighting.tracker_id is None else f"#{sighting.tracker_id}"
    text = f"{sighting.class_name} {sighting.camera}".casefold()
    return all(word in text or word == identity for word in words)
