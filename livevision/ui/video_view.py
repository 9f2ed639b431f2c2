"""The picture itself: drawn 1:1, and dimmed the moment that it is no longer live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from livevision.ui import theme
from livevision.ui.notice import Notice, NoticeOverlay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_RING = 2
_STANDING_BORDER = 12
_STANDING_VEIL = QColor(8, 9, 12, 170)


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
    def room(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        size = self.size() * self.devicePixelRatioF()
        return max(2, size.width()), max(2, size.height())

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
        image.setDevicePixelRatio(self.devicePixelRatioF())
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
        super().focusInEvent(event)
        self._has_ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self._has_ring = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tell that the picture is wanted in another size."""
        super().resizeEvent(event)
        self._overlay.resize(self.size())
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
        ratio = image.devicePixelRatio()
        size = QSize(round(image.width() / ratio), round(image.height() / ratio))
        wanted = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        # While the window is being resized the old picture stands in, scaled; else it is painted pixel for pixel.
        fits = abs(wanted.width() - size.width()) <= 1 and abs(wanted.height() - size.height()) <= 1
        target = QRect(QPoint(0, 0), size if fits else wanted)
        target.moveCenter(self.rect().center())
        if target != self.rect():
            painter.fillRect(self.rect(), theme.VIDEO)
        if fits:
            painter.drawImage(target.topLeft(), image)
        else:
            painter.drawImage(target, image)

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
