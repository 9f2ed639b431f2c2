"""The line above a picture: what camera it is, how it is, and whether it is being recorded."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.sources.status import CameraState
from livevision.ui import theme, words
from livevision.ui.tile.header_line import Claim, Part, share
from livevision.ui.tile.header_words import HeaderWords
from livevision.ui.tile.name_editor import NameEditor

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEIGHT = 32
_LEFT, _RIGHT = 26, 10
_GAP = 8
_DOT, _SIGN = 8, 14
_BESIDE = 5
"""Pixels between a dot or a sign and its words."""
_LETTERS = 7
"""Of a name there is always room for so many average ones, about eight letters of most names."""
_OF_USE = 44
"""Pixels below which nobody reads anything."""
_TELLING = 110
"""Pixels below which nobody knows from the words what the trouble is."""
_STATE_COLOURS = {
    CameraState.CONNECTING: theme.ACCENT,
    CameraState.LIVE: theme.GOOD,
    CameraState.STALLED: theme.WARNING,
    CameraState.BACKING_OFF: theme.WARNING,
    CameraState.AUTH_FAILED: theme.BAD,
    CameraState.ENDED: theme.MUTED,
    CameraState.FAILED: theme.BAD,
    CameraState.STOPPED: theme.MUTED,
}


class TileHeader(QWidget):
    """Name, state and trouble on the left, recording on the right.  A double click on the name changes it.

    In a narrow tile what is less important gives way; the tool tip has everything.
    """

    renamed = Signal(str)
    """The operator wants this name."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._told = HeaderWords()
        self.editor = NameEditor(self)
        self.editor.named.connect(self.renamed)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def name(self) -> str:
        """What the camera is called."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self._say()

    def edit_name(self) -> None:
        """Let the operator type another name."""
        self.editor.edit(self._name, _LEFT - 7)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Change the name where it was hit; elsewhere it is not the header's business."""
        end = _LEFT + self.widths().get(Part.NAME, 0) + _GAP
        if event.button() == Qt.MouseButton.LeftButton and _LEFT - 4 <= event.position().x() <= end:
            self.edit_name()
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    @property
    def words(self) -> str:
        """Everything that there is to say, for tests and tool tips."""
        return f"{self._name} · {self._told.line}"

    def tell(self, told: HeaderWords) -> None:
        """Show these words."""
        if told != self._told:
            self._told = told
            self._say()

    def widths(self) -> dict[Part, int]:
        """Return what there is room for, and how many logical pixels it gets."""
        return share(self.width() - _LEFT - _RIGHT, self._claims(), _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint each part where it belongs, as wide as it may be."""
        told, widths = self._told, self.widths()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.SURFACE)
        colour = _STATE_COLOURS[told.state]
        _paint_dot(painter, _LEFT - _DOT - 8, colour)
        x = self._paint_name(painter, widths)
        for part, text, tint in (
            (Part.STATE, words.state(told.state), colour),
            (Part.MODEL, told.model, theme.MUTED),
            (Part.BOX_AGE, told.box_age, theme.MUTED),
        ):
            if part in widths:
                _paint_text(painter, QRectF(x, 0, widths[part], _HEIGHT), text, tint, Qt.TextElideMode.ElideRight)
                x += widths[part] + _GAP
        if Part.TROUBLE in widths:
            self._paint_trouble(painter, x, widths[Part.TROUBLE])
        if Part.RECORDING in widths:
            self._paint_recording(painter, widths[Part.RECORDING])
        painter.end()

    def _claims(self) -> Iterator[Claim]:
        """Yield what everything wants, in the order of importance."""
        told, metrics = self._told, self.fontMetrics()
        bold = QFontMetrics(self._bold())
        room = self.width() - _LEFT - _RIGHT
        name = _width(bold, self._name)
        yield Claim(Part.NAME, min(name, _LETTERS * bold.averageCharWidth()), 1)
        trouble = _SIGN + _BESIDE + _width(metrics, told.trouble)
        if told.trouble:
            yield Claim(Part.TROUBLE, _SIGN, _SIGN)
        if told.recording:
            length = _DOT + _BESIDE + _width(metrics, told.recording)
            yield Claim(Part.RECORDING, _DOT, _DOT)
            yield Claim(Part.RECORDING, length, length)
        if told.trouble:
            # As much as tells what it is; the rest of it after the name.
            yield Claim(Part.TROUBLE, min(trouble, room // 2), min(trouble, _SIGN + _BESIDE + _TELLING))
        yield Claim(Part.NAME, name, 1)
        if told.trouble:
            yield Claim(Part.TROUBLE, trouble, min(trouble, _SIGN + _BESIDE + _TELLING))
        for part, text in ((Part.STATE, words.state(told.state)), (Part.MODEL, told.model)):
            if text:
                yield Claim(part, _width(metrics, text), min(_width(metrics, text), _OF_USE))
        if told.box_age:
            yield Claim(Part.BOX_AGE, _width(metrics, told.box_age), _width(metrics, told.box_age))

    def _say(self) -> None:
        told = self._told
        recording = self.tr("recording") if told.recording else ""
        parts = (self._name, words.state(told.state), told.model, recording, told.trouble)
        self.setAccessibleName(" · ".join(part for part in parts if part))
        self.setAccessibleDescription(" · ".join(part for part in (told.recording, told.details) if part))
        self.setToolTip(_plain("\n".join(part for part in (self._name, told.line, told.figures) if part)))
        self.update()

    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        return bold

    def _paint_name(self, painter: QPainter, widths: dict[Part, int]) -> int:
        if Part.NAME not in widths:
            return _LEFT
        painter.setFont(self._bold())
        room = QRectF(_LEFT, 0, widths[Part.NAME], _HEIGHT)
        # Cameras are told apart by how their names begin, and by the numbers at their ends.
        _paint_text(painter, room, self._name, theme.TEXT, Qt.TextElideMode.ElideMiddle)
        painter.setFont(self.font())
        return _LEFT + widths[Part.NAME] + _GAP

    def _paint_trouble(self, painter: QPainter, x: int, width: int) -> None:
        """Paint a sign, and as many words as there is room for."""
        middle = _HEIGHT / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.WARNING)
        corners = (QPointF(x + _SIGN / 2, middle - 6.5), QPointF(x + _SIGN, middle + 6), QPointF(x, middle + 6))
        painter.drawPolygon(QPolygonF(corners))
        painter.fillRect(QRectF(x + _SIGN / 2 - 0.8, middle - 2.5, 1.6, 4.5), theme.SURFACE)
        painter.fillRect(QRectF(x + _SIGN / 2 - 0.8, middle + 3, 1.6, 1.6), theme.SURFACE)
        if width > _SIGN:
            # What it is stands at its beginning, and when it is tried again at its end.
            room = QRectF(x + _SIGN + _BESIDE, 0, width - _SIGN - _BESIDE, _HEIGHT)
            _paint_text(painter, room, self._told.trouble, theme.WARNING, Qt.TextElideMode.ElideMiddle)

    def _paint_recording(self, painter: QPainter, width: int) -> None:
        x = self.width() - _RIGHT - width
        _paint_dot(painter, x, theme.BAD)
        if width > _DOT:
            room = QRectF(x + _DOT + _BESIDE, 0, width - _DOT - _BESIDE, _HEIGHT)
            _paint_text(painter, room, self._told.recording, theme.TEXT, Qt.TextElideMode.ElideNone)


def _width(metrics: QFontMetrics, text: str) -> int:
    # What is elided to exactly its own width may lose its end.
    return metrics.horizontalAdvance(text) + 1 if text else 0


def _paint_dot(painter: QPainter, x: int, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(x, (_HEIGHT - _DOT) / 2, _DOT, _DOT))


def _paint_text(painter: QPainter, room: QRectF, text: str, colour: QColor, elide: Qt.TextElideMode) -> None:
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, elide, int(room.width()))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
    painter.drawText(room, flags, shown)


def _plain(text: str) -> str:
    # Names and what servers answer are no mark-up.
    return f"<div style='white-space: pre-wrap'>{html.escape(text)}</div>"
