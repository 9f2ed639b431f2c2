"""Annotating recorded files from the window: a dialog, and the work behind it."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from livevision.errors import LivevisionError
from livevision.export.whole_file import FileJob, annotate_file
from livevision.inference.filter import DetectionFilter
from livevision.recording.naming import free_path
from livevision.recording.sidecar import sidecar_path
from livevision.sources.on_disk import is_file
from livevision.ui.annotate_dialog import AnnotateDialog
from livevision.ui.annotate_pace import Pace
from livevision.ui.dropping import VIDEOS
from livevision.ui.translation import told
from livevision.ui.words import duration
from livevision.workspace.overlay_words import overlay_style

if TYPE_CHECKING:
    from livevision.processing import ProcessProgress, ProcessSummary
    from livevision.ui.main_window import MainWindow

_SHOWN_EVERY_S = 0.1


class Annotating(QObject):
    """Opens dialogs; each has at most one job at a time, which ends with it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._jobs: dict[AnnotateDialog, asyncio.Task[ProcessSummary]] = {}

    def open_for_chosen(self) -> AnnotateDialog:
        """Ask, beginning with the chosen camera where it is a file."""
        tile = self._window.grid.chosen
        source = tile.camera.request.source if tile is not None else ""
        return self.open(source if "://" not in source and Path(source).suffix.lower() in VIDEOS else "")

    def open(self, source: str = "") -> AnnotateDialog:
        """Ask what is to be annotated, and with what."""
        window = self._window
        recent = window.desk.preferences.recent_models
        dialog = AnnotateDialog((*window.app.detectors.names(), *recent), window)
        dialog.source_chosen.connect(partial(self._suggest, dialog))
        dialog.wanted.connect(partial(self._start, dialog))
        dialog.stopped.connect(lambda: self._stop(dialog))
        if recent:
            dialog.choose_model(recent[0])
        dialog.show()
        if source:
            dialog.source.setText(source)
            self._suggest(dialog, source)
        return dialog

    def _suggest(self, dialog: AnnotateDialog, source: str) -> None:
        if source and not dialog.is_running:
            self._window.background.start(self._look(dialog, source), self.tr("Looking at a file"))

    async def _look(self, dialog: AnnotateDialog, source: str) -> None:
        looking = partial(_suggestion, source)
        target, has_detections = await self._window.app.disk.ask(source, looking)
        if isValid(dialog) and dialog.source.text().strip() == source and not dialog.is_running:
            dialog.suggest(source, str(target), has_detections)

    def _start(self, dialog: AnnotateDialog) -> None:
        if dialog.is_running:
            return
        if not dialog.source.text().strip():
            dialog.show_trouble(self.tr("Choose a video first."))
            return
        dialog.show_loading(dialog.model.value or "")
        job = self._job(dialog)
        if job.model is not None:
            self._window.commands.trust(job.model)
        self._window.background.start(self._run(dialog, job), self.tr("Annotating a file"))

    async def _run(self, dialog: AnnotateDialog, job: FileJob) -> None:
        if not isValid(dialog) or not dialog.is_running:
            return  # closed at once
        working = self._jobs[dialog] = asyncio.create_task(self._work(dialog, job), name=f"annotate {job.source.name}")
        try:
            summary = await working
        except LivevisionError as error:
            if isValid(dialog):
                dialog.show_trouble(told(error.text))
            return
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # the window is closing
            return
        finally:
            self._jobs.pop(dialog, None)
        self._tell(summary, job.target)
        if isValid(dialog):
            dialog.show_trouble("")
            dialog.accept()

    async def _work(self, dialog: AnnotateDialog, job: FileJob) -> ProcessSummary:
        began = shown = 0.0

        def show(now: ProcessProgress) -> None:
            nonlocal began, shown
            moment = time.monotonic()
            began = began or moment
            if moment - shown >= _SHOWN_EVERY_S and isValid(dialog):
                shown = moment
                dialog.show_pace(Pace(now, moment - began))

        return await annotate_file(job, self._window.app.detectors, show)

    def _job(self, dialog: AnnotateDialog) -> FileJob:
        source, target = (Path(field.text().strip()).expanduser() for field in (dialog.source, dialog.target))
        keep = DetectionFilter(dialog.confidence.value / 100)
        style = overlay_style({}, self._window.desk.preferences.privacy)
        return FileJob(source, target, dialog.model.value, keep, style)

    def _stop(self, dialog: AnnotateDialog) -> None:
        if working := self._jobs.get(dialog):
            working.cancel()

    def _tell(self, summary: ProcessSummary, target: Path) -> None:
        window = self._window
        words = self.tr("Annotated {count} pictures in {time}: {path}")
        done = words.format(count=summary.frames, time=duration(summary.seconds), path=target)
        window.messages.inform(done, (self.tr("Open"), lambda: window.players.open(target)))


def _suggestion(name: str) -> tuple[Path, bool]:
    """Return a free name for the result, and whether there are detections beside the file.  Blocking."""
    source = Path(name).expanduser()
    return free_path(source.with_name(f"{source.stem}.annotated.mp4")), is_file(sidecar_path(source))
