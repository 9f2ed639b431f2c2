"""A small square of a class's colour, as it stands beside its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from livevision.overlay import class_colour

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice

SIDE = 12
"""Logical pixels."""
_ROUND = 3


def colour_of(class_name: str) -> QColor:
    """Return the colour that a class has on the picture."""
    return QColor(*class_colour(class_name).as_rgb())


def paint_swatch(painter: QPainter, room: QRectF, colour: QColor) -> None:
    """Paint the square into ``room``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(room, _ROUND, _ROUND)
    painter.restore()


def swatch(colour: QColor, screen: QPaintDevice) -> QIcon:
    """Return it as an icon that is sharp on ``screen``."""
    ratio = screen.devicePixelRatioF()
    square = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    square.setDevicePixelRatio(ratio)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    paint_swatch(painter, QRectF(0, 0, SIDE, SIDE), colour)
    painter.end()
    return QIcon(square)
