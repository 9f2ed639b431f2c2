"""The context menu of a tile: everything that its bar has, and how the picture is looked at."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from livevision.ui.fps_monitor import MonitorStyle
from livevision.ui.icon import dress
from livevision.ui.tile.timing_words import TIMINGS, timing_name
from livevision.ui.tile.viewport import Fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.ui.camera_tile import CameraTile


def tile_menu(tile: CameraTile) -> QMenu:
    """Return a new menu for ``tile``, which deletes itself when it is closed."""
    menu = QMenu(tile)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    recording = tile.camera.recorder is not None
    _add(menu, _tr("Stop recording") if recording else _tr("Record"), tile.record_wanted.emit, "record")
    _add(menu, _tr("Save a snapshot"), tile.snapshot_wanted.emit, "snapshot")
    words = _tr("Show the live picture") if tile.display.frozen else _tr("Freeze the picture")
    _add(menu, words, tile.toggle_frozen, "pause")
    menu.addSeparator()
    timings = menu.addMenu(_tr("Boxes"))
    group = QActionGroup(timings)
    for timing in TIMINGS:
        action = _add(timings, timing_name(timing), partial(tile.choose_timing, timing))
        _tick(action, tile.display.timing is timing)
        group.addAction(action)
    _tick(_add(menu, _tr("Model"), lambda: tile.model_toggled.emit(not tile.has_model)), tile.has_model)
    menu.addSeparator()
    _add_looks(menu, tile)
    menu.addSeparator()
    _add(menu, _tr("Rename…"), tile.rename)
    _add(menu, _tr("Maximise, or back"), tile.maximise_wanted.emit, "maximise")
    _add(menu, _tr("Settings of this camera…"), tile.settings_wanted.emit, "settings")
    return menu


def _add_looks(menu: QMenu, tile: CameraTile) -> None:
    picture = menu.addMenu(_tr("Picture"))
    viewport = tile.display.viewport
    orientation = viewport.orientation
    _add(picture, _tr("Closer"), tile.zoom_in, "zoom")
    _add(picture, _tr("Further away"), tile.zoom_out)
    _add(picture, _tr("Whole picture"), tile.reset_zoom)
    picture.addSeparator()
    turned, mirrored = orientation.turned_right(), replace(orientation, mirror=not orientation.mirror)
    _add(picture, _tr("Turn right"), lambda: tile.choose_viewport(replace(viewport, orientation=turned)), "rotate")
    mirror = _add(picture, _tr("Mirror"), lambda: tile.choose_viewport(replace(viewport, orientation=mirrored)))
    _tick(mirror, orientation.mirror)
    other = Fit.WHOLE if viewport.fit is Fit.FILL else Fit.FILL
    fill = _add(picture, _tr("Fill the tile"), lambda: tile.choose_viewport(replace(viewport, fit=other)))
    _tick(fill, viewport.fit is Fit.FILL)
    figures = menu.addMenu(_tr("FPS monitor"))
    group = QActionGroup(figures)
    names = (
        (MonitorStyle.COMPACT, _tr("One line")),
        (MonitorStyle.FULL, _tr("With curve")),
        (MonitorStyle.OFF, _tr("Off")),
    )
    for style, name in names:
        action = _add(figures, name, partial(tile.choose_monitor_style, style))
        _tick(action, tile.monitor.look is style)
        group.addAction(action)


def _add(menu: QMenu, text: str, does: Callable[[], object], icon_name: str = "") -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda: does())  # noqa: PLW0108 - without what triggered() tells
    if icon_name:
        dress(action, icon_name)
    return action


def _tick(action: QAction, is_so: bool) -> None:
    action.setCheckable(True)
    action.setChecked(is_so)


def _tr(text: str) -> str:
    return QCoreApplication.translate("tile", text)
