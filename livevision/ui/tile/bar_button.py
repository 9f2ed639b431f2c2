"""A button on the picture: an icon that can be read on any video, in either theme."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon

SIDE = 32
_ICON = 18
_LIT, _PRESSED, _ON = QColor(255, 255, 255, 38), QColor(255, 255, 255, 70), QColor(255, 255, 255, 54)


class BarButton(QPushButton):
    """Shows ``icon_name``, and a line under it while it is on.  Painted as solid as its parent's ``opacity`` says."""

    def __init__(self, icon_name: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._is_on = False
        self.opacity = 1.0
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.say(icon_name, words)

    @property
    def is_on(self) -> bool:
        """Whether what it stands for is so."""
        return self._is_on

    def say(self, icon_name: str, words: str, is_on: bool = False) -> None:
        """Show this icon, and say this to those who ask."""
        if (icon_name, words, is_on) != (self._icon_name, self.toolTip(), self._is_on):
            self._icon_name, self._is_on = icon_name, is_on
            self.setToolTip(words)
            self.setAccessibleName(words)
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return its size."""
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint ground, icon, the line of what is on, and the ring of the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self.opacity * (1 if self.isEnabled() else 0.4))
        painter.setPen(Qt.PenStyle.NoPen)
        inner = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if self.isDown() or self.underMouse() or self._is_on:
            painter.setBrush(_PRESSED if self.isDown() else _LIT if self.underMouse() else _ON)
            painter.drawRoundedRect(inner, 6, 6)
        room = QRect(0, 0, _ICON, _ICON)
        room.moveCenter(self.rect().center())
        icon(self._icon_name, theme.ON_VIDEO.name()).paint(painter, room)
        if self._is_on:
            painter.fillRect(QRectF(self.width() / 2 - 6, self.height() - 5, 12, 2), theme.ON_VIDEO)
        if self.hasFocus():
            painter.setPen(QPen(theme.ON_VIDEO, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), 5, 5)
        painter.end()
