"""One camera on the screen: header, picture, FPS monitor."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from livevision.ui import theme, words
from livevision.ui.display import Display
from livevision.ui.fps_monitor import FPSMonitor, MonitorStyle
from livevision.ui.tile.badges import Badges
from livevision.ui.tile.bar import TileBar
from livevision.ui.tile.header_words import header_words
from livevision.ui.tile.menu import tile_menu
from livevision.ui.tile.navigation import Navigation
from livevision.ui.tile.timing_words import after
from livevision.ui.tile_header import TileHeader
from livevision.ui.translation import told
from livevision.ui.video_view import VideoView

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from livevision.cameras import Camera
    from livevision.timing import BoxTiming
    from livevision.ui.tile.viewport import Viewport

_FRAME = 2
"""Pixels around a tile that show whether it is the chosen one."""
_LEAST_PICTURE = QSize(32, 18)
_PICTURE_BEFORE_FIGURES = 90
"""Pixels of height that the FPS monitor leaves to the picture; below that it goes."""
_USUAL_ASPECT = 16 / 9


class CameraTile(QWidget):
    """Shows one camera.  ``refresh`` brings its figures and words up to date; the window calls it every 250 ms.

    What concerns the camera is only told, by signals; how it is looked at the tile changes by itself, and tells it so
    that it can be kept: ``timing_chosen``, ``viewport_chosen`` and ``monitor_style_chosen``.
    """

    chosen = Signal(object)
    """The operator means this tile, which it carries."""
    shape_changed = Signal()
    """:attr:`aspect` or :attr:`surround` is another: the grid may have a better cell for it."""
    record_wanted = Signal()
    """Record, or stop that."""
    snapshot_wanted = Signal()
    model_toggled = Signal(bool)
    maximise_wanted = Signal()
    settings_wanted = Signal()
    loading_given_up = Signal()
    """The model that is being loaded is not wanted any more."""
    renamed = Signal(str)
    """The operator wants this name; it stands there once the camera is called so."""
    timing_chosen = Signal(object)
    """A :class:`BoxTiming`."""
    viewport_chosen = Signal(object)
    """A :class:`Viewport`, turned, mirrored or fitted differently; zoom is told by nobody."""
    monitor_style_chosen = Signal(object)
    """A :class:`MonitorStyle`."""
    menu_opening = Signal(QMenu)
    """The context menu is about to be shown; there may be more to put into it."""

    def __init__(self, camera: Camera, work: Executor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = camera
        self.header = TileHeader(camera.name)
        self.view = VideoView()
        self.monitor = FPSMonitor()
        self.is_video_only = False
        """Whether nothing but the picture is shown, for good."""
        self._is_chosen = False
        self._shape = (_USUAL_ASPECT, 0)
        self.view.setMinimumSize(_LEAST_PICTURE)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(0)
        self._layout.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        for part in (self.header, self.view, self.monitor):
            self._layout.addWidget(part)
        self.display = Display(self.view, camera.session.metrics, work, self.refresh, lambda: camera.name)
        self.navigation = Navigation(self.view, self.display)
        self.badges = Badges(self.view)
        self.bar = TileBar(self.view)
        self.view.setAccessibleName(camera.name)
        self._connect()
        self._unsubscribe = camera.session.subscribe(self.display)
        self._showing = asyncio.create_task(self.display.run(), name=f"show {camera.name}")

    def __repr__(self) -> str:
        return f"<CameraTile {self.header.words}>"

    async def aclose(self) -> None:
        """Stop showing."""
        self._unsubscribe()
        self._showing.cancel()
        await asyncio.gather(self._showing, return_exceptions=True)

    def show_video_only(self) -> None:
        """Leave nothing but the picture, edge to edge."""
        self.is_video_only = True
        self.header.hide()
        self.monitor.hide()
        self.bar.retire()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._fit_monitor()

    def set_chosen(self, chosen: bool) -> None:
        """Mark the tile that keys and menus mean."""
        self._is_chosen = chosen
        self.update()

    @property
    def aspect(self) -> float:
        """Width by height of its pictures, turned as they are shown; the usual one before the first."""
        size = self.display.picture_size
        return size[0] / size[1] if size else _USUAL_ASPECT

    @property
    def surround(self) -> int:
        """Logical pixels of height that are not the picture's, where there is room for everything."""
        return 0 if self.is_video_only else 2 * _FRAME + self.header.height() + self.monitor.wanted_height

    @property
    def has_model(self) -> bool:
        """Whether a model looks at the pictures, or is about to."""
        return self.camera.session.detector is not None or bool(self.camera.loading)

    # What the operator does with the picture; for keys and menus.

    def choose_timing(self, timing: BoxTiming) -> None:
        """Let boxes and pictures come together in this way, and tell it."""
        self.display.timing = timing
        self._refresh_controls()
        self.timing_chosen.emit(timing)

    def cycle_timing(self) -> None:
        """Choose the next timing of boxes."""
        self.choose_timing(after(self.display.timing))

    def choose_viewport(self, viewport: Viewport) -> None:
        """Look at the picture in this way, and tell it."""
        self.display.viewport = viewport
        self._refresh_controls()
        self.viewport_chosen.emit(viewport)

    def choose_monitor_style(self, style: MonitorStyle) -> None:
        """Show so much of the FPS monitor, and tell it."""
        self.monitor.look = style
        self._tell_shape()
        self.monitor_style_chosen.emit(style)

    def toggle_frozen(self) -> None:
        """Let the picture stand, or be live again."""
        if self.display.frozen:
            self.display.go_live()
        else:
            self.display.freeze()
        self._refresh_controls()

    def zoom_in(self) -> None:
        """Look closer."""
        self.navigation.zoom(+1)

    def zoom_out(self) -> None:
        """Look from further away."""
        self.navigation.zoom(-1)

    def reset_zoom(self) -> None:
        """Show the picture as it is without zoom."""
        self.navigation.reset()

    def rename(self) -> None:
        """Let the operator type another name."""
        self.header.edit_name()

    # What it says.

    def refresh(self) -> None:
        """Bring figures and words up to date."""
        session = self.camera.session
        now = session.metrics.snapshot()
        info = session.status.info
        detector = session.detector
        self.header.name = self.camera.name
        self.display.expects_boxes = detector is not None
        notice = words.notice(session.status, now.since_picture, time.monotonic(), now.interval)
        self.view.set_notice(notice or words.unshown(self.display.trouble.unshown))
        self.monitor.update_figures(
            now,
            info.fps if info else None,
            words.runs_on(detector) if detector else None,
            self.display.box_age,
            self.display.behind if self.display.frozen else None,
        )
        # The FPS monitor has the age of boxes, where there is one.
        shown, wanted = self.monitor.shown_look, self.monitor.look
        age = self.display.box_age if shown is MonitorStyle.OFF else None
        figures = "" if shown is wanted else self.monitor.toolTip()
        self.header.tell(header_words(self.camera, age, figures, self.display.trouble.words))
        self._refresh_controls()
        self._tell_shape()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the FPS monitor as much room as the picture can spare."""
        super().resizeEvent(event)
        self._fit_monitor()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the tile that is clicked."""
        self.chosen.emit(self)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Show what can be done; the mouse or the keyboard asked."""
        self.chosen.emit(self)
        menu = tile_menu(self)
        self.menu_opening.emit(menu)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Change the name where the keyboard is in this tile; everything else is the window's."""
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(theme.ACCENT if self._is_chosen else theme.SURFACE, _FRAME))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _connect(self) -> None:
        bar, session = self.bar, self.camera.session
        self.view.seen_changed.connect(session.update_demand)
        self.view.action_wanted.connect(session.retry_now)
        self.view.resized.connect(self._refresh_controls)
        self.header.renamed.connect(self.renamed)
        self.navigation.changed.connect(self._refresh_controls)
        self.badges.live_wanted.connect(self.toggle_frozen)
        self.badges.zoom_reset_wanted.connect(self.reset_zoom)
        self.badges.timing_wanted.connect(self.cycle_timing)
        self.badges.privacy_wanted.connect(self.settings_wanted)
        bar.record_pressed.connect(self.record_wanted)
        bar.snapshot_pressed.connect(self.snapshot_wanted)
        bar.freeze_pressed.connect(self.toggle_frozen)
        bar.timing_pressed.connect(self.cycle_timing)
        bar.model_pressed.connect(self._toggle_model)
        bar.maximise_pressed.connect(self.maximise_wanted)
        bar.settings_pressed.connect(self.settings_wanted)

    def _refresh_controls(self) -> None:
        display = self.display
        hidden = display.hidden_because and told(self.camera.hiding_trouble or display.hidden_because)
        self.view.is_standing = display.frozen
        self.badges.tell(
            words.frozen(display.behind) if display.frozen else "",
            f"{display.viewport.zoom:.1f}×" if display.viewport.is_zoomed else "",
            self.tr("boxes come too late") if display.gave_up and self.has_model and not hidden else "",
            hidden,
        )
        self.bar.tell(self.camera.recorder is not None, display.frozen, display.timing, self.has_model)

    def _toggle_model(self) -> None:
        self.model_toggled.emit(not self.has_model)

    def _fit_monitor(self) -> None:
        spare = self.height() - 2 * _FRAME - self.header.height() - _PICTURE_BEFORE_FIGURES
        room = QSize(0, 0) if self.is_video_only else QSize(self.width() - 2 * _FRAME, spare)
        self.monitor.fit(room)
        # At once, or it would be painted where it has no room.
        self._layout.activate()

    def _tell_shape(self) -> None:
        shape = self.aspect, self.surround
        if shape != self._shape:
            self._shape = shape
            self.shape_changed.emit()
