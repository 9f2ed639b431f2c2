"""The line above a picture: what camera it is, how it is, and whether it is being recorded."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livevision.sources.status import CameraState
from livevision.ui import theme
from livevision.ui.tile.name_editor import NameEditor

_HEIGHT = 32
_NAME_LEFT = 29
_LEAST_RECORDING = 76
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
    """Name and state on the left, recording or trouble on the right.  A double click on the name changes it."""

    renamed = Signal(str)
    """The operator wants this name."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._state = CameraState.CONNECTING
        self._model = ""
        self._recording = ""
        self._trouble = ""
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
            self.setAccessibleName(self.words)
            self.update()

    def edit_name(self) -> None:
        """Let the operator type another name."""
        self.editor.edit(self._name, _NAME_LEFT - 7)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Change the name where it was hit; elsewhere it is not the header's business."""
        end = _NAME_LEFT + self.fontMetrics().horizontalAdvance(self._name) + 8
        if event.button() == Qt.MouseButton.LeftButton and _NAME_LEFT - 4 <= event.position().x() <= end:
            self.edit_name()
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    @property
    def words(self) -> str:
        """Everything that stands there, for tests and screen readers."""
        parts = (self._name, self._state.value, self._model, self._recording, self._trouble)
        return " · ".join(part for part in parts if part)

    def tell(self, state: CameraState, model: str, recording: str, trouble: str) -> None:
        """Show these; ``recording`` is empty while nothing is recorded, ``trouble`` while all is well."""
        if (state, model, recording, trouble) == (self._state, self._model, self._recording, self._trouble):
            return
        self._state, self._model, self._recording, self._trouble = state, model, recording, trouble
        self.setAccessibleName(self.words)
        self.setToolTip(trouble)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint from both ends; the trouble takes what is left in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.SURFACE)
        left = self._paint_dot(painter, 12, _STATE_COLOURS[self._state])
        right = self.width() - 12
        if self._recording:
            right = self._paint_recording(painter, right)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        left = self._paint_text(painter, left, right, self._name, theme.TEXT, bold) + 8
        left = self._paint_text(painter, left, right, self._state.value, _STATE_COLOURS[self._state], self.font()) + 8
        if self._model and self._has_room_for_model(right - left):
            left = self._paint_text(painter, left, right, self._model, theme.MUTED, self.font()) + 8
        if self._trouble:
            self._paint_trouble(painter, left + 4, right)
        painter.end()

    def _has_room_for_model(self, room: int) -> bool:
        """Tell whether the trouble, which is more important, can be read beside it."""
        widths = [self.fontMetrics().horizontalAdvance(text) for text in (self._model, self._trouble) if text]
        return not self._trouble or sum(widths) + 12 <= room

    def _paint_trouble(self, painter: QPainter, left: int, right: int) -> None:
        # What it is stands at its beginning, and when it is tried again at its end.
        shown = self.fontMetrics().elidedText(self._trouble, Qt.TextElideMode.ElideMiddle, right - left)
        self._paint_text(painter, left, right, shown, theme.WARNING, self.font())

    def _paint_dot(self, painter: QPainter, x: int, colour: QColor) -> int:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(x, _HEIGHT / 2 - 4, 8, 8))
        return x + 17

    def _paint_recording(self, painter: QPainter, right: int) -> int:
        painter.setFont(self.font())
        # The length comes first and stays; the name keeps its half.
        room = max(_LEAST_RECORDING, right // 2)
        shown = painter.fontMetrics().elidedText(self._recording, Qt.TextElideMode.ElideRight, room)
        width = painter.fontMetrics().horizontalAdvance(shown)
        self._paint_text(painter, right - width, right + 2, shown, theme.TEXT, self.font())
        self._paint_dot(painter, right - width - 16, theme.BAD)
        return right - width - 30

    def _paint_text(self, painter: QPainter, left: int, right: int, text: str, colour: QColor, font: QFont) -> int:
        if right - left < 20:
            return left
        painter.setFont(font)
        painter.setPen(colour)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, right - left)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, right - left, _HEIGHT), flags, shown)
        return left + painter.fontMetrics().horizontalAdvance(shown)
