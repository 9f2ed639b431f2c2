"""Asks for an address, as that of a model on a server, without stopping the video."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, and what helps to answer; in English, marked for translation."""

    title: str
    name: str
    """For screen readers."""
    example: str
    hint: str


MODEL = Question(
    str(QT_TRANSLATE_NOOP("AddressDialog", "Model on a server, or in Python")),
    str(QT_TRANSLATE_NOOP("AddressDialog", "Address of the model")),
    "roboflow+http://gpu-server:9001/project/3",
    str(
        QT_TRANSLATE_NOOP(
            "AddressDialog",
            "Also kserve+http://…, deepstack+http://…, torchserve+http://…, huggingface+https://…, json+http://…; or "
            "package.module:factory for a model in Python, whose code is then run.",
        )
    ),
)


class AddressDialog(QDialog):
    """One line and two buttons; not modal."""

    address_wanted = Signal(str)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_translated(question.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.address = QLineEdit()
        self.address.setPlaceholderText(question.example)
        self.address.setAccessibleName(_translated(question.name))
        hint = QLabel(_translated(question.hint))
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
        layout.addWidget(QLabel(self.tr("Address")))
        layout.addWidget(self.address)
        layout.addWidget(hint)
        layout.addWidget(buttons)

    def accept(self) -> None:
        """Hand the address over."""
        text = self.address.text().strip()
        if text:
            self.address_wanted.emit(text)
            super().accept()


def _translated(text: str) -> str:
    return QCoreApplication.translate("AddressDialog", text)
