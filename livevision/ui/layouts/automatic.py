"""How many rows and columns an automatic grid has: those with which pictures get largest (pure)."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livevision.ui.layouts.geometry import Spacing

USUAL_ASPECT = 16 / 9
_AS_LARGE = 0.97
"""Share of the largest size at which nobody sees a difference: rather fill the room than have that."""
_WORTH_A_MOVE = 1.08
"""So much larger must pictures get for tiles to change places: while a window is resized they would jump about."""


class Flow(Enum):
    """What a grid consists of.  Columns are for what is no rectangle in rows: one tile beside two."""

    ROWS = auto()
    COLUMNS = auto()


@dataclass(frozen=True, slots=True)
class Grid:
    """How many tiles each row, or each column, has; those of a line share it evenly."""

    lines: tuple[int, ...]
    flow: Flow = Flow.ROWS


@dataclass(frozen=True, slots=True)
class Wish:
    """What an automatic grid is for: pictures ``aspects`` times as wide as high, the usual ones where that is empty.

    ``kept`` is the grid that there is: it stays where it is nearly as good.
    """

    aspects: tuple[float, ...] = ()
    kept: Grid | None = None


@lru_cache(maxsize=32)
def best_grid(count: int, room: tuple[int, int], most: tuple[int, int], spacing: Spacing, wish: Wish) -> Grid:
    """Return the grid for ``count`` tiles in ``room`` logical pixels whose smallest pictures are largest.

    Of those, the one with the largest pictures in all.  ``most`` is how many columns and rows there may be.
    """
    aspects = Counter(round(aspect, 3) for aspect in wish.aspects or (USUAL_ASPECT,))

    def sizes(grid: Grid) -> tuple[float, float]:
        """Return the area of a picture in the smallest cells, and of all pictures together."""
        areas = {}
        for in_line in set(grid.lines):
            across, down = (in_line, len(grid.lines)) if grid.flow is Flow.ROWS else (len(grid.lines), in_line)
            width = (room[0] + spacing.gap) / across - spacing.gap
            height = (room[1] + spacing.gap) / down - spacing.gap - spacing.tile
            areas[in_line] = _mean_area(width, height, aspects)
        return min(areas.values()), sum(areas[in_line] * in_line for in_line in grid.lines)

    found = {grid: sizes(grid) for grid in _grids(count, most)}
    largest = max(smallest for smallest, _ in found.values())
    good = [grid for grid in found if found[grid][0] >= _AS_LARGE * largest]
    most_in_all = max(found[grid][1] for grid in good)
    # Of those that are as good, the one with rows, and with pictures side by side: it comes first.
    best = next(grid for grid in good if found[grid][1] >= _AS_LARGE * most_in_all)
    kept = wish.kept
    if kept in found and all(_WORTH_A_MOVE * now >= then for now, then in zip(found[kept], found[best], strict=True)):
        return kept
    return best


def _grids(count: int, most: tuple[int, int]) -> Iterator[Grid]:
    columns, rows = most
    for lines in range(1, min(count, rows) + 1):
        if math.ceil(count / lines) <= columns:
            yield Grid(_shared(count, lines))
    for lines in range(2, min(count, columns) + 1):
        if count % lines and math.ceil(count / lines) <= rows:
            yield Grid(_shared(count, lines), Flow.COLUMNS)


def _shared(count: int, lines: int) -> tuple[int, ...]:
    # Lines with fewer, larger tiles come first, as the first tile of other layouts is the largest, too.
    fewest, more = divmod(count, lines)
    return (fewest,) * (lines - more) + (fewest + 1,) * more


def _mean_area(width: float, height: float, aspects: Counter[float]) -> float:
    if width <= 0 or height <= 0:
        return 0.0
    areas = (number * min(width, height * aspect) * min(width / aspect, height) for aspect, number in aspects.items())
    return sum(areas) / aspects.total()
