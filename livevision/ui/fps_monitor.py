"""How fast and how fresh the picture is, in figures and a curve of the last minute."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.ui import theme
from livevision.ui.tile.readings import PLAIN, Reading, readings

if TYPE_CHECKING:
    from livevision.metrics import MetricsSnapshot

REFRESH_MS = 250
"""How often the window feeds a monitor."""
_CURVE_POINTS = 60 * 1000 // REFRESH_MS
_COLUMN = 74
_CURVE_ROOM = 96
_WIDEST_CURVE = 360
_HEIGHT = 46
_SLIM = 22
_BETWEEN = 14
_LEFT = 12
_WORD = 6
"""Letters of a value without a unit that is no figure any more."""


class MonitorStyle(Enum):
    """How much of it is shown; the values are the words of the workspace."""

    FULL = "full"
    """Figures with captions, and the curve."""
    COMPACT = "compact"
    """One slim line."""
    OFF = "off"


_LEAST = {
    MonitorStyle.FULL: QSize(_LEFT + _COLUMN, _HEIGHT),
    MonitorStyle.COMPACT: QSize(_COLUMN, _SLIM),
    MonitorStyle.OFF: QSize(0, 0),
}
"""Room without which it would be cut."""


class FPSMonitor(QWidget):
    """A strip under the video: captured, shown and inferred per second, age, model time, drops, and a curve.

    Narrow tiles show fewer of them, the important ones first; the rest is in the tool tip.  Where there is too little
    room for the :attr:`look` that is wanted it is compact, and below that it goes: it is never cut.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readings: tuple[Reading, ...] = ()
        self._shown_fps: deque[float] = deque([0.0] * _CURVE_POINTS, maxlen=_CURVE_POINTS)
        self._look = MonitorStyle.FULL
        self._room: QSize | None = None
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("FPS monitor"))

    @property
    def readings(self) -> dict[str, str]:
        """What stands there now: caption -> value with unit."""
        return {reading.caption: f"{reading.value} {reading.unit}".strip() for reading in self._readings}

    @property
    def look(self) -> MonitorStyle:
        """How much is wanted."""
        return self._look

    @look.setter
    def look(self, look: MonitorStyle) -> None:
        self._look = look
        self._dress()

    @property
    def shown_look(self) -> MonitorStyle:
        """How much is shown: what is wanted, or as much of it as there is room for."""
        if self._room is None or self._look is MonitorStyle.OFF:
            return self._look
        looks = (look for look in (self._look, MonitorStyle.COMPACT) if _fits(_LEAST[look], self._room))
        return next(looks, MonitorStyle.OFF)

    @property
    def wanted_height(self) -> int:
        """Logical pixels that it takes where there is room for what is wanted."""
        return _LEAST[self._look].height()

    def fit(self, room: QSize) -> None:
        """Take no more than ``room``, in logical pixels."""
        self._room = room
        self._dress()

    @property
    def curve(self) -> tuple[float, ...]:
        """Shown pictures per second over the last minute, oldest first."""
        return tuple(self._shown_fps)

    def update_figures(
        self,
        now: MetricsSnapshot,
        expected_fps: float | None,
        runs_on: str | None,
        box_age: float | None = None,
        behind: float | None = None,
    ) -> None:
        """Show ``now``; ``expected_fps`` is what the source declares, to judge what is shown.

        ``runs_on`` is what really runs the model, empty where that is not known, and None without a model.
        ``box_age`` is by how many seconds boxes are older than the pictures that they stand on; None without boxes.
        ``behind`` is by how many seconds a picture that stands on purpose is behind the live one; None while it is
        live.
        """
        self._shown_fps.append(now.shown_fps)
        told = readings(now, expected_fps, runs_on, box_age, behind)
        if told != self._readings:
            self._readings = told
            self.setToolTip("\n".join(f"{r.name}: {r.value} {r.unit}. {r.hint}" for r in told))
            self.setAccessibleDescription(", ".join(f"{r.name} {r.value} {r.unit}".strip() for r in told))
            self.update()
        elif self.shown_look is MonitorStyle.FULL:
            self.update()  # the curve moves on

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for everything."""
        return QSize(8 * _COLUMN + _CURVE_ROOM, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint as much as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.SURFACE)
        if self.shown_look is MonitorStyle.COMPACT:
            self._paint_line(painter)
        else:
            self._paint_columns(painter)
        painter.end()

    def _dress(self) -> None:
        look = self.shown_look
        if look is not MonitorStyle.OFF:
            self.setFixedHeight(_LEAST[look].height())
        if self.isHidden() is not (look is MonitorStyle.OFF):
            self.setVisible(look is not MonitorStyle.OFF)
        self.update()

    def _paint_line(self, painter: QPainter) -> None:
        """Paint values, each with its caption where that is not plain from the unit, until the line is full."""
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        measure = painter.fontMetrics()
        x, base = _LEFT, (_SLIM + measure.ascent() - measure.descent()) // 2
        for reading in self._readings:
            caption = "" if reading.caption in PLAIN else f"{reading.name} "
            value = f"{reading.value} {reading.unit}".strip()
            if x + measure.horizontalAdvance(caption + value) > self.width() - 8:
                return
            painter.setPen(theme.MUTED)
            painter.drawText(x, base, caption)
            x += measure.horizontalAdvance(caption)
            painter.setPen(reading.colour)
            painter.drawText(x, base, value)
            x += measure.horizontalAdvance(value) + _BETWEEN

    def _paint_columns(self, painter: QPainter) -> None:
        """Paint figures with their captions, and the curve at the right end; it gives way to the first two figures."""
        spare = self.width() - len(self._readings) * _COLUMN - _LEFT
        curve_room = min(_WIDEST_CURVE, max(_CURVE_ROOM, spare))
        if self.width() - _LEFT - curve_room < 2 * _COLUMN:
            curve_room = 0
        fits = (self.width() - _LEFT - curve_room) // _COLUMN
        for column, reading in enumerate(self._readings[:fits]):
            self._paint_reading(painter, _LEFT + column * _COLUMN, reading)
        if curve_room:
            self._paint_curve(painter, QRectF(self.width() - curve_room + 4, 8, curve_room - 16, _HEIGHT - 16))

    def _paint_reading(self, painter: QPainter, x: int, reading: Reading) -> None:
        caption, figure, unit = QFont(self.font()), QFont(self.font()), QFont(self.font())
        caption.setPixelSize(10)
        caption.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
        # A word, as of a picture that stands, is longer than a figure.
        figure.setPixelSize(16 if reading.unit or len(reading.value) < _WORD else 12)
        figure.setWeight(QFont.Weight.DemiBold)
        unit.setPixelSize(11)
        painter.setFont(caption)
        painter.setPen(theme.MUTED)
        words = f"{reading.name.upper()} {reading.note}".strip()
        painter.drawText(x, 17, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, _COLUMN - 6))
        painter.setFont(figure)
        painter.setPen(reading.colour)
        value = painter.fontMetrics().elidedText(reading.value, Qt.TextElideMode.ElideRight, _COLUMN - 6)
        painter.drawText(x, 36, value)
        width = painter.fontMetrics().horizontalAdvance(value)
        painter.setFont(unit)
        painter.setPen(theme.MUTED)
        painter.drawText(x + width + 3, 36, reading.unit)

    def _paint_curve(self, painter: QPainter, room: QRectF) -> None:
        top = max(10.0, *self._shown_fps) * 1.1
        step = room.width() / (_CURVE_POINTS - 1)
        line = QPainterPath()
        for index, fps in enumerate(self._shown_fps):
            point = QPointF(room.left() + index * step, room.bottom() - room.height() * fps / top)
            if index:
                line.lineTo(point)
            else:
                line.moveTo(point)
        area = QPainterPath(line)
        area.lineTo(room.bottomRight())
        area.lineTo(room.bottomLeft())
        area.closeSubpath()
        fill = QLinearGradient(room.topLeft(), room.bottomLeft())
        strong, faint = QColor(theme.ACCENT), QColor(theme.ACCENT)
        strong.setAlpha(90)
        faint.setAlpha(10)
        fill.setColorAt(0, strong)
        fill.setColorAt(1, faint)
        painter.fillPath(area, fill)
        painter.setPen(QPen(theme.ACCENT, 1.4))
        painter.drawPath(line)


def _fits(size: QSize, room: QSize) -> bool:
    return size.width() <= room.width() and size.height() <= room.height()
