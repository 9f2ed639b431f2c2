"""The picture itself: drawn 1:1, and dimmed the moment that it is no longer live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.ui import theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VEIL = QColor(8, 9, 12, 190)
_LINE_WIDTH = 0.86
"""Share of the view's width that a notice may take."""


class VideoView(QWidget):
    """Paints the newest picture in the middle of its area, and a notice over it where there is something to say."""

    painted = Signal(float)
    """A picture was painted for the first time; carries when it was captured, monotonic seconds."""
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._captured = 0.0
        self._unpainted = False
        self._notice: tuple[str, str] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)

    @property
    def image(self) -> QImage | None:
        """What is shown, at the size that it is shown."""
        return self._image

    @property
    def notice(self) -> tuple[str, str] | None:
        """Headline and detail that stand over the picture; None while it is live."""
        return self._notice

    def fit(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the largest size in device pixels, of the aspect of ``size``, that the view has room for."""
        room = self.size() * self.devicePixelRatioF()
        fitted = QSize(*size).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return max(2, fitted.width()), max(2, fitted.height())

    def show_picture(self, pixels: NDArray[np.uint8], captured: float) -> None:
        """Show a ``(h, w, 4)`` BGRA array in device pixels that nobody else writes to."""
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        # The image only borrows the array's memory: both live and go together.
        self._image, self._pixels = image, pixels
        self._unpainted = captured != self._captured
        self._captured = captured
        self.update()

    def set_notice(self, notice: tuple[str, str] | None) -> None:
        """Dim the picture and say why, or show it plainly again."""
        if notice != self._notice:
            self._notice = notice
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint picture and notice."""
        painter = QPainter(self)
        if self._image is None:
            painter.fillRect(self.rect(), theme.BACKGROUND)
        else:
            self._paint_picture(painter, self._image)
        if self._notice is not None:
            painter.fillRect(self.rect(), _VEIL)
            self._paint_notice(painter, *self._notice)
        painter.end()
        if self._unpainted and self._notice is None:
            self._unpainted = False
            self.painted.emit(self._captured)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tell that the picture is wanted in another size."""
        super().resizeEvent(event)
        self.resized.emit()

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        ratio = image.devicePixelRatio()
        size = QSize(round(image.width() / ratio), round(image.height() / ratio))
        wanted = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        # While the window is being resized the old picture stands in, scaled; else it is painted pixel for pixel.
        fits = abs(wanted.width() - size.width()) <= 1 and abs(wanted.height() - size.height()) <= 1
        target = QRect(QPoint(0, 0), size if fits else wanted)
        target.moveCenter(self.rect().center())
        if target != self.rect():
            painter.fillRect(self.rect(), theme.BACKGROUND)
        if fits:
            painter.drawImage(target.topLeft(), image)
        else:
            painter.drawImage(target, image)

    def _paint_notice(self, painter: QPainter, headline: str, detail: str) -> None:
        big, small = QFont(self.font()), QFont(self.font())
        big.setPixelSize(max(13, min(24, self.width() // 26)))
        big.setWeight(QFont.Weight.DemiBold)
        small.setPixelSize(max(11, min(15, self.width() // 40)))
        width = int(self.width() * _LINE_WIDTH)
        room = QRect((self.width() - width) // 2, 0, width, self.height())
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setFont(big)
        head = painter.boundingRect(room, flags, headline)
        painter.setFont(small)
        rest = painter.boundingRect(room, flags, detail) if detail else QRect()
        top = (self.height() - head.height() - rest.height() - 8) // 2
        painter.setFont(big)
        painter.setPen(theme.TEXT)
        painter.drawText(QRect(room.x(), top, width, head.height()), flags, headline)
        painter.setFont(small)
        painter.setPen(theme.MUTED)
        painter.drawText(QRect(room.x(), top + head.height() + 8, width, rest.height()), flags, detail)
