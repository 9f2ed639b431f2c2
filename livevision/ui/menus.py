"""The menus of the main window: what there is to do, in which words, with which keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from livevision.ui.actions import Actions, Entry
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.layouts.kind import LayoutKind
from livevision.ui.model_menu import ModelMenu
from livevision.ui.shortcuts_sheet import ShortcutsSheet, groups_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction

    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.main_window import MainWindow
    from livevision.workspace.layout_settings import Slot

_SLOTS: tuple[Slot, ...] = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


class Menus(QObject):
    """Builds them, and keeps ticks, words and what is possible up to date (:meth:`refresh`)."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions = Actions(window)
        self.models = ModelMenu(window, window.app.detectors.names())
        self._layouts: dict[str, QAction] = {}
        self._keys_anywhere: list[tuple[str, Callable[[CameraTile], object]]] = []
        self._add_file()
        self._add_edit()
        self._add_camera()
        self._add_view()
        self._add_help()
        window.grid.detached_changed.connect(self._lend_keys)

    def refresh(self) -> None:
        """Bring everything up to date."""
        window = self._window
        tile = window.grid.chosen
        self._actions.set_camera_chosen(tile is not None)
        if tile is not None:
            camera = tile.camera
            self.models.tick(camera.request.model)
            self.models.show_loading(camera.loading, camera.loading_s)
        self._layouts[window.grid.kind.value].setChecked(True)
        for action, words, alone, what in (
            (self._undo, self.tr("&Undo {}"), self.tr("&Undo"), window.desk.undoes),
            (self._redo, self.tr("&Redo {}"), self.tr("&Redo"), window.desk.redoes),
        ):
            action.setText(words.format(what) if what else alone)
            action.setEnabled(what is not None)

    def show_keys(self) -> None:
        """Show the sheet of all keys."""
        sheet = ShortcutsSheet(groups_of(self._actions.menus), self._window)
        sheet.show()

    def _add_file(self) -> None:
        window = self._window
        menu = self._actions.add_menu(
            self.tr("&File"),
            [
                Entry(self.tr("&Add a camera…"), "Ctrl+A", lambda: window.opening.ask_for_camera(SourceKind.WEBCAM)),
                Entry(self.tr("Open &file…"), "Ctrl+O", window.opening.ask_for_file),
                Entry(self.tr("Open &recording…"), "Ctrl+Shift+O", window.opening.ask_for_recording),
                Entry(self.tr("Annota&te a file…"), "Ctrl+T", window.annotating.open_for_chosen),
                Entry(self.tr("&Network camera…"), "Ctrl+N", lambda: window.opening.ask_for_camera(SourceKind.NETWORK)),
                Entry(self.tr("&Webcam…"), "Ctrl+B", lambda: window.opening.ask_for_camera(SourceKind.WEBCAM)),
                Entry(self.tr("&Demo"), "Ctrl+D", window.opening.open_demo),
            ],
        )
        menu.addMenu(window.recents.menu)
        self._actions.fill(
            menu,
            [
                None,
                Entry(self.tr("Open wor&kspace…"), "Ctrl+Alt+O", window.workspaces.ask_which),
                Entry(self.tr("Save workspace &as…"), "Ctrl+Shift+S", window.arranging.ask_where_to_save),
                Entry(self.tr("&Preferences…"), "Ctrl+,", window.preferring.show_dialog),
                None,
                Entry(self.tr("&Quit"), "Ctrl+Q", window.quit_wanted.emit),
            ],
        )

    def _add_edit(self) -> None:
        window = self._window
        menu = self._actions.add_menu(self.tr("&Edit"), [])
        self._undo = self._actions.action(Entry(self.tr("&Undo"), "Ctrl+Z", window.commands.undo))
        self._redo = self._actions.action(Entry(self.tr("&Redo"), "Ctrl+Shift+Z Ctrl+Y", window.commands.redo))
        menu.addActions([self._undo, self._redo])
        menu.addSeparator()
        self._actions.fill(
            menu,
            [
                Entry(self.tr("&Paste an address"), "Ctrl+V", window.opening.paste),
                self._anywhere(self.tr("&Rename…"), "F2", lambda tile: tile.rename()),
                self._for_tile(self.tr("&Duplicate"), "Ctrl+Shift+D", window.commands.duplicate),
                self._for_tile(self.tr("Re&move"), "Ctrl+W Del", window.commands.remove),
            ],
        )

    def _add_camera(self) -> None:
        commands = self._window.commands
        menu = self._actions.add_menu(
            self.tr("&Camera"),
            [
                self._anywhere(self.tr("&Record / stop"), "Ctrl+R", commands.record_or_stop),
                self._anywhere(self.tr("&Snapshot"), "Ctrl+S", commands.snapshot),
                # Space presses what has the keyboard: the window takes it where nobody else wants it.
                self._for_tile(self.tr("&Freeze\tSpace"), "", lambda tile: tile.toggle_frozen()),
                None,
                self._anywhere(self.tr("&Boxes"), "B", commands.toggle_boxes),
                self._anywhere(self.tr("Next &timing of boxes"), "T", lambda tile: tile.cycle_timing()),
                self._anywhere(self.tr("FPS &monitor"), "I", commands.cycle_monitor),
            ],
        )
        self._actions.add_submenu(menu, self.models.menu)
        menu.addSeparator()
        self._actions.fill(
            menu,
            [
                self._for_tile(self.tr("Se&ttings"), "Ctrl+E", lambda _tile: self._window.panels.show_panel()),
                self._anywhere(self.tr("Retry &now"), "Ctrl+Shift+R", commands.retry_now),
            ],
        )
        self.models.chosen.connect(self._choose_model)
        self.models.cancel_wanted.connect(self._keep_model)
        self.models.inspection_wanted.connect(self._window.inspecting.open)

    def _add_view(self) -> None:
        window, grid = self._window, self._window.grid
        menu = self._actions.add_menu(
            self.tr("&View"),
            [
                Entry(self.tr("&Full screen"), "F11 F", window.toggle_full_screen),
                Entry(self.tr("&Back"), "Esc", window.step_back),
                self._for_tile(self.tr("&Maximise / all"), "M", lambda _tile: grid.toggle_maximised()),
                self._for_tile(self.tr("In a &window of its own"), "Ctrl+Shift+W", grid.detach),
                None,
                self._anywhere(self.tr("Zoom &in"), "+ =", lambda tile: tile.zoom_in()),
                self._anywhere(self.tr("Zoom &out"), "-", lambda tile: tile.zoom_out()),
                self._anywhere(self.tr("&Whole picture"), "0", lambda tile: tile.reset_zoom()),
                None,
                Entry(self.tr("&Next page"), "PgDown", lambda: grid.turn_page(+1)),
                Entry(self.tr("&Previous page"), "PgUp", lambda: grid.turn_page(-1)),
                Entry(self.tr("&Cycle through pages"), "C", window.arranging.toggle_cycle),
                self._for_tile(self.tr("Move &left"), "Ctrl+Shift+Left", lambda _tile: grid.move_chosen(-1)),
                self._for_tile(self.tr("Move &right"), "Ctrl+Shift+Right", lambda _tile: grid.move_chosen(+1)),
                None,
            ],
        )
        layouts = menu.addMenu(self.tr("La&yout"))
        group = QActionGroup(layouts)
        for kind in LayoutKind:
            action = group.addAction(layouts.addAction(kind.label))
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, kind=kind: grid.set_kind(kind))
            self._layouts[kind.value] = action
        saved = menu.addMenu(self.tr("&Saved layouts"))
        self._fill_saved(saved)
        menu.addSeparator()
        for dock in (window.panels.camera_dock, window.panels.detections_dock):
            menu.addAction(dock.toggleViewAction())

    def _fill_saved(self, menu: QMenu) -> None:
        arranging = self._window.arranging
        for slot in _SLOTS:
            words = self.tr("Layout {}").format(slot)
            self._actions.fill(menu, [Entry(words, f"Ctrl+{slot}", partial(arranging.restore_layout, slot))])
        menu.addSeparator()
        for slot in _SLOTS:
            words = self.tr("Save as layout {}").format(slot)
            self._actions.fill(menu, [Entry(words, f"Ctrl+Shift+{slot}", partial(arranging.save_layout, slot))])

    def _add_help(self) -> None:
        self._actions.add_menu(
            self.tr("&Help"),
            [
                Entry(self.tr("&Keys"), "F1 ?", self.show_keys),
                Entry(self.tr("&Log"), "Ctrl+Shift+L", self._window.show_log),
            ],
        )

    def _choose_model(self, model: str | None) -> None:
        if tile := self._window.grid.chosen:
            self._window.commands.choose_model(tile, model)

    def _keep_model(self) -> None:
        if tile := self._window.grid.chosen:
            self._window.commands.keep_model(tile)

    def _lend_keys(self) -> None:
        for tile in self._window.grid.detached:
            # It has one already, which is what this returns then.
            self._window.grid.detach(tile).take_keys(self._keys_anywhere)

    def _anywhere(self, text: str, keys: str, run: Callable[[CameraTile], object]) -> Entry:
        """Return an entry for the chosen tile, whose keys also work in a tile's own window."""
        self._keys_anywhere.append((keys, run))
        return self._for_tile(text, keys, run)

    def _for_tile(self, text: str, keys: str, run: Callable[[CameraTile], object]) -> Entry:
        def on_chosen() -> None:
            if tile := self._window.grid.chosen:
                run(tile)

        return Entry(text, keys, on_chosen, needs_camera=True)
