"""What the window shows while there is no camera: four ways to get one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from livevision.ui import theme
from livevision.ui.icon import pixmap
from livevision.ui.start_card import SIZE as CARD_SIZE
from livevision.ui.start_card import StartCard

_GAP = 16


class StartPage(QWidget):
    """Webcam, network camera, file, demo; and a line for an address."""

    webcam_wanted = Signal()
    address_wanted = Signal(str)
    file_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # No card looks chosen before the operator has chosen one; Tab goes to the first.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.address = QLineEdit()
        self.address.setPlaceholderText("rtsp://user:password@camera.local/stream   or   https://…")
        self.address.setAccessibleName("Address of a network camera")
        self.address.returnPressed.connect(self._connect)
        self.connect_button = QPushButton("Connect")
        self.connect_button.setObjectName("primary")
        self.connect_button.setEnabled(False)
        self.connect_button.clicked.connect(self._connect)
        self.address.textChanged.connect(lambda text: self.connect_button.setEnabled(bool(text.strip())))
        self.webcam = StartCard("camera", "Webcam", "Plugged into this computer", "Ctrl+B")
        self.webcam.clicked.connect(self.webcam_wanted)
        self.network = StartCard("network-camera", "Network camera", "RTSP, MJPEG, HLS by address", "Ctrl+N")
        self.network.clicked.connect(self.address.setFocus)
        self.file = StartCard("file-video", "File", "A recorded video", "Ctrl+O")
        self.file.clicked.connect(self.file_wanted)
        self.demo = StartCard("demo", "Demo", "A street, nothing else needed", "Ctrl+D")
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
        cards.setSpacing(_GAP)
        for card in (self.webcam, self.network, self.file, self.demo):
            cards.addWidget(card)
        address = QHBoxLayout()
        address.setSpacing(10)
        address.addWidget(self.address)
        address.addWidget(self.connect_button)
        inner = QWidget()
        inner.setFixedWidth(4 * CARD_SIZE.width() + 3 * _GAP)
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
