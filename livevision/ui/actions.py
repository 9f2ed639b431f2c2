"""Every action of the window with its words and its key; the menus are built from this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu."""

    text: str
    keys: str
    """Separated by spaces."""
    run: Callable[[], object]
    needs_camera: bool = False


class Actions:
    """Puts entries into menus and keeps those that need a camera disabled while there is none.

    Actions are added to the window as well, so that their keys work while the menu bar is hidden.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._for_a_camera: list[QAction | QMenu] = []
        self.menus: list[QMenu] = []

    def add_menu(self, title: str, entries: list[Entry | None]) -> QMenu:
        """Add a menu; None is a separator."""
        menu = QMenu(title, self._window)
        self._window.menuBar().addMenu(menu)
        self.menus.append(menu)
        self.fill(menu, entries)
        return menu

    def fill(self, menu: QMenu, entries: list[Entry | None]) -> None:
        """Add entries to a menu."""
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            else:
                menu.addAction(self.action(entry))

    def add_submenu(self, menu: QMenu, submenu: QMenu) -> None:
        """Add a submenu; it needs a camera."""
        menu.addMenu(submenu)
        self._for_a_camera.append(submenu)

    def set_camera_chosen(self, chosen: bool) -> None:
        """Enable what needs a camera, or not."""
        for each in self._for_a_camera:
            each.setEnabled(chosen)

    def action(self, entry: Entry) -> QAction:
        """Make the action of an entry."""
        action = QAction(entry.text, self._window)
        action.setShortcuts([QKeySequence(key) for key in entry.keys.split(" ")] if entry.keys else [])
        # Not connected directly: the signal's `checked` is no argument for it.
        action.triggered.connect(lambda: entry.run())  # noqa: PLW0108
        self._window.addAction(action)
        if entry.needs_camera:
            self._for_a_camera.append(action)
        return action
