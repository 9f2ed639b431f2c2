"""Changing a camera's name where it stands."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_MOST = 80
_LEAST_WIDTH = 160


class NameEditor(QLineEdit):
    """A field over the name: Enter, or going elsewhere, takes what was typed; Esc leaves it as it was."""

    named = Signal(str)
    """Another name, not empty."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._before = ""
        self.setMaxLength(_MOST)
        self.setTextMargins(0, 0, 0, 0)
        self.setStyleSheet("padding: 1px 6px;")
        self.setAccessibleName(self.tr("Name of the camera"))
        self.returnPressed.connect(self._take)
        self.hide()

    def edit(self, name: str, left: int) -> None:
        """Let the operator change ``name``; the field begins at ``left``."""
        room = self.parentWidget()
        assert room is not None
        width = min(max(_LEAST_WIDTH, self.fontMetrics().horizontalAdvance(name) + 40), room.width() - left - 4)
        self.setGeometry(QRect(left, 3, width, room.height() - 6))
        self._before = name
        self.setText(name)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave with Esc; every other key stays in the field."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._before)
            self._take()
            return
        super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take what was typed; not while only its menu is open."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._take()

    def _take(self) -> None:
        if self.isHidden():
            return
        name = self.text().strip()
        self.hide()
        if name and name != self._before:
            self.named.emit(name)
