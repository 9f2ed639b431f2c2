"""The mark on a cell that says what a drop would do."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from livevision.ui import theme
from livevision.ui.layouts.order import Drop

_BAR = 8
_FRAME = 3
_VEIL_ALPHA = 70
_PADDING = 10


class DropMark(QWidget):
    """A frame around a cell where tiles would swap, a bar at its side where one would be put in; and words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._drop = Drop.SWAP
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def words(self) -> str:
        """What stands there."""
        if self._drop is Drop.SWAP:
            return self.tr("Swap")
        return self.tr("Insert before") if self._drop is Drop.BEFORE else self.tr("Insert after")

    def show_at(self, cell: QRect, drop: Drop) -> None:
        """Mark ``cell``, in the parent's coordinates."""
        if self.isVisible() and (cell, drop) == (self.geometry(), self._drop):
            return
        self._drop = drop
        self.setGeometry(cell)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._drop is Drop.SWAP:
            veil = QColor(theme.ACCENT)
            veil.setAlpha(_VEIL_ALPHA)
            painter.fillRect(self.rect(), veil)
            painter.setPen(QPen(theme.ACCENT, _FRAME))
            painter.drawRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        else:
            left = 0 if self._drop is Drop.BEFORE else self.width() - _BAR
            painter.fillRect(left, 0, _BAR, self.height(), theme.ACCENT)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        size = painter.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.words)
        plate = QRect(0, 0, size.width() + 2 * _PADDING, size.height() + _PADDING)
        plate.moveCenter(self.rect().center())
        # The pointer with its picture is where people let go: in the middle, or below.
        plate.moveTop(self.height() // 8)
        if self._drop is Drop.BEFORE:
            plate.moveLeft(_BAR + _PADDING)
        elif self._drop is Drop.AFTER:
            plate.moveRight(self.width() - _BAR - _PADDING)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.RAISED)
        painter.drawRoundedRect(plate, 6, 6)
        painter.setPen(theme.TEXT)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self.words)
