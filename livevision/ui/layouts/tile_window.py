"""A tile in a window of its own, for a second screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QKeySequence, QResizeEvent, QScreen, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from livevision.ui.icon import pixmap
from livevision.ui.key_owner import is_for_cameras, is_plain_key
from livevision.ui.layouts.placing import can_place, fill, other_screen, put

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livevision.ui.camera_tile import CameraTile

TileKeys: TypeAlias = "Sequence[tuple[str, Callable[[CameraTile], object]]]"
"""Keys, separated by spaces, and what they do to a tile."""

_SIZE = QSize(960, 600)
_LEAST = QSize(240, 180)


class TileWindow(QWidget):
    """Holds one tile.  F11 fills the screen, Esc leaves that, closing asks for the tile to be taken back.

    Its keys mean its tile, whichever is the chosen one.
    """

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
        self._keys: list[QShortcut] = []
        for keys, slot in (
            ("F11 F", self.toggle_full_screen),
            ("Esc", self.step_back),
            ("Ctrl+W Ctrl+Shift+W", self.close),
        ):
            self._add_keys(keys, slot)
        self._own = len(self._keys)
        self._returns_to: QSize | None = None
        self._beside, screens = beside, QApplication.screens()
        self._place = place_beside(beside, screens)
        put(self, self._place, other_screen(beside, screens))

    def update_title(self) -> None:
        """Say the camera's name, after it was renamed."""
        self.setWindowTitle(self.tile.camera.name)

    @property
    def place(self) -> QRect:
        """Where it is when it does not fill the screen."""
        return self._place if self.isFullScreen() else self.geometry()

    def take_keys(self, keys: TileKeys) -> None:
        """Heed what the main window's keys do to a tile; once."""
        if len(self._keys) == self._own:
            for sequences, run in keys:
                self._add_keys(sequences, partial(run, self.tile))

    def toggle_full_screen(self) -> None:
        """Fill the screen that it is on, or no longer.

        Under Wayland it opens wherever the desktop likes: still beside the others, it fills another screen.
        """
        if self.isFullScreen():
            self.leave_full_screen()
            return
        self._place, screen = self.geometry(), self.screen()
        if not can_place() and screen is self._beside:
            screen = other_screen(screen, QApplication.screens())
        fill(self, screen)

    def leave_full_screen(self) -> None:
        """Be a window again, where it was."""
        if self.isFullScreen():
            self.showNormal()
            if can_place():
                self.setGeometry(self._place)
            else:
                self._returns_to = self._place.size()

    def step_back(self) -> None:
        """Leave what was entered last: a field, a button, with the keyboard; the full screen."""
        if not self._is_for_tile():
            self.setFocus()
        else:
            self.leave_full_screen()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Be as large as before the full screen: Qt leaves the frame that it draws itself under Wayland out of it."""
        super().resizeEvent(event)
        size, self._returns_to = self._returns_to, None
        if size is not None and size != self.size():
            QTimer.singleShot(0, self, lambda: self.resize(size))

    def event(self, event: QEvent) -> bool:
        """Leave plain keys to a field that has the keyboard, before they are taken for the tile."""
        if is_plain_key(event) and not self._is_for_tile():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Freeze with Space, and go back with Esc, where nobody else wants it."""
        if event.key() == Qt.Key.Key_Space and self._is_for_tile():
            self.tile.toggle_frozen()
        elif event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Give the tile back."""
        event.accept()
        self.closed.emit(self.tile)

    def _is_for_tile(self) -> bool:
        return is_for_cameras(self.focusWidget(), self.tile)

    def _add_keys(self, keys: str, slot: Callable[[], object]) -> None:
        shortcut = QShortcut(self)
        shortcut.setKeys([QKeySequence(key) for key in keys.split(" ")])
        shortcut.activated.connect(slot)
        self._keys.append(shortcut)


def place_beside(beside: QScreen, screens: Sequence[QScreen]) -> QRect:
    """Return where a new window goes: in the middle of another screen than ``beside``, where there is one."""
    room = other_screen(beside, screens).availableGeometry()
    place = QRect(QPoint(0, 0), _SIZE.boundedTo(room.size()))
    place.moveCenter(room.center())
    return place
