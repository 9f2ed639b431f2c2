"""The tiles, in the grid that shows their pictures largest."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from livevision.ui.camera_tile import CameraTile

_ASPECT = 16 / 9


class CameraGrid(QWidget):
    """Arranges tiles and knows which one is chosen."""

    choice_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[CameraTile] = []
        self._chosen: CameraTile | None = None
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setSpacing(4)
        self._grid.setContentsMargins(4, 4, 4, 4)

    @property
    def chosen(self) -> CameraTile | None:
        """The tile that keys and menus mean."""
        return self._chosen

    def show_video_only(self) -> None:
        """Leave no gaps between tiles."""
        self._grid.setSpacing(0)
        self._grid.setContentsMargins(0, 0, 0, 0)

    def add(self, tile: CameraTile) -> None:
        """Add a tile and choose it."""
        self.tiles.append(tile)
        tile.chosen.connect(lambda: self.choose(tile))
        self._arrange()
        self.choose(tile)

    def take(self, tile: CameraTile) -> None:
        """Remove a tile; the one before it is chosen."""
        position = self.tiles.index(tile)
        self.tiles.remove(tile)
        self._grid.removeWidget(tile)
        tile.hide()
        tile.deleteLater()
        self._arrange()
        self.choose(self.tiles[max(0, position - 1)] if self.tiles else None)

    def choose(self, tile: CameraTile | None) -> None:
        """Let keys and menus mean this tile."""
        self._chosen = tile
        for each in self.tiles:
            # With a single tile there is nothing to choose between.
            each.set_chosen(each is tile and len(self.tiles) > 1)
        self.choice_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Arrange anew where another number of columns shows more."""
        super().resizeEvent(event)
        if self.tiles and best_columns(len(self.tiles), self.size()) != self._columns:
            self._arrange()

    def _arrange(self) -> None:
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        self._columns = best_columns(len(self.tiles), self.size())
        for index, tile in enumerate(self.tiles):
            row, column = divmod(index, self._columns)
            self._grid.addWidget(tile, row, column)
            self._grid.setRowStretch(row, 1)
            self._grid.setColumnStretch(column, 1)


def best_columns(count: int, room: QSize) -> int:
    """Return the number of columns with which ``count`` 16:9 pictures get largest in ``room``."""

    def picture_width(columns: int) -> float:
        rows = math.ceil(count / columns)
        return min(room.width() / columns, room.height() / rows * _ASPECT)

    return max(range(1, count + 1), key=picture_width, default=1)
