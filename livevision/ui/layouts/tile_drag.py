"""Dragging a tile by its header onto another.

The grid moves the picture itself instead of starting a QDrag, whose own event loop would run inside the one that
asyncio runs on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from livevision.ui import theme
from livevision.ui.layouts.drop_mark import DropMark
from livevision.ui.layouts.order import Drop

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.ui.camera_tile import CameraTile

_EDGE = 0.25
"""Share of a tile's width at either side where a drop inserts instead of swapping."""
_PICTURE = QSize(176, 110)
_FROM_POINTER = QPoint(12, 12)
_OPACITY = 0.85


@dataclass(frozen=True, slots=True)
class Target:
    """Where a tile would go."""

    tile: CameraTile
    drop: Drop
    cell: QRect
    """Of ``tile``, or the empty cell after it."""


class TileDrag:
    """One tile on its way over ``grid``; ``target_at`` says what lies at a point of the grid."""

    def __init__(self, grid: QWidget, target_at: Callable[[QPoint], Target | None]) -> None:
        self._grid = grid
        self._target_at = target_at
        self._tile: CameraTile | None = None
        self._pressed = QPoint()
        self._target: Target | None = None
        self._picture: QLabel | None = None
        self._mark = DropMark(grid)

    @property
    def is_under_way(self) -> bool:
        """Whether a tile is being dragged, not only pressed."""
        return self._picture is not None

    @property
    def tile(self) -> CameraTile | None:
        """The tile whose header is pressed."""
        return self._tile

    def press(self, tile: CameraTile, position: QPoint) -> None:
        """Take hold of ``tile``; nothing moves before the pointer does."""
        self._tile, self._pressed = tile, position

    def move(self, position: QPoint) -> None:
        """Follow the pointer and mark where the tile would go."""
        if self._tile is None:
            return
        far = (position - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._picture is None and far:
            self._picture = self._lift(self._tile)
        if self._picture is None:
            return
        self._picture.move(position + _FROM_POINTER)
        target = self._target_at(position)
        self._target = target if target and target.tile is not self._tile else None
        if self._target is None:
            self._mark.hide()
        else:
            self._mark.show_at(self._target.cell, self._target.drop)
        self._picture.raise_()

    def release(self) -> Target | None:
        """Let go; returns where the tile goes, None where it stays."""
        target = self._target
        self.cancel()
        return target

    def cancel(self) -> None:
        """Let go and leave everything as it was."""
        self._tile = self._target = None
        self._mark.hide()
        if self._picture is not None:
            self._grid.unsetCursor()
            self._picture.hide()
            self._picture.deleteLater()
            self._picture = None

    def _lift(self, tile: CameraTile) -> QLabel:
        self._grid.setCursor(Qt.CursorShape.ClosedHandCursor)
        picture = QLabel(self._grid)
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.setPixmap(_miniature(tile))
        picture.adjustSize()
        picture.show()
        return picture


def drop_at(cell: QRect, position: QPoint) -> Drop:
    """Return what a drop at ``position`` on ``cell`` means: at its sides to go there, else to swap."""
    share = (position.x() - cell.left()) / cell.width()
    if share < _EDGE:
        return Drop.BEFORE
    return Drop.AFTER if share > 1 - _EDGE else Drop.SWAP


def _miniature(tile: QWidget) -> QPixmap:
    ratio = tile.devicePixelRatioF()
    seen = tile.grab().scaled(
        _PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    miniature = QPixmap(seen.size())
    miniature.fill(Qt.GlobalColor.transparent)
    painter = QPainter(miniature)
    painter.setOpacity(_OPACITY)
    painter.drawPixmap(miniature.rect(), seen)
    painter.setPen(theme.ACCENT)
    painter.setOpacity(1)
    painter.drawRect(miniature.rect().adjusted(0, 0, -1, -1))
    painter.end()
    miniature.setDevicePixelRatio(ratio)
    return miniature
