"""The window: start page or tiles, docks, messages, and what is set up on the desk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QMainWindow, QScrollArea, QStackedWidget

from livevision.desk import Desk
from livevision.sources.registry import display_name
from livevision.sources.status import CameraState
from livevision.ui.annotating import Annotating
from livevision.ui.arranging import Arranging
from livevision.ui.background import Background
from livevision.ui.camera_commands import CameraCommands
from livevision.ui.camera_grid import CameraGrid
from livevision.ui.dropping import can_be_dropped
from livevision.ui.fps_monitor import REFRESH_MS
from livevision.ui.icon import pixmap
from livevision.ui.inspecting import Inspecting
from livevision.ui.key_owner import is_for_cameras, is_plain_key
from livevision.ui.layouts.placing import fill
from livevision.ui.loading import Loading
from livevision.ui.log_lines import LogLines
from livevision.ui.log_view import LogView
from livevision.ui.menus import Menus
from livevision.ui.message_bar import MessageBar
from livevision.ui.moments import Moments
from livevision.ui.news import News
from livevision.ui.opening import Opening
from livevision.ui.panels import Panels
from livevision.ui.player.players import Players
from livevision.ui.preferring import Preferring
from livevision.ui.recents import Recents
from livevision.ui.screen_awake import ScreenAwake, usual_inhibitors
from livevision.ui.shown_cameras import ShownCameras
from livevision.ui.start_page import StartPage
from livevision.ui.tile_requests import TileRequests
from livevision.ui.translation import told
from livevision.ui.workspaces import Workspaces
from livevision.workspace.overlay_words import overlay_style

if TYPE_CHECKING:
    from livevision.app import App
    from livevision.cameras import Camera, CameraRequest
    from livevision.overlay import OverlayStyle
    from livevision.sightings import Sighting
    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.shown_cameras import Unopened


class MainWindow(QMainWindow):
    """Shows the app's cameras as the desk says.

    Closing it asks to quit (``quit_wanted``); whoever runs it closes the app.
    """

    quit_wanted = Signal()

    def __init__(self, app: App, desk: Desk | None = None, log: LogLines | None = None) -> None:
        super().__init__()
        self.app = app
        self.desk = desk or Desk()
        self._log = log or LogLines()
        self.setWindowTitle("livevision")
        self.setWindowIcon(QIcon(pixmap("app", 128)))
        self.resize(QSize(1280, 800).boundedTo(self.screen().availableSize()))
        self.setMinimumSize(640, 420)
        self.setAcceptDrops(True)
        self.start_page = StartPage()
        self.grid = CameraGrid(identify=lambda tile: tile.camera.id)
        self._pages = QStackedWidget()
        self.messages = MessageBar(self._pages)
        self.background = Background(self.messages.warn)
        self.players = Players(app.work, self.background, self._style_of)
        self.inspecting = Inspecting(self, self.background, app.output)
        self.panels = Panels(self, self.desk, app.work, app.detectors.names())
        self.cameras = ShownCameras(app, self.desk, self.grid, self.background, self._dress, self._undress)
        self.commands = CameraCommands(app, self.desk, self.grid, self.messages, self.background)
        self.opening = Opening(self)
        self.recents = Recents(self)
        self.arranging = Arranging(self)
        self.workspaces = Workspaces(self)
        self.preferring = Preferring(self)
        self.moments = Moments(self)
        self.loading = Loading(self)
        self.annotating = Annotating(self)
        self.news = News(self)
        self.awake = ScreenAwake(usual_inhibitors())
        self._lay_out()
        self.menus = Menus(self)
        self._connect()
        self._refresh = QTimer(self)
        self._refresh.timeout.connect(self.refresh)
        self._refresh.start(REFRESH_MS)
        self._video_only = False
        self.menus.refresh()
        self.start_page.setFocus()

    # Cameras.

    async def open(self, request: CameraRequest) -> Camera:
        """Add a camera and its tile.  Raises what :meth:`App.add` raises."""
        camera = await self.app.prepare(request)
        await self.start(camera)
        return camera

    async def start(self, camera: Camera) -> None:
        """Give a prepared camera a tile and start it; the desk knows it from now on."""
        await self.cameras.show(camera)

    async def reopen(self) -> None:
        """Bring back what the desk has kept, if it keeps anything: layout, windows, cameras."""
        if self.desk.place is not None:
            await self.arranging.bring_back()

    async def follow(self) -> None:
        """Bring the screen to what the desk says; a camera that cannot be opened is said, and the others come."""
        while unopened := await self.cameras.follow():
            for each in unopened:
                self._tell_unopened(each)

    async def aclose(self) -> None:
        """Stop what the window runs; the cameras are the app's."""
        self._refresh.stop()
        await self.awake.aclose()
        # What stands in a field is meant, with Enter or without.
        self.setFocus()
        self.panels.panel.flush()
        self.recents.keep_up()
        if not self._video_only:
            self.arranging.keep()
        await self.background.aclose()
        await self.players.aclose()
        self.grid.reattach_all()
        for tile in tuple(self.grid.tiles):
            await tile.aclose()
        await self.panels.aclose()
        self.news.close()
        await self.desk.aclose()

    def refresh(self) -> None:
        """Bring figures, words and docks up to date."""
        for tile in self.grid.tiles:
            tile.refresh()
        self.menus.refresh()
        self.panels.refresh(self.grid.chosen, self.grid.tiles)
        self.news.look()
        self.awake.want(self.desk.preferences.keep_screen_on and self.is_watched)
        if self.isVisible() and not self._video_only:
            self.arranging.keep()

    def show_kiosk(self) -> None:
        """Fill the screen with video and nothing else."""
        self._video_only = True
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.menuBar().hide()
        self.grid.show_video_only()
        for tile in self.grid.tiles:
            tile.show_video_only()
        self.setMinimumSize(0, 0)
        fill(self, self.screen())

    @property
    def is_watched(self) -> bool:
        """Whether the screen shows a live camera or a recording that plays, or is a kiosk's."""
        if self._video_only and self.isVisible() and not self.isMinimized():
            return True
        live = (tile for tile in self.grid.tiles if tile.camera.session.status.state is CameraState.LIVE)
        return any(tile.view.can_be_seen for tile in live) or self.players.is_watched

    # What menus and keys do.

    def show_log(self) -> None:
        """Show what happened."""
        LogView(self._log, self).show()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        if self.isFullScreen():
            self._leave_full_screen()
        else:
            self.menuBar().hide()
            self.showFullScreen()

    def step_back(self) -> None:
        """Leave what was entered last: a panel, with the keyboard; a drag, a maximised tile, the full screen."""
        if not self._is_for_cameras():
            (self.grid if self.grid.tiles else self.start_page).setFocus()
        elif not self.grid.escape():
            self._leave_full_screen()

    # What Qt tells.

    def event(self, event: QEvent) -> bool:
        """Leave plain keys to a list, a field or a slider that has the keyboard, before they are taken for menus."""
        if is_plain_key(event) and not self._is_for_cameras():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Freeze with Space, and go back with Esc, where nobody else wants it."""
        if event.key() == Qt.Key.Key_Space and self.grid.chosen is not None and self._is_for_cameras():
            self.grid.chosen.toggle_frozen()
        elif event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files and addresses."""
        if can_be_dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open what was dropped."""
        event.acceptProposedAction()
        self.opening.take(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask to quit instead: recordings are closed first, on the event loop."""
        event.ignore()
        self.quit_wanted.emit()

    # The rest is nobody else's.

    def _is_for_cameras(self) -> bool:
        return is_for_cameras(self.focusWidget(), self._pages)

    def _lay_out(self) -> None:
        # In a small window the start page scrolls, and never keeps the tiles from being small.
        self._start = QScrollArea()
        self._start.setWidget(self.start_page)
        self._start.setWidgetResizable(True)
        self._start.setFrameShape(QFrame.Shape.NoFrame)
        self._pages.addWidget(self._start)
        self._pages.addWidget(self.grid)
        self.setCentralWidget(self._pages)

    def _connect(self) -> None:
        self.grid.choice_changed.connect(self.menus.refresh)
        self.commands.changed = self._desk_changed
        self.commands.undoing.connect(self.panels.panel.flush)
        self.cameras.not_allowed = self.preferring.ask_to_allow
        self.panels.panel.changed.connect(self.commands.set)
        self.panels.detections.moment_wanted.connect(self._show_moment)

    def _style_of(self, camera: str) -> OverlayStyle:
        """Return how recordings of a camera are drawn on: whoever its tile hides is hidden, else as is usual."""
        usual = overlay_style({}, self.desk.preferences.privacy)
        hidden = [each.request.style.hidden for each in self.app.cameras if each.name == camera]
        return replace(usual, privacy=hidden[0]) if hidden else usual

    def _dress(self, tile: CameraTile) -> None:
        if self._video_only:
            tile.show_video_only()
        TileRequests(tile, self.commands, self.grid, self.panels)
        self.panels.watch(tile)
        self.recents.watch(tile)
        self._pages.setCurrentWidget(self.grid)

    def _undress(self, tile: CameraTile) -> None:
        if settings := self.cameras.settings(tile.camera.id):
            self.recents.gone(tile, settings)
        self.background.start(self.panels.forget(tile), self.tr("Closing a camera"))
        if self.grid.tiles == [tile]:
            self._pages.setCurrentWidget(self._start)

    def _show_moment(self, sighting: Sighting) -> None:
        self.background.start(self.moments.show(sighting), self.tr("Looking for the recording"))

    def _desk_changed(self) -> None:
        # At once, for another key may follow before the next refresh.
        self.menus.refresh()
        self.background.start(self.follow(), self.tr("Changing a camera"))

    def _tell_unopened(self, unopened: Unopened) -> None:
        settings, why = unopened.settings, told(unopened.error.text)
        if self.desk.was_found(settings.id):
            # It may be a disk that is not there today.
            name = settings.name or display_name(settings.source)
            words = self.tr("{} It stays set up, and is tried again the next time.").format(why)
            self.messages.warn(words, (self.tr("Remove"), partial(self.commands.remove_named, settings, name)))
        else:
            self.desk.forget(settings.id)
            self.menus.refresh()
            self.messages.warn(why)

    def _leave_full_screen(self) -> None:
        if self.isFullScreen() and not self._video_only:
            self.menuBar().show()
            self.showNormal()
