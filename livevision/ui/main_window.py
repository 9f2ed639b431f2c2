"""The window: start page or tiles, menus and keys, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QFileDialog, QFrame, QMainWindow, QScrollArea, QStackedWidget

from livevision.app import App, Camera, CameraRequest
from livevision.recording.wording import ended
from livevision.ui.actions import Actions, Entry
from livevision.ui.address_dialog import CAMERA, AddressDialog
from livevision.ui.background import Background
from livevision.ui.camera_grid import CameraGrid
from livevision.ui.camera_tile import CameraTile
from livevision.ui.fps_monitor import REFRESH_MS
from livevision.ui.icon import pixmap
from livevision.ui.inspecting import Inspecting
from livevision.ui.message_bar import MessageBar
from livevision.ui.model_menu import ModelMenu
from livevision.ui.player.players import Players
from livevision.ui.start_page import StartPage

if TYPE_CHECKING:
    from collections.abc import Iterable

DEMO = CameraRequest("synthetic:street?size=1280x720&fps=25&seed=1", "motion")
_FILES = "Videos (*.mp4 *.mkv *.mov *.avi *.webm *.ts *.m4v *.mpg *.mpeg);;All files (*)"


class MainWindow(QMainWindow):
    """Shows the app's cameras.  Closing it asks to quit (``quit_wanted``); whoever runs it closes the app."""

    quit_wanted = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.setWindowTitle("livevision")
        self.setWindowIcon(QIcon(pixmap("app", 128)))
        self.resize(QSize(1280, 800).boundedTo(self.screen().availableSize()))
        self.setMinimumSize(640, 420)
        self.start_page = StartPage()
        self.grid = CameraGrid()
        self._pages = QStackedWidget()
        self.messages = MessageBar(self._pages)
        self.background = Background(self.messages.warn)
        self.players = Players(self.app.work, self.background)
        self.inspecting = Inspecting(self, self.background, app.output)
        # In a small window the start page scrolls, and never keeps the tiles from being small.
        self._start = QScrollArea()
        self._start.setWidget(self.start_page)
        self._start.setWidgetResizable(True)
        self._start.setFrameShape(QFrame.Shape.NoFrame)
        self._pages.addWidget(self._start)
        self._pages.addWidget(self.grid)
        self.setCentralWidget(self._pages)
        self._actions = Actions(self)
        self._add_menus()
        self._connect_start_page()
        self._refresh = QTimer(self)
        self._refresh.timeout.connect(self.refresh)
        self._refresh.start(REFRESH_MS)
        self._video_only = False
        self._last_model: str | None = None
        self._told = ""  # of what the keyring has to say
        self._choice_changed()
        self.start_page.setFocus()

    # Cameras.

    async def open(self, request: CameraRequest) -> Camera:
        """Add a camera and its tile.  Raises what :meth:`App.add` raises."""
        camera = await self.app.prepare(request)
        await self.start(camera)
        return camera

    async def start(self, camera: Camera) -> None:
        """Give a prepared camera a tile, and start it once the tile is there to see its first picture."""
        tile = CameraTile(camera, self.app.work)
        if self._video_only:
            tile.show_video_only()
        self.grid.add(tile)
        self._pages.setCurrentWidget(self.grid)
        await camera.session.__aenter__()
        # The picture is there while the model still loads.
        self.background.start(self.app.load_model(camera), "Loading the model")

    async def close_camera(self, tile: CameraTile) -> None:
        """Remove a tile and close its camera."""
        await tile.aclose()
        self.grid.take(tile)
        if not self.grid.tiles:
            self._pages.setCurrentWidget(self._start)
        await self.app.remove(tile.camera)

    async def aclose(self) -> None:
        """Stop what the window runs; the cameras are the app's."""
        self._refresh.stop()
        await self.background.aclose()
        await self.players.aclose()
        for tile in tuple(self.grid.tiles):
            await tile.aclose()

    def refresh(self) -> None:
        """Bring every tile's figures and words up to date."""
        for tile in self.grid.tiles:
            tile.refresh()
        if self.app.accounts.notice != self._told:
            self._told = self.app.accounts.notice
            self.messages.inform(self._told)

    def show_kiosk(self) -> None:
        """Fill the screen with video and nothing else."""
        self._video_only = True
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.menuBar().hide()
        self.grid.show_video_only()
        for tile in self.grid.tiles:
            tile.show_video_only()
        self.setMinimumSize(0, 0)
        # Without a window manager nobody else makes a full-screen window as large as the screen.
        self.setGeometry(self.screen().geometry())
        self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask to quit instead: recordings are closed first, on the event loop."""
        event.ignore()
        self.quit_wanted.emit()

    # Menus and keys.

    def _add_menus(self) -> None:
        self._actions.add_menu(
            "&File",
            [
                Entry("Open &file…", "Ctrl+O", self._ask_for_file),
                Entry("Open recordin&g…", "Ctrl+Shift+O", lambda: self.players.ask_for_recording(self, _FILES)),
                Entry("&Network camera…", "Ctrl+N", self._ask_for_address),
                Entry("&Webcam", "Ctrl+B", lambda: self._start_opening([CameraRequest("0")])),
                Entry("&Demo", "Ctrl+D", lambda: self._start_opening([DEMO])),
                None,
                Entry("&Close camera", "Ctrl+W", self._close_chosen, needs_camera=True),
                None,
                Entry("&Quit", "Ctrl+Q", self.quit_wanted.emit),
            ],
        )
        camera_menu = self._actions.add_menu(
            "&Camera",
            [
                Entry("&Record / stop", "Ctrl+R", self._toggle_recording, needs_camera=True),
                Entry("&Snapshot", "Ctrl+S", self._save_snapshot, needs_camera=True),
                Entry("&Boxes", "B", self._toggle_boxes, needs_camera=True),
                None,
                Entry("Retry &now", "Ctrl+Shift+R", self._retry_now, needs_camera=True),
            ],
        )
        self._models = ModelMenu(self, self.app.detectors.names())
        self._actions.add_submenu(camera_menu, self._models.menu)
        self._models.chosen.connect(self._choose_model)
        self._models.inspection_wanted.connect(self.inspecting.open)
        self._actions.add_menu(
            "&View",
            [
                Entry("&Full screen", "F11 F", self._toggle_full_screen),
                Entry("Leave full screen", "Esc", self._leave_full_screen),
            ],
        )

    def _connect_start_page(self) -> None:
        page = self.start_page
        page.webcam_wanted.connect(lambda: self._start_opening([CameraRequest("0")]))
        page.demo_wanted.connect(lambda: self._start_opening([DEMO]))
        page.file_wanted.connect(self._ask_for_file)
        page.address_wanted.connect(self._open_source)
        self.grid.choice_changed.connect(self._choice_changed)

    def _start_opening(self, requests: Iterable[CameraRequest]) -> None:
        for request in requests:
            self.background.start(self.open(request), "Opening the camera")

    def _open_source(self, source: str) -> None:
        self._start_opening([CameraRequest(source, self._last_model)])

    def _open_files(self, paths: list[str]) -> None:
        for path in paths:
            self.background.start(self.players.open_recorded(path, self._open_source), "Opening the file")

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, "Open files", "", _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._open_files)
        dialog.open()

    def _ask_for_address(self) -> None:
        if self._pages.currentWidget() is self._start:
            self.start_page.ask_for_address()
            return
        dialog = AddressDialog(CAMERA, self)
        dialog.address_wanted.connect(self._open_source)
        dialog.finished.connect(self.activateWindow)
        dialog.show()
        dialog.activateWindow()

    def _close_chosen(self) -> None:
        if tile := self.grid.chosen:
            self.background.start(self.close_camera(tile), "Closing the camera")

    def _toggle_recording(self) -> None:
        if tile := self.grid.chosen:
            self.background.start(self._record_or_stop(tile.camera), "Recording")

    async def _record_or_stop(self, camera: Camera) -> None:
        if camera.recorder is None:
            self.app.start_recording(camera)
        elif progress := await self.app.stop_recording(camera):
            self.messages.inform(ended(progress))

    def _save_snapshot(self) -> None:
        if tile := self.grid.chosen:
            self.background.start(self._snapshot(tile.camera), "Snapshot")

    async def _snapshot(self, camera: Camera) -> None:
        self.messages.inform(f"Saved {await self.app.snapshot(camera)}")

    def _toggle_boxes(self) -> None:
        if tile := self.grid.chosen:
            tile.display.boxes_shown = not tile.display.boxes_shown
            tile.display.redraw()

    def _retry_now(self) -> None:
        if tile := self.grid.chosen:
            tile.camera.session.retry_now()

    def _choose_model(self, model: str | None) -> None:
        self._last_model = model
        if tile := self.grid.chosen:
            self.background.start(self._set_model(tile, model), "Loading the model")

    async def _set_model(self, tile: CameraTile, model: str | None) -> None:
        try:
            await self.app.set_model(tile.camera, model)
        finally:
            self._choice_changed()

    def _choice_changed(self) -> None:
        tile = self.grid.chosen
        self._actions.set_camera_chosen(tile is not None)
        if tile is not None:
            self._models.tick(tile.camera.request.model)

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self._leave_full_screen()
        else:
            self.menuBar().hide()
            self.showFullScreen()

    def _leave_full_screen(self) -> None:
        if self.isFullScreen() and not self._video_only:
            self.menuBar().show()
            self.showNormal()
