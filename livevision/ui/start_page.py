"""What the window shows while there is no camera: four ways to get one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from livevision.ui import theme
from livevision.ui.icon import icon, pixmap

_CARD = QSize(196, 158)
_CARD_STYLE = f"""
QToolButton {{ background: {theme.SURFACE.name()}; border: 1px solid {theme.BORDER.name()}; border-radius: 14px;
               padding: 18px 10px 14px 10px; font-size: 15px; font-weight: 600; }}
QToolButton:hover, QToolButton:focus {{ border-color: {theme.ACCENT.name()}; background: {theme.RAISED.name()}; }}
"""


class StartPage(QWidget):
    """Webcam, network camera, file, demo; and a line for an address."""

    webcam_wanted = Signal()
    address_wanted = Signal(str)
    file_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = QLineEdit()
        self.address.setPlaceholderText("rtsp://user:password@camera.local/stream   or   https://…")
        self.address.setAccessibleName("Address of a network camera")
        self.address.returnPressed.connect(self._connect)
        self.connect_button = QPushButton("Connect")
        self.connect_button.setObjectName("primary")
        self.connect_button.setEnabled(False)
        self.connect_button.clicked.connect(self._connect)
        self.address.textChanged.connect(lambda text: self.connect_button.setEnabled(bool(text.strip())))
        self.webcam = _card("camera", "Webcam", "Plugged into this computer (Ctrl+B)")
        self.webcam.clicked.connect(self.webcam_wanted)
        self.network = _card("network-camera", "Network camera", "RTSP, MJPEG, HLS: give its address (Ctrl+N)")
        self.network.clicked.connect(self.address.setFocus)
        self.file = _card("file-video", "File", "A recorded video (Ctrl+O)")
        self.file.clicked.connect(self.file_wanted)
        self.demo = _card("demo", "Demo", "A generated street, nothing else needed (Ctrl+D)")
        self.demo.clicked.connect(self.demo_wanted)
        self._lay_out()

    def ask_for_address(self) -> None:
        """Put the cursor where an address goes."""
        self.address.setFocus()

    def _connect(self) -> None:
        text = self.address.text().strip()
        if text:
            self.address.clear()
            self.address_wanted.emit(text)

    def _lay_out(self) -> None:
        logo = QLabel()
        logo.setPixmap(pixmap("app", 88))
        title = QLabel("livevision")
        title.setStyleSheet("font-size: 34px; font-weight: 600;")
        subtitle = QLabel("Live cameras, live detections. What should be on the screen?")
        subtitle.setStyleSheet(f"font-size: 15px; color: {theme.MUTED.name()};")
        cards = QHBoxLayout()
        cards.setSpacing(16)
        for card in (self.webcam, self.network, self.file, self.demo):
            cards.addWidget(card)
        address = QHBoxLayout()
        address.setSpacing(10)
        address.addWidget(self.address)
        address.addWidget(self.connect_button)
        inner = QWidget()
        inner.setFixedWidth(4 * _CARD.width() + 3 * 16)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (logo, title, subtitle):
            column.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(28)
        column.addLayout(cards)
        column.addSpacing(18)
        column.addLayout(address)
        outer = QVBoxLayout(self)
        outer.addStretch(4)
        outer.addWidget(inner, alignment=Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(5)


def _card(name: str, title: str, hint: str) -> QToolButton:
    card = QToolButton()
    card.setIcon(icon(name, theme.ACCENT.name()))
    card.setIconSize(QSize(48, 48))
    card.setText(f"\n{title}")
    card.setToolTip(hint)
    card.setAccessibleName(title)
    card.setAccessibleDescription(hint)
    card.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    card.setFixedSize(_CARD)
    card.setStyleSheet(_CARD_STYLE)
    card.setCursor(Qt.CursorShape.PointingHandCursor)
    return card
