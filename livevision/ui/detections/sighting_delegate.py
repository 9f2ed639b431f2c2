"""How a recent detection looks in its row: picture, class, camera, and when."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from livevision.ui import theme
from livevision.ui.detections.sighting_model import SIGHTING, SightingModel, clock
from livevision.ui.swatch import SIDE, colour_of, paint_swatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Image
    from livevision.sightings import Sighting
    from livevision.ui.detections.sighting_model import Index

PICTURE = 56
"""Logical pixels of a picture's longer side."""
_MARGIN = 8


class SightingDelegate(QStyledItemDelegate):
    """Paints what is seen only; a picture is its array, not copied."""

    def __init__(self, model: SightingModel, parent: QWidget, now: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._model = model
        self._now = now

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the room for a picture, or three lines where letters are large."""
        return QSize(220, max(PICTURE, 3 * option.fontMetrics.lineSpacing()) + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        sighting: Sighting = index.data(SIGHTING)
        room = option.rect
        painter.save()
        self._paint_ground(painter, option)
        left = QRect(room.left() + _MARGIN, room.top() + (room.height() - PICTURE) // 2, PICTURE, PICTURE)
        _paint_picture(painter, left, sighting.thumbnail)
        text = QRect(left.right() + 12, room.top() + _MARGIN, 0, room.height() - 2 * _MARGIN)
        text.setRight(room.right() - _MARGIN)
        self._paint_words(painter, text, option.font, sighting)
        painter.restore()

    def when(self, sighting: Sighting) -> str:
        """Return when it appeared, and how long ago it was last seen: "14:05:09 · 12 s ago"."""
        ago = max(0.0, self._now() - sighting.last_seen)
        return f"{clock(sighting.first_seen)} · {self._ago(ago)}"

    def _ago(self, seconds: float) -> str:
        if seconds < 2:
            return self.tr("now")
        if seconds < 60:
            return self.tr("{seconds} s ago").format(seconds=int(seconds))
        if seconds < 3600:
            return self.tr("{minutes} min ago").format(minutes=int(seconds / 60))
        return self.tr("{hours} h ago").format(hours=int(seconds / 3600))

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        room = QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.RAISED)
            painter.setPen(QPen(theme.ACCENT, 1.5) if is_chosen else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(room, 6, 6)

    def _paint_words(self, painter: QPainter, room: QRect, font: QFont, sighting: Sighting) -> None:
        line = painter.fontMetrics().lineSpacing()
        top = room.top() + max(0, room.height() - 3 * line) // 2
        paint_swatch(painter, QRectF(room.left(), top + (line - SIDE) / 2, SIDE, SIDE), colour_of(sighting.class_name))
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        first = QRect(room.left() + SIDE + 7, top, room.width() - SIDE - 7, line)
        painter.setPen(theme.TEXT)
        _paint_line(painter, first, bold, self._model.title(sighting))
        painter.setPen(theme.MUTED)
        _paint_line(painter, QRect(room.left(), top + line, room.width(), line), font, sighting.camera)
        _paint_line(painter, QRect(room.left(), top + 2 * line, room.width(), line), font, self.when(sighting))


def _paint_line(painter: QPainter, room: QRect, font: QFont, text: str) -> None:
    painter.setFont(font)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _paint_picture(painter: QPainter, room: QRect, picture: Image | None) -> None:
    painter.fillRect(room, theme.BACKGROUND)
    if picture is None:
        return
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, 3 * width, QImage.Format.Format_BGR888)
    size = QSize(width, height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(room.left() + (room.width() - size.width()) // 2, 0, size.width(), size.height())
    place.moveTop(room.top() + (room.height() - size.height()) // 2)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)
