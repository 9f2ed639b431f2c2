"""A choice of few, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from livevision.ui import theme

if TYPE_CHECKING:
    from collections.abc import Iterable

_PADDING = 9


class Segment(QAbstractButton):
    """One of them; what is chosen has a frame and heavier letters, not only another colour."""

    def __init__(self, text: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setToolTip(tip)
        self.setCheckable(True)
        self.setAccessibleDescription(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for the words in heavier letters."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) * 11 // 10 + 2 * _PADDING, metrics.height() + 14)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same: words are not cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint frame and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        font = QFont(self.font())
        if self.isChecked():
            painter.setPen(QPen(theme.ACCENT, 1.5))
            painter.setBrush(theme.RAISED)
            painter.drawRoundedRect(room, 5, 5)
            font.setWeight(QFont.Weight.DemiBold)
        elif self.underMouse():
            painter.setPen(QPen(theme.BORDER, 1))
            painter.drawRoundedRect(room, 5, 5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.TEXT, 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(room.adjusted(3, 3, -3, -3), 3, 3)
        painter.setFont(font)
        painter.setPen(theme.TEXT if self.isChecked() or self.underMouse() else theme.MUTED)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Segmented(QWidget):
    """Gives ``chosen`` the value that the operator has chosen; Tab comes to the one that is, arrows go on."""

    chosen = Signal(object)

    def __init__(self, name: str, choices: Iterable[tuple[object, str, str]], parent: QWidget | None = None) -> None:
        """``choices`` are values, words, and tool tips."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values: list[object] = []
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for value, words, tip in choices:
            segment = Segment(words, tip, self)
            segment.setAccessibleName(f"{name}: {words}")
            self._group.addButton(segment, len(self._values))
            self._values.append(value)
            layout.addWidget(segment)
        self._group.idToggled.connect(self._toggled)

    @property
    def value(self) -> object:
        """What is chosen; None before anything is."""
        row = self._group.checkedId()
        return None if row < 0 else self._values[row]

    def segment(self, value: object) -> QAbstractButton:
        """Return the button that stands for a value."""
        return self._group.button(self._values.index(value))

    def choose(self, value: object) -> None:
        """Show what is chosen; what is not there is shown as nothing."""
        if value in self._values:
            self.segment(value).setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the trough."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.BORDER, 1))
        painter.setBrush(theme.BACKGROUND)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.end()

    def _toggled(self, row: int, is_on: bool) -> None:
        if is_on:
            self.chosen.emit(self._values[row])
