"""Asks for an address, of a network camera or of a model on a server, without stopping the video."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, and what helps to answer."""

    title: str
    name: str
    """For screen readers."""
    example: str
    hint: str


CAMERA = Question(
    "Network camera",
    "Address of the camera",
    "rtsp://user:password@camera.local/stream",
    "RTSP, or HTTP with MJPEG, HLS or MPEG-TS. The manual of the camera says which.",
)
MODEL = Question(
    "Model on a server, or in Python",
    "Address of the model",
    "roboflow+http://gpu-server:9001/project/3",
    "Also kserve+http://…, deepstack+http://…, torchserve+http://…, huggingface+https://…, json+http://…; or "
    "package.module:factory for a model in Python, whose code is then run.",
)


class AddressDialog(QDialog):
    """One line and two buttons; not modal."""

    address_wanted = Signal(str)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(question.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.address = QLineEdit()
        self.address.setPlaceholderText(question.example)
        self.address.setAccessibleName(question.name)
        hint = QLabel(question.hint)
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        opening = buttons.button(QDialogButtonBox.StandardButton.Open)
        opening.setObjectName("primary")
        opening.setEnabled(False)
        self.address.textChanged.connect(lambda text: opening.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(QLabel("Address"))
        layout.addWidget(self.address)
        layout.addWidget(hint)
        layout.addWidget(buttons)

    def accept(self) -> None:
        """Hand the address over."""
        text = self.address.text().strip()
        if text:
            self.address_wanted.emit(text)
            super().accept()
