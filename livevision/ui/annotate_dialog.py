"""Asks which recorded file is annotated, with which model and into which file, and shows how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.panel.controls import Choice, Level, form, label, words
from livevision.ui.room import make_room
from livevision.ui.words import model_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livevision.ui.annotate_pace import Pace

_VIDEOS = "(*.mp4 *.mkv *.mov *.avi *.webm *.ts *.m4v *.mpg *.mpeg)"
_SHARES = 1000
_CONFIDENCE = 25
_MARGIN = 20


class AnnotateDialog(QDialog):
    """Not modal.  ``wanted`` starts what is filled in, ``stopped`` ends it; closing the dialog does so, too.

    ``source_chosen`` gives the path of another file, so that :meth:`suggest` may follow.
    """

    wanted = Signal()
    stopped = Signal()
    source_chosen = Signal(str)

    def __init__(self, models: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Annotate a file"))
        self.setMinimumWidth(560)
        self._listed: dict[str, None] = dict.fromkeys(models)
        self._has_detections = False
        self._is_running = False
        self.source, self.browse = self._path(self.tr("Video to annotate"))
        self.target, self.browse_target = self._path(self.tr("File to write"))
        self.model = Choice(self.tr("Model"))
        self.model_file = QPushButton(self.tr("Model file…"))
        self.confidence = Level(self.tr("Least confidence"), 0, 100)
        self.confidence.put(_CONFIDENCE)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.pace = words("muted")
        self.trouble = words("bad")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start = self.buttons.addButton(self.tr("Annotate"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.start.setObjectName("primary")
        self.start.setDefault(True)
        self._offer()
        self._lay_out()
        self._connect()
        self.show_trouble("")

    @property
    def is_running(self) -> bool:
        """Whether it is being worked on."""
        return self._is_running

    def suggest(self, source: str, target: str, has_detections: bool) -> None:
        """Fill in a file, what may become of it, and whether what was found in it is known already."""
        if source != self.source.text():
            self.source.setText(source)
        self.target.setText(target)
        self._has_detections = has_detections
        self._offer()
        if has_detections:
            self.model.put(None)

    def choose_model(self, model: str) -> None:
        """Take a model, which need not be listed yet."""
        self._listed.setdefault(model)
        self._offer()
        self.model.put(model)

    def show_loading(self, model: str) -> None:
        """Say that it begins."""
        self._set_running(True)
        self.progress.setRange(0, 0)
        self.pace.setText(self.tr("Loading {model}…").format(model=model_name(model)) if model else self.tr("Opening…"))

    def show_pace(self, pace: Pace) -> None:
        """Show how far it is, how fast, and how long it still takes."""
        self.progress.setRange(0, 0 if pace.share is None else _SHARES)
        if pace.share is not None:
            self.progress.setValue(round(pace.share * _SHARES))
        self.pace.setText(pace.words())

    def show_trouble(self, why: str) -> None:
        """Say what failed, and let it be tried again."""
        self._set_running(False)
        self.trouble.setText(f"✕ {why}" if why else "")
        self.trouble.setVisible(bool(why))
        make_room(self)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be large enough."""
        make_room(self)
        super().showEvent(event)

    def done(self, result: int) -> None:
        """Close it, and stop what is being written."""
        if self._is_running:
            self._is_running = False
            self.stopped.emit()
        super().done(result)

    def _path(self, name: str) -> tuple[QLineEdit, QPushButton]:
        field, button = QLineEdit(), QPushButton(self.tr("Choose…"))
        field.setAccessibleName(name)
        button.setAccessibleName(self.tr("Choose: {what}").format(what=name))
        button.setAutoDefault(False)
        return field, button

    def _offer(self) -> None:
        chosen = self.model.value
        recorded = self.tr("As it was recorded")
        choices: list[tuple[object, str]] = [(None, recorded)] if self._has_detections else []
        choices += [(model, model_name(model)) for model in self._listed]
        self.model.offer(choices)
        self.model.put(chosen)

    def _set_running(self, is_running: bool) -> None:
        self._is_running = is_running
        for part in (self.source, self.browse, self.target, self.browse_target, self.model, self.model_file):
            part.setEnabled(not is_running)
        self.confidence.setEnabled(not is_running)
        self.start.setEnabled(not is_running)
        self.progress.setVisible(is_running)
        self.pace.setVisible(is_running)
        if is_running:
            self.trouble.hide()
        make_room(self)

    def _ask_for_source(self) -> None:
        files = f"{self.tr('Videos')} {_VIDEOS};;{self.tr('All files')} (*)"
        dialog = self._file_dialog(self.tr("Video to annotate"), self.source.text(), files)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.source.setText)
        dialog.fileSelected.connect(self.source_chosen)
        dialog.open()

    def _ask_for_target(self) -> None:
        dialog = self._file_dialog(self.tr("File to write"), self.target.text(), "MP4 (*.mp4)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # What exists is refused anyway.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(self.target.setText)
        dialog.open()

    def _ask_for_model(self) -> None:
        dialog = self._file_dialog(self.tr("Open a model"), "", self.tr("ONNX models (*.onnx);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.choose_model)
        dialog.open()

    def _file_dialog(self, title: str, at: str, files: str) -> QFileDialog:
        dialog = QFileDialog(self, title, str(Path(at).parent) if at else "", files)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _connect(self) -> None:
        self.browse.clicked.connect(self._ask_for_source)
        self.browse_target.clicked.connect(self._ask_for_target)
        self.model_file.clicked.connect(self._ask_for_model)
        self.source.editingFinished.connect(lambda: self.source_chosen.emit(self.source.text().strip()))
        self.buttons.accepted.connect(self.wanted)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        rows = form()
        rows.setContentsMargins(0, 0, 0, 0)
        self.model_file.setAutoDefault(False)
        for title, field, button in (
            (self.tr("Video"), self.source, self.browse),
            (self.tr("Model"), self.model, self.model_file),
            (self.tr("Write to"), self.target, self.browse_target),
        ):
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(field, 1)
            line.addWidget(button)
            rows.addRow(label(title, field), line)
        rows.insertRow(2, label(self.tr("Confidence"), self.confidence), self.confidence)
        hint = words("muted")
        hint.setText(
            self.tr("Every picture, with boxes drawn in, in an MP4 without sound. Nothing is ever overwritten.")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 18, _MARGIN, 18)
        layout.setSpacing(10)
        layout.addLayout(rows)
        for part in (hint, self.progress, self.pace, self.trouble):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
