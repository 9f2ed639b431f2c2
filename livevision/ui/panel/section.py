"""A part of the panel that can be folded up."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from livevision.ui import theme

_MARGIN = 14
_CHEVRON = 4.0


class SectionHeader(QAbstractButton):
    """The title of a section; pressing it, or Space, folds it up or down.  ``summary`` stands at the right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._summary = ""

    @property
    def summary(self) -> str:
        """What is set in there, in a few words."""
        return self._summary

    @summary.setter
    def summary(self, summary: str) -> None:
        if summary != self._summary:
            self._summary = summary
            self.setAccessibleDescription(summary)
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for a line."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 3 * _MARGIN, metrics.height() + 20)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the line above, the chevron, the title and the summary."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), theme.RAISED)
        painter.setPen(QPen(theme.BORDER, 1))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        if self.hasFocus():
            painter.setPen(QPen(theme.ACCENT, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 3, -2, -2), 5, 5)
        painter.setPen(QPen(theme.MUTED, 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(self._chevron())
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(theme.TEXT)
        left = 2 * _MARGIN + 2
        room = QRectF(left, 0, self.width() - left - _MARGIN, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(self.text()) + _MARGIN)
        painter.setFont(self.font())
        painter.setPen(theme.MUTED)
        summary = painter.fontMetrics().elidedText(self._summary, Qt.TextElideMode.ElideMiddle, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, summary)
        painter.end()

    def _chevron(self) -> QPolygonF:
        x, y = _MARGIN + _CHEVRON / 2, self.height() / 2
        if self.isChecked():
            points = ((-_CHEVRON, -_CHEVRON / 2), (0.0, _CHEVRON / 2), (_CHEVRON, -_CHEVRON / 2))
        else:
            points = ((-_CHEVRON / 2, -_CHEVRON), (_CHEVRON / 2, 0.0), (-_CHEVRON / 2, _CHEVRON))
        return QPolygonF([QPointF(x + across, y + down) for across, down in points])


class Section(QWidget):
    """A title, and ``body`` below it while it is open."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = SectionHeader(title)
        self.body = body
        body.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(body)
        self.header.toggled.connect(body.setVisible)

    def set_open(self, is_open: bool) -> None:
        """Fold it up or down."""
        self.header.setChecked(is_open)
