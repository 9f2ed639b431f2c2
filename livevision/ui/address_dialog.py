"""Asks for the address of a network camera, without stopping the video."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from livevision.ui import theme


class AddressDialog(QDialog):
    """One line and two buttons; not modal."""

    address_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Network camera")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.address = QLineEdit()
        self.address.setPlaceholderText("rtsp://user:password@camera.local/stream")
        self.address.setAccessibleName("Address of the camera")
        hint = QLabel("RTSP, or HTTP with MJPEG, HLS or MPEG-TS. The manual of the camera says which.")
        hint.setStyleSheet(f"color: {theme.MUTED.name()};")
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
