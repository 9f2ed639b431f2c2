"""What a model file is like, in a window of its own: how it is understood, what runs it, what it finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImageReader, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.translation import told

if TYPE_CHECKING:
    from livevision.inspection import ModelReport

_PICTURES = "(*.jpg *.jpeg *.png *.bmp *.webp)"
_PICTURE = QSize(420, 420)


class InspectionDialog(QDialog):
    """Shows a report once there is one.  Not modal; ``picture_chosen`` asks for the same with a picture to try."""

    picture_chosen = Signal(str)

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Model {}").format(file.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 520)
        self._report: ModelReport | None = None
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setProperty("role", "heading")
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 12, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        room = QScrollArea()
        room.setWidget(self._rows)
        room.setWidgetResizable(True)
        room.setFrameShape(QScrollArea.Shape.NoFrame)
        room.viewport().setAutoFillBackground(False)
        self._rows.setAutoFillBackground(False)
        self.picture = QLabel()
        self.picture.setAccessibleName(self.tr("The picture with what the model found"))
        self.picture.hide()
        middle = QHBoxLayout()
        middle.addWidget(room, 1)
        middle.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._try = buttons.addButton(self.tr("&Try on a picture…"), QDialogButtonBox.ButtonRole.ActionRole)
        self._copy = buttons.addButton(self.tr("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self._try.clicked.connect(self._ask_for_picture)
        self._copy.clicked.connect(self._copy_words)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addWidget(self.status)
        layout.addLayout(middle, 1)
        layout.addWidget(buttons)
        self.show_working(file.name)

    @property
    def words(self) -> str:
        """Everything that stands there."""
        return "\n".join((self.status.text(), *(self._report.lines() if self._report else ())))

    def show_working(self, name: str) -> None:
        """Say that it takes a while."""
        self.status.setText(self.tr("Looking at {} and trying it. This takes some seconds.").format(name))
        self._try.setEnabled(False)
        self._copy.setEnabled(False)

    def show_failure(self, message: str) -> None:
        """Say what is wrong with the file or the picture."""
        self.status.setText(message)
        self._try.setEnabled(True)

    def show_report(self, report: ModelReport) -> None:
        """Show what was found out."""
        self._report = report
        self.status.setText(
            self.tr("{} can be used as it is.").format(report.name)
            if report.layout
            else self.tr("{} cannot be used before it is known what its outputs mean.").format(report.name)
        )
        while (item := self._grid.takeAt(0)) is not None:
            if (shown := item.widget()) is not None:
                shown.deleteLater()
        rows = report.rows()
        above = ""
        for row, (label, words) in enumerate(rows):
            # Once is enough where several lines are about the same.
            name, above = "" if label == above else _capitalised(told(label)), label
            self._grid.addWidget(_label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(_label(told(words), ""), row, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowStretch(len(rows), 1)
        self._show_picture(report.found.drawn if report.found else "")
        self._try.setEnabled(True)
        self._copy.setEnabled(True)

    def _show_picture(self, path: str) -> None:
        self.picture.setVisible(bool(path))
        if path:
            ratio = self.devicePixelRatioF()
            reader = QImageReader(path)
            reader.setScaledSize(reader.size().scaled(_PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio))
            picture = QPixmap.fromImageReader(reader)
            picture.setDevicePixelRatio(ratio)
            self.picture.setPixmap(picture)

    def _ask_for_picture(self) -> None:
        files = f"{self.tr('Pictures')} {_PICTURES};;{self.tr('All files')} (*)"
        dialog = QFileDialog(self, self.tr("A picture to try it on"), "", files)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.picture_chosen)
        dialog.open()

    def _copy_words(self) -> None:
        QGuiApplication.clipboard().setText(self.words)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    # A model's own names and metadata: never taken for markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setProperty("role", role)
    return label
