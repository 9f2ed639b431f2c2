"""One camera on the screen: header, picture, FPS monitor."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from livevision.ui import theme, words
from livevision.ui.display import Display
from livevision.ui.fps_monitor import FPSMonitor
from livevision.ui.tile_header import TileHeader
from livevision.ui.video_view import VideoView

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from livevision.app import Camera

_FRAME = 2
"""Pixels around a tile that show whether it is the chosen one."""


class CameraTile(QWidget):
    """Shows one camera.  ``refresh`` brings its figures and words up to date; the window calls it every 250 ms."""

    chosen = Signal()

    def __init__(self, camera: Camera, work: Executor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = camera
        self.header = TileHeader(camera.name)
        self.view = VideoView()
        self.monitor = FPSMonitor()
        self._is_chosen = False
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(0)
        self._layout.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        for part in (self.header, self.view, self.monitor):
            self._layout.addWidget(part)
        self.display = Display(self.view, camera.session.metrics, work, self.refresh)
        self.view.seen_changed.connect(camera.session.update_demand)
        self.view.action_wanted.connect(camera.session.retry_now)
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
        self.header.hide()
        self.monitor.hide()
        self._layout.setContentsMargins(0, 0, 0, 0)

    def set_chosen(self, chosen: bool) -> None:
        """Mark the tile that keys and menus mean."""
        self._is_chosen = chosen
        self.update()

    def refresh(self) -> None:
        """Bring figures and words up to date."""
        session = self.camera.session
        now = session.metrics.snapshot()
        info = session.status.info
        detector = session.detector
        model = words.model(detector, self.camera.loading)
        trouble = (
            self.camera.trouble
            or self.camera.model_trouble
            or session.detector_trouble
            or (words.model_notice(detector) if detector else "")
        )
        self.view.set_notice(words.notice(session.status, now.since_picture, time.monotonic()))
        self.header.tell(session.status.state, model, self._recording_words(), trouble)
        self.monitor.update_figures(now, info.fps if info else None, words.runs_on(detector) if detector else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the tile that is clicked."""
        self.chosen.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(theme.ACCENT if self._is_chosen else QColor(theme.SURFACE), _FRAME))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _recording_words(self) -> str:
        if self.camera.recorder is None:
            return ""
        progress = self.camera.recorder.progress
        lost = f" · {progress.dropped} dropped" if progress.dropped else ""
        return f"REC {words.clock(progress.seconds)} · {words.size(progress.bytes)}{lost}"
