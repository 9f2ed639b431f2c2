"""Going from one workspace to another in the same window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from livevision.errors import SettingsError
from livevision.ui.translation import told

if TYPE_CHECKING:
    from livevision.ui.main_window import MainWindow


class Workspaces(QObject):
    """Opens a workspace's file as ``--workspace`` does; what was here before is kept in its own file."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def ask_which(self) -> None:
        """Ask for the file of a workspace."""
        dialog = QFileDialog(self._window, self.tr("Open workspace"), "", self.tr("Workspaces (*.toml)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._start(Path(path)))
        dialog.open()

    async def open(self, path: Path) -> None:
        """Open a workspace, unless something would be lost or cut off: then ask in the message bar, and go on here."""
        window = self._window
        place = window.desk.place
        if place is not None and place == path:
            window.messages.inform(self.tr("{} is open already").format(path.name))
        elif window.grid.tiles and place is None:
            words = self.tr("The cameras here are in no file, and would be closed. Save them first with Ctrl+Shift+S.")
            self._ask(path, words)
        elif recording := [tile.camera.name for tile in window.grid.tiles if tile.camera.recorder is not None]:
            words = self.tr("{} would be closed, and the recording ended.").format(", ".join(recording[:3]))
            self._ask(path, words)
        else:
            await self._go_to(path)

    async def _go_to(self, path: Path) -> None:
        window = self._window
        before = window.desk.place
        try:
            await window.arranging.go_elsewhere(path)
        except SettingsError as error:
            # The file and all else is as it was.
            words = told(error.text)
            why = words.partition("\n")[2].partition("\n")[0] or words
            window.messages.warn(self.tr("{name} was not opened: {why}").format(name=path.name, why=why))
            return
        if before is None:
            window.messages.inform(self.tr("Opened {}; what is changed is kept in it").format(path.name))
            return
        words = self.tr("Opened {new}; what is changed is kept in it. What was here is in {old}.")
        go_back = (self.tr("Go back"), partial(self._start, before))
        window.messages.inform(words.format(new=path.name, old=before.name), go_back)

    def _ask(self, path: Path, why: str) -> None:
        words = self.tr("{name} was not opened yet. {why}").format(name=path.name, why=why)
        self._window.messages.warn(words, (self.tr("Open anyway"), partial(self._start_at_once, path)))

    def _start(self, path: Path) -> None:
        self._window.background.start(self.open(path), self.tr("Opening a workspace"))

    def _start_at_once(self, path: Path) -> None:
        self._window.background.start(self._go_to(path), self.tr("Opening a workspace"))
