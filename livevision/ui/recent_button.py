"""A button of the start page for a camera that was there before: what kind it is, and its name."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon

_ICON = 18
_LEFT, _GAP = 14, 10


class RecentButton(QPushButton):
    """As much of the name as there is room for; the tool tip has all of it."""

    def __init__(self, icon_name: str, name: str, parent: QWidget | None = None) -> None:
        # An ampersand in a name is no key.
        super().__init__(name.replace("&", "&&"), parent)
        self._icon_name, self._name = icon_name, name
        self.setToolTip(name)
        # Enter opens it, too, as it does in a dialog.
        self.setAutoDefault(True)
        # All are equally wide, whatever they are called.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changes.changed.connect(self.update)

    @property
    def shown(self) -> str:
        """What can be read of the name."""
        return self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, self._room().width())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for the icon and some letters."""
        return QSize(4 * _ICON + _LEFT, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint what every button has, the icon, and the name behind it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - _ICON) // 2
        icon(self._icon_name, theme.MUTED.name()).paint(painter, QRect(_LEFT, top, _ICON, _ICON))
        painter.setPen(theme.TEXT)
        painter.drawText(self._room(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.shown)

    def _room(self) -> QRect:
        return self.rect().adjusted(_LEFT + _ICON + _GAP, 0, -_LEFT, 0)
