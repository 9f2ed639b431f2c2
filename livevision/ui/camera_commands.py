"""What menus, keys and a tile's own buttons do with a camera."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from livevision.errors import UsageError
from livevision.inference.registry import ModelKind
from livevision.recording.wording import ended
from livevision.ui.fps_monitor import MonitorStyle
from livevision.ui.translation import told
from livevision.workspace.camera_settings import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.app import App
    from livevision.cameras import Camera
    from livevision.desk import Desk
    from livevision.timing import BoxTiming
    from livevision.ui.background import Background
    from livevision.ui.camera_grid import CameraGrid
    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.message_bar import MessageBar
    from livevision.ui.tile.viewport import Viewport
    from livevision.workspace.camera_settings import CameraSettings

_NEXT_STYLE = {
    MonitorStyle.COMPACT: MonitorStyle.FULL,
    MonitorStyle.FULL: MonitorStyle.OFF,
    MonitorStyle.OFF: MonitorStyle.COMPACT,
}


class CameraCommands(QObject):
    """Each works on the tile that it is given, mostly the chosen one.

    What is set goes onto the desk, and ``changed`` is called, which brings cameras and tiles to it.
    """

    undoing = Signal()
    """Something is about to be taken back, or done again: what was not told yet belongs before it."""
    load_wanted = Signal(object)
    """The tile whose model is to be loaded once more."""

    def __init__(self, app: App, desk: Desk, grid: CameraGrid, messages: MessageBar, background: Background) -> None:
        super().__init__(grid)
        self._app = app
        self._desk = desk
        self._grid = grid
        self._messages = messages
        self._background = background
        self.changed: Callable[[], None] = lambda: None

    def record_or_stop(self, tile: CameraTile) -> None:
        """Begin a recording, or complete the one that runs."""
        self._background.start(self._record_or_stop(tile.camera), self.tr("Recording"))

    def snapshot(self, tile: CameraTile) -> None:
        """Save the picture of this moment."""
        self._background.start(self._snapshot(tile.camera), self.tr("Snapshot"))

    def retry_now(self, tile: CameraTile) -> None:
        """Try a lost camera at once."""
        tile.camera.session.retry_now()

    def choose_model(self, tile: CameraTile, model: str | None) -> None:
        """Give the camera another model, or none."""
        settings = self._desk.camera(tile.camera.id)
        camera = tile.camera
        if model and settings is not None and settings.model == model and camera.running_model != model:
            # Once more, as it failed before, or was not allowed.
            if not camera.loading:
                self.trust(model)
                self.load_wanted.emit(tile)
            return
        self._set(tile, self.tr("Model"), model=model)

    def retry_model(self, tile: CameraTile) -> None:
        """Load the model that is set once more."""
        if (settings := self._desk.camera(tile.camera.id)) is not None and settings.model is not None:
            self.choose_model(tile, settings.model)

    def keep_model(self, tile: CameraTile) -> None:
        """Give up the model that is being loaded, or failed, and go on with the one that runs, if any does."""
        camera = tile.camera
        self._app.stop_loading(camera)
        settings = self._desk.camera(camera.id)
        if settings is not None and settings.model != camera.running_model:
            what = f"{self.tr('Model')} · {camera.name}"
            self._desk.withdraw(settings.but(model=camera.running_model), what)
            self.changed()

    def trust(self, model: str) -> None:
        """Remember a model that the operator named, which allows it to run if it is Python code."""
        self._app.detectors.trust(model)
        preferences = self._desk.preferences.with_recent(model)
        try:
            is_code = self._app.detectors.kind(model) is ModelKind.PYTHON
        except UsageError:
            is_code = False
        self._desk.prefer(preferences.with_allowed(model) if is_code else preferences)

    def toggle_model(self, tile: CameraTile) -> None:
        """Take the camera's model away, or give it the one that it had last, or the usual one."""
        if tile.has_model:
            self.choose_model(tile, None)
            return
        recent = self._desk.preferences.recent_models
        self.choose_model(tile, recent[0] if recent else "motion")

    def toggle_boxes(self, tile: CameraTile) -> None:
        """Show boxes, or not."""
        self._set_view(tile, self.tr("Boxes"), boxes=not tile.display.boxes_shown)

    def keep_timing(self, tile: CameraTile, timing: BoxTiming) -> None:
        """Keep what was chosen on the tile."""
        self._set(tile, self.tr("Timing"), timing=timing.value)

    def keep_viewport(self, tile: CameraTile, viewport: Viewport) -> None:
        """Keep how the picture was turned on the tile."""
        orientation = viewport.orientation
        self._set_view(
            tile, self.tr("Picture"), rotate=orientation.rotate, mirror=orientation.mirror, fit=viewport.fit.value
        )

    def cycle_monitor(self, tile: CameraTile) -> None:
        """Show more of the FPS monitor, or less."""
        self.keep_monitor(tile, _NEXT_STYLE[tile.monitor.look])

    def keep_monitor(self, tile: CameraTile, style: MonitorStyle) -> None:
        """Keep how much of it is shown."""
        self._set_view(tile, self.tr("FPS monitor"), monitor=style.value)

    def rename(self, tile: CameraTile, name: str) -> None:
        """Call the camera differently."""
        if settings := self._desk.camera(tile.camera.id):
            self.set(settings.but(name=name), self.tr("Rename {}").format(tile.camera.name))

    def duplicate(self, tile: CameraTile) -> None:
        """Show the same camera once more, with the same settings."""
        if settings := self._desk.camera(tile.camera.id):
            what = self.tr("Duplicate {}").format(tile.camera.name)
            self._desk.add(settings.but(id=new_id(), name=settings.name), what)
            self.changed()

    def remove(self, tile: CameraTile) -> None:
        """Close the camera; it can be had back."""
        if settings := self._desk.camera(tile.camera.id):
            self.remove_named(settings, tile.camera.name)

    def remove_named(self, settings: CameraSettings, name: str) -> None:
        """Close a camera, which need not have a tile; it can be had back."""
        what = self.tr("Remove {}").format(name)
        self._desk.remove(settings.id, what)
        self.changed()
        undo = partial(self._undo_removal, settings, name)
        self._messages.inform(self.tr("{} was removed").format(name), (self.tr("Undo"), undo))

    def undo(self) -> None:
        """Take back what was changed last."""
        self.undoing.emit()
        self._desk.undo()
        self.changed()

    def redo(self) -> None:
        """Do it again."""
        self.undoing.emit()
        self._desk.redo()
        self.changed()

    def _undo_removal(self, settings: CameraSettings, name: str) -> None:
        if self._desk.camera(settings.id) is not None:
            return
        if self._desk.undoes == self.tr("Remove {}").format(name):
            self.undo()
        else:
            # Other things were changed since, which stay.
            self._desk.add(settings, self.tr("Add {}").format(name))
            self.changed()

    def _set(self, tile: CameraTile, what: str, **changes: object) -> None:
        settings = self._desk.camera(tile.camera.id)
        if settings is not None:
            self.set(settings.but(**changes), f"{what} · {tile.camera.name}")

    def _set_view(self, tile: CameraTile, what: str, **changes: object) -> None:
        settings = self._desk.camera(tile.camera.id)
        if settings is not None:
            self._set(tile, what, view=settings.view.but(**changes))

    def set(self, settings: CameraSettings, what: str, gesture: object = None) -> None:
        """Have other settings for a camera; changes of one gesture are one to undo."""
        before = self._desk.camera(settings.id)
        if settings.model and before is not None and before.model != settings.model:
            self.trust(settings.model)
        self._desk.set(settings, what, gesture)
        self.changed()

    async def _record_or_stop(self, camera: Camera) -> None:
        if camera.recorder is None:
            self._app.start_recording(camera)
        elif progress := await self._app.stop_recording(camera):
            self._messages.inform(told(ended(progress)))

    async def _snapshot(self, camera: Camera) -> None:
        self._messages.inform(self.tr("Saved {}").format(await self._app.snapshot(camera)))
