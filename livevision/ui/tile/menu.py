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
from livevision.ui.words import model_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.ui.camera_tile import CameraTile

translate = QCoreApplication.translate


def tile_menu(tile: CameraTile) -> QMenu:
    """Return a new menu for ``tile``, which deletes itself when it is closed."""
    menu = QMenu(tile)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    recording = translate("tile", "Record")
    if tile.camera.recorder is not None:
        recording = translate("tile", "Stop recording")
    _add(menu, recording, tile.record_wanted.emit, "record")
    _add(menu, translate("tile", "Save a snapshot"), tile.snapshot_wanted.emit, "snapshot")
    freezing = translate("tile", "Freeze the picture")
    if tile.display.frozen:
        freezing = translate("tile", "Show the live picture")
    _add(menu, freezing, tile.toggle_frozen, "pause")
    menu.addSeparator()
    timings = menu.addMenu(translate("tile", "Boxes"))
    group = QActionGroup(timings)
    for timing in TIMINGS:
        action = _add(timings, timing_name(timing), partial(tile.choose_timing, timing))
        _tick(action, tile.display.timing is timing)
        group.addAction(action)
    _tick(_add(menu, translate("tile", "Model"), lambda: tile.model_toggled.emit(not tile.has_model)), tile.has_model)
    if loading := tile.camera.loading:
        stop = translate("tile", "Stop loading {model}").format(model=model_name(loading))
        _add(menu, stop, tile.loading_given_up.emit, "close")
    menu.addSeparator()
    _add_looks(menu, tile)
    menu.addSeparator()
    _add(menu, translate("tile", "Rename…"), tile.rename)
    _add(menu, translate("tile", "Maximise, or back"), tile.maximise_wanted.emit, "maximise")
    _add(menu, translate("tile", "Settings of this camera…"), tile.settings_wanted.emit, "settings")
    return menu


def _add_looks(menu: QMenu, tile: CameraTile) -> None:
    picture = menu.addMenu(translate("tile", "Picture"))
    viewport = tile.display.viewport
    orientation = viewport.orientation
    _add(picture, translate("tile", "Closer"), tile.zoom_in, "zoom")
    _add(picture, translate("tile", "Further away"), tile.zoom_out)
    _add(picture, translate("tile", "Whole picture"), tile.reset_zoom)
    picture.addSeparator()
    turned = replace(viewport, orientation=orientation.turned_right())
    mirrored = replace(viewport, orientation=replace(orientation, mirror=not orientation.mirror))
    _add(picture, translate("tile", "Turn right"), lambda: tile.choose_viewport(turned), "rotate")
    mirror = _add(picture, translate("tile", "Mirror"), lambda: tile.choose_viewport(mirrored))
    _tick(mirror, orientation.mirror)
    other = Fit.WHOLE if viewport.fit is Fit.FILL else Fit.FILL
    fill = _add(picture, translate("tile", "Fill the tile"), lambda: tile.choose_viewport(replace(viewport, fit=other)))
    _tick(fill, viewport.fit is Fit.FILL)
    figures = menu.addMenu(translate("tile", "FPS monitor"))
    group = QActionGroup(figures)
    names = (
        (MonitorStyle.COMPACT, translate("tile", "One line")),
        (MonitorStyle.FULL, translate("tile", "With curve")),
        (MonitorStyle.OFF, translate("tile", "Off")),
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
