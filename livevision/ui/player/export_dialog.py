"""Asks how a section is exported and where to, and shows how far it is."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from livevision.disk_threads import off_loop
from livevision.errors import LivevisionError
from livevision.export.drawn import DrawnFromRecording
from livevision.export.exporting import Boxes, export_annotated, export_clean
from livevision.export.section import ExportKind, ExportSummary, Section, suggested_path
from livevision.playback.recorded_mask import is_hidden_already
from livevision.ui.player.position import clock
from livevision.ui.room import make_room
from livevision.ui.translation import told

if TYPE_CHECKING:
    from livevision.inference.filter import DetectionFilter
    from livevision.overlay import OverlayStyle
    from livevision.recording.recorded import Recorded


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is exported of what, with which of its detections."""

    recording: Path
    section: Section
    recorded: Recorded | None
    """A Recorded that nobody else uses."""
    keep: DetectionFilter
    style: OverlayStyle
    """Who is hidden in it is hidden where boxes are drawn in."""


class ExportDialog(QDialog):
    """Not modal; works on while the player plays, and is stopped by Cancel or by closing it."""

    exported = Signal(str)
    """Carries what was done, in words."""
    over = Signal()
    """It can be thrown away."""

    def __init__(self, material: Material, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._material = material
        self._task: asyncio.Task[None] | None = None
        self._suggesting: asyncio.Task[None] | None = None
        self.setWindowTitle(self.tr("Export a section"))
        self.setMinimumWidth(560)
        self.with_boxes = QRadioButton(self.tr("With the boxes drawn in"))
        self.as_recorded = QRadioButton(self.tr("As it was recorded"))
        self.target = QLineEdit()
        self.target.setAccessibleName(self.tr("File to write"))
        self.browse = QPushButton(self.tr("Choose…"))
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.hide()
        self.trouble = _hint("")
        self.trouble.setProperty("role", "bad")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = self.buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setObjectName("primary")
        self.export.setDefault(True)
        self._lay_out()
        self.buttons.accepted.connect(self._start)
        self.buttons.rejected.connect(self.reject)
        self.browse.clicked.connect(self._choose)
        self._allow(True)
        (self.with_boxes if material.recorded is not None else self.as_recorded).setChecked(True)
        self.with_boxes.toggled.connect(self._suggest)
        self._suggest()

    @property
    def kind(self) -> ExportKind:
        """What is chosen."""
        return ExportKind.ANNOTATED if self.with_boxes.isChecked() else ExportKind.CLEAN

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be large enough."""
        make_room(self)
        super().showEvent(event)

    def reject(self) -> None:
        """Stop what is being written, and close."""
        if self._task is not None:
            self._task.cancel()
        super().reject()
        self.over.emit()

    async def aclose(self) -> None:
        """Stop, and wait until nothing half-done is left."""
        tasks = [task for task in (self._task, self._suggesting) if task is not None]
        self._task = self._suggesting = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _suggest(self) -> None:
        if self._suggesting is not None:
            self._suggesting.cancel()
        self._suggesting = asyncio.create_task(self._suggest_free(), name="look for a free name")

    async def _suggest_free(self) -> None:
        of = self._material
        path = await off_loop("export name", partial(suggested_path, of.recording, of.section, self.kind))
        self.target.setText(str(path))

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), self.target.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # What exists is refused anyway.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.target.setText)
        dialog.open()

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="export a section")

    async def _run(self) -> None:
        self._set_running(True)
        try:
            summary = await self._export(Path(self.target.text().strip()))
        except LivevisionError as error:
            self._fail(told(error.text))
            return
        except Exception as error:
            logger.exception("Export failed")
            self._fail(self.tr("The export failed: {reason}").format(reason=error))
            return
        self.exported.emit(self._words(summary))
        self.accept()
        self.over.emit()

    @property
    def _would_reveal(self) -> bool:
        """Whether a copy of the pictures as they are shows somebody who is to be hidden."""
        of = self._material
        hidden = of.style.hidden.for_files
        return bool(hidden) and not is_hidden_already(hidden, of.recorded, of.recording.name)

    def _allow(self, allowed: bool) -> None:
        """Let the operator choose and begin, as far as there is something to choose from."""
        can_draw, can_copy = self._material.recorded is not None, not self._would_reveal
        self.with_boxes.setEnabled(allowed and can_draw)
        self.as_recorded.setEnabled(allowed and can_copy)
        self.export.setEnabled(allowed and (can_draw or can_copy))

    def _fail(self, why: str) -> None:
        self._set_running(False)
        self.trouble.setText(why)
        make_room(self)

    async def _export(self, target: Path) -> ExportSummary:
        of = self._material
        if self.kind is ExportKind.CLEAN or of.recorded is None:
            return await export_clean(of.recording, of.section, target, of.recorded, self._show_progress)
        drawn = DrawnFromRecording(of.keep, of.style, of.recorded.for_another_thread(), of.recording)
        boxes = Boxes(of.recorded, drawn.keep, drawn.draw)
        return await export_annotated(of.recording, of.section, target, boxes, self._show_progress)

    def _show_progress(self, share: float) -> None:
        self.progress.setValue(round(share * 1000))

    def _set_running(self, running: bool) -> None:
        for part in (self.target, self.browse):
            part.setEnabled(not running)
        self._allow(not running)
        self.progress.setValue(0)
        self.progress.setVisible(running)
        if running:
            self.trouble.setText("")
        make_room(self)

    def _words(self, summary: ExportSummary) -> str:
        words = self.tr("Exported {count} pictures to {path}").format(count=summary.pictures, path=summary.path)
        earlier = self._material.section.start - summary.start
        if earlier > 0.005:
            words += self.tr("; it begins {seconds:.1f} s before the mark, at a keyframe").format(seconds=earlier)
        return words

    def _lay_out(self) -> None:
        section = self._material.section
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(6)
        title = QLabel(
            self.tr("From {start} to {end}").format(start=clock(section.start), end=clock(section.end)),
        )
        title.setStyleSheet("font-weight: 600;")
        layout.addWidget(title)
        layout.addSpacing(6)
        layout.addWidget(self.with_boxes)
        layout.addWidget(_hint(self.tr("Exactly these pictures, encoded anew, with the boxes as shown. No sound.")))
        layout.addSpacing(4)
        layout.addWidget(self.as_recorded)
        original = self.tr("Original quality, with sound. Begins at the keyframe at or before the first picture.")
        if self._would_reveal:
            original += " " + self.tr("Not now: it would show who is to be hidden.")
        layout.addWidget(_hint(original))
        layout.addSpacing(8)
        line = QHBoxLayout()
        line.addWidget(self.target)
        line.addWidget(self.browse)
        layout.addLayout(line)
        layout.addWidget(_hint(self.tr("Its detections are written beside it. Nothing is ever overwritten.")))
        layout.addWidget(self.progress)
        layout.addWidget(self.trouble)
        layout.addWidget(self.buttons)


def _hint(words: str) -> QLabel:
    hint = QLabel(words)
    hint.setProperty("role", "muted")
    hint.setTextFormat(Qt.TextFormat.PlainText)
    hint.setWordWrap(True)
    return hint
