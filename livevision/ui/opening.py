"""Ways for cameras, files and models to come in: dialogs, the start page, drop and paste."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from livevision.cameras import CameraRequest
from livevision.ui.add_camera.dialog import AddCameraDialog
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.dropping import Dropped, sort_out, things_in
from livevision.workspace.camera_settings import new_id
from livevision.workspace.conversion import camera_settings

if TYPE_CHECKING:
    from livevision.ui.main_window import MainWindow

DEMO = CameraRequest("synthetic:street?size=1280x720&fps=25&seed=1", "motion")
_VIDEOS = "(*.mp4 *.mkv *.mov *.avi *.webm *.ts *.m4v *.mpg *.mpeg)"


class Opening(QObject):
    """Puts what is to be shown onto the window's desk."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        page = window.start_page
        page.add_wanted.connect(self.ask_for_camera)
        page.demo_wanted.connect(self.open_demo)
        page.file_wanted.connect(self.ask_for_file)
        page.address_wanted.connect(self.open_source)
        window.grid.add_wanted.connect(lambda: self.ask_for_camera(SourceKind.WEBCAM))

    def ask_for_camera(self, kind: SourceKind, address: str = "") -> None:
        """Ask which camera to add."""
        window = self._window
        recent = window.desk.preferences.recent_models
        dialog = AddCameraDialog(window.app, window.background, recent, parent=window)
        dialog.camera_wanted.connect(self.add)
        dialog.open_at(kind, address)

    def ask_for_file(self) -> None:
        """Ask which files to show."""
        dialog = QFileDialog(self._window, self.tr("Open files"), "", self._files())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.open_files)
        dialog.open()

    def ask_for_recording(self) -> None:
        """Ask which recordings to watch again."""
        self._window.players.ask_for_recording(self._window, self._files())

    def open_demo(self) -> None:
        """Show the generated street."""
        self.add(DEMO, "")

    def open_source(self, source: str) -> None:
        """Show what an address leads to."""
        self.add(CameraRequest(source), "")

    def open_files(self, paths: list[str]) -> None:
        """Show files; recordings with their detections in a player."""
        window = self._window
        for path in paths:
            window.background.start(window.players.open_recorded(path, self.open_source), self.tr("Opening a file"))

    def paste(self) -> None:
        """Open what was copied: addresses, files."""
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, mime: QMimeData) -> None:
        """Open what was dropped or pasted: cameras, recordings, a model for the chosen camera."""
        self._window.background.start(self._take(things_in(mime)), self.tr("Opening what was dropped"))

    async def _take(self, things: list[str]) -> None:
        where = ", ".join(str(PurePath(thing).parent) for thing in things[:1])
        dropped = await self._window.app.disk.ask(where, partial(sort_out, things))
        if dropped.workspaces:
            # What came with it belongs into it.
            await self._window.workspaces.open(dropped.workspaces[0])
        self._open(dropped)

    def _open(self, dropped: Dropped) -> None:
        window = self._window
        for source in dropped.sources:
            self.open_source(source)
        self.open_files([str(path) for path in dropped.recordings])
        if dropped.models and window.grid.chosen is not None:
            window.commands.choose_model(window.grid.chosen, str(dropped.models[0]))
        if dropped.others:
            names = ", ".join(Path(str(each)).name for each in dropped.others[:3])
            window.messages.warn(self.tr("{}: this is no video, model, workspace or address").format(names))

    def _files(self) -> str:
        return f"{self.tr('Videos')} {_VIDEOS};;{self.tr('All files')} (*)"

    def add(self, request: CameraRequest, name: str) -> None:
        """Have one more camera."""
        window = self._window
        settings = camera_settings(request).but(id=new_id(), name=name)
        if request.model:
            window.commands.trust(request.model)
        window.desk.add(settings, self.tr("Add {}").format(name or self.tr("a camera")))
        window.commands.changed()
