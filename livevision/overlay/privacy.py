"""Who must not be seen, and where they may be now.  Pure: stream time is handed in.

It fails closed: what is not known to be harmless is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

EVERYTHING = "everything"
"""In place of classes: whatever the model finds."""


class Concealment(Enum):
    """How something is made unrecognisable."""

    PIXELATE = "pixelate"
    BLUR = "blur"
    FILL = "fill"
    """One colour: the only one that leaves nothing at all to guess from."""


class WhenUnknown(Enum):
    """What is shown while nobody knows where the hidden ones are: before the first result, and without fresh ones."""

    HIDE_PICTURE = "hide-picture"
    SHOW_PICTURE = "show-picture"


class Reach(Enum):
    """Where they are hidden."""

    EVERYWHERE = "everywhere"
    SCREEN = "screen"
    """Not in recordings and snapshots."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """What an operator wants hidden.

    ``classes`` are names, in any case, or :data:`EVERYTHING`; none: nothing is hidden.  ``hold`` is for how many
    seconds of stream time one stays hidden that is no longer found, and also how old the newest result may be before
    the picture counts as unknown.
    """

    classes: frozenset[str] = frozenset()
    how: Concealment = Concealment.PIXELATE
    hold: float = 2.0
    unknown: WhenUnknown = WhenUnknown.HIDE_PICTURE
    reach: Reach = Reach.EVERYWHERE

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", frozenset(name.strip().casefold() for name in self.classes if name.strip()))

    def __bool__(self) -> bool:
        return bool(self.classes)

    def covers(self, class_name: str) -> bool:
        """Tell whether objects of this class are hidden."""
        return EVERYTHING in self.classes or class_name.casefold() in self.classes

    def of(self, class_name: str, how: Concealment) -> Privacy:
        """Return this with one class more, and concealed in this way."""
        return replace(self, classes=self.classes | {class_name}, how=how)

    def missing(self, looked_for: frozenset[str] | None) -> tuple[str, ...]:
        """Return which classes to be hidden are not among those that a picture was looked through for (None: all)."""
        return () if looked_for is None else tuple(sorted(self.classes - looked_for))

    def also(self, other: Privacy) -> Privacy:
        """Return this with what ``other`` hides, too; where they differ, as the other one says, or more cautiously."""
        if not other:
            return self
        unknown = self.unknown if self and self.unknown is WhenUnknown.HIDE_PICTURE else other.unknown
        return replace(other, classes=self.classes | other.classes, hold=max(self.hold, other.hold), unknown=unknown)

    @property
    def for_files(self) -> Privacy:
        """What is hidden in recordings and snapshots."""
        return self if self.reach is Reach.EVERYWHERE else replace(self, classes=frozenset())
