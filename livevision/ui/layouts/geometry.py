"""Where cells are, in logical pixels (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize

from livevision.ui.layouts.automatic import Flow, Grid, Wish, best_grid
from livevision.ui.layouts.kind import LayoutKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST_PICTURE = QSize(160, 90)
"""Smaller pictures show nothing: the automatic grid has pages before it comes to that."""
_SQUARES = {LayoutKind.ONE: 1, LayoutKind.TWO: 2, LayoutKind.THREE: 3, LayoutKind.FOUR: 4}
_BESIDE_BIG = {LayoutKind.BIG_AND_5: 3, LayoutKind.BIG_AND_7: 4}
"""Small cells along each side of the whole."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """What is no picture: pixels between cells and around them, and the height of a tile's header and monitor."""

    gap: int
    tile: int
    page_bar: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One page of an arrangement."""

    cells: tuple[QRect, ...]
    page: int
    """From 0 on."""
    pages: int
    page_bar: QRect
    """Empty where there is a single page."""
    grid: Grid | None = None
    """Its rows or columns; None where cells are not of one size."""

    @property
    def first(self) -> int:
        """How many tiles are on the pages before."""
        return self.page * len(self.cells)


_NO_WISH = Wish()


def plan(kind: LayoutKind, count: int, page: int, area: QRect, spacing: Spacing, wish: Wish = _NO_WISH) -> Plan:
    """Arrange ``count`` tiles in ``area`` and return the page nearest to ``page``; the automatic layout as ``wish``."""
    room = area.adjusted(spacing.gap, spacing.gap, -spacing.gap, -spacing.gap)
    if count <= capacity(kind, count, room, spacing):
        grid = _grid(kind, count, room, spacing, wish)
        return Plan(tuple(_cells(kind, grid, room, spacing.gap)), 0, 1, QRect(), grid)
    # The margin below the tiles lies between them and the bar.
    bar = QRect(area.left(), area.bottom() - spacing.page_bar + 1, area.width(), spacing.page_bar)
    room.setBottom(room.bottom() - spacing.page_bar)
    on_a_page = capacity(kind, count, room, spacing)
    pages = math.ceil(count / on_a_page)
    grid = _grid(kind, on_a_page, room, spacing, wish)
    cells = tuple(_cells(kind, grid, room, spacing.gap))
    return Plan(cells, min(max(0, page), pages - 1), pages, bar, grid)


def capacity(kind: LayoutKind, count: int, room: QRect, spacing: Spacing) -> int:
    """Return how many of ``count`` tiles a page has cells for."""
    if kind in _SQUARES:
        return _SQUARES[kind] ** 2
    if kind in _BESIDE_BIG:
        return 2 * _BESIDE_BIG[kind]
    columns, rows = _most(room, spacing)
    return min(max(1, count), columns * rows)


def _most(room: QRect, spacing: Spacing) -> tuple[int, int]:
    columns = (room.width() + spacing.gap) // (_LEAST_PICTURE.width() + spacing.gap)
    rows = (room.height() + spacing.gap) // (_LEAST_PICTURE.height() + spacing.tile + spacing.gap)
    return max(1, columns), max(1, rows)


def _grid(kind: LayoutKind, count: int, room: QRect, spacing: Spacing, wish: Wish) -> Grid | None:
    if kind in _BESIDE_BIG:
        return None
    if kind in _SQUARES:
        return Grid((_SQUARES[kind],) * _SQUARES[kind])
    return best_grid(max(1, count), (room.width(), room.height()), _most(room, spacing), spacing, wish)


def _cells(kind: LayoutKind, grid: Grid | None, room: QRect, gap: int) -> Iterator[QRect]:
    if grid is None:
        yield from _big_and_small(_BESIDE_BIG[kind], room, gap)
        return
    lines = len(grid.lines)
    for line, in_line in enumerate(grid.lines):
        for index in range(in_line):
            if grid.flow is Flow.ROWS:
                yield _cell(room, (in_line, lines), QRect(index, line, 1, 1), gap)
            else:
                yield _cell(room, (lines, in_line), QRect(line, index, 1, 1), gap)


def _big_and_small(side: int, room: QRect, gap: int) -> Iterator[QRect]:
    yield _cell(room, (side, side), QRect(0, 0, side - 1, side - 1), gap)
    for row in range(side - 1):
        yield _cell(room, (side, side), QRect(side - 1, row, 1, 1), gap)
    for column in range(side):
        yield _cell(room, (side, side), QRect(column, side - 1, 1, 1), gap)


def _cell(room: QRect, grid: tuple[int, int], at: QRect, gap: int) -> QRect:
    # Edges are rounded, not sizes: cells differ by a pixel at most, and together they fill the room.
    def edge(start: int, length: int, parts: int, index: int) -> int:
        return start + round(index * (length + gap) / parts)

    left = edge(room.left(), room.width(), grid[0], at.left())
    right = edge(room.left(), room.width(), grid[0], at.left() + at.width()) - gap
    top = edge(room.top(), room.height(), grid[1], at.top())
    bottom = edge(room.top(), room.height(), grid[1], at.top() + at.height()) - gap
    return QRect(left, top, max(1, right - left), max(1, bottom - top))
