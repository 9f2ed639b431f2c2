"""What a tile's own buttons ask for, handed on to what does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from livevision.timing import BoxTiming
    from livevision.ui.camera_commands import CameraCommands
    from livevision.ui.camera_grid import CameraGrid
    from livevision.ui.camera_tile import CameraTile
    from livevision.ui.fps_monitor import MonitorStyle
    from livevision.ui.panels import Panels
    from livevision.ui.tile.viewport import Viewport


class TileRequests(QObject):
    """Lives with its tile.  Methods, and no lambdas: Qt lets go of them when the tile goes."""

    def __init__(self, tile: CameraTile, commands: CameraCommands, grid: CameraGrid, panels: Panels) -> None:
        super().__init__(tile)
        self._tile = tile
        self._commands = commands
        self._grid = grid
        self._panels = panels
        tile.record_wanted.connect(self._record)
        tile.snapshot_wanted.connect(self._snapshot)
        tile.model_toggled.connect(self._toggle_model)
        tile.renamed.connect(self._rename)
        tile.timing_chosen.connect(self._keep_timing)
        tile.viewport_chosen.connect(self._keep_viewport)
        tile.monitor_style_chosen.connect(self._keep_monitor)
        tile.maximise_wanted.connect(self._maximise)
        tile.settings_wanted.connect(self._show_settings)
        tile.loading_given_up.connect(self._keep_model)

    def _record(self) -> None:
        self._commands.record_or_stop(self._tile)

    def _snapshot(self) -> None:
        self._commands.snapshot(self._tile)

    def _toggle_model(self, _on: bool) -> None:
        self._commands.toggle_model(self._tile)

    def _rename(self, name: str) -> None:
        self._commands.rename(self._tile, name)

    def _keep_timing(self, timing: BoxTiming) -> None:
        self._commands.keep_timing(self._tile, timing)

    def _keep_viewport(self, viewport: Viewport) -> None:
        self._commands.keep_viewport(self._tile, viewport)

    def _keep_monitor(self, style: MonitorStyle) -> None:
        self._commands.keep_monitor(self._tile, style)

    def _maximise(self) -> None:
        # The tile is the chosen one first, so that menus and keys mean it, too.
        self._grid.choose(self._tile)
        self._grid.toggle_maximised()

    def _keep_model(self) -> None:
        self._commands.keep_model(self._tile)

    def _show_settings(self) -> None:
        self._grid.choose(self._tile)
        self._panels.show_panel()
