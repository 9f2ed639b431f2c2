"""A line at the bottom of the window that says what happened, without a modal box."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from livevision.ui import theme

_INFORMATION_MS = 6000
_ERROR_MS = 15000


class MessageBar(QLabel):
    """Shows one message for some seconds; a click ends it sooner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def inform(self, text: str) -> None:
        """Say what was done."""
        self._show(text, theme.GOOD.name(), _INFORMATION_MS)

    def warn(self, text: str) -> None:
        """Say what failed and what to try."""
        self._show(text, theme.BAD.name(), _ERROR_MS)

    def _show(self, text: str, colour: str, milliseconds: int) -> None:
        self.setStyleSheet(
            f"background: {theme.RAISED.name()}; border-left: 4px solid {colour}; padding: 9px 14px; font-size: 13px;"
        )
        self.setText(text)
        self.show()
        self._timer.start(milliseconds)
