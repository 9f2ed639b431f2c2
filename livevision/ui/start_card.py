"""One of the big buttons of the start page: a picture, a title, and what it is for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon

SIZE = QSize(206, 176)
_STYLE = f"""
QPushButton {{ background: {theme.SURFACE.name()}; border: 1px solid {theme.BORDER.name()}; border-radius: 14px; }}
QPushButton:hover, QPushButton:focus {{ border-color: {theme.ACCENT.name()}; background: {theme.RAISED.name()}; }}
QPushButton:pressed {{ background: {theme.BORDER.name()}; }}
"""


class StartCard(QPushButton):
    """A button with three lines of content."""

    def __init__(self, icon_name: str, title: str, hint: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(SIZE)
        self.setStyleSheet(_STYLE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        picture = QLabel()
        picture.setPixmap(icon(icon_name, theme.ACCENT.name()).pixmap(QSize(48, 48)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 18, 14, 14)
        layout.setSpacing(5)
        layout.addWidget(picture, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        layout.addWidget(_line(title, "font-size: 16px; font-weight: 600;"))
        layout.addWidget(_line(hint, f"color: {theme.MUTED.name()};"))
        layout.addStretch()
        layout.addWidget(_line(keys, f"color: {theme.MUTED.name()}; font-size: 11px;"))


def _line(text: str, style: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setStyleSheet(f"background: transparent; {style}")
    # The button is what is clicked.
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
