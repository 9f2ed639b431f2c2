"""Where everything is: layouts on digits, windows and docks as they were."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from livevision.ui.layouts.placing import can_place, screen_named
from livevision.ui.layouts.state import LayoutState
from livevision.workspace.folders import workspace_path
from livevision.workspace.layout_settings import Geometry, Layout, Windows, WindowState

if TYPE_CHECKING:
    from livevision.ui.main_window import MainWindow
    from livevision.workspace.layout_settings import Slot

_LEAST_SEEN = 80
"""Pixels of a window that have to be on a screen for it to be put there again."""

_LONGEST_NAME = 64


class Arranging(QObject):
    """Keeps on the desk how the window looks, and brings it back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_back = window.desk.place is None
        """Whether everything looks as the desk has it; until then there is nothing to keep."""

    def save_layout(self, slot: Slot) -> None:
        """Keep how the tiles are arranged under a digit."""
        desk = self._window.desk
        desk.arrange(desk.layouts.but(saved={**desk.layouts.saved, slot: self._layout()}), desk.windows)
        self._window.messages.inform(self.tr("Layout {0} saved: Ctrl+{0} brings it back").format(slot))

    def restore_layout(self, slot: Slot) -> None:
        """Arrange the tiles as they were kept."""
        saved = self._window.desk.layouts.saved.get(slot)
        if saved is None:
            words = self.tr("There is no layout {0} yet: Ctrl+Shift+{0} saves one").format(slot)
            self._window.messages.inform(words)
        else:
            self._window.grid.restore(_state(saved))

    def toggle_cycle(self) -> None:
        """Turn pages by themselves, or not."""
        grid = self._window.grid
        grid.set_cycle(0 if grid.state().cycle_s > 0 else self._window.desk.preferences.cycle_s)

    def ask_where_to_save(self) -> None:
        """Ask for the file that keeps all that is set up here."""
        dialog = QFileDialog(
            self._window, self.tr("Save workspace as"), "workspace.toml", self.tr("Workspaces (*.toml)")
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(
            lambda path: self._window.background.start(self.save_as(Path(path)), self.tr("Saving the workspace"))
        )
        dialog.open()

    async def save_as(self, path: Path) -> None:
        """Keep everything in another file from now on.  Raises SettingsError."""
        self.keep()
        await self._window.desk.save_workspace_as(path)
        self._name_window()
        self._window.messages.inform(self.tr("Saved {}").format(path))

    def keep(self) -> None:
        """Tell the desk how it looks now, unless it is on its way there."""
        if not self._is_back:
            return
        window = self._window
        shown = {tile.camera.id for tile in window.grid.tiles}
        unopened = {each.id for each in window.desk.cameras} - shown
        tiles = {each: place for each, place in window.desk.windows.tiles.items() if each in unopened}
        before = window.desk.windows
        for tile in window.grid.detached:
            tiles[tile.camera.id] = _geometry(tile.window(), before.tiles.get(tile.camera.id))
        windows = Windows(main=_geometry(window, before.main), docks=window.panels.docks(), tiles=tiles)
        window.desk.arrange(window.desk.layouts.but(current=self._layout()), windows)

    async def go_elsewhere(self, path: Path) -> None:
        """Open another workspace in this window.  Raises SettingsError, and leaves everything as it is then."""
        window = self._window
        window.panels.panel.flush()
        self.keep()
        # From here on the window looks like neither of the two.
        self._is_back = False
        try:
            await window.desk.open_other_workspace(path)
        except BaseException:
            self._is_back = True
            raise
        await self.bring_back()
        window.menus.refresh()

    async def bring_back(self) -> None:
        """Make everything look as the desk says, and open its cameras."""
        window = self._window
        self._name_window()
        # A camera that goes takes its place in the layout with it, so those go first.
        await window.cameras.close_others()
        layouts, windows = window.desk.layouts, window.desk.windows
        _put(window, windows.main)
        window.panels.restore(windows.docks)
        # First, so that tiles go to their places as they come.
        window.grid.restore(_state(layouts.current))
        await window.follow()
        for camera_id, geometry in windows.tiles.items():
            if tile := window.cameras.tile(camera_id):
                _put(window.grid.detach(tile), geometry)
        # Not where it is given up before: what has not come back must not be forgotten.
        self._is_back = True

    def _name_window(self) -> None:
        place = self._window.desk.place
        named = "" if place is None or place == workspace_path() else f"{place.stem} – "
        self._window.setWindowTitle(f"{named}livevision")

    def _layout(self) -> Layout:
        return Layout(**asdict(self._window.grid.state()))


def _state(layout: Layout) -> LayoutState:
    return LayoutState(**layout.model_dump(exclude={"name"}))


def _geometry(window: QWidget, before: Geometry | None) -> Geometry:
    """Return where a window is, and where it is when it is normal; where nobody says that, where it was ``before``."""
    place = window.normalGeometry() if window.isMaximized() or window.isFullScreen() else window.geometry()
    if not place.isValid():
        place = window.geometry()
    state: WindowState = "full_screen" if window.isFullScreen() else "maximised" if window.isMaximized() else "normal"
    if not can_place():
        place.moveTopLeft(QPoint(before.x, before.y) if before is not None else QPoint(0, 0))
    return Geometry(
        x=place.x(),
        y=place.y(),
        width=max(1, place.width()),
        height=max(1, place.height()),
        screen=window.screen().name()[:_LONGEST_NAME],
        state=state,
    )


def _put(window: QWidget, geometry: Geometry | None) -> None:
    """Put a window where it was, unless its screen is gone."""
    if geometry is None:
        return
    place = QRect(geometry.x, geometry.y, geometry.width, geometry.height)
    if (screen := screen_named(geometry.screen)) is not None:
        window.setScreen(screen)
    seen = [place.intersected(screen.availableGeometry()) for screen in window.screen().virtualSiblings()]
    if can_place() and any(part.width() >= _LEAST_SEEN and part.height() >= _LEAST_SEEN for part in seen):
        window.setGeometry(place)
    else:
        window.resize(place.size().boundedTo(window.screen().availableSize()))
    if geometry.state == "maximised":
        window.setWindowState(Qt.WindowState.WindowMaximized)
    elif geometry.state == "full_screen":
        window.setWindowState(Qt.WindowState.WindowFullScreen)
