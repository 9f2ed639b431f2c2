"""Zooming with the wheel and panning by dragging, in one view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

if TYPE_CHECKING:
    from livevision.ui.display import Display
    from livevision.ui.tile.viewport import Viewport
    from livevision.ui.video_view import VideoView

_STEP = 1.25
"""How much closer a notch of the wheel, or a key, brings the picture."""
_NOTCH = 120
"""Eighths of a degree (Qt)."""


class Navigation(QObject):
    """Changes the ``viewport`` of a display as its view's mouse and the keys say."""

    changed = Signal()

    def __init__(self, view: VideoView, display: Display) -> None:
        super().__init__(view)
        self._view = view
        self._display = display
        self._held: QPointF | None = None
        view.watch(self._hear)

    def zoom(self, steps: float) -> None:
        """Go so many steps closer, or away, in the middle."""
        self._zoom(steps, QPointF(self._view.rect().center()))

    def reset(self) -> None:
        """Show the picture as it is without zoom."""
        self._set(self._display.viewport.whole())

    def _hear(self, event: QEvent) -> bool:
        """Take the wheel, and the mouse while it drags; a press goes on to whom it concerns, too."""
        if isinstance(event, QWheelEvent):
            self._zoom(event.angleDelta().y() / _NOTCH, event.position())
            return True
        if isinstance(event, QMouseEvent):
            return self._take_mouse(event)
        return False

    def _take_mouse(self, event: QMouseEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position() if self._can_pan else None
        elif event.type() == QEvent.Type.MouseMove and self._held is not None:
            by, self._held = event.position() - self._held, event.position()
            self._pan(by)
            return True
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._held = None
            self._show_cursor()
        return False

    @property
    def _room(self) -> tuple[int, int]:
        # Logical pixels: what is seen does not depend on how fine the screen is.
        return self._view.width(), self._view.height()

    @property
    def _can_pan(self) -> bool:
        size = self._display.picture_size
        return size is not None and self._display.viewport.can_pan(size, self._room)

    def _zoom(self, steps: float, at: QPointF) -> None:
        if (size := self._display.picture_size) is not None:
            viewport = self._display.viewport
            self._set(viewport.zoomed(_STEP**steps, (at.x(), at.y()), size, self._room))

    def _pan(self, by: QPointF) -> None:
        if (size := self._display.picture_size) is not None:
            self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._set(self._display.viewport.panned((by.x(), by.y()), size, self._room))

    def _set(self, viewport: Viewport) -> None:
        if viewport != self._display.viewport:
            self._display.viewport = viewport
            if self._held is None:
                self._show_cursor()
            self.changed.emit()

    def _show_cursor(self) -> None:
        if self._can_pan:
            self._view.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self._view.unsetCursor()
