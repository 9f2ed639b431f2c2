"""How a camera is recorded, where it differs from what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton

from livevision.recording.quality import Quality
from livevision.ui.panel.controls import Choice, decimal_spin, form, label, put
from livevision.ui.panel.part import Part
from livevision.workspace.recording_settings import LONGEST_PREROLL_S

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences

_USUAL = -1.0
_MINUTE = 60
_LONGEST_MIN = 7 * 24 * 60


class RecordingPart(Part):
    """Kind, folder, quality, pre-roll and length of files; each can be left as usual."""

    def __init__(self, editing: Editing) -> None:
        super().__init__(editing)
        self.kind = Choice(self.tr("What is recorded"))
        self.quality = Choice(self.tr("Quality of pictures"))
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Folder of recordings"))
        self.browse = QPushButton(self.tr("Choose…"))
        self.browse.setAccessibleName(self.tr("Choose the folder of recordings"))
        self.preroll = decimal_spin(self.tr("Seconds from before"), _USUAL, LONGEST_PREROLL_S, self.tr(" s"))
        self.segment = decimal_spin(self.tr("Length of each file"), _USUAL, _LONGEST_MIN, self.tr(" min"))
        self._shown_folder: tuple[str, str | None] = ("", None)
        folder = QHBoxLayout()
        folder.setSpacing(8)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        layout = form()
        self.setLayout(layout)
        layout.addRow(label(self.tr("Record"), self.kind), self.kind)
        layout.addRow(label(self.tr("Quality"), self.quality), self.quality)
        layout.addRow(label(self.tr("Pre-roll"), self.preroll), self.preroll)
        layout.addRow(label(self.tr("New file after"), self.segment), self.segment)
        layout.addRow(label(self.tr("Folder"), self.folder))
        layout.addRow(folder)
        self.kind.chosen.connect(lambda kind: self._set(self.tr("Kind of recording"), kind=kind))
        self.quality.chosen.connect(lambda quality: self._set(self.tr("Quality"), quality=quality))
        self.preroll.valueChanged.connect(self._set_preroll)
        self.segment.valueChanged.connect(self._set_segment)
        self.folder.editingFinished.connect(lambda: self._set_folder(self.folder.text()))
        self.browse.clicked.connect(self._ask_for_folder)

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is set, and what is usual where nothing is."""
        own, usual = settings.recording, preferences.recording
        kinds, qualities = self._kinds(), self._qualities()
        self.kind.offer(((None, self._usual(kinds[usual.kind])), *kinds.items()))
        self.kind.put(own.kind)
        self.quality.offer(((None, self._usual(qualities[usual.quality])), *qualities.items()))
        self.quality.put(own.quality)
        self.preroll.setSpecialValueText(self._usual(self.tr("{seconds:g} s").format(seconds=usual.preroll_s)))
        put(self.preroll, _USUAL if own.preroll_s is None else own.preroll_s)
        length = self.tr("never")
        if usual.segment_s is not None:
            length = self.tr("{minutes:g} min").format(minutes=round(usual.segment_s / _MINUTE, 1))
        self.segment.setSpecialValueText(self._usual(length))
        put(self.segment, _USUAL if own.segment_s is None else round(own.segment_s / _MINUTE, 1))
        self.folder.setPlaceholderText(preferences.output_folder or self.tr("as usual"))
        if (settings.id, own.folder) != self._shown_folder:
            # Else somebody may be typing there.
            self._shown_folder = settings.id, own.folder
            self.folder.setText(own.folder or "")
        self.folder.setToolTip(own.folder or preferences.output_folder)

    def summary(self, settings: CameraSettings) -> str:
        """Return the kind."""
        kind = settings.recording.kind
        return self.tr("as usual") if kind is None else self._kinds()[kind]

    def _kinds(self) -> dict[str, str]:
        return {
            "annotated": self.tr("With boxes"),
            "clean": self.tr("Without boxes, in original quality"),
            "both": self.tr("Both"),
            "soft": self.tr("With boxes that can be switched off"),
        }

    def _qualities(self) -> dict[Quality, str]:
        return {Quality.SMALL: self.tr("Small"), Quality.GOOD: self.tr("Good"), Quality.BEST: self.tr("Best")}

    def _usual(self, what: str) -> str:
        return self.tr("Usual ({what})").format(what=what[:1].lower() + what[1:])

    def _set_preroll(self, seconds: float) -> None:
        self._drag(self.tr("Pre-roll"), preroll_s=None if seconds < 0 else seconds)

    def _set_segment(self, minutes: float) -> None:
        self._drag(self.tr("Length of files"), segment_s=None if minutes < 0 else minutes * _MINUTE)

    def _set_folder(self, folder: str) -> None:
        self._set(self.tr("Folder"), folder=folder.strip() or None)

    def _set(self, what: str, **parts: Any) -> None:
        if self._editing.settings is not None:
            self.change(what, recording={**dict(self.settings.recording), **parts})

    def _drag(self, what: str, **parts: Any) -> None:
        if self._editing.settings is not None:
            self.drag(what, recording={**dict(self.settings.recording), **parts})

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Folder of recordings"), self.settings.recording.folder or "")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._set_folder)
        dialog.open()
