"""Where cells are, in logical pixels (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize

from livevision.ui.layouts.kind import LayoutKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASPECT = 16 / 9
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

    @property
    def first(self) -> int:
        """How many tiles are on the pages before."""
        return self.page * len(self.cells)


def plan(kind: LayoutKind, count: int, page: int, area: QRect, spacing: Spacing) -> Plan:
    """Arrange ``count`` tiles in ``area`` and return the page nearest to ``page``."""
    room = area.adjusted(spacing.gap, spacing.gap, -spacing.gap, -spacing.gap)
    if count <= capacity(kind, count, room, spacing):
        return Plan(tuple(_cells(kind, count, room, spacing)), 0, 1, QRect())
    # The margin below the tiles lies between them and the bar.
    bar = QRect(area.left(), area.bottom() - spacing.page_bar + 1, area.width(), spacing.page_bar)
    room.setBottom(room.bottom() - spacing.page_bar)
    on_a_page = capacity(kind, count, room, spacing)
    pages = math.ceil(count / on_a_page)
    cells = tuple(_cells(kind, on_a_page, room, spacing))
    return Plan(cells, min(max(0, page), pages - 1), pages, bar)


def capacity(kind: LayoutKind, count: int, room: QRect, spacing: Spacing) -> int:
    """Return how many of ``count`` tiles a page has cells for."""
    if kind in _SQUARES:
        return _SQUARES[kind] ** 2
    if kind in _BESIDE_BIG:
        return 2 * _BESIDE_BIG[kind]
    columns, rows = _most(room, spacing)
    return min(max(1, count), columns * rows)


def best_columns(count: int, room: QRect, spacing: Spacing) -> int:
    """Return the number of columns with which ``count`` 16:9 pictures get largest in ``room``."""
    most_columns, most_rows = _most(room, spacing)

    def size(columns: int) -> tuple[float, int]:
        rows = math.ceil(count / columns)
        width = (room.width() + spacing.gap) / columns - spacing.gap
        height = (room.height() + spacing.gap) / rows - spacing.gap - spacing.tile
        # Of two that are as good, the one with pictures side by side.
        return min(width, height * _ASPECT), columns

    fewest = math.ceil(count / most_rows)
    return max(range(fewest, max(fewest, min(count, most_columns)) + 1), key=size)


def _most(room: QRect, spacing: Spacing) -> tuple[int, int]:
    columns = (room.width() + spacing.gap) // (_LEAST_PICTURE.width() + spacing.gap)
    rows = (room.height() + spacing.gap) // (_LEAST_PICTURE.height() + spacing.tile + spacing.gap)
    return max(1, columns), max(1, rows)


def _cells(kind: LayoutKind, count: int, room: QRect, spacing: Spacing) -> Iterator[QRect]:
    if kind in _BESIDE_BIG:
        yield from _big_and_small(_BESIDE_BIG[kind], room, spacing.gap)
        return
    columns = _SQUARES.get(kind) or best_columns(max(1, count), room, spacing)
    rows = _SQUARES.get(kind) or math.ceil(max(1, count) / columns)
    for index in range(columns * rows if kind in _SQUARES else max(1, count)):
        row, column = divmod(index, columns)
        yield _cell(room, (columns, rows), QRect(column, row, 1, 1), spacing.gap)


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
