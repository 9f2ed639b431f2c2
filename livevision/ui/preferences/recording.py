"""How recordings are made, where a camera says nothing else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton

from livevision.errors import UsageError
from livevision.recording.quality import Quality
from livevision.recording.template import DEFAULT_TEMPLATE, NameFields, parse_template
from livevision.ui.panel.controls import Choice, decimal_spin, words
from livevision.ui.preferences.page import Page, put, set_role
from livevision.ui.translation import told
from livevision.workspace.recording_settings import LONGEST_PREROLL_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.ui.preferences.editing import PreferencesEditing
    from livevision.workspace.preferences import Preferences

_LONGEST_NAME = 200
_LONGEST_FOLDER = 4096
_MINUTE = 60
_LONGEST_MIN = 7 * 24 * 60


class RecordingPage(Page):
    """Folder, kind, quality, encoder, pre-roll, length, names, CSV.  ``usual`` is the folder where none is chosen."""

    def __init__(self, editing: PreferencesEditing, usual: Path, now: Callable[[], datetime] = datetime.now) -> None:
        super().__init__(editing)
        self.heading.setText(self.tr("Recording"))
        self._usual = usual
        self._now = now
        self.folder = QLineEdit()
        self.folder.setMaxLength(_LONGEST_FOLDER)
        self.folder.setPlaceholderText(str(usual))
        self.folder.setAccessibleName(self.tr("Folder for recordings and snapshots"))
        self.browse = QPushButton(self.tr("&Browse…"))
        self.browse.setAutoDefault(False)
        self.folder_words = words("bad")
        self.kind = Choice(self.tr("Kind of recording"))
        self.quality = Choice(self.tr("Quality"))
        self.encoder = Choice(self.tr("Encoder"))
        self.preroll = decimal_spin(self.tr("Seconds before the key was pressed"), 0, LONGEST_PREROLL_S, " s")
        self.preroll.setSpecialValueText(self.tr("none"))
        self.segment = decimal_spin(self.tr("Minutes after which a new file begins"), 0, _LONGEST_MIN, self.tr(" min"))
        self.segment.setSpecialValueText(self.tr("never"))
        self.template = QLineEdit()
        self.template.setMaxLength(_LONGEST_NAME)
        self.template.setAccessibleName(self.tr("Names of files"))
        self.example = words("muted")
        self.example.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.csv = QCheckBox(self.tr("Write detections as &CSV, too"))
        self._offer()
        self._lay_out()
        self._connect()

    def fill(self, preferences: Preferences) -> None:
        """Show what is usual."""
        recording = preferences.recording
        if not self.folder.hasFocus():
            self.folder.setText(preferences.output_folder)
            self._say_of_folder("")
        self.kind.put(recording.kind)
        self.quality.put(recording.quality)
        self.encoder.put(recording.encoder)
        put(self.preroll, recording.preroll_s)
        put(self.segment, 0 if recording.segment_s is None else recording.segment_s / _MINUTE)
        if self.template.text() != recording.template and not self.template.hasFocus():
            self.template.setText(recording.template)
        put(self.csv, recording.csv)
        self._show_example()

    def choose_folder(self, folder: str) -> None:
        """Take a folder as if it had been typed."""
        self.folder.setText(folder)
        self._folder_typed()

    def _offer(self) -> None:
        self.kind.offer(
            (
                ("annotated", self.tr("With boxes drawn in")),
                ("clean", self.tr("As the camera sends it")),
                ("both", self.tr("Both, in two files")),
                ("soft", self.tr("With boxes that players can switch off")),
            )
        )
        self.quality.offer(
            (
                (Quality.SMALL, self.tr("Small files")),
                (Quality.GOOD, self.tr("Good")),
                (Quality.BEST, self.tr("Best, twice as big")),
            )
        )
        self.encoder.offer(
            (
                ("libx264", self.tr("The processor (x264)")),
                ("automatic", self.tr("Hardware, if there is any")),
                ("nvenc", "NVIDIA NVENC"),
                ("qsv", "Intel Quick Sync"),
                ("vaapi", "VA-API"),
                ("videotoolbox", "Apple VideoToolbox"),
            )
        )

    def _lay_out(self) -> None:
        beside = QHBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.folder, 1)
        beside.addWidget(self.browse)
        self.wide_row(self.tr("Folder"), beside, self.folder, self.folder_words)
        self.row(self.tr("Kind"), self.kind)
        self.row(self.tr("Quality"), self.quality)
        self.row(self.tr("Encoder"), self.encoder)
        self.row(
            self.tr("Pre-roll"),
            self.preroll,
            self.tr("What was seen before the key was pressed is recorded, too."),
        )
        self.row(
            self.tr("New file after"),
            self.segment,
            self.tr("A long recording is kept in pieces that follow each other without a gap."),
        )
        names = QHBoxLayout()
        names.addWidget(self.template)
        self.wide_row(self.tr("Names of files"), names, self.template, self.example)
        self.form.addRow("", self.csv)

    def _connect(self) -> None:
        editing = self.editing
        self.folder.editingFinished.connect(self._folder_typed)
        self.browse.clicked.connect(self._ask_for_folder)
        self.kind.chosen.connect(lambda kind: editing.change_recording(kind=kind))
        self.quality.chosen.connect(lambda quality: editing.change_recording(quality=quality))
        self.encoder.chosen.connect(lambda encoder: editing.change_recording(encoder=encoder))
        self.preroll.valueChanged.connect(lambda seconds: editing.change_recording(preroll_s=seconds))
        self.segment.valueChanged.connect(
            lambda minutes: editing.change_recording(segment_s=minutes * _MINUTE if minutes else None)
        )
        self.template.textEdited.connect(self._template_typed)
        self.csv.toggled.connect(lambda wanted: editing.change_recording(csv=wanted))

    def _folder_typed(self) -> None:
        # Nothing is looked for on the disk: it may be one that is not there, and this is the thread of the windows.
        typed = self.folder.text().strip()
        folder = Path(typed).expanduser() if typed else None
        if folder is not None and not folder.is_absolute():
            self._say_of_folder(self.tr("Give the whole path, such as {folder}.").format(folder=self._usual))
            return
        self._say_of_folder(self.editing.change(output_folder=str(folder) if folder else ""))

    def _say_of_folder(self, trouble: str) -> None:
        self.folder_words.setText(f"⚠ {trouble}" if trouble else "")
        self.folder_words.setVisible(bool(trouble))

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Folder for recordings"), self.folder.text() or str(self._usual))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose_folder)
        dialog.open()

    def _template_typed(self, typed: str) -> None:
        if self._show_example():
            self.editing.change_recording(template=typed)

    def _show_example(self) -> bool:
        if not self.template.text().strip():
            self._refuse(self.tr("Give a name, such as {template}").format(template=DEFAULT_TEMPLATE))
            return False
        fields = NameFields(self.tr("Front door"), self._now(), str(self.kind.value))
        try:
            # The file is Matroska in every kind: what is cut off in the middle can still be played.
            path = parse_template(self.template.text()).path(Path(), fields, ".mkv")
        except UsageError as error:
            self._refuse(told(error.text))
            return False
        self.example.setText(self.tr("Such as {name}").format(name=path))
        set_role(self.example, "muted")
        return True

    def _refuse(self, trouble: str) -> None:
        self.example.setText(f"⚠ {trouble}")
        set_role(self.example, "bad")
