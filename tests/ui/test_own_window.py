"""A tile in a window of its own, driven by its keys as the main window is."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from livevision.timing import BoxTiming
from livevision.ui.layouts.tile_window import TileWindow
from livevision.ui.main_window import MainWindow
from tests.fakes.cameras import until
from tests.fakes.sitting import STREET, press, rename, sitting, type_address

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


@asynccontextmanager
async def door_apart(folder: Path) -> AsyncIterator[tuple[MainWindow, TileWindow]]:
    """Two cameras: Yard is the chosen one in the main window, Door has the keyboard in a window of its own."""
    async with sitting(folder) as window:
        for number, name in enumerate(("Door", "Yard")):
            await type_address(window, STREET.format(number))
            await rename(window, name)
        door, yard = window.grid.tiles
        own = window.grid.detach(door)
        window.grid.choose(yard)
        await until(lambda: door.view.image is not None)
        own.activateWindow()
        await until(own.isActiveWindow)
        yield window, own


def test_its_keys_mean_its_camera_whichever_is_chosen(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with door_apart(tmp_path) as (window, own):
            door, yard = window.grid.tiles
            press(own, "Space")
            assert (door.display.frozen, yard.display.frozen) == (True, False)
            press(own, "Space")
            assert not door.display.frozen
            press(own, "+")
            press(own, "+")
            assert door.display.viewport.is_zoomed
            press(own, "-")
            press(own, "0")
            assert not door.display.viewport.is_zoomed
            before = door.monitor.look
            press(own, "I")
            await until(lambda: door.monitor.look is not before)
            assert yard.monitor.look is before
            press(own, "T")
            assert door.display.timing is not BoxTiming.LIVE
            assert yard.display.timing is BoxTiming.LIVE
            press(own, "B")
            await until(lambda: not door.display.boxes_shown)
            assert yard.display.boxes_shown
            press(own, "Ctrl+S")
            await until(lambda: list(tmp_path.glob("Door*.png")))
            press(own, "Ctrl+R")
            await until(lambda: door.camera.recorder is not None)
            press(own, "Ctrl+R")
            await until(lambda: door.camera.recorder is None)
            assert yard.camera.recorder is None
            assert not list(tmp_path.glob("Yard*"))
            assert window.grid.chosen is yard

    on_qt(scenario())


def test_esc_gives_the_new_name_up_and_leaves_the_window_as_it_is(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with door_apart(tmp_path) as (window, own):
            press(own, "F11")
            assert own.isFullScreen()
            press(own, "F2")
            field = QApplication.focusWidget()
            assert isinstance(field, QLineEdit)
            assert field.window() is own
            # Keys of the window, all of them: here they are letters.
            QTest.keyClicks(field, "bit f +-0")
            assert field.text() == "bit f +-0"
            press(own, "Esc")
            assert not field.isVisible()
            assert own.isFullScreen()
            assert window.grid.tiles[0].camera.name == "Door"
            press(own, "Esc")
            assert not own.isFullScreen()
            assert own.isVisible()

    on_qt(scenario())


def test_a_name_typed_there_is_taken(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with door_apart(tmp_path) as (window, own):
            press(own, "F2")
            field = QApplication.focusWidget()
            QTest.keyClicks(field, "Gate")
            QTest.keyClick(field, Qt.Key.Key_Return)
            await until(lambda: own.windowTitle() == "Gate")
            assert window.grid.tiles[0].camera.name == "Gate"

    on_qt(scenario())


@pytest.mark.parametrize("keys", ["Ctrl+W", "Ctrl+Shift+W"])
def test_keys_bring_it_back_and_the_camera_stays(on_qt: OnQt, tmp_path: Path, keys: str) -> None:
    async def scenario() -> None:
        async with door_apart(tmp_path) as (window, own):
            press(own, keys)
            assert window.grid.detached == ()
            assert len(window.grid.tiles) == 2
            again = window.grid.detach(window.grid.tiles[0])
            again.activateWindow()
            await until(again.isActiveWindow)
            press(again, "I")
            door, yard = window.grid.tiles
            await until(lambda: door.monitor.look is not yard.monitor.look)

    on_qt(scenario())
