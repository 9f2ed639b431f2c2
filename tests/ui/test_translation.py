"""German, and that nothing is left in English."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from livevision.errors import SourceUnavailable
from livevision.metrics import CameraMetrics
from livevision.sources.status import CameraState, CameraStatus
from livevision.timing import BoxTiming
from livevision.ui import translation, words
from livevision.ui.fps_monitor import FPSMonitor
from livevision.ui.preferences.dialog import PreferencesDialog
from livevision.ui.preferences.places import Places
from livevision.ui.tile.timing_words import timing_name
from livevision.ui.translation import install_translation, languages, meant, own_name
from livevision.workspace.preferences import Preferences

ROOT = Path(__file__).parents[2]
UI = ROOT / "livevision" / "ui"
TEXTS = UI / "translations" / "livevision_de.ts"
LUPDATE = Path(sys.executable).with_name("pyside6-lupdate")
_FIELD = re.compile(r"\{[^{}]*\}|%n")


@pytest.fixture(autouse=True)
def english_again(qapp: QApplication) -> Iterator[None]:
    yield
    install_translation(qapp, "en")


def messages(path: Path) -> Iterator[tuple[str, str, ET.Element]]:
    """Yield context, source and translation of each text."""
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translated = message.find("translation")
            assert translated is not None
            yield context.findtext("name", ""), message.findtext("source", ""), translated


@pytest.mark.skipif(not LUPDATE.exists(), reason="PySide6's tools are not installed")
def test_every_text_is_translated(tmp_path: Path) -> None:
    collected = tmp_path / "now.ts"
    shutil.copy(TEXTS, collected)
    sources = sorted(str(path) for path in UI.rglob("*.py"))
    subprocess.run(
        [str(LUPDATE), "-silent", "-no-obsolete", "-locations", "none", *sources, "-ts", str(collected)],
        check=True,
        timeout=60,
    )
    left = [(context, source) for context, source, text in messages(collected) if text.get("type") == "unfinished"]
    listed = "\n".join(f"{context}: {source!r}" for context, source in left)
    assert not left, f"run packaging/translate.sh, translate these in livevision_de.ts, and run it again:\n{listed}"


def test_translations_have_the_same_fields_and_are_what_the_app_reads() -> None:
    compiled = QTranslator()
    assert compiled.load(str(TEXTS.with_suffix(".qm")))
    finished = (each for each in messages(TEXTS) if each[2].get("type") != "unfinished")
    for context, source, translated in finished:
        forms = [form.text or "" for form in translated.iter("numerusform")] or [translated.text or ""]
        for form in forms:
            assert form, (context, source)
            assert sorted(_FIELD.findall(form)) == sorted(_FIELD.findall(source)), (context, source)
        if len(forms) == 1:
            assert compiled.translate(context, source) == forms[0], "run packaging/translate.sh"


def test_a_window_speaks_german_and_english_again(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = PreferencesDialog(Preferences(), Places(tmp_path / "p.toml", tmp_path / "w.toml", tmp_path))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.contents.setCurrentRow(1)
    assert install_translation(qapp, "de") == "de"
    qapp.processEvents()
    assert dialog.windowTitle() == "Einstellungen"
    assert dialog.contents.currentItem().text() == "Aufnahme"
    assert "&Durchsuchen…" in {button.text() for button in dialog.findChildren(QPushButton)}
    assert install_translation(qapp, "en") == "en"
    qapp.processEvents()
    assert dialog.windowTitle() == "Preferences"
    assert dialog.contents.currentRow() == 1


def test_qts_own_buttons_speak_it_too(qapp: QApplication, qtbot: QtBot) -> None:
    install_translation(qapp, "de")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"


@pytest.mark.parametrize("language", ["en", "de"])
def test_one_and_many(qapp: QApplication, language: str) -> None:
    install_translation(qapp, language)
    one, many = (QCoreApplication.translate("DetectionPart", "%n class(es)", "", count) for count in (1, 3))
    assert (one, many) == {"en": ("1 class", "3 classes"), "de": ("1 Klasse", "3 Klassen")}[language]


def test_a_tile_speaks_german(qapp: QApplication) -> None:
    install_translation(qapp, "de")
    gone = CameraStatus(CameraState.BACKING_OFF, 99.0, SourceUnavailable("Weg."), 102.0, None)
    said = words.notice(gone, 4.0, 100)
    assert said is not None
    assert (said.headline, said.action) == ("Seit 4 s kein Bild, neue Verbindung in 2 s", "Jetzt versuchen")
    assert words.frozen(75) == "angehalten · 1 min zurück"
    assert timing_name(BoxTiming.LIVE).startswith("Live: dorthin verschoben")


def test_figures_have_german_captions_and_hints(qapp: QApplication, qtbot: QtBot) -> None:
    install_translation(qapp, "de")
    monitor = FPSMonitor()
    qtbot.addWidget(monitor)
    monitor.update_figures(CameraMetrics().snapshot(), 25, "CPU")
    assert "Alter: –" in monitor.toolTip()
    assert "Zeit für ein Bild, Median; läuft auf CPU" in monitor.toolTip()
    assert "verloren 0" in monitor.accessibleDescription()


def test_changing_often_leaves_nothing_behind(qapp: QApplication) -> None:
    for _ in range(5):
        install_translation(qapp, "de")
    installed = qapp.findChildren(translation._Installed)
    assert [len(each.kept) for each in installed] == [2]


@pytest.mark.parametrize(
    ("asked", "system", "language"),
    [
        ("de", ["en-GB"], "de"),
        ("de_AT", ["en-GB"], "de"),
        ("fr", ["de-DE"], "en"),
        ("", ["de-AT", "de"], "de"),
        ("system", ["fr-FR", "de-CH"], "de"),
        ("system", ["en-GB", "de-DE"], "en"),
        ("system", ["C"], "en"),
    ],
)
def test_which_language_is_meant(monkeypatch: pytest.MonkeyPatch, asked: str, system: list[str], language: str) -> None:
    class Locale(QLocale):
        @staticmethod
        def system() -> "Locale":
            return Locale()

        def uiLanguages(self) -> list[str]:  # noqa: N802
            return system

    monkeypatch.setattr(translation, "QLocale", Locale)
    assert meant(asked) == language


def test_languages_and_their_names() -> None:
    assert languages() == ("en", "de")
    assert [own_name(language) for language in languages()] == ["English", "Deutsch"]
