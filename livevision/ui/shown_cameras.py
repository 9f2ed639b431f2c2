"""Brings cameras and tiles to what the desk says: opens, closes and changes them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from livevision.errors import LivevisionError, ModelNotAllowed
from livevision.timing import BoxTiming
from livevision.ui.camera_tile import CameraTile
from livevision.ui.fps_monitor import MonitorStyle
from livevision.ui.tile.orientation import Orientation
from livevision.ui.tile.viewport import Fit
from livevision.workspace import conversion
from livevision.workspace.camera_settings import new_id
from livevision.workspace.conversion import camera_request, recording_plan
from livevision.workspace.recording_settings import RecordingSettings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Container

    from livevision.app import App
    from livevision.cameras import Camera
    from livevision.desk import Desk
    from livevision.ui.background import Background
    from livevision.ui.camera_grid import CameraGrid
    from livevision.workspace.camera_settings import CameraSettings, ViewSettings


@dataclass(frozen=True, slots=True)
class Unopened:
    """A camera that is on the desk and cannot be opened, and why."""

    settings: CameraSettings
    error: LivevisionError


class ShownCameras:
    """One tile a camera.  ``dress`` connects a new tile, and ``undress`` closes what belongs to one that goes.

    ``not_allowed`` is called with a model that is Python code which nobody said yes to.
    """

    def __init__(
        self,
        app: App,
        desk: Desk,
        grid: CameraGrid,
        background: Background,
        dress: Callable[[CameraTile], None],
        undress: Callable[[CameraTile], None],
    ) -> None:
        self._app = app
        self._desk = desk
        self._grid = grid
        self._background = background
        self._dress = dress
        self._undress = undress
        self.not_allowed: Callable[[str], None] = lambda _model: None
        self.load_failed: Callable[[Camera, LivevisionError], None] = lambda _camera, _error: None
        """Called where a model cannot be loaded; the camera goes on with the one that it had."""
        self._applied: dict[str, CameraSettings] = {}
        """What was last done, or tried, for each camera."""
        self._following = asyncio.Lock()

    def tile(self, camera_id: str) -> CameraTile | None:
        """Return a camera's tile."""
        return next((tile for tile in self._grid.tiles if tile.camera.id == camera_id), None)

    async def follow(self) -> list[Unopened]:
        """Open what is new on the desk, close what is gone, change what differs; return what cannot be opened.

        That is tried again when its settings change, or it goes and comes back.
        """
        # One at a time: a camera may be removed while it is being opened.
        async with self._following:
            wanted = {camera.id: camera for camera in self._desk.cameras}
            await self._close_others(wanted)
            unopened = []
            for camera_id, settings in wanted.items():
                before = self._applied.get(camera_id)
                try:
                    if before is None:
                        await self._open(settings)
                    elif before != settings:
                        await self._change(before, settings)
                except LivevisionError as error:
                    unopened.append(Unopened(settings, error))
            return unopened

    async def close_others(self) -> None:
        """Close what is gone from the desk, and leave the rest for :meth:`follow`."""
        async with self._following:
            await self._close_others({camera.id for camera in self._desk.cameras})

    def settings(self, camera_id: str) -> CameraSettings | None:
        """Return what a camera was last given; it may be gone from the desk already."""
        return self._applied.get(camera_id)

    async def show(self, camera: Camera) -> CameraTile:
        """Give a prepared camera a tile, and start it once the tile is there to see its first picture."""
        if not camera.id:
            camera.request = replace(camera.request, id=new_id())
        settings = self._desk.camera(camera.id) or conversion.camera_settings(camera.request)
        self._applied[camera.id] = settings
        self._desk.know(settings)
        return await self._show(camera, settings)

    async def _show(self, camera: Camera, settings: CameraSettings) -> CameraTile:
        tile = CameraTile(camera, self._app.work)
        self._dress(tile)
        self._grid.add(tile)
        self._apply_looks(tile, settings)
        await camera.session.__aenter__()
        # The picture is there while the model still loads.
        self._load(camera, partial(self._app.load_model, camera))
        return tile

    async def close(self, tile: CameraTile) -> None:
        """Remove a tile and close its camera."""
        self._undress(tile)
        self._applied.pop(tile.camera.id, None)
        await tile.aclose()
        self._grid.take(tile)
        await self._app.remove(tile.camera)

    def apply_preferences(self) -> None:
        """Let all cameras have what is usual now where they say nothing else."""
        for camera_id, settings in self._applied.items():
            if tile := self.tile(camera_id):
                self._apply_looks(tile, settings)

    def load_again(self, model: str) -> None:
        """Load a model that was not allowed before."""
        for camera_id, settings in self._applied.items():
            if settings.model == model and (tile := self.tile(camera_id)):
                self._load(tile.camera, partial(self._app.set_model, tile.camera, model))

    def load_once_more(self, tile: CameraTile) -> None:
        """Load the model that is set for a camera, after it failed."""
        if settings := self._applied.get(tile.camera.id):
            self._load(tile.camera, partial(self._app.set_model, tile.camera, settings.model))

    def _load(self, camera: Camera, load: Callable[[], Awaitable[None]]) -> None:
        name = QCoreApplication.translate("ShownCameras", "Loading the model")
        self._background.start(self._load_if_allowed(camera, load), name)

    async def _load_if_allowed(self, camera: Camera, load: Callable[[], Awaitable[None]]) -> None:
        try:
            await load()
        except ModelNotAllowed as error:
            self.not_allowed(error.model)
        except LivevisionError as error:
            self.load_failed(camera, error)

    async def _close_others(self, wanted: Container[str]) -> None:
        for camera_id in [each for each in self._applied if each not in wanted]:
            if tile := self.tile(camera_id):
                await self.close(tile)
            self._applied.pop(camera_id, None)

    async def _open(self, settings: CameraSettings) -> None:
        self._applied[settings.id] = settings
        camera = await self._app.prepare(camera_request(settings, self._desk.preferences))
        if self._desk.camera(settings.id) is None:
            # It was removed meanwhile.
            await self._app.remove(camera)
        else:
            await self._show(camera, settings)

    async def _change(self, before: CameraSettings, settings: CameraSettings) -> None:
        tile = self.tile(settings.id)
        if tile is None:
            await self._open(settings)
            return
        if (before.source, before.at_end) != (settings.source, settings.at_end):
            await self.close(tile)
            await self._open(settings)
            return
        self._applied[settings.id] = settings
        camera = tile.camera
        if before.name != settings.name:
            self._app.rename(camera, settings.name)
            self._grid.update_names()
        if before.filter != settings.filter:
            camera.set_keep(conversion.detection_filter(settings.filter))
        if before.tracker != settings.tracker:
            camera.set_tracker(conversion.tracker(settings))
        self._apply_looks(tile, settings)
        tile.refresh()
        if (before.model, before.model_options) != (settings.model, settings.model_options):
            camera.request = replace(camera.request, options=conversion.model_options(settings.model_options))
            self._load(camera, partial(self._app.set_model, camera, settings.model))

    def _apply_looks(self, tile: CameraTile, settings: CameraSettings) -> None:
        camera, display, preferences = tile.camera, tile.display, self._desk.preferences
        style = conversion.style(settings, preferences)
        if style != camera.request.style:
            camera.set_style(style)
        if style != display.style:
            display.style = style
        timing = BoxTiming(settings.timing)
        if timing is not display.timing:
            camera.request = replace(camera.request, timing=timing)
            display.timing = timing
        if self._desk.place is not None or settings.recording != RecordingSettings():
            camera.plan = recording_plan(settings, preferences, self._app.output)
        self._apply_view(tile, settings.view)
        display.redraw()

    def _apply_view(self, tile: CameraTile, view: ViewSettings) -> None:
        display = tile.display
        orientation = Orientation(view.rotate, view.mirror)
        display.viewport = replace(display.viewport, orientation=orientation, fit=Fit(view.fit))
        display.boxes_shown = view.boxes
        style = MonitorStyle(view.monitor or self._desk.preferences.monitor)
        if tile.monitor.look is not style and not tile.is_video_only:
            tile.monitor.look = style
