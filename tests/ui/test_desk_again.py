"""What was set up in the window is found as it was the next time."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from livevision.app import App
from livevision.desk import Desk
from livevision.sources.status import CameraState
from livevision.timing import BoxTiming
from livevision.ui.camera_tile import CameraTile
from livevision.ui.fps_monitor import MonitorStyle
from livevision.ui.layouts.kind import LayoutKind
from livevision.ui.main_window import MainWindow
from livevision.ui.tile.menu import tile_menu
from livevision.ui.tile.orientation import Orientation
from livevision.ui.tile.viewport import Fit
from tests.fakes.cameras import until
from tests.fakes.sitting import STREET, activate, drag, names, press, rename, sitting, three, type_address

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]

PYTHON_MODEL = "nobody_said_yes:make"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


@pytest.mark.rtsp
def test_a_network_camera_is_found_again_and_goes_on(on_qt: OnQt, tmp_path: Path, rtsp_url: str) -> None:
    async def first() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, rtsp_url)
            (tile,) = window.grid.tiles
            await until(lambda: tile.camera.session.status.state is CameraState.LIVE)
            await rename(window, "Front door")
            press(window, "Return")
            assert window.grid.maximised is tile
            press(window, "Ctrl+R")
            await until(lambda: tile.camera.recorder is not None and tile.camera.recorder.progress.frames > 5)
            press(window, "Ctrl+R")
            await until(lambda: tile.camera.recorder is None)
            press(window, "Ctrl+W")
            await until(window.start_page.isVisible)
            press(window, "Ctrl+Z")
            await until(lambda: names(window) == ["Front door"])

    async def second() -> None:
        async with sitting(tmp_path) as window:
            assert names(window) == ["Front door"]
            (tile,) = window.grid.tiles
            await until(lambda: tile.camera.session.status.state is CameraState.LIVE)

    on_qt(first())
    assert len([*tmp_path.rglob("*.mp4")]) == 1
    on_qt(second())


def test_everything_is_found_as_it_was(on_qt: OnQt, tmp_path: Path) -> None:
    async def first() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            drag(window, window.grid.tiles[0], window.grid.tiles[2])
            QTest.mouseClick(window.grid.tiles[1].view, Qt.MouseButton.LeftButton)
            for keys in ("T", "B", "I", "Ctrl+Shift+3"):
                press(window, keys)
            window.grid.set_kind(LayoutKind.THREE)
            press(window, "Ctrl+E")
            window.resize(1100, 640)
            await until(lambda: window.background.idle)

    async def second() -> None:
        async with sitting(tmp_path) as window:
            assert names(window) == ["Gate", "Yard", "Door"]
            yard = window.grid.tiles[1]
            assert yard.display.timing is BoxTiming.ALIGNED
            assert not yard.display.boxes_shown
            assert yard.monitor.look is MonitorStyle.FULL
            assert window.grid.tiles[0].display.boxes_shown
            assert window.grid.kind is LayoutKind.THREE
            assert window.panels.camera_dock.isVisible()
            assert not window.panels.detections_dock.isVisible()
            assert window.size().toTuple() == (1100, 640)
            assert window.desk.layouts.saved.keys() == {"3"}
            await until(
                lambda: all(tile.camera.session.status.state is CameraState.LIVE for tile in window.grid.tiles), 30
            )

    on_qt(first())
    on_qt(second())


def test_a_camera_whose_file_is_gone_today_is_there_again_tomorrow(on_qt: OnQt, tmp_path: Path, clip: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(clip.read_bytes())

    async def first() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, str(film))
            await rename(window, "Film")
            await type_address(window, STREET.format(1))

    async def without() -> None:
        async with sitting(tmp_path) as window:
            assert len(window.grid.tiles) == 1
            assert "film.mp4" in window.messages.text()
            assert "stays" in window.messages.text()
            # Other changes go on meanwhile, and say it only once.
            press(window, "B")
            await until(lambda: not window.grid.tiles[0].display.boxes_shown)
            assert len(window.messages.messages) == 1

    async def again() -> None:
        async with sitting(tmp_path) as window:
            assert names(window)[0] == "Film"
            assert len(window.grid.tiles) == 2

    on_qt(first())
    film.rename(tmp_path / "away")
    on_qt(without())
    (tmp_path / "away").rename(film)
    on_qt(again())


def test_a_camera_that_is_gone_can_be_removed_by_its_message(on_qt: OnQt, tmp_path: Path, clip: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(clip.read_bytes())

    async def first() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, str(film))

    async def without() -> None:
        async with sitting(tmp_path) as window:
            QTest.mouseClick(window.messages.messages[0].button, Qt.MouseButton.LeftButton)
            assert window.desk.cameras == ()
            assert "film.mp4 was removed" in window.messages.text()

    on_qt(first())
    film.unlink()
    on_qt(without())


def test_a_broken_workspace_is_kept_aside_and_said(on_qt: OnQt, tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text("cameras = 5 five\n")

    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await until(window.messages.isVisible)
            assert "workspace.toml was not understood and is now called" in window.messages.text()
            await type_address(window, STREET.format(1))

    on_qt(scenario())
    kept = [path for path in tmp_path.glob("workspace*") if path.read_text() == "cameras = 5 five\n"]
    assert len(kept) == 1
    assert "synthetic:street" in (tmp_path / "workspace.toml").read_text()


def test_two_windows_on_one_workspace_keep_each_others_cameras(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as one, sitting(tmp_path) as two:
            await activate(one)
            await type_address(one, STREET.format(1))
            await rename(one, "Door")
            await activate(two)
            await type_address(two, STREET.format(2))
            await rename(two, "Yard")

    async def later() -> None:
        async with sitting(tmp_path) as window:
            assert sorted(names(window)) == ["Door", "Yard"]

    on_qt(scenario())
    on_qt(later())


def with_python_model(folder: Path) -> Path:
    """Write a workspace that wants Python code to be run; return the file that its import would leave."""
    ran = folder / "ran"
    (folder / "nobody_said_yes.py").write_text(
        "from pathlib import Path\n"
        "import supervision as sv\n"
        f"Path({str(ran)!r}).touch()\n"
        "def make():\n"
        "    return lambda image: sv.Detections.empty()\n"
    )
    (folder / "workspace.toml").write_text(
        f'[[cameras]]\nid = "a"\nname = "Door"\nsource = "{STREET.format(1)}"\nmodel = "{PYTHON_MODEL}"\n'
    )
    return ran


def test_python_code_in_a_workspace_runs_only_after_a_yes_which_is_remembered(
    on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    ran = with_python_model(tmp_path)

    async def first() -> None:
        async with sitting(tmp_path) as window:
            (tile,) = window.grid.tiles
            await until(window.messages.isVisible)
            assert not ran.exists()
            window.refresh()
            assert "not allowed" in tile.header.words
            # Neither another option of the model nor an undo is a yes.
            settings = window.desk.cameras[0]
            window.commands.set(settings.but(model_options=settings.model_options.but(in_flight=2)), "Option")
            window.commands.set(window.desk.cameras[0].but(model="motion"), "Model")
            await until(lambda: tile.has_model)
            press(window, "Ctrl+Z")
            await until(lambda: window.background.idle)
            assert not ran.exists()
            (message,) = window.messages.messages
            assert message.button.text() == "Allow"
            QTest.mouseClick(message.button, Qt.MouseButton.LeftButton)
            await until(lambda: ran.exists() and window.background.idle)
            window.refresh()
            assert "not allowed" not in tile.header.words

    async def second() -> None:
        async with sitting(tmp_path) as window:
            (tile,) = window.grid.tiles
            await until(lambda: tile.camera.session.detector is not None)
            assert not window.messages.isVisible()

    on_qt(first())
    on_qt(second())


def test_choosing_the_model_that_was_not_allowed_is_a_yes(
    on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    with_python_model(tmp_path)

    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            (tile,) = window.grid.tiles
            await until(window.messages.isVisible)
            window.commands.choose_model(tile, PYTHON_MODEL)
            await until(lambda: tile.camera.session.detector is not None)
            assert window.desk.preferences.allowed_python_models == (PYTHON_MODEL,)

    on_qt(scenario())


def test_quitting_while_cameras_come_back_and_a_dialog_is_open_forgets_nothing(
    on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            window.grid.set_kind(LayoutKind.THREE)
            press(window, "Ctrl+Shift+W")
            await until(lambda: len(window.grid.detached) == 1)

    async def hurried() -> None:
        desk = Desk()
        await desk.open_workspace()
        async with App(tmp_path) as app:
            window = MainWindow(app, desk)
            window.show()
            await activate(window)
            window.refresh()
            prepare = app.prepare

            async def never_the_second(request: Any) -> Any:
                if app.cameras:
                    await asyncio.Event().wait()
                return await prepare(request)

            monkeypatch.setattr(app, "prepare", never_the_second)
            coming = asyncio.create_task(window.reopen())
            await until(lambda: len(window.grid.tiles) == 1)
            press(window, "Ctrl+A")
            window.refresh()
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            await window.aclose()
            await app.aclose()
            window.hide()
            window.deleteLater()

    async def third() -> None:
        async with sitting(tmp_path) as window:
            assert names(window) == ["Door", "Yard", "Gate"]
            assert window.grid.kind is LayoutKind.THREE
            assert [tile.camera.name for tile in window.grid.detached] == ["Gate"]

    on_qt(first())
    on_qt(hurried())
    on_qt(third())


def test_a_name_that_is_being_typed_when_the_window_is_closed_is_kept(on_qt: OnQt, tmp_path: Path) -> None:
    async def first() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            press(window, "F2")
            field = QApplication.focusWidget()
            assert field is not None
            QTest.keyClicks(field, "Gate")

    async def second() -> None:
        async with sitting(tmp_path) as window:
            assert names(window) == ["Gate"]

    on_qt(first())
    on_qt(second())


def test_how_a_picture_is_turned_mirrored_and_fitted_is_found_again(on_qt: OnQt, tmp_path: Path) -> None:
    turned = Orientation(90, mirror=True)

    def choose(tile: CameraTile, words: str) -> None:
        menu = tile_menu(tile)
        actions = [action for each in (menu, *menu.findChildren(QMenu)) for action in each.actions()]
        next(action for action in actions if action.text() == words).trigger()
        menu.deleteLater()

    async def first() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            for words in ("Turn right", "Mirror", "Fill the tile"):
                choose(tile, words)
            await until(lambda: tile.display.viewport.fit is Fit.FILL)
            assert tile.display.viewport.orientation == turned
            await until(lambda: window.background.idle)
            press(window, "Ctrl+Z")
            await until(lambda: tile.display.viewport.fit is Fit.WHOLE)
            press(window, "Ctrl+Y")
            await until(lambda: tile.display.viewport.fit is Fit.FILL)

    async def second() -> None:
        async with sitting(tmp_path) as window:
            (tile,) = window.grid.tiles
            assert tile.display.viewport.orientation == turned
            assert tile.display.viewport.fit is Fit.FILL

    on_qt(first())
    text = (tmp_path / "workspace.toml").read_text()
    assert "rotate = 90" in text
    on_qt(second())
