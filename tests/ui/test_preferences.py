"""The preferences, as somebody who sets them sees them."""

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from livevision.recording.quality import Quality
from livevision.ui.preferences.appearance import AppearancePage
from livevision.ui.preferences.cameras import CamerasPage
from livevision.ui.preferences.dialog import PreferencesDialog
from livevision.ui.preferences.models import ModelsPage
from livevision.ui.preferences.places import FilesPage, Places
from livevision.ui.preferences.recording import RecordingPage
from livevision.ui.preferences.snapshots import SnapshotsPage
from livevision.workspace.preferences import Preferences

BEFORE = Preferences(
    theme="dark",
    lost_after_s=12.5,
    recent_models=("people", "roboflow+http://anna:s3cret@gpu.local:9001/rfdetr/1", "faces"),
    allowed_python_models=("plates:load",),
)


class Opened:
    """A dialog, and what it told."""

    def __init__(self, dialog: PreferencesDialog) -> None:
        self.dialog = dialog
        self.told: list[Preferences] = []
        dialog.changed.connect(self.told.append)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Opened:
    places = Places(tmp_path / "preferences.toml", tmp_path / "workspace.toml", tmp_path / "Videos")
    dialog = PreferencesDialog(BEFORE, places)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return Opened(dialog)


def test_opening_and_leafing_changes_nothing(opened: Opened) -> None:
    for row in range(opened.dialog.contents.count()):
        opened.dialog.contents.setCurrentRow(row)
    assert opened.told == []
    # Even where what is shown is rounded.
    opened.dialog.show_preferences(BEFORE.but(lost_after_s=0.4))
    assert opened.told == []
    assert opened.dialog.preferences.lost_after_s == 0.4


def test_a_key_changes_it_at_once(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(AppearancePage)
    assert isinstance(page, AppearancePage)
    assert page.theme.currentText() == "Dark"
    qtbot.keyClick(page.theme, Qt.Key.Key_Down)
    assert [each.theme for each in opened.told] == ["light"]
    assert opened.told[0] == BEFORE.but(theme="light")
    assert BEFORE.theme == "dark"


def test_languages_are_called_by_their_own_names(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(AppearancePage)
    assert isinstance(page, AppearancePage)
    names = [page.language.itemText(row) for row in range(page.language.count())]
    assert names == ["As the system", "English", "Deutsch"]
    opened.dialog.show_preferences(BEFORE.but(language="de_AT"))
    assert page.language.currentText() == "Deutsch"
    assert opened.told == []


def test_recordings(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened.dialog.page(RecordingPage)
    assert isinstance(page, RecordingPage)
    qtbot.keyClick(page.kind, Qt.Key.Key_Down)
    qtbot.keyClick(page.quality, Qt.Key.Key_Up)
    qtbot.keyClick(page.encoder, Qt.Key.Key_Down)
    page.preroll.setValue(0)
    assert page.preroll.text() == "none"
    qtbot.keyClick(page.csv, Qt.Key.Key_Space)
    qtbot.keyClicks(page.folder, str(tmp_path))
    qtbot.keyClick(page.folder, Qt.Key.Key_Return)
    now = opened.dialog.preferences
    recording = now.recording
    assert (recording.kind, recording.quality, recording.encoder) == ("clean", Quality.SMALL, "automatic")
    assert (recording.preroll_s, recording.csv, now.output_folder) == (0, True, str(tmp_path))
    assert opened.dialog.isVisible(), "Enter in a field is for the field"
    assert opened.told[-1] == now


def test_names_have_an_example_or_say_what_is_wrong(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(RecordingPage)
    assert isinstance(page, RecordingPage)
    page._now = lambda: datetime(2026, 1, 2, 3, 4, 5)
    page.template.clear()
    qtbot.keyClicks(page.template, "{camera}/{date}/{time}")
    assert page.example.text() == f"Such as {Path('Front door/2026-01-02/03-04-05.mkv')}"
    assert opened.told[-1].recording.template == "{camera}/{date}/{time}"
    qtbot.keyClicks(page.template, "{datum}")
    assert "did you mean {date}" in page.example.text()
    assert page.example.property("role") == "bad"
    assert opened.dialog.preferences.recording.template == "{camera}/{date}/{time}", "what is wrong is not taken"
    page.template.selectAll()
    qtbot.keyClick(page.template, Qt.Key.Key_Backspace)
    assert page.example.text() == "⚠ Give a name, such as {camera}_{date}_{time}"


def test_a_folder_is_given_whole(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(RecordingPage)
    assert isinstance(page, RecordingPage)
    assert not page.folder_words.isVisible()
    qtbot.keyClicks(page.folder, "recordings")
    qtbot.keyClick(page.folder, Qt.Key.Key_Return)
    assert page.folder_words.isVisible()
    assert "Give the whole path" in page.folder_words.text()
    assert opened.told == []
    page.choose_folder("~/films")
    assert opened.told[-1].output_folder == str(Path.home() / "films")
    assert not page.folder_words.isVisible()


def test_what_is_typed_counts_without_enter(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened.dialog.page(RecordingPage)
    assert isinstance(page, RecordingPage)
    opened.dialog.activateWindow()
    page.folder.setFocus()
    qtbot.waitUntil(page.folder.hasFocus)
    qtbot.keyClicks(page.folder, str(tmp_path))
    qtbot.keyClick(page.folder, Qt.Key.Key_Escape)
    assert not opened.dialog.isVisible()
    assert opened.told[-1].output_folder == str(tmp_path)


def test_snapshots(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(SnapshotsPage)
    assert isinstance(page, SnapshotsPage)
    qtbot.keyClick(page.format, Qt.Key.Key_Down)
    assert opened.told[-1].snapshot_format == "jpeg"


def test_cameras(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(CamerasPage)
    assert isinstance(page, CamerasPage)
    page.lost_after.setValue(0)
    assert page.lost_after.text() == "never"
    page.cycle.setValue(20)
    qtbot.keyClick(page.style_of_hiding, Qt.Key.Key_Down)
    now = opened.dialog.preferences
    assert (now.lost_after_s, now.cycle_s, now.privacy.style) == (0, 20, "pixelate")


def test_classes_are_hidden_once_their_names_are_complete(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(CamerasPage)
    assert isinstance(page, CamerasPage)
    qtbot.keyClicks(page.hidden.name, "person")
    assert opened.told == [], "not with every letter"
    qtbot.keyClicks(page.hidden.name, ", face,,Person")
    assert [each.privacy.classes for each in opened.told] == [("person",), ("person", "face")]
    assert page.hidden.name.text() == "Person"
    qtbot.keyClick(page.hidden.name, Qt.Key.Key_Return)
    assert page.hidden.name.text() == ""
    assert len(opened.told) == 2, "it is hidden already"
    qtbot.keyClicks(page.hidden.name, "license plate")
    page.hidden.name.editingFinished.emit()  # the field was left
    assert opened.dialog.preferences.privacy.classes == ("person", "face", "license plate")
    qtbot.keyClicks(page.hidden.name, "x" * 300)
    qtbot.keyClick(page.hidden.name, Qt.Key.Key_Return)
    assert page.hidden_words.text().startswith("⚠")
    assert "license plate" in opened.dialog.preferences.privacy.classes
    assert len(opened.dialog.preferences.privacy.classes) == 3
    assert opened.dialog.isVisible()


def test_a_new_file_is_begun_after_some_minutes_or_never(opened: Opened) -> None:
    page = opened.dialog.page(RecordingPage)
    assert isinstance(page, RecordingPage)
    assert page.segment.text() == "never"
    page.segment.setValue(10)
    assert page.segment.text() == "10.0 min"
    assert opened.told[-1].recording.segment_s == 600
    page.segment.setValue(0)
    assert opened.told[-1].recording.segment_s is None


def test_models_are_forgotten_and_revoked(opened: Opened, qtbot: QtBot) -> None:
    page = opened.dialog.page(ModelsPage)
    assert isinstance(page, ModelsPage)
    shown = [page.recent.names.item(row).text() for row in range(3)]
    assert shown == ["people", "roboflow+http://gpu.local:9001/rfdetr/1", "faces"]
    assert not page.recent.button.isEnabled()
    page.recent.names.setCurrentRow(1)
    opened.dialog.activateWindow()
    page.recent.names.setFocus()
    qtbot.waitUntil(page.recent.names.hasFocus)
    qtbot.keyClick(page.recent.names, Qt.Key.Key_Delete)
    assert opened.told[-1].recent_models == ("people", "faces")
    assert page.recent.names.currentRow() == 1
    page.allowed.names.setCurrentRow(0)
    page.allowed.button.click()
    assert opened.told[-1].allowed_python_models == ()
    assert page.allowed.empty.isVisible()
    assert not page.allowed.names.isVisible()


class Opener(QObject):
    """What the desktop was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.urls.append(url)


def test_folders_are_opened(opened: Opened, tmp_path: Path) -> None:
    page = opened.dialog.page(FilesPage)
    assert isinstance(page, FilesPage)
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")
    try:
        page.open_preferences.click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert [Path(url.toLocalFile()) for url in opener.urls] == [tmp_path]


def test_reset_and_back(opened: Opened) -> None:
    dialog = opened.dialog
    dialog.reset.click()
    kept = {"recent_models": BEFORE.recent_models, "allowed_python_models": BEFORE.allowed_python_models}
    assert opened.told[-1] == Preferences(**kept)
    page = dialog.page(AppearancePage)
    assert isinstance(page, AppearancePage)
    assert page.theme.currentText() == "As the system"
    assert dialog.reset.text() == "&Undo reset"
    dialog.reset.click()
    assert opened.told[-1] == BEFORE
    assert dialog.reset.text() == "&Reset to defaults"


def test_escape_closes_it(opened: Opened, qtbot: QtBot) -> None:
    qtbot.keyClick(opened.dialog, Qt.Key.Key_Escape)
    assert not opened.dialog.isVisible()
    assert not opened.dialog.isModal()
