"""What stands beside the tiles: the camera's panel and the recent detections, in docks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from livevision.sightings import CameraWatcher, Sightings
from livevision.ui import words
from livevision.ui.detections.detections_view import DetectionsView
from livevision.ui.panel.camera_panel import CameraPanel
from livevision.ui.panel.facts import CameraFacts
from livevision.ui.translation import told
from livevision.workspace.layout_settings import Dock, Side

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from livevision.desk import Desk
    from livevision.ui.camera_tile import CameraTile

_SIDES: dict[Side, Qt.DockWidgetArea] = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


class Panels(QObject):
    """Two docks of the main window, closed at first."""

    def __init__(self, window: QMainWindow, desk: Desk, work: Executor, built_in: tuple[str, ...]) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._watchers: dict[str, CameraWatcher] = {}
        self._seen: dict[str, set[str]] = {}
        self.sightings = Sightings(work)
        self.panel = CameraPanel(built_in)
        self.detections = DetectionsView(self.sightings)
        self.camera_dock = self._dock("camera", self.tr("Camera"), self.panel)
        self.detections_dock = self._dock("detections", self.tr("Recent detections"), self.detections)

    def watch(self, tile: CameraTile) -> None:
        """Enter what this camera finds."""
        camera = tile.camera
        watcher = self._watchers[camera.id] = self.sightings.watch(camera.name)
        watcher.privacy = camera.request.style.hidden
        camera.session.subscribe(watcher)

    async def forget(self, tile: CameraTile) -> None:
        """Enter no more of it."""
        self._seen.pop(tile.camera.id, None)
        if watcher := self._watchers.pop(tile.camera.id, None):
            await watcher.aclose()

    def refresh(self, chosen: CameraTile | None, tiles: list[CameraTile]) -> None:
        """Bring both up to date."""
        for tile in tiles:
            if watcher := self._watchers.get(tile.camera.id):
                watcher.privacy = tile.camera.request.style.hidden
                watcher.camera = tile.camera.name
        if not self.camera_dock.isVisible():
            return
        settings = self._desk.camera(chosen.camera.id) if chosen else None
        if chosen is None or settings is None:
            self.panel.show_nothing()
            return
        self.panel.set_preferences(self._desk.preferences)
        self.panel.show_camera(settings, self._facts(chosen), chosen.camera.name)

    def show_panel(self) -> None:
        """Open the camera's panel, with the keyboard in it."""
        self.camera_dock.show()
        self.camera_dock.raise_()
        self.panel.setFocus()

    def docks(self) -> dict[str, Dock]:
        """Return which are open and how large."""
        return {
            dock.objectName(): Dock(
                visible=dock.isVisibleTo(self._window),
                side=self._side(dock),
                extent_px=self._extent(dock),
            )
            for dock in (self.camera_dock, self.detections_dock)
        }

    def restore(self, docks: dict[str, Dock]) -> None:
        """Open them as they were."""
        for dock in (self.camera_dock, self.detections_dock):
            saved = docks.get(dock.objectName())
            if saved is None:
                continue
            self._window.addDockWidget(_SIDES[saved.side], dock)
            dock.setVisible(saved.visible)
            if saved.extent_px is not None:
                along = Qt.Orientation.Vertical if saved.side == "bottom" else Qt.Orientation.Horizontal
                self._window.resizeDocks([dock], [saved.extent_px], along)

    async def aclose(self) -> None:
        """Stop watching."""
        await self.sightings.aclose()

    def _facts(self, tile: CameraTile) -> CameraFacts:
        camera = tile.camera
        detector = camera.session.detector
        seen = self._seen.setdefault(camera.id, set())
        seen.update(self.sightings.counts(camera.name))
        return CameraFacts(
            classes=detector.classes if detector else None,
            seen=frozenset(seen),
            runs_on=words.runs_on(detector) if detector else "",
            inference_s=camera.session.metrics.snapshot().inference_p50,
            loading=camera.loading,
            loading_s=int(camera.loading_s),
            running=camera.running_model or "",
            trouble=told(camera.model_trouble or camera.session.detector_trouble),
            notice=words.model_notice(detector) if detector else "",
        )

    def _dock(self, name: str, title: str, content: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(content)
        closable, movable = (
            QDockWidget.DockWidgetFeature.DockWidgetClosable,
            QDockWidget.DockWidgetFeature.DockWidgetMovable,
        )
        dock.setFeatures(closable | movable)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        dock.hide()
        return dock

    def _extent(self, dock: QDockWidget) -> int | None:
        if not dock.isVisible():
            saved = self._desk.windows.docks.get(dock.objectName())
            return None if saved is None else saved.extent_px
        return max(1, dock.height() if self._side(dock) == "bottom" else dock.width())

    def _side(self, dock: QDockWidget) -> Side:
        area = self._window.dockWidgetArea(dock)
        return next((side for side, place in _SIDES.items() if place == area), "right")
