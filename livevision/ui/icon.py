"""The icon set, tinted to the theme and sharp at any scale."""

from __future__ import annotations

import weakref
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from livevision.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractButton


def dress(wearer: QAction | QAbstractButton, name: str, colour: QColor = theme.TEXT) -> None:
    """Give it the line icon ``name`` in a colour of the theme, whatever the theme becomes."""
    here = weakref.ref(wearer)

    def put_on() -> None:
        if (each := here()) is not None and isValid(each):
            each.setIcon(icon(name, colour.name()))

    put_on()
    theme.changes.changed.connect(put_on)
    wearer.destroyed.connect(lambda: theme.changes.changed.disconnect(put_on))


@cache
def icon(name: str, colour: str) -> QIcon:
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
