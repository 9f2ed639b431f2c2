"""A tile in a window of its own, for a second screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from livevision.ui.icon import pixmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.ui.camera_tile import CameraTile

_SIZE = QSize(960, 600)
_LEAST = QSize(240, 180)


class TileWindow(QWidget):
    """Holds one tile.  F11 fills the screen, Esc leaves that, closing asks for the tile to be taken back."""

    closed = Signal(object)
    """The operator closed the window of this tile."""

    def __init__(self, tile: CameraTile, beside: QScreen) -> None:
        super().__init__()
        self.tile = tile
        self.setWindowIcon(QIcon(pixmap("app", 128)))
        self.setMinimumSize(_LEAST)
        self.update_title()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(tile)
        tile.show()
        for key, slot in (("F11", self.toggle_full_screen), ("Esc", self.leave_full_screen)):
            QShortcut(QKeySequence(key), self).activated.connect(slot)
        self._place = place_beside(beside, QApplication.screens())
        self.setGeometry(self._place)

    def update_title(self) -> None:
        """Say the camera's name, after it was renamed."""
        self.setWindowTitle(self.tile.camera.name)

    @property
    def place(self) -> QRect:
        """Where it is when it does not fill the screen."""
        return self._place if self.isFullScreen() else self.geometry()

    def toggle_full_screen(self) -> None:
        """Fill the screen that it is on, or no longer."""
        if self.isFullScreen():
            self.leave_full_screen()
            return
        self._place = self.geometry()
        # Without a window manager nobody else makes a full-screen window as large as the screen.
        self.setGeometry(self.screen().geometry())
        self.showFullScreen()

    def leave_full_screen(self) -> None:
        """Be a window again, where it was."""
        if self.isFullScreen():
            self.showNormal()
            self.setGeometry(self._place)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Give the tile back."""
        event.accept()
        self.closed.emit(self.tile)


def place_beside(beside: QScreen, screens: Sequence[QScreen]) -> QRect:
    """Return where a new window goes: in the middle of another screen than ``beside``, where there is one."""
    room = next((screen for screen in screens if screen is not beside), beside).availableGeometry()
    place = QRect(QPoint(0, 0), _SIZE.boundedTo(room.size()))
    place.moveCenter(room.center())
    return place
