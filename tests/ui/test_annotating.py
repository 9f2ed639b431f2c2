"""A recorded file annotated from the window: filled in, followed, given up, opened."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from livevision.errors import ModelError
from livevision.processing import ProcessProgress
from livevision.ui.annotate_dialog import AnnotateDialog
from livevision.ui.annotate_pace import Pace
from livevision.ui.main_window import MainWindow
from tests.export.test_exporting import FRAMES, files, recording
from tests.fakes.cameras import ScriptedDetector, things, until
from tests.fakes.sitting import press, sitting

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "settings" / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "settings" / "preferences.toml")


def video(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    return recording(folder)


def use(window: MainWindow, answer: ScriptedDetector | ModelError) -> None:
    async def load(*_: object) -> ScriptedDetector:
        if isinstance(answer, ModelError):
            raise answer
        return answer

    window.app.detectors.load = load  # type: ignore[method-assign, assignment]


async def asked(window: MainWindow, source: Path, dialog: AnnotateDialog | None = None) -> AnnotateDialog:
    """Press the key and type the file."""
    if dialog is None:
        press(window, "Ctrl+T")
        (dialog,) = window.findChildren(AnnotateDialog)
    QTest.keyClicks(dialog.source, str(source))
    dialog.source.editingFinished.emit()
    await until(lambda: dialog.target.text() != "")
    return dialog


def test_a_file_is_annotated_and_opened(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        source = video(tmp_path)
        async with sitting(tmp_path / "output") as window:
            detector = ScriptedDetector(things((20, 130, 300, 230)))
            use(window, detector)
            dialog = await asked(window, source)
            target = source.with_name(f"{source.stem}.annotated.mp4")
            assert dialog.target.text() == str(target)
            # There are detections beside it, which are offered first.
            assert dialog.model.currentText() == "As it was recorded"
            dialog.choose_model("people")
            detector.gate.clear()
            QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
            assert dialog.progress.isVisible()
            assert dialog.pace.text() == "Loading people…"
            assert not dialog.start.isEnabled()
            layout = dialog.layout()
            assert layout is not None
            assert dialog.height() >= layout.totalHeightForWidth(dialog.width()), "nothing is squeezed"
            detector.gate.set()
            await until(lambda: "pictures" in dialog.pace.text())
            await until(lambda: f"Annotated {FRAMES} pictures" in window.messages.text())
            assert target.is_file()
            assert detector.closed
            message = window.messages.messages[-1]
            assert message.button.text() == "Open"
            QTest.mouseClick(message.button, Qt.MouseButton.LeftButton)
            assert [player.path for player in window.players.windows] == [target]

    on_qt(scenario())


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, None])
def test_it_is_given_up_with_a_key_or_the_button_and_nothing_is_left(
    on_qt: OnQt, tmp_path: Path, key: Qt.Key | None
) -> None:
    async def scenario() -> None:
        source = video(tmp_path)
        there = files(source.parent)
        async with sitting(tmp_path / "output") as window:
            detector = ScriptedDetector(things())
            detector.gate.clear()
            use(window, detector)
            dialog = await asked(window, source)
            dialog.choose_model("people")
            QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
            await until(lambda: detector.calls > 0)
            if key is None:
                cancel = dialog.buttons.button(dialog.buttons.StandardButton.Cancel)
                QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
            else:
                QTest.keyClick(dialog, key)
            await until(lambda: window.background.idle)
            assert files(source.parent) == there
            assert detector.closed
            assert not window.messages.isVisible(), "who gives up knows that"

    on_qt(scenario())


def test_what_fails_is_said_in_the_dialog_which_stays(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        source = video(tmp_path)
        async with sitting(tmp_path / "output") as window:
            use(window, ModelError("people is broken; load another one"))
            press(window, "Ctrl+T")
            (empty,) = window.findChildren(AnnotateDialog)
            QTest.mouseClick(empty.start, Qt.MouseButton.LeftButton)
            await until(lambda: empty.trouble.text() == "✕ Choose a video first.")
            dialog = await asked(window, source, empty)
            dialog.choose_model("people")
            QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
            await until(dialog.trouble.isVisible)
            assert dialog.trouble.text() == "✕ people is broken; load another one"
            assert dialog.start.isEnabled()
            assert not dialog.progress.isVisible()

    on_qt(scenario())


def test_quitting_ends_it(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        source = video(tmp_path)
        there = files(source.parent)
        async with sitting(tmp_path / "output") as window:
            detector = ScriptedDetector(things())
            detector.gate.clear()
            use(window, detector)
            dialog = await asked(window, source)
            dialog.choose_model("people")
            QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
            await until(lambda: detector.calls > 0)
        assert files(source.parent) == there
        assert detector.closed

    on_qt(scenario())


@pytest.mark.parametrize(
    ("progress", "seconds", "words"),
    [
        (ProcessProgress(3, 900, 0.1, 36.0), 0.2, "3 of 900 pictures"),
        (ProcessProgress(300, 900, 12.0, 36.0), 10.0, "300 of 900 pictures · 30.0 a second · 20 s left"),
        (ProcessProgress(300, None, 12.0, 36.0), 10.0, "300 pictures · 30.0 a second · 20 s left"),
        (ProcessProgress(300, None, 12.0, None), 10.0, "300 pictures · 30.0 a second"),
        (ProcessProgress(950, 900, 38.0, 36.0), 10.0, "950 of 900 pictures · 95.0 a second · 0 s left"),
    ],
)
def test_how_far_it_is_in_words(progress: ProcessProgress, seconds: float, words: str) -> None:
    assert Pace(progress, seconds).words() == words
