"""Which tile lies on which side of another (pure)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRect


class Direction(Enum):
    """Where an arrow key points: steps in x and y."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)

    @property
    def step(self) -> int:
        """+1 in the order in which one reads, −1 against it."""
        return sum(self.value)


def neighbour(cells: Sequence[QRect], index: int, direction: Direction) -> int | None:
    """Return the index of the cell next to cell ``index``; None at the edge.

    One that lies straight ahead is nearer than any other; among those, the one whose middle is nearest.
    """
    here = cells[index]
    x, y = direction.value

    def ahead(cell: QRect) -> bool:
        if x:
            return (cell.center().x() - here.center().x()) * x > 0 and not _overlap(here, cell, 0)
        return (cell.center().y() - here.center().y()) * y > 0 and not _overlap(here, cell, 1)

    def distance(other: int) -> tuple[bool, int, int]:
        cell = cells[other]
        across, along = (1, 0) if x else (0, 1)
        offset = cell.center() - here.center()
        steps = (abs(offset.x()), abs(offset.y()))
        return not _overlap(here, cell, across), steps[along], steps[across]

    return min((each for each, cell in enumerate(cells) if ahead(cell)), key=distance, default=None)


def _overlap(one: QRect, other: QRect, axis: int) -> bool:
    if axis == 0:
        return one.left() <= other.right() and other.left() <= one.right()
    return one.top() <= other.bottom() and other.top() <= one.bottom()
