"""One of the big buttons of the start page: a picture, a title, and what it is for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon

_ICON = 48
_RADIUS = 14.0
_LEAST = QSize(190, 176)


class StartCard(QPushButton):
    """A button with three lines of content, painted in the colours that the theme has at the moment."""

    def __init__(self, icon_name: str, title: str, hint: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        theme.changes.changed.connect(self.update)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Enter does what a click does, as it does in a dialog.
        self.setAutoDefault(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        heading = _line(title, "heading")
        layout = self._lines = QVBoxLayout(self)
        layout.setContentsMargins(14, 18 + _ICON + 10, 14, 14)
        layout.setSpacing(5)
        layout.addWidget(heading)
        layout.addWidget(_line(hint, "muted"))
        layout.addStretch()
        layout.addWidget(_line(keys, "muted"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return what its lines need."""
        return self._lines.sizeHint().expandedTo(self.minimumSize())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Become as tall as the words need at this width, in whatever language."""
        super().resizeEvent(event)
        self.setMinimumHeight(max(_LEAST.height(), self._lines.totalHeightForWidth(self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint surface, border and picture; the words are labels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        raised = self.hasFocus() or self.underMouse()
        # A focus is seen without colours, too: its border is twice as thick.
        width = 2.0 if self.hasFocus() else 1.0
        painter.setPen(QPen(theme.ACCENT if raised else theme.BORDER, width))
        painter.setBrush(theme.BORDER if self.isDown() else theme.RAISED if raised else theme.SURFACE)
        inside = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inside, inside, -inside, -inside), _RADIUS, _RADIUS)
        picture = icon(self._icon_name, theme.ACCENT.name())
        picture.paint(painter, (self.width() - _ICON) // 2, 18, _ICON, _ICON)


def _line(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    # The button is what is clicked.
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
