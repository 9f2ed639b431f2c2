"""A line at the bottom of the window that says what happened, without a modal box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from livevision.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

_INFORMATION_MS = 6000
_ERROR_MS = 15000
_MARGIN = 12


class MessageBar(QLabel):
    """Shows one message for some seconds, over the lower edge of ``parent``: nothing moves when it comes and goes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        parent.installEventFilter(self)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._colour = theme.GOOD
        theme.changes.changed.connect(self._dress)
        self.hide()

    def inform(self, text: str) -> None:
        """Say what was done."""
        self._show(text, theme.GOOD, _INFORMATION_MS)

    def warn(self, text: str) -> None:
        """Say what failed and what to try."""
        self._show(text, theme.BAD, _ERROR_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay at the lower edge when the parent changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room = self._over.size()
        height = self.heightForWidth(room.width() - 2 * _MARGIN)
        self.setGeometry(_MARGIN, room.height() - height - _MARGIN, room.width() - 2 * _MARGIN, height)
        self.raise_()

    def _show(self, text: str, colour: QColor, milliseconds: int) -> None:
        self._colour = colour
        self._dress()
        self.setText(text)
        self._place()
        self.show()
        self._timer.start(milliseconds)

    def _dress(self) -> None:
        self.setStyleSheet(
            f"background: {theme.RAISED.name()}; border: 1px solid {theme.BORDER.name()}; "
            f"border-left: 4px solid {self._colour.name()}; padding: 9px 14px;"
        )
