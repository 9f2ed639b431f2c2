"""The time line: when each class was seen, where the picture is, and what section is marked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.overlay import class_colour
from livevision.ui import theme
from livevision.ui.player.lanes import Lanes
from livevision.ui.player.position import clock, scale, short_clock

_SIDE = 14
_NAMES = 96
"""Pixels for the names of the classes, left of their lanes."""
_LANE, _LANE_STEP = 8, 15
_TOP = 8
_TRACK = 6
_BELOW = 24
"""For the scale."""
_LEAST_MARK = 2.0
_LABEL_EVERY = 90


@dataclass(frozen=True, slots=True)
class Marks:
    """The section that is marked, as far as it is."""

    start: float | None = None
    end: float | None = None


class TimeLine(QWidget):
    """Emits ``sought`` where it is clicked or dragged to, and around a drag ``scrubbing_changed``."""

    sought = Signal(float)
    scrubbing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start, self._end = 0.0, 0.0
        self._position = 0.0
        self._hovered: float | None = None
        self._scrubbing = False
        self._lanes = Lanes()
        self._marks = Marks()
        self._still: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Time line"))
        self._fit_height()
        theme.changes.changed.connect(self._draw_anew)

    @property
    def lanes(self) -> Lanes:
        """The classes that are shown."""
        return self._lanes

    @property
    def hovered(self) -> float | None:
        """The time under the mouse, in seconds of the file."""
        return self._hovered

    def set_range(self, start: float, end: float) -> None:
        """Be a video from ``start`` to ``end``, seconds of the file."""
        if (start, end) != (self._start, self._end):
            self._start, self._end = start, end
            self._draw_anew()

    def set_position(self, seconds: float) -> None:
        """Be at this time."""
        if seconds != self._position:
            before, self._position = self._position, seconds
            if int(before) != int(seconds):
                words = self.tr("{position} of {length}").format(
                    position=short_clock(int(seconds - self._start)), length=short_clock(int(self._end - self._start))
                )
                self.setAccessibleDescription(words)
            self.update()

    def set_marks(self, marks: Marks) -> None:
        """Show what section is marked."""
        self._marks = marks
        self.update()

    def set_lanes(self, lanes: Lanes) -> None:
        """Show when each class was seen."""
        self._lanes = lanes
        seen = ", ".join((*(lane.name for lane in lanes.shown), *lanes.more))
        self.setToolTip(self.tr("Not shown: {names}").format(names=", ".join(lanes.more)) if lanes.more else "")
        self.setAccessibleName(self.tr("Time line. Seen: {names}").format(names=seen) if seen else self.tr("Time line"))
        self._fit_height()
        self._draw_anew()

    def x_of(self, seconds: float) -> float:
        """Return where a time is, in pixels."""
        room = self._room()
        length = self._end - self._start
        return room.left() + (room.width() * (seconds - self._start) / length if length > 0 else 0.0)

    def time_at(self, x: float) -> float:
        """Return the time at a place; the nearest end outside."""
        room = self._room()
        share = min(1.0, max(0.0, (x - room.left()) / max(1.0, room.width())))
        return self._start + share * (self._end - self._start)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as the lanes need."""
        return QSize(600, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go there, and follow the mouse from now on."""
        if event.button() is Qt.MouseButton.LeftButton and self._end > self._start:
            self._scrubbing = True
            self.scrubbing_changed.emit(True)
            self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say the time under the mouse; while the button is down, go there."""
        self._hovered = self.time_at(event.position().x())
        if self._scrubbing:
            self._seek(event.position().x())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Be there."""
        if self._scrubbing and event.button() is Qt.MouseButton.LeftButton:
            self._scrubbing = False
            self.scrubbing_changed.emit(False)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Say no time any more."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw for the new size."""
        super().resizeEvent(event)
        self._draw_anew()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint what changes over what stays."""
        if self._still is None or self._still.devicePixelRatio() != self.devicePixelRatioF():
            self._still = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = self._track()
        self._paint_section(painter, track)
        at = self.x_of(self._position)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ACCENT)
        painter.drawRoundedRect(QRectF(track.left(), track.top(), at - track.left(), _TRACK), 3, 3)
        if self._hovered is not None:
            self._paint_hovered(painter, self._hovered)
        painter.fillRect(QRectF(at - 0.75, 3, 1.5, track.bottom() - 3), theme.TEXT)
        painter.setBrush(theme.TEXT)
        painter.drawEllipse(QPointF(at, track.center().y()), 6, 6)
        painter.end()

    def _seek(self, x: float) -> None:
        self.sought.emit(self.time_at(x))

    def _draw_anew(self) -> None:
        self._still = None
        self.update()

    def _fit_height(self) -> None:
        rows = len(self._lanes.shown) + (1 if self._lanes.more else 0)
        self.setFixedHeight(_TOP + rows * _LANE_STEP + 10 + _TRACK + _BELOW)

    def _room(self) -> QRectF:
        left = _SIDE + (_NAMES if self._lanes.shown else 0)
        return QRectF(left, 0, max(1, self.width() - left - _SIDE), self.height())

    def _track(self) -> QRectF:
        room = self._room()
        return QRectF(room.left(), self.height() - _BELOW - _TRACK, room.width(), _TRACK)

    def _drawn(self) -> QPixmap:
        """Return everything that stays where it is: hundreds of marks are not painted 25 times a second."""
        still = QPixmap(self.size() * self.devicePixelRatioF())
        still.setDevicePixelRatio(self.devicePixelRatioF())
        still.fill(theme.SURFACE)
        painter = QPainter(still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_small(self.font()))
        room, track = self._room(), self._track()
        for row, lane in enumerate(self._lanes.shown):
            top = _TOP + row * _LANE_STEP
            self._paint_name(painter, top, lane.name, theme.TEXT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.BACKGROUND)
            painter.drawRoundedRect(QRectF(room.left(), top, room.width(), _LANE), 2, 2)
            painter.setBrush(QColor(*class_colour(lane.name).as_rgb()))
            for first, last in lane.spans:
                left = self.x_of(first)
                painter.drawRect(QRectF(left, top, max(_LEAST_MARK, self.x_of(last) - left), _LANE))
        if self._lanes.more:
            words = self.tr("{count} more").format(count=len(self._lanes.more))
            self._paint_name(painter, _TOP + len(self._lanes.shown) * _LANE_STEP, words, theme.MUTED)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.BORDER)
        painter.drawRoundedRect(track, 3, 3)
        self._paint_scale(painter, track)
        painter.end()
        return still

    def _paint_name(self, painter: QPainter, top: int, name: str, colour: QColor) -> None:
        painter.setPen(colour)
        room = QRectF(_SIDE, top - 3, _NAMES - 8, _LANE + 6)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_scale(self, painter: QPainter, track: QRectF) -> None:
        painter.setPen(theme.MUTED)
        for seconds in scale(self._end - self._start, int(track.width() / _LABEL_EVERY)):
            words = short_clock(seconds)
            width = painter.fontMetrics().horizontalAdvance(words)
            left = min(max(_SIDE, self.x_of(self._start + seconds) - width / 2), self.width() - _SIDE - width)
            painter.drawText(QPointF(left, track.bottom() + 16), words)

    def _paint_section(self, painter: QPainter, track: QRectF) -> None:
        if self._marks == Marks():
            return
        left = self.x_of(self._start if self._marks.start is None else self._marks.start)
        right = self.x_of(self._end if self._marks.end is None else self._marks.end)
        fill = QColor(theme.ACCENT)
        fill.setAlpha(48)
        painter.fillRect(QRectF(left, 2, right - left, track.bottom() + 4), fill)
        painter.setPen(QPen(theme.ACCENT, 2))
        for x, inwards, mark in ((left, 5, self._marks.start), (right, -5, self._marks.end)):
            if mark is not None:
                corners = (x + inwards, 2), (x, 2), (x, track.bottom() + 6), (x + inwards, track.bottom() + 6)
                painter.drawPolyline([QPointF(*corner) for corner in corners])

    def _paint_hovered(self, painter: QPainter, seconds: float) -> None:
        x, track = self.x_of(seconds), self._track()
        painter.fillRect(QRectF(x - 0.5, 3, 1, track.bottom() - 3), theme.MUTED)
        painter.setFont(_small(self.font()))
        words = clock(seconds - self._start)
        width = painter.fontMetrics().horizontalAdvance(words) + 12
        left = min(max(2.0, x - width / 2), self.width() - width - 2.0)
        bubble = QRectF(left, track.bottom() + 4, width, 17)
        painter.setPen(theme.BORDER)
        painter.setBrush(theme.RAISED)
        painter.drawRoundedRect(bubble, 4, 4)
        painter.setPen(theme.TEXT)
        painter.drawText(bubble, Qt.AlignmentFlag.AlignCenter, words)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(11)
    return small
