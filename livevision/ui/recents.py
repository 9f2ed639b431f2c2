"""Cameras that were there before: remembered, offered on the start page and in a menu, opened as they were."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from livevision.accounts import WhenLive
from livevision.sources.address import is_address
from livevision.sources.registry import display_name
from livevision.sources.schemes import DEVICE, SCREEN, SYNTHETIC, WEBCAM
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.opening import DEMO
from livevision.ui.start_page import RecentCamera
from livevision.workspace.camera_settings import new_id

if TYPE_CHECKING:
    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.main_window import MainWindow
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences


class Recents(QObject):
    """Keeps them in the preferences, without passwords.

    What comes back by itself the next time is remembered when it is removed, everything else as soon as it is live.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.menu = QMenu(self.tr("Re&cent cameras"), window)
        self.menu.aboutToShow.connect(self._fill_menu)
        window.start_page.recent_wanted.connect(lambda recent: self.open(recent.id))
        window.start_page.clear_wanted.connect(self.clear)
        self._offer()

    def watch(self, tile: CameraTile) -> None:
        """Remember a camera once it has shown that it works."""
        tile.camera.session.subscribe(WhenLive(partial(self._came, tile)))

    def gone(self, tile: CameraTile, settings: CameraSettings) -> None:
        """Remember a camera that is being closed, with what is set for it now, if it ever had a picture."""
        if tile.camera.session.metrics.newest_captured is not None:
            self._remember(settings)

    def keep_up(self) -> None:
        """Remember what is set for those that are open now."""
        desk = self._window.desk
        now = desk.preferences.with_settings_of(desk.cameras)
        if now != desk.preferences:
            self._keep(now)

    def open(self, camera_id: str) -> None:
        """Open one again."""
        window = self._window
        for settings in window.desk.preferences.recent_cameras:
            if settings.id == camera_id:
                # Another id: the removed one may come back as well, by an undo.
                window.desk.add(settings.but(id=new_id()), self.tr("Add {}").format(shown_name(settings)))
                window.commands.changed()
                return

    def clear(self) -> None:
        """Forget them all; that can be taken back for a while."""
        preferences = self._window.desk.preferences
        self._keep(preferences.but(recent_cameras=()))
        undo = partial(self._bring_back, preferences.recent_cameras)
        self._window.messages.inform(self.tr("The recent cameras were forgotten"), (self.tr("Undo"), undo))

    def _came(self, tile: CameraTile) -> None:
        desk = self._window.desk
        comes_back = desk.place is not None and desk.preferences.startup == "reopen"
        if not comes_back and (settings := desk.camera(tile.camera.id)) is not None:
            self._remember(settings)

    def _remember(self, settings: CameraSettings) -> None:
        # The demo has a card of its own.
        if settings.source != DEMO.source:
            self._keep(self._window.desk.preferences.with_recent_camera(settings))

    def _bring_back(self, cameras: tuple[CameraSettings, ...]) -> None:
        now = self._window.desk.preferences
        for camera in reversed(cameras):
            now = now.with_recent_camera(camera)
        self._keep(now)

    def _keep(self, preferences: Preferences) -> None:
        self._window.desk.prefer(preferences)
        self._offer()

    def _offer(self) -> None:
        cameras = self._window.desk.preferences.recent_cameras
        self._window.start_page.show_recent(
            RecentCamera(shown_name(each), each.source, kind_of(each.source), each.id) for each in cameras
        )
        self.menu.menuAction().setEnabled(bool(cameras))

    def _fill_menu(self) -> None:
        self.menu.clear()
        for each in self._window.desk.preferences.recent_cameras:
            # An ampersand in a name is no key.
            self.menu.addAction(shown_name(each).replace("&", "&&"), partial(self.open, each.id))
        self.menu.addSeparator()
        self.menu.addAction(self.tr("C&lear"), self.clear)


def kind_of(source: str) -> SourceKind:
    """Return what a source is, by its words alone: the disk is not asked."""
    low = source.strip().lower()
    if low.startswith(SCREEN):
        return SourceKind.SCREEN
    if low.startswith(SYNTHETIC):
        return SourceKind.DEMO
    if low.startswith(WEBCAM) or DEVICE.fullmatch(low.partition("?")[0]):
        return SourceKind.WEBCAM
    if is_address(source) and not low.startswith("file:"):
        return SourceKind.NETWORK
    return SourceKind.FILE


def shown_name(settings: CameraSettings) -> str:
    """Return what a camera that is not open is called; no password is in it, and the disk is not asked."""
    if settings.name:
        return settings.name
    if kind_of(settings.source) is SourceKind.FILE:
        return PurePath(settings.source).name or settings.source
    return display_name(settings.source)
