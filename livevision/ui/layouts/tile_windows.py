"""The tiles that are in windows of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from livevision.ui.layouts.tile_window import TileWindow

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen

    from livevision.ui.camera_tile import CameraTile


class TileWindows(QObject):
    """Opens and closes them."""

    closed = Signal(object)
    """The operator closed the window of this tile."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._windows: dict[CameraTile, TileWindow] = {}

    def __len__(self) -> int:
        return len(self._windows)

    def window_of(self, tile: CameraTile) -> TileWindow | None:
        """Return the window that ``tile`` is in."""
        return self._windows.get(tile)

    @property
    def tiles(self) -> tuple[CameraTile, ...]:
        """Those that are in windows of their own."""
        return tuple(self._windows)

    def open(self, tile: CameraTile, beside: QScreen) -> TileWindow:
        """Put ``tile`` into a window, and show it: on another screen than ``beside``, if that can be chosen."""
        window = TileWindow(tile, beside)
        window.closed.connect(self.closed)
        self._windows[tile] = window
        window.show()
        return window

    def close(self, tile: CameraTile) -> None:
        """Let go of ``tile``, which is to have another parent by now, and close its window."""
        window = self._windows.pop(tile)
        window.hide()
        window.deleteLater()

    def update_titles(self) -> None:
        """Say the cameras' names, after one was renamed."""
        for window in self._windows.values():
            window.update_title()
