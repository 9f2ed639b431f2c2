"""Who gets how much of a line that is too short for everything (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Part(Enum):
    """What may stand in a tile's header."""

    NAME = auto()
    STATE = auto()
    MODEL = auto()
    BOX_AGE = auto()
    TROUBLE = auto()
    RECORDING = auto()


@dataclass(frozen=True, slots=True)
class Claim:
    """A part that wants to be ``width`` pixels wide, and makes no use of it below ``least``."""

    part: Part
    width: int
    least: int


def share(room: int, claims: Iterable[Claim], gap: int) -> dict[Part, int]:
    """Return how wide each part is that fits into ``room`` pixels with ``gap`` between two of them.

    Claims are met in their order, as far as there is room; a later one of the same part makes it wider.
    """
    widths: dict[Part, int] = {}
    for claim in claims:
        has = widths.get(claim.part, 0)
        before = gap if widths and not has else 0
        width = min(claim.width, has + room - before)
        if width >= claim.least and width > has:
            room -= width - has + before
            widths[claim.part] = width
    return widths
