"""The picture itself: drawn 1:1, and dimmed the moment that it is no longer live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from livevision.ui import theme
from livevision.ui.notice import Notice, NoticeOverlay
from livevision.ui.tile.viewport import Room

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray


_RING = 2
_STANDING_BORDER = 12
_STANDING_VEIL = QColor(8, 9, 12, 170)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a picture goes, and the bars beside it; in logical pixels."""

    target: QRect
    is_exact: bool
    """Whether it is painted pixel for pixel, not scaled."""
    bars: tuple[QRect, ...]


class VideoView(QWidget):
    """Paints the newest picture in the middle of its area, and a notice over it where there is something to say."""

    painted = Signal(float)
    """A picture was painted for the first time; carries when it was due, monotonic seconds."""
    resized = Signal()
    seen_changed = Signal()
    """It can be seen from now on, or no longer."""
    action_wanted = Signal()
    """The button in the notice was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._watchers: list[Callable[[QEvent], bool]] = []
        # Where pictures of these measures go; forgotten when the view is another size.
        self._measures = (0, 0, 0.0)
        self._place: _Place | None = None
        self._due = 0.0
        self._unpainted = False
        self._is_standing = False
        self._has_ring = False
        self._overlay = NoticeOverlay(self)
        self._overlay.action_wanted.connect(self.action_wanted)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)

    @property
    def image(self) -> QImage | None:
        """What is shown, at the size that it is shown."""
        return self._image

    @property
    def notice(self) -> Notice | None:
        """What stands over the picture; None while it is live."""
        return self._overlay.notice

    @property
    def action(self) -> QPushButton:
        """The button in the notice; hidden where there is nothing to do."""
        return self._overlay.button

    @property
    def can_be_seen(self) -> bool:
        """Whether anything painted here reaches the screen, as far as Qt knows."""
        return self.isVisible() and not self.window().isMinimized()

    def fit(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the largest size in device pixels, of the aspect of ``size``, that the view has room for."""
        room = self.size() * self.devicePixelRatioF()
        fitted = QSize(*size).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return max(2, fitted.width()), max(2, fitted.height())

    @property
    def room(self) -> Room:
        """What there is for a picture on the screen that it is on."""
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        return Room((max(2, size.width()), max(2, size.height())), ratio)

    @property
    def is_standing(self) -> bool:
        """Whether the picture stands on purpose, and must not look live."""
        return self._is_standing

    @is_standing.setter
    def is_standing(self, standing: bool) -> None:
        if standing != self._is_standing:
            self._is_standing = standing
            self.update()

    def show_picture(self, pixels: NDArray[np.uint8], due: float) -> None:
        """Show a ``(h, w, 4)`` BGRA array in device pixels that nobody else writes to."""
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        ratio = self.devicePixelRatioF()
        image.setDevicePixelRatio(ratio)
        if self._measures != (width, height, ratio):
            self._measures, self._place = (width, height, ratio), None
        # The image only borrows the array's memory: both live and go together.
        self._image, self._pixels = image, pixels
        self._unpainted = due != self._due
        self._due = due
        self.update()

    def set_notice(self, notice: Notice | None) -> None:
        """Dim the picture and say why, or show it plainly again."""
        if notice != self.notice:
            self._overlay.tell(notice)
            self.update()

    def watch(self, watcher: Callable[[QEvent], bool]) -> None:
        """Let ``watcher`` hear of mouse, wheel, focus and size; where it returns True an event goes no further.

        Not by an event filter, which Qt asks before every picture is painted, too: that took as long as a third of it.
        """
        self._watchers.append(watcher)

    def _is_taken(self, event: QEvent) -> bool:
        # All of them hear it, whoever takes it.
        taken = [watcher(event) for watcher in self._watchers]
        return any(taken)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Tell the watchers."""
        if not self._is_taken(event):
            super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tell the watchers."""
        if not self._is_taken(event):
            super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell the watchers; what they do not take is the parent's."""
        if not self._is_taken(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell the watchers; what they do not take is the parent's."""
        if not self._is_taken(event):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell the watchers; what they do not take is the parent's."""
        if not self._is_taken(event):
            super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Tell the watchers; what they do not take is the parent's."""
        if not self._is_taken(event):
            super().wheelEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture."""
        painter = QPainter(self)
        if self._image is None:
            painter.fillRect(self.rect(), theme.VIDEO)
        else:
            self._paint_picture(painter, self._image)
        if self._is_standing:
            self._paint_standing(painter)
        if self._has_ring:
            painter.setPen(QPen(theme.ACCENT, _RING))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
        if self._unpainted and self.notice is None:
            self._unpainted = False
            self.painted.emit(self._due)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the keyboard is, if it came by the keyboard."""
        self._is_taken(event)
        super().focusInEvent(event)
        self._has_ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the keyboard is elsewhere."""
        self._is_taken(event)
        super().focusOutEvent(event)
        self._has_ring = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tell that the picture is wanted in another size."""
        super().resizeEvent(event)
        self._place = None
        self._overlay.resize(self.size())
        self._is_taken(event)
        self.resized.emit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Tell that pictures are wanted."""
        super().showEvent(event)
        self.seen_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Tell that no pictures are wanted; also when the window is minimised."""
        super().hideEvent(event)
        self.seen_changed.emit()

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        if self._place is None:
            self._place = self._placed(image)
        # The bars only: what is filled and painted over costs as much as the picture.
        for bar in self._place.bars:
            painter.fillRect(bar, theme.VIDEO)
        if self._place.is_exact:
            painter.drawImage(self._place.target.topLeft(), image)
        else:
            painter.drawImage(self._place.target, image)

    def _placed(self, image: QImage) -> _Place:
        ratio = image.devicePixelRatio()
        size = QSize(round(image.width() / ratio), round(image.height() / ratio))
        wanted = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        # While the window is being resized the old picture stands in, scaled; else it is painted pixel for pixel.
        fits = abs(wanted.width() - size.width()) <= 1 and abs(wanted.height() - size.height()) <= 1
        target = QRect(QPoint(0, 0), size if fits else wanted)
        target.moveCenter(self.rect().center())
        # Where a device pixel is no whole logical one, bars reach under the picture's edge.
        covered = target.adjusted(0, 0, -1, -1) if ratio % 1 else target
        return _Place(target, fits, _beside(covered, self.rect()))

    def _paint_standing(self, painter: QPainter) -> None:
        """Darken the border all around, with a dashed line inside it."""
        inner = self.rect().adjusted(_STANDING_BORDER, _STANDING_BORDER, -_STANDING_BORDER, -_STANDING_BORDER)
        painter.save()
        painter.setClipRegion(QRegion(self.rect()) - QRegion(inner))
        painter.fillRect(self.rect(), _STANDING_VEIL)
        painter.restore()
        painter.setPen(QPen(theme.ON_VIDEO_MUTED, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(inner)


def _beside(inner: QRect, outer: QRect) -> tuple[QRect, ...]:
    """Return what of ``outer`` is not ``inner``, which lies within it."""
    sides = (
        QRect(outer.left(), outer.top(), outer.width(), inner.top() - outer.top()),
        QRect(outer.left(), inner.bottom() + 1, outer.width(), outer.bottom() - inner.bottom()),
        QRect(outer.left(), inner.top(), inner.left() - outer.left(), inner.height()),
        QRect(inner.right() + 1, inner.top(), outer.right() - inner.right(), inner.height()),
    )
    return tuple(side for side in sides if not side.isEmpty())
