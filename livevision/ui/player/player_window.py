"""The player's window: the picture, the time line under it, the detections beside it, and the keys."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from livevision.disk_threads import off_loop
from livevision.export.section import Section
from livevision.export.section_sidecar import started_at
from livevision.overlay import OverlayStyle
from livevision.playback.player import Player, Shown
from livevision.recording.recorded import Recorded, read_sidecar
from livevision.recording.sidecar import sidecar_path
from livevision.ui.background import Background
from livevision.ui.icon import pixmap
from livevision.ui.message_bar import MessageBar
from livevision.ui.notice import Notice
from livevision.ui.player.controls import SPEEDS, Controls
from livevision.ui.player.detections_panel import DetectionsPanel
from livevision.ui.player.export_dialog import ExportDialog, Material
from livevision.ui.player.lanes import lanes_of
from livevision.ui.player.picture import PlayerPicture
from livevision.ui.player.position import clock, time_of_day
from livevision.ui.player.time_line import Marks, TimeLine
from livevision.ui.translation import told
from livevision.ui.video_view import VideoView

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import datetime
    from pathlib import Path

_JUMP = 5.0
_BRACKETS = ("[", "]")
"""On many keyboards they take AltGr, which some systems report as Ctrl and Alt."""
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def _as_it_is(_camera: str) -> OverlayStyle:
    return OverlayStyle()


class PlayerWindow(QWidget):
    """Plays one file, without its sound.

    Created on the event loop; whoever opens it calls :meth:`aclose` when it says ``closed``.  ``style`` tells by the
    name of a camera who is hidden in its recordings, on the screen and in what is exported.
    """

    closed = Signal()

    def __init__(self, path: Path, work: Executor, style: Callable[[str], OverlayStyle] = _as_it_is) -> None:
        super().__init__()
        self.path = path
        self._work, self._style = work, style
        self.view = VideoView()
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.setAccessibleName(self.tr("Picture"))
        self.time_line = TimeLine()
        self.controls = Controls()
        self.panel = DetectionsPanel()
        self.messages = MessageBar(self.view)
        self.picture = PlayerPicture(self.view, work, self._show, path.name)
        self.picture.hidden = lambda: self._style_now().hidden
        self.player = Player(path, self.picture.put)
        self.marks = Marks()
        self.dialog: ExportDialog | None = None
        self._background = Background(self.messages.warn)
        self._interrupted = threading.Event()
        self._started: datetime | None = None
        self._resumes = False
        self._lanes_wanted = asyncio.Event()
        self._start = self._length = 0.0
        self._lay_out()
        self._connect()

    def start(self) -> None:
        """Open the file, and what was found in it."""
        self.view.set_notice(Notice(self.tr("Opening…")))
        self._background.start(self.picture.run(), self.tr("Showing the recording"))
        self._background.start(self._load_detections(), self.tr("Reading the detections"))
        self._background.start(self._draw_lanes(), self.tr("Drawing the time line"))
        self.player.start()
        self.view.setFocus()

    async def aclose(self) -> None:
        """Stop everything and close the file.  Idempotent."""
        self.hide()
        self._interrupted.set()
        if self.dialog is not None:
            await self.dialog.aclose()
        self.picture.close()
        await self.player.aclose()
        await self._background.aclose()

    # What can be done.

    def go(self, seconds: float) -> None:
        """Show the picture of that time."""
        self.player.seek(seconds)

    def toggle_playing(self) -> None:
        """Play, or pause."""
        (self.player.pause if self.player.is_playing else self.player.play)()
        self.controls.set_playing(self.player.is_playing)

    def change_speed(self, faster: int) -> None:
        """Take the next speed, or the one before."""
        at = min(max(0, SPEEDS.index(self.player.speed) + faster), len(SPEEDS) - 1)
        self._set_speed(SPEEDS[at])

    def toggle_boxes(self) -> None:
        """Show boxes, or not."""
        self.controls.boxes.setChecked(not self.controls.boxes.isChecked())

    def mark_start(self) -> None:
        """Let the section begin with this picture."""
        here, end = self.player.position, self.marks.end
        self._set_marks(Marks(here, end if end is not None and end >= here else None))

    def mark_end(self) -> None:
        """Let the section end with this picture."""
        here, start = self.player.position, self.marks.start
        self._set_marks(Marks(start if start is not None and start <= here else None, here))

    def ask_for_export(self) -> None:
        """Ask how the section, or all of it where nothing is marked, is to be exported."""
        if self.dialog is not None or self._length <= 0:
            return
        start = self._start if self.marks.start is None else self.marks.start
        end = self._start + self._length if self.marks.end is None else self.marks.end
        recorded = self.picture.recorded.for_another_thread() if self.picture.recorded is not None else None
        material = Material(self.path, Section(start, end), recorded, self.panel.keep, self._style_now())
        self.dialog = ExportDialog(material, self)
        self.dialog.exported.connect(self.messages.inform)
        self.dialog.over.connect(self._forget_dialog)
        self.dialog.show()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        (self.showNormal if self.isFullScreen() else self.showFullScreen)()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Do what the key says, where what has the focus does not want it for itself."""
        keys = {
            Qt.Key.Key_Space: self.toggle_playing,
            Qt.Key.Key_Period: lambda: self.player.step(1),
            Qt.Key.Key_Comma: lambda: self.player.step(-1),
            Qt.Key.Key_Right: lambda: self.player.seek(self.player.position + _JUMP),
            Qt.Key.Key_Left: lambda: self.player.seek(self.player.position - _JUMP),
            Qt.Key.Key_Home: lambda: self.player.seek(self._start),
            Qt.Key.Key_End: lambda: self.player.seek(self._start + self._length),
            Qt.Key.Key_BracketLeft: lambda: self.change_speed(-1),
            Qt.Key.Key_BracketRight: lambda: self.change_speed(1),
            Qt.Key.Key_B: self.toggle_boxes,
            Qt.Key.Key_I: self.mark_start,
            Qt.Key.Key_O: self.mark_end,
            Qt.Key.Key_E: self.ask_for_export,
            Qt.Key.Key_F: self.toggle_full_screen,
            Qt.Key.Key_F11: self.toggle_full_screen,
        }
        key = Qt.Key(event.key())
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and key is Qt.Key.Key_W:
            self.close()
        elif key is Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        elif key in keys and (event.text() in _BRACKETS or not event.modifiers() & _COMMANDS):
            keys[key]()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Go at once; the file is closed behind the scenes."""
        event.ignore()
        self.hide()
        self.closed.emit()

    def _show(self, shown: Shown) -> None:
        if shown.info is not None:
            self._start, self._length = shown.info.start, shown.info.end - shown.info.start
            self.time_line.set_range(shown.info.start, shown.info.end)
            self._lanes_wanted.set()
            self.controls.setEnabled(True)
        self.controls.set_playing(shown.is_playing)
        is_there, trouble = shown.frame is not None, self.picture.trouble
        words = shown.trouble or trouble.words or self.picture.hidden_because
        self.controls.trouble.setText(told(words) if is_there else "")
        why = trouble.unshown if is_there else shown.trouble
        self.view.set_notice(Notice(self.tr("Cannot be shown"), told(why)) if why or not is_there else None)
        if shown.frame is not None:
            seconds = shown.frame.pts
            self.time_line.set_position(seconds)
            self.controls.position.setText(f"{clock(seconds - self._start)} / {clock(self._length)}")
            self.controls.time_of_day.setText(time_of_day(self._started, seconds))
        dropped = shown.dropped + self.picture.dropped
        self.controls.position.setToolTip(
            self.tr("{count} pictures left out to keep up").format(count=dropped) if dropped else ""
        )

    async def _load_detections(self) -> None:
        source = sidecar_path(self.path)
        try:
            recorded = await off_loop(f"detections of {self.path.name}", lambda: self._read(source))
        finally:
            self._interrupted.set()
        if recorded is None:
            return
        self._started = started_at(recorded.header)
        self.picture.recorded = recorded
        self.panel.fill(recorded.header, recorded.classes)
        self.panel.show()
        self.controls.boxes.setEnabled(True)
        # In an annotated recording they are part of the picture.
        drawn = self.path.name in recorded.header.drawn_in or self.path.stem.endswith(".annotated")
        self.controls.boxes.setChecked(not drawn)
        self._detections_changed()

    def _read(self, source: Path) -> Recorded | None:
        return read_sidecar(source, self._interrupted) if source.is_file() else None

    async def _draw_lanes(self) -> None:
        loop = asyncio.get_running_loop()
        drawn: object = None
        while True:
            await self._lanes_wanted.wait()
            self._lanes_wanted.clear()
            recorded, keep, length = self.picture.recorded, self.panel.keep, self._length
            if recorded is not None and length > 0 and drawn != (keep, length):
                self.time_line.set_lanes(await loop.run_in_executor(self._work, lanes_of, recorded, keep, length))
                drawn = keep, length

    def _detections_changed(self) -> None:
        self.picture.keep = self.panel.keep
        self.picture.boxes_shown = self.controls.boxes.isChecked()
        self.picture.redraw()
        self._lanes_wanted.set()

    def _scrubbing_changed(self, scrubbing: bool) -> None:
        if scrubbing:
            self._resumes = self.player.is_playing
            self.player.pause()
        elif self._resumes:
            self.player.play()

    def _set_speed(self, speed: float) -> None:
        self.player.set_speed(speed)
        self.controls.set_speed(speed)

    def _set_marks(self, marks: Marks) -> None:
        self.marks = marks
        self.time_line.set_marks(marks)
        start, end = (None if mark is None else clock(mark - self._start) for mark in (marks.start, marks.end))
        self.controls.section.setText(f"{start or '…'} – {end or '…'}" if marks != Marks() else "")

    def _style_now(self) -> OverlayStyle:
        recorded = self.picture.recorded
        return self._style(recorded.header.camera if recorded is not None else "")

    def _forget_dialog(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            self._background.start(_thrown_away(dialog), self.tr("Export"))

    def _connect(self) -> None:
        controls = self.controls
        controls.play.clicked.connect(self.toggle_playing)
        controls.back.clicked.connect(lambda: self.player.step(-1))
        controls.forward.clicked.connect(lambda: self.player.step(1))
        controls.mark_in.clicked.connect(self.mark_start)
        controls.mark_out.clicked.connect(self.mark_end)
        controls.export.clicked.connect(self.ask_for_export)
        controls.boxes.toggled.connect(self._detections_changed)
        controls.speed_chosen.connect(self._set_speed)
        self.panel.changed.connect(self._detections_changed)
        self.time_line.sought.connect(self.player.seek)
        self.time_line.scrubbing_changed.connect(self._scrubbing_changed)

    def _lay_out(self) -> None:
        self.setWindowTitle(f"{self.path.name} – livevision")
        self.setWindowIcon(QIcon(pixmap("app", 128)))
        self.resize(QSize(1180, 760).boundedTo(self.screen().availableSize()))
        self.setMinimumSize(640, 420)
        self.panel.hide()
        self.controls.setEnabled(False)
        self.controls.boxes.setEnabled(False)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.view, 1)
        row.addWidget(self.panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row, 1)
        layout.addWidget(self.time_line)
        layout.addWidget(self.controls)


async def _thrown_away(dialog: ExportDialog) -> None:
    await dialog.aclose()
    dialog.deleteLater()
