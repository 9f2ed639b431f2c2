"""A workspace that is dropped onto the window takes the place of the one that is there, which is kept."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest

from livevision.ui.layouts.kind import LayoutKind
from livevision.ui.main_window import MainWindow
from tests.fakes.cameras import ScriptedCamera, until
from tests.fakes.sitting import STREET, names, paste, press, rename, sitting, three, type_address
from tests.ui.test_main_window import opened, wire

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.ui.arranging.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.toml"
    path.write_text(
        "".join(
            f'[[cameras]]\nid = "{name.lower()}"\nname = "{name}"\nsource = "{STREET.format(seed)}"\n'
            for seed, name in enumerate(("Roof", "Cellar"))
        )
        + '[layouts.current]\nkind = "2x2"\norder = ["cellar", "roof"]\n'
    )
    return path


def drop(window: MainWindow, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.opening.take(mime)


def click(window: MainWindow, words: str) -> None:
    (button,) = (each.button for each in window.messages.messages if each.button and each.button.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_dropped_workspace_is_opened_and_the_message_leads_back(on_qt: OnQt, tmp_path: Path, night: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            window.grid.set_kind(LayoutKind.THREE)
            drop(window, night)
            await until(lambda: names(window) == ["Cellar", "Roof"])
            await until(lambda: window.background.idle)
            assert window.grid.kind is LayoutKind.TWO
            assert window.windowTitle() == "night – livevision"
            assert "Opened night.toml" in window.messages.text()
            assert "workspace.toml" in window.messages.text()
            # What is changed now is kept there.
            await rename(window, "Attic")
            window.refresh()
            click(window, "Go back")
            await until(lambda: names(window) == ["Door", "Yard", "Gate"])
            await until(lambda: window.background.idle)
            assert window.grid.kind is LayoutKind.THREE
            assert window.windowTitle() == "livevision"

    async def later() -> None:
        async with sitting(tmp_path) as window:
            assert names(window) == ["Door", "Yard", "Gate"]

    on_qt(scenario())
    text = night.read_text()
    assert "Attic" in text
    assert "Door" not in text
    assert 'kind = "2x2"' in text
    on_qt(later())


def test_its_path_can_be_pasted_and_what_comes_with_it_belongs_into_it(
    on_qt: OnQt, tmp_path: Path, night: Path, clip: Path
) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(5))
            paste(window, f'"{night}"')
            await until(lambda: names(window) == ["Cellar", "Roof"])
            drop(window, clip, tmp_path / "workspace.toml")
            await until(lambda: len(window.grid.tiles) == 2 and names(window)[-1] == clip.name)

    on_qt(scenario())
    assert clip.name not in night.read_text()
    assert clip.name in (tmp_path / "workspace.toml").read_text()


@pytest.mark.parametrize("text", ["[project]\nname = 'x'\n", "cameras = 5 five\n"])
def test_what_is_no_workspace_is_said_in_a_line_and_nothing_changes(on_qt: OnQt, tmp_path: Path, text: str) -> None:
    other = tmp_path / "pyproject.toml"
    other.write_text(text)

    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            await rename(window, "Door")
            drop(window, other)
            await until(lambda: "pyproject.toml was not opened" in window.messages.text())
            assert "\n" not in window.messages.text()
            assert names(window) == ["Door"]
            await rename(window, "Yard")

    on_qt(scenario())
    assert other.read_text() == text
    assert "Yard" in (tmp_path / "workspace.toml").read_text()


def test_a_recording_is_not_cut_off_unasked(on_qt: OnQt, tmp_path: Path, night: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            await rename(window, "Door")
            (tile,) = window.grid.tiles
            await until(lambda: tile.camera.seen.frame is not None)
            press(window, "Ctrl+R")
            await until(lambda: tile.camera.recorder is not None and tile.camera.recorder.progress.frames > 3)
            drop(window, night)
            await until(lambda: "the recording ended" in window.messages.text())
            assert names(window) == ["Door"]
            assert tile.camera.recorder is not None
            click(window, "Open anyway")
            await until(lambda: names(window) == ["Cellar", "Roof"])

    on_qt(scenario())
    assert len([*tmp_path.rglob("*.mp4")]) == 1


def test_cameras_that_are_in_no_file_are_not_closed_unasked(on_qt: OnQt, tmp_path: Path, night: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            wire(window, ScriptedCamera())
            await type_address(window, "rtsp://door.local/main")
            drop(window, night)
            await until(lambda: "in no file" in window.messages.text())
            assert names(window) == ["door.local/main"]
            click(window, "Open anyway")
            await until(lambda: names(window) == ["Cellar", "Roof"])
            await until(lambda: window.desk.place == night)

    on_qt(scenario())


def test_where_what_is_here_cannot_be_kept_nothing_is_opened(
    on_qt: OnQt, tmp_path: Path, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            await rename(window, "Door")
            with monkeypatch.context() as full:
                full.setattr("livevision.workspace.shared_file.MOST_BYTES", 10)
                await rename(window, "Yard")
                drop(window, night)
                await until(lambda: "could not be written" in window.messages.text())
                assert names(window) == ["Yard"]
                assert window.desk.place == tmp_path / "workspace.toml"

    on_qt(scenario())
    assert "Yard" in (tmp_path / "workspace.toml").read_text()
