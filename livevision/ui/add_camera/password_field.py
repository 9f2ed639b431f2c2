"""A line for a password: hidden, unless its owner wants to see what is typed."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon


class PasswordField(QWidget):
    """A hidden line with an eye beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(self.tr("Password"))
        self.eye = QPushButton()
        self.eye.setCheckable(True)
        self.eye.setAutoDefault(False)
        self.eye.setProperty("role", "tool")
        self.eye.setIconSize(QSize(18, 18))
        self.eye.toggled.connect(self._show)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line)
        layout.addWidget(self.eye)
        self.setFocusProxy(self.line)
        theme.changes.changed.connect(self._draw)
        self._show(False)

    def _show(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        words = self.tr("Hide the password") if shown else self.tr("Show the password")
        self._draw()
        self.eye.setToolTip(words)
        self.eye.setAccessibleName(words)

    def _draw(self) -> None:
        self.eye.setIcon(icon("eye-off" if self.eye.isChecked() else "eye", theme.TEXT.name()))
