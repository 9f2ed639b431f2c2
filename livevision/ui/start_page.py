"""What the window shows while there is no camera: four ways to get one, and recent ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.icon import pixmap
from livevision.ui.recent_button import RecentButton
from livevision.ui.start_card import StartCard

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAP = 16
_WIDTH = 872
_LOGO = 88
_MOST_RECENT = 6
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class RecentCamera:
    """One that was there before; its password is not in it, but in the keyring."""

    name: str
    source: str = field(repr=False)
    kind: SourceKind = SourceKind.NETWORK
    id: str = ""


class StartPage(QWidget):
    """Webcam, network camera, file, demo; a line for an address; and what was opened before."""

    webcam_wanted = Signal()
    address_wanted = Signal(str)
    file_wanted = Signal()
    demo_wanted = Signal()
    add_wanted = Signal(SourceKind)
    """The dialog that adds a camera is wanted, with this kind chosen."""
    recent_wanted = Signal(RecentCamera)
    clear_wanted = Signal()
    """The recent ones are to be forgotten."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # No card looks chosen before the operator has chosen one; Tab goes to the first.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Start page"))
        self.address = QLineEdit()
        self.address.setPlaceholderText(self.tr("rtsp://user:password@camera.local/stream   or   https://…"))
        self.address.setAccessibleName(self.tr("Address of a network camera"))
        self.address.returnPressed.connect(self._connect)
        self.connect_button = QPushButton(self.tr("Connect"))
        self.connect_button.setObjectName("primary")
        self.connect_button.setEnabled(False)
        self.connect_button.clicked.connect(self._connect)
        self.address.textChanged.connect(lambda text: self.connect_button.setEnabled(bool(text.strip())))
        self._add_cards()
        self._recent = QGridLayout()
        self._recent.setSpacing(8)
        for column in range(_COLUMNS):
            self._recent.setColumnStretch(column, 1)
        self._recent_title = QLabel(self.tr("Recent cameras"))
        self._recent_title.setProperty("role", "heading")
        self.clear = QPushButton(self.tr("Clear"))
        self.clear.setProperty("role", "tool")
        self.clear.setAccessibleName(self.tr("Forget the recent cameras"))
        self.clear.setAutoDefault(True)
        self.clear.clicked.connect(self.clear_wanted)
        for part in (self._recent_title, self.clear):
            part.hide()
        self.recent: tuple[RecentButton, ...] = ()
        self._lay_out()

    def ask_for_address(self) -> None:
        """Put the cursor where an address goes."""
        self.address.setFocus()

    def show_recent(self, cameras: Iterable[RecentCamera]) -> None:
        """Offer these, the newest first; no more than fit."""
        for button in self.recent:
            self._recent.removeWidget(button)
            button.deleteLater()
        self.recent = tuple(self._recent_button(camera) for camera in tuple(cameras)[:_MOST_RECENT])
        for place, button in enumerate(self.recent):
            self._recent.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        for part in (self._recent_title, self.clear):
            part.setVisible(bool(self.recent))

    def _recent_button(self, camera: RecentCamera) -> RecentButton:
        button = RecentButton(camera.kind.value, camera.name)
        button.setAccessibleName(self.tr("Open {} again").format(camera.name))
        button.clicked.connect(lambda: self.recent_wanted.emit(camera))
        return button

    def _connect(self) -> None:
        text = self.address.text().strip()
        if text:
            self.address.clear()
            self.address_wanted.emit(text)

    def _add_cards(self) -> None:
        self.webcam = StartCard("camera", self.tr("Webcam"), self.tr("Plugged into this computer"), "Ctrl+B")
        self.webcam.clicked.connect(self.webcam_wanted)
        self.webcam.clicked.connect(lambda: self.add_wanted.emit(SourceKind.WEBCAM))
        self.network = StartCard(
            "network-camera", self.tr("Network camera"), self.tr("RTSP, MJPEG, HLS by address"), "Ctrl+N"
        )
        # The cursor is where it is needed also where nobody has connected a dialog.
        self.network.clicked.connect(self.address.setFocus)
        self.network.clicked.connect(lambda: self.add_wanted.emit(SourceKind.NETWORK))
        self.file = StartCard("file-video", self.tr("File"), self.tr("A recorded video"), "Ctrl+O")
        self.file.clicked.connect(self.file_wanted)
        self.demo = StartCard("demo", self.tr("Demo"), self.tr("A street, nothing else needed"), "Ctrl+D")
        self.demo.clicked.connect(self.demo_wanted)

    def _lay_out(self) -> None:
        logo = QLabel()
        ratio = self.devicePixelRatioF()
        picture = pixmap("app", round(_LOGO * ratio))
        picture.setDevicePixelRatio(ratio)
        logo.setPixmap(picture)
        logo.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title = QLabel("livevision")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title.setStyleSheet("font-size: 34px; font-weight: 600;")
        subtitle = _centred(self.tr("Live cameras, live detections. What should be on the screen?"), "muted")
        cards = QHBoxLayout()
        cards.setSpacing(_GAP)
        for card in (self.webcam, self.network, self.file, self.demo):
            cards.addWidget(card, 1)
        address = QHBoxLayout()
        address.setSpacing(10)
        address.addWidget(self.address)
        address.addWidget(self.connect_button)
        inner = QWidget()
        inner.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 16, 0, 16)
        for part in (logo, title, subtitle):
            column.addWidget(part)
        column.addSpacing(28)
        column.addLayout(cards)
        column.addSpacing(18)
        column.addLayout(address)
        column.addWidget(
            _centred(self.tr("Or drop videos, folders and addresses anywhere here, or paste an address."), "muted")
        )
        column.addSpacing(10)
        above = QGridLayout()
        above.addWidget(self._recent_title, 0, 0, Qt.AlignmentFlag.AlignLeft)
        above.addWidget(self.clear, 0, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(above)
        column.addLayout(self._recent)
        outer = QVBoxLayout(self)
        outer.addStretch(4)
        outer.addWidget(inner, alignment=Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(5)


def _centred(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setWordWrap(True)
    return label
