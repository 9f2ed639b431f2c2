"""A model that takes long, hangs or fails, as an operator has it in the window: shown, given up, tried again."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from livevision.errors import ModelError
from livevision.ui.camera_tile import CameraTile
from livevision.ui.main_window import MainWindow
from livevision.ui.tile.menu import tile_menu
from tests.fakes.cameras import ScriptedDetector, things, until
from tests.fakes.sitting import STREET, press, sitting, type_address

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]
SLOW = "kserve+http://gpu1:8000/slow"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


class Loader:
    """Loads what the app asks for: at once, when ``gate`` is open, or never as ``trouble`` says."""

    def __init__(self, window: MainWindow) -> None:
        self.gates: dict[str, asyncio.Event] = {}
        self.trouble = ""
        self.loaded: list[ScriptedDetector] = []
        window.app.detectors.load = self.load  # type: ignore[method-assign, assignment]

    def hold(self, model: str) -> asyncio.Event:
        self.gates[model] = asyncio.Event()
        return self.gates[model]

    async def load(self, model: str, _options: object = None) -> ScriptedDetector:
        if gate := self.gates.get(model):
            await gate.wait()
        if self.trouble:
            raise ModelError(self.trouble)
        detector = ScriptedDetector(things())
        detector.name = model
        self.loaded.append(detector)
        return detector


async def camera_with(window: MainWindow, model: str) -> CameraTile:
    await type_address(window, STREET.format(1))
    (tile,) = window.grid.tiles
    window.commands.choose_model(tile, model)
    await until(lambda: tile.camera.running_model == model)
    window.panels.show_panel()
    return tile


def test_a_model_that_hangs_is_said_at_once_and_given_up_for_the_old_one(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            loader = Loader(window)
            tile = await camera_with(window, "people")
            old = tile.camera.session.detector
            loader.hold(SLOW)
            window.commands.choose_model(tile, SLOW)
            part = window.panels.panel.model
            await until(part.busy.isVisible)
            assert "gpu1:8000/slow" in part.loading.text()
            assert part.goes_on.text() == "people goes on meanwhile."
            began = tile.camera.loading_since
            tile.camera.clock = lambda: began + 12.4
            await until(lambda: part.loading.text().endswith(" 12 s"))
            tile.refresh()
            assert "gpu1:8000/slow… 12 s" in tile.header.words
            assert "(12 s)" in window.menus.models.stop.text()
            QTest.mouseClick(part.cancel, Qt.MouseButton.LeftButton)
            assert tile.camera.loading == ""
            await until(lambda: window.background.idle)
            assert tile.camera.session.detector is old
            assert not loader.loaded[0].closed
            assert len(loader.loaded) == 1, "what runs is not loaded once more"
            settings = window.desk.camera(tile.camera.id)
            assert settings is not None
            assert settings.model == "people"
            await until(lambda: not part.busy.isVisible())
            assert part.models.value == "people"
            assert window.menus.models.stop.isVisible() is False
            # Nothing was done: what an undo takes back is what was chosen before.
            press(window, "Ctrl+Z")
            await until(lambda: tile.camera.session.detector is None)

    on_qt(scenario())


def test_the_first_model_is_given_up_in_the_tiles_menu_for_none(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            loader = Loader(window)
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            gate = loader.hold(SLOW)
            window.commands.choose_model(tile, SLOW)
            await until(lambda: tile.camera.loading == SLOW)
            menu = tile_menu(tile)
            (stop,) = (each for each in menu.actions() if each.text() == "Stop loading kserve+http://gpu1:8000/slow")
            stop.trigger()
            menu.close()
            await until(lambda: window.background.idle)
            gate.set()
            await asyncio.sleep(0)
            settings = window.desk.camera(tile.camera.id)
            assert settings is not None
            assert (settings.model, tile.camera.session.detector, loader.loaded) == (None, None, [])

    on_qt(scenario())


def test_a_model_that_fails_says_who_goes_on_and_is_tried_again(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            loader = Loader(window)
            tile = await camera_with(window, "people")
            loader.trouble = "gpu1 does not answer; check its address"
            window.commands.choose_model(tile, SLOW)
            await until(lambda: "gpu1 does not answer" in window.messages.text())
            assert f"{tile.camera.name} goes on with people." in window.messages.text()
            part = window.panels.panel.model
            await until(part.retry.isVisible)
            assert "gpu1 does not answer" in part.trouble.text()
            assert part.keep.accessibleName() == "Keep people"
            loader.trouble = ""
            message = window.messages.messages[-1]
            assert message.button.text() == "Try again"
            QTest.mouseClick(message.button, Qt.MouseButton.LeftButton)
            await until(lambda: tile.camera.running_model == SLOW)
            assert loader.loaded[0].closed
            await until(lambda: not part.retry.isVisible())
            assert not part.trouble.isVisible()

    on_qt(scenario())


def test_after_a_failure_the_old_model_is_kept_with_a_button(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            loader = Loader(window)
            tile = await camera_with(window, "people")
            loader.trouble = "it is broken"
            window.commands.choose_model(tile, SLOW)
            part = window.panels.panel.model
            await until(part.keep.isVisible)
            QTest.mouseClick(part.keep, Qt.MouseButton.LeftButton)
            await until(lambda: part.models.value == "people" and not part.trouble.isVisible())
            assert tile.camera.session.detector is loader.loaded[0]

    on_qt(scenario())


def test_choosing_another_ends_the_loading_of_the_one_before(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            loader = Loader(window)
            tile = await camera_with(window, "people")
            loader.hold(SLOW)
            window.commands.choose_model(tile, SLOW)
            await until(lambda: tile.camera.loading == SLOW)
            window.commands.choose_model(tile, "faces")
            await until(lambda: tile.camera.running_model == "faces")
            await until(lambda: window.background.idle)
            assert [each.name for each in loader.loaded] == ["people", "faces"]
            assert not window.messages.isVisible(), "what nobody wants any more is no failure"

    on_qt(scenario())


def test_a_server_takes_the_place_of_another_model_once_it_answers(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            loader = Loader(window)
            tile = await camera_with(window, "people")
            await until(lambda: tile.camera.seen.frame is not None)
            server = ScriptedDetector(things())
            server.gate.clear()

            async def load(*_: object) -> ScriptedDetector:
                return server

            window.app.detectors.load = load  # type: ignore[method-assign, assignment]
            window.commands.choose_model(tile, SLOW)
            await until(lambda: server.calls == 1)
            assert tile.camera.loading == SLOW
            assert tile.camera.session.detector is loader.loaded[0]
            window.commands.keep_model(tile)
            await until(lambda: server.closed)
            assert tile.camera.running_model == "people"
            server.gate.set()
            server.closed = False
            window.commands.choose_model(tile, SLOW)
            await until(lambda: tile.camera.session.detector is server)
            assert loader.loaded[0].closed

    on_qt(scenario())
