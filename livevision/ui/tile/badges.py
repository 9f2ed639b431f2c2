"""Small signs in a corner of the picture: that it stands, that it is zoomed, that boxes are too late for it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon

_GROUND, _LIT = QColor(8, 9, 12, 200), QColor(44, 50, 62, 230)
_HEIGHT = 24
_ICON = 14
_PADDING = 9
_GAP = 5


class Badge(QPushButton):
    """An icon and a few words; a press undoes what it says."""

    def __init__(self, icon_name: str, hint: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setToolTip(hint)
        self.setFixedHeight(_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def say(self, words: str) -> None:
        """Say this; with no words there is nothing to be seen."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(f"{words}. {self.toolTip()}")
            self.updateGeometry()
        self.setVisible(bool(words))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for icon and words."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + _ICON + _GAP + 2 * _PADDING, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for the icon."""
        return QSize(_ICON + 2 * _PADDING, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint a pill with the icon and as much of the words as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.isDown()
        painter.setPen(QPen(theme.ON_VIDEO, 2) if self.hasFocus() else QPen(theme.ON_VIDEO_MUTED, 0.75))
        painter.setBrush(_LIT if lit else _GROUND)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
        top = (self.height() - _ICON) // 2
        icon(self._icon_name, theme.ON_VIDEO.name()).paint(painter, _PADDING, top, _ICON, _ICON)
        left = _PADDING + _ICON + _GAP
        painter.setPen(theme.ON_VIDEO)
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - left - 6)
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class Badges(QWidget):
    """The badges of one picture, in its upper left corner."""

    live_wanted = Signal()
    zoom_reset_wanted = Signal()
    timing_wanted = Signal()
    privacy_wanted = Signal()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.frozen = Badge("pause", self.tr("Show the live picture again"), self)
        self.zoom = Badge("zoom", self.tr("Show the whole picture again"), self)
        self.late = Badge("timing-aligned", self.tr("Boxes come too late to wait for. Press for another timing"), self)
        self.hidden = Badge("eye-off", self.tr("Nobody may recognise whom the model has not found. Settings"), self)
        self.hidden.clicked.connect(self.privacy_wanted)
        self.frozen.clicked.connect(self.live_wanted)
        self.zoom.clicked.connect(self.zoom_reset_wanted)
        self.late.clicked.connect(self.timing_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self._all = self.frozen, self.zoom, self.late, self.hidden
        for badge in self._all:
            layout.addWidget(badge)
        layout.addStretch(1)
        self.setGeometry(16, 16, 100, _HEIGHT)
        self.hide()

    def tell(self, frozen: str, zoom: str, late: str, hidden: str) -> None:
        """Say these; empty where there is nothing to say."""
        for badge, words in zip(self._all, (frozen, zoom, late, hidden), strict=True):
            badge.say(words)
        wanted = sum(badge.sizeHint().width() + 6 for badge in self._all if badge.text())
        # No wider than needed: what lies beside them is the picture's, for mouse and repainting.
        self.setGeometry(16, 16, max(1, min(wanted, self._view.width() - 32)), _HEIGHT)
        self.setVisible(bool(wanted))
        self.raise_()
