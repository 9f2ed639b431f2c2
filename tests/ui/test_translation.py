"""German, and that nothing is left in English."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from livevision.errors import SourceUnavailable, SourceUnusable
from livevision.metrics import CameraMetrics
from livevision.sources.status import CameraState, CameraStatus
from livevision.timing import BoxTiming
from livevision.ui import run, translation, words
from livevision.ui.fps_monitor import FPSMonitor
from livevision.ui.preferences.dialog import PreferencesDialog
from livevision.ui.preferences.places import Places
from livevision.ui.tile.timing_words import timing_name
from livevision.ui.translation import install_translation, languages, meant, own_name, told
from livevision.wording import Wording, say
from livevision.workspace.preferences import Preferences
from tests.fakes.cameras import until
from tests.fakes.sitting import sitting
from tests.ui.test_camera_tile import OnQt, tile_on_desk

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
    core = tmp_path / "core.py"
    subprocess.run([sys.executable, str(ROOT / "packaging" / "wordings.py"), str(core)], check=True, timeout=60)
    sources = sorted(str(path) for path in (*UI.rglob("*.py"), core))
    subprocess.run(
        [str(LUPDATE), "-silent", "-no-obsolete", "-locations", "none", *sources, "-ts", str(collected)],
        check=True,
        timeout=60,
    )
    left = [(context, source) for context, source, text in messages(collected) if text.get("type") == "unfinished"]
    listed = "\n".join(f"{context}: {source!r}" for context, source in left)
    assert not left, f"run packaging/translate.sh, translate these in livevision_de.ts, and run it again:\n{listed}"


def test_what_background_work_is_called_is_translated() -> None:
    """It stands on the screen where the work fails."""
    left = [
        f"{path.relative_to(UI)}:{call.lineno}"
        for path in UI.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "start"
        and "background" in ast.unparse(call.func.value)
        and isinstance(call.args[1], ast.Constant)
    ]
    assert not left


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


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", ("Einstellungen", "Aufnahme", "&Durchsuchen…")), ("en", ("Preferences", "Recording", "&Browse…"))],
)
def test_a_window_speaks_the_language(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, language: str, words: tuple[str, str, str]
) -> None:
    title, page, button = words
    assert install_translation(qapp, language) == language
    dialog = PreferencesDialog(Preferences(), Places(tmp_path / "p.toml", tmp_path / "w.toml", tmp_path))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == title
    assert dialog.contents.item(1).text() == page
    assert button in {each.text() for each in dialog.findChildren(QPushButton)}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Takes effect when livevision is started again."),
        ("de", "Wirkt, wenn livevision das nächste Mal gestartet wird."),
    ],
)
def test_beside_the_choice_of_language_stands_when_it_is_spoken(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, language: str, words: str
) -> None:
    install_translation(qapp, language)
    dialog = PreferencesDialog(Preferences(), Places(tmp_path / "p.toml", tmp_path / "w.toml", tmp_path))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    assert words in [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def test_another_language_is_spoken_by_everything_or_nothing(
    on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")

    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            window.preferring._take(window.desk.preferences.but(language="de"))
            assert window.menuBar().actions()[0].text() == "&File"
            assert QCoreApplication.translate("PreferencesDialog", "Preferences") == "Preferences"
            assert window.desk.preferences.language == "de"

    on_qt(scenario())


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


class Spoken(QTranslator):
    """Speaks what it is given, of the core."""

    def __init__(self, app: QApplication, texts: dict[str, str]) -> None:
        super().__init__(app)
        self.texts = texts

    def isEmpty(self) -> bool:  # noqa: N802
        return False

    def translate(self, context: str, text: str, *_: object) -> str | None:  # type: ignore[override]
        return self.texts.get(text) if context == "core" else None


@pytest.fixture
def speak(qapp: QApplication) -> Iterator[Callable[[dict[str, str]], None]]:
    spoken: list[Spoken] = []

    def speak(texts: dict[str, str]) -> None:
        spoken.append(Spoken(qapp, texts))
        qapp.installTranslator(spoken[-1])

    yield speak
    for each in spoken:
        qapp.removeTranslator(each)


Speak = Callable[[dict[str, str]], None]


def test_a_text_from_outside_is_told_with_all_that_is_in_it(speak: Speak) -> None:
    speak({"{name} is gone ({why})": "({why}) Weg ist {name}", "no host": "kein Host"})
    assert told(say("{name} is gone ({why})", name="{Tor}", why=say("no host"))) == "(kein Host) Weg ist {Tor}"
    assert told(say("{name} is here", name="Tor")) == "Tor is here"
    assert told("{name} is gone ({why})") == "{name} is gone ({why})"


@pytest.mark.parametrize("broken", ["{nam} ist weg", "{0} ist weg", "{name ist weg", "{name.size} weg", "{name:d} weg"])
def test_a_broken_translation_is_told_in_english(speak: Speak, broken: str) -> None:
    speak({"{name} is gone": broken})
    text = told(say("{name} is gone", name="Tor"))
    assert text == "Tor is gone"
    assert not isinstance(text, Wording)


def test_why_a_camera_is_gone_reaches_a_tile_in_german(on_qt: OnQt, speak: Speak) -> None:
    speak({"{name} ended the stream.": "{name} hat den Stream beendet.", "the disk is gone": "das Laufwerk ist weg"})

    async def scenario() -> None:
        async with tile_on_desk() as (tile, scripted, _):
            scripted.lose(SourceUnusable(say("{name} ended the stream.", name="Tor")))
            await until(lambda: tile.camera.session.status.state is CameraState.FAILED)
            tile.refresh()
            notice = tile.view.notice
            assert notice is not None
            assert notice.detail.startswith("Tor hat den Stream beendet.")
            tile.camera.trouble = say("the disk is gone")
            tile.refresh()
            assert "das Laufwerk ist weg" in tile.header.words

    on_qt(scenario())


def test_a_window_speaks_its_language_from_the_start(
    on_qt: OnQt, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class Watched(run.MainWindow):
        def __init__(self, *parts: Any) -> None:
            super().__init__(*parts)
            said.extend(action.text() for action in self.findChildren(QAction))

    monkeypatch.setattr(run, "MainWindow", Watched)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: QLocale("de_DE")))
    on_qt(run._show(qapp, run.ViewOptions((), tmp_path, duration=0.0), None))
    # Where there is nothing to undo, too, it is no sentence without a beginning.
    assert {"&Datei", "&Rückgängig"} <= set(said)


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
