"""How fast and how fresh the picture is, in figures and a curve of the last minute."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.ui import theme

if TYPE_CHECKING:
    from livevision.metrics import MetricsSnapshot

translate = QCoreApplication.translate
REFRESH_MS = 250
"""How often the window feeds a monitor."""
_CURVE_POINTS = 60 * 1000 // REFRESH_MS
_COLUMN = 74
_CURVE_ROOM = 96
_WIDEST_CURVE = 360
_HEIGHT = 46
_SLIM = 22
_BETWEEN = 14


class MonitorStyle(Enum):
    """How much of it is shown; the values are the words of the workspace."""

    FULL = "full"
    """Figures with captions, and the curve."""
    COMPACT = "compact"
    """One slim line."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of the monitor: a caption, a value with its unit, and the colour that judges it."""

    caption: str
    value: str
    unit: str
    colour: QColor
    hint: str
    note: str = ""
    """A word beside the caption: what runs the model."""

    @property
    def name(self) -> str:
        """The caption in the operator's language."""
        return translate("FPSMonitor", self.caption)


class FPSMonitor(QWidget):
    """A strip under the video: captured, shown and inferred per second, age, model time, drops, and a curve.

    Narrow tiles show fewer of them, the important ones first; the rest is in the tool tip.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readings: tuple[Reading, ...] = ()
        self._shown_fps: deque[float] = deque([0.0] * _CURVE_POINTS, maxlen=_CURVE_POINTS)
        self._look = MonitorStyle.FULL
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
        """How much is shown."""
        return self._look

    @look.setter
    def look(self, look: MonitorStyle) -> None:
        self._look = look
        self.setFixedHeight(_SLIM if look is MonitorStyle.COMPACT else _HEIGHT)
        self.setVisible(look is not MonitorStyle.OFF)
        self.update()

    @property
    def curve(self) -> tuple[float, ...]:
        """Shown pictures per second over the last minute, oldest first."""
        return tuple(self._shown_fps)

    def update_figures(
        self, now: MetricsSnapshot, expected_fps: float | None, runs_on: str | None, box_age: float | None = None
    ) -> None:
        """Show ``now``; ``expected_fps`` is what the source declares, to judge what is shown.

        ``runs_on`` is what really runs the model, empty where that is not known, and None without a model.
        ``box_age`` is by how many seconds boxes are older than the pictures that they stand on; None without boxes.
        """
        self._shown_fps.append(now.shown_fps)
        self._readings = _readings(now, expected_fps, runs_on, box_age)
        self.setToolTip("\n".join(f"{r.name}: {r.value} {r.unit}. {r.hint}" for r in self._readings))
        self.setAccessibleDescription(", ".join(f"{r.name} {r.value} {r.unit}".strip() for r in self._readings))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for everything."""
        return QSize(8 * _COLUMN + _CURVE_ROOM, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint as much as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.SURFACE)
        if self._look is MonitorStyle.COMPACT:
            self._paint_line(painter)
        else:
            self._paint_columns(painter)
        painter.end()

    def _paint_line(self, painter: QPainter) -> None:
        """Paint values, each with its caption where that is not plain from the unit, until the line is full."""
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        measure = painter.fontMetrics()
        x, base = 12, (_SLIM + measure.ascent() - measure.descent()) // 2
        for reading in self._readings:
            caption = "" if reading.caption in _PLAIN else f"{reading.name} "
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
        """Paint figures with their captions, and the curve at the right end."""
        spare = self.width() - len(self._readings) * _COLUMN - 12
        curve_room = min(_WIDEST_CURVE, max(_CURVE_ROOM, spare))
        fits = max(1, (self.width() - 12 - curve_room) // _COLUMN)
        for column, reading in enumerate(self._readings[:fits]):
            self._paint_reading(painter, 12 + column * _COLUMN, reading)
        self._paint_curve(painter, QRectF(self.width() - curve_room + 4, 8, curve_room - 16, _HEIGHT - 16))

    def _paint_reading(self, painter: QPainter, x: int, reading: Reading) -> None:
        caption, figure, unit = QFont(self.font()), QFont(self.font()), QFont(self.font())
        caption.setPixelSize(10)
        caption.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
        figure.setPixelSize(16)
        figure.setWeight(QFont.Weight.DemiBold)
        unit.setPixelSize(11)
        painter.setFont(caption)
        painter.setPen(theme.MUTED)
        words = f"{reading.name.upper()} {reading.note}".strip()
        painter.drawText(x, 17, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, _COLUMN - 6))
        painter.setFont(figure)
        painter.setPen(reading.colour)
        painter.drawText(x, 36, reading.value)
        width = painter.fontMetrics().horizontalAdvance(reading.value)
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


_PLAIN = frozenset({"shown"})
_CAPTIONS = (
    QT_TRANSLATE_NOOP("FPSMonitor", "shown"),
    QT_TRANSLATE_NOOP("FPSMonitor", "age"),
    QT_TRANSLATE_NOOP("FPSMonitor", "captured"),
    QT_TRANSLATE_NOOP("FPSMonitor", "inferred"),
    QT_TRANSLATE_NOOP("FPSMonitor", "model"),
    QT_TRANSLATE_NOOP("FPSMonitor", "boxes"),
    QT_TRANSLATE_NOOP("FPSMonitor", "dropped"),
)
"""Told to those who translate."""


def _readings(
    now: MetricsSnapshot, expected_fps: float | None, runs_on: str | None, box_age: float | None
) -> tuple[Reading, ...]:
    expected = expected_fps or now.captured_fps
    dropped = sum(now.dropped.values())
    causes = ", ".join(
        translate("FPSMonitor", "{count} by {cause}").format(count=count, cause=cause)
        for cause, count in now.dropped.items()
        if count
    ) or translate("FPSMonitor", "none")
    model_colour = theme.MUTED if runs_on is None else theme.TEXT
    # In the order of importance: a narrow tile shows the first ones.
    return (
        Reading(
            "shown",
            f"{now.shown_fps:.1f}",
            "fps",
            _judge(now.shown_fps, expected),
            translate("FPSMonitor", "Pictures painted a second"),
        ),
        Reading(
            "age",
            *_ms(now.age_p50),
            theme.TEXT,
            translate("FPSMonitor", "From its arrival, as the camera's clock has it, to the screen, median; {}").format(
                _p95(now)
            ),
        ),
        Reading(
            "captured",
            f"{now.captured_fps:.1f}",
            "fps",
            theme.TEXT,
            translate("FPSMonitor", "Pictures received a second"),
        ),
        Reading(
            "inferred",
            f"{now.inferred_fps:.1f}",
            "fps",
            model_colour,
            translate("FPSMonitor", "Pictures the model answered a second"),
        ),
        Reading(
            "model",
            *_ms(now.inference_p50),
            model_colour,
            _time_for_one(runs_on),
            runs_on or "",
        ),
        Reading(
            "boxes",
            *_ms(box_age),
            model_colour,
            translate(
                "FPSMonitor",
                "Found so long before the picture that they stand on, median; live timing moves them to where objects "
                "are",
            ),
        ),
        Reading(
            "dropped",
            str(dropped),
            "",
            theme.WARNING if dropped else theme.TEXT,
            translate("FPSMonitor", "Lost pictures: {}").format(causes),
        ),
    )


def _judge(shown: float, expected: float) -> QColor:
    if shown >= 0.9 * expected and shown > 0:
        return theme.GOOD
    return theme.WARNING if shown >= 0.5 * expected and shown > 0 else theme.BAD


def _ms(seconds: float | None) -> tuple[str, str]:
    return ("–", "") if seconds is None else (f"{seconds * 1000:.0f}", "ms")


def _p95(now: MetricsSnapshot) -> str:
    if now.age_p95 is None:
        return translate("FPSMonitor", "no picture")
    return translate("FPSMonitor", "95 % within {} ms").format(f"{now.age_p95 * 1000:.0f}")


def _time_for_one(runs_on: str | None) -> str:
    if runs_on:
        return translate("FPSMonitor", "Time for one picture, median; runs on {}").format(runs_on)
    return translate("FPSMonitor", "Time for one picture, median")
