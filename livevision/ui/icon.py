"""The icon set, tinted to the theme and sharp at any scale."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from livevision.ui import theme


@cache
def icon(name: str, colour: str = theme.TEXT.name()) -> QIcon:
    """Return the line icon ``name``, drawn in ``colour``."""
    drawn = QIcon()
    for side in (16, 24, 32, 48, 64, 96):
        drawn.addPixmap(pixmap(name, side, colour))
    return drawn


def pixmap(name: str, side: int, colour: str | None = None) -> QPixmap:
    """Return ``name`` as a square picture of ``side`` pixels; in its own colours if ``colour`` is None."""
    svg = (files("livevision.ui") / "icons" / f"{name}.svg").read_bytes()
    if colour is not None:
        svg = svg.replace(b"#000", QColor(colour).name().encode())
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return picture
