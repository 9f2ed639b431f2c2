"""A cell without a camera, which offers to add one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon

_ICON = 24
_RADIUS = 8
_GAP = 6
_MARGIN = 12


class EmptyCell(QPushButton):
    """A button as large as a cell, quiet until somebody means it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(self.tr("Add a camera"))
        self.setAccessibleName(self.tr("Empty cell: add a camera"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint a dashed frame, a plus, and words where they fit."""
        # A cell that is moved away from under the mouse is not told that it left.
        hovered = self.underMouse() and self.rect().contains(self.mapFromGlobal(QCursor.pos()))
        meant = hovered or self.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isDown():
            painter.setBrush(theme.SURFACE)
        painter.setPen(QPen(theme.ACCENT if meant else theme.BORDER, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), _RADIUS, _RADIUS)
        colour = theme.TEXT if meant else theme.MUTED
        metrics = self.fontMetrics()
        room = self.rect().adjusted(_MARGIN, 0, -_MARGIN, 0)
        has_words = metrics.horizontalAdvance(self.text()) <= room.width()
        height = _ICON + (_GAP + metrics.height() if has_words else 0)
        plus = QRect(0, (self.height() - height) // 2, _ICON, _ICON)
        plus.moveLeft((self.width() - _ICON) // 2)
        icon("add", colour.name()).paint(painter, plus)
        if has_words:
            painter.setPen(colour)
            words = QRect(room.left(), plus.bottom() + _GAP, room.width(), metrics.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
