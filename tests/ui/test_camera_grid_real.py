"""The grid with real tiles, real sessions and scripted cameras."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.sources.reader import Demand
from livevision.ui.camera_grid import CameraGrid
from livevision.ui.camera_tile import CameraTile
from livevision.ui.layouts.kind import LayoutKind
from tests.fakes.cameras import ScriptedCamera, grey, until
from tests.ui.test_video_view import grabbed

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@asynccontextmanager
async def grid_of(*cameras: ScriptedCamera, output: Path, kind: LayoutKind) -> AsyncIterator[CameraGrid]:
    async with App(output) as app:
        app.sources.address = lambda _source: None  # type: ignore[method-assign, assignment]
        grid = CameraGrid()
        grid.set_kind(kind)
        grid.resize(900, 600)
        grid.show()
        try:
            for number, camera in enumerate(cameras):
                app.sources.opener = lambda *_, camera=camera: camera.opener  # type: ignore[method-assign, misc]
                opened = await app.prepare(CameraRequest(f"rtsp://door.local/{number}"))
                grid.add(CameraTile(opened, app.work))
                await opened.session.__aenter__()
            yield grid
        finally:
            grid.reattach_all()
            for tile in grid.tiles:
                await tile.aclose()
            await app.aclose()
            grid.hide()
            grid.deleteLater()


@pytest.fixture
def quick_to_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.camera._UNWANTED_AFTER", 0.05)
    monkeypatch.setattr("livevision.camera._WATCH_EVERY", 0.01)


@pytest.mark.usefixtures("quick_to_rest")
@pytest.mark.parametrize("way", ["another page", "behind a maximised one"])
def test_nothing_is_converted_for_a_tile_that_is_out_of_sight_and_its_newest_picture_comes_at_once(
    on_qt: OnQt, tmp_path: Path, way: str
) -> None:
    async def scenario() -> None:
        first, second = ScriptedCamera(), ScriptedCamera()
        kind = LayoutKind.ONE if way == "another page" else LayoutKind.AUTO
        async with grid_of(first, second, output=tmp_path, kind=kind) as grid:
            if way != "another page":
                QTest.keyClick(grid, Qt.Key.Key_Return)
            assert grid.shown == [grid.tiles[1]]
            tile = grid.tiles[0]
            await until(lambda: first.readers and first.readers[0].wanted is Demand.KEYFRAMES)
            first.send(grey((320, 180), 77))
            await until(lambda: tile.camera.seen.frame is not None)
            await asyncio.sleep(0.05)
            assert not tile.camera.seen.frame.picture.asked
            QTest.keyClick(grid, Qt.Key.Key_PageUp)
            assert grid.shown == [tile]
            # No new picture is needed for it.
            await until(lambda: tile.view.image is not None)
            middle = tile.view.rect().center()
            assert grabbed(tile.view)[middle.y(), middle.x()].tolist() == [77, 77, 77]
            await until(lambda: first.readers[0].wanted is Demand.EVERY_FRAME)

    on_qt(scenario())


def test_a_tile_goes_on_in_a_window_of_its_own_and_back_in_its_cell(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        cameras = ScriptedCamera(), ScriptedCamera()
        async with grid_of(*cameras, output=tmp_path, kind=LayoutKind.AUTO) as grid:
            tile = grid.tiles[0]
            window = grid.detach(tile)
            assert window.windowTitle() == tile.camera.name
            for level, leave in ((60, False), (120, True)):
                if leave:
                    window.close()
                    assert tile.window() is grid
                cameras[0].send(grey((320, 180), level))
                shown = tile.camera.session.metrics.snapshot
                await until(lambda: shown().shown >= (2 if leave else 1))  # noqa: B023
                middle = tile.view.rect().center()
                assert grabbed(tile.view)[middle.y(), middle.x()].tolist() == [level] * 3

    on_qt(scenario())


def test_a_double_click_on_a_real_tile_maximises_it(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        cameras = [ScriptedCamera() for _ in range(3)]
        async with grid_of(*cameras, output=tmp_path, kind=LayoutKind.AUTO) as grid:
            for camera in cameras:
                camera.send()
            tile = grid.tiles[1]
            await until(lambda: tile.view.image is not None and tile.view.notice is None)
            for shown in ([tile], grid.tiles):
                QTest.mouseClick(tile.view, Qt.MouseButton.LeftButton)
                QTest.mouseDClick(tile.view, Qt.MouseButton.LeftButton)
                assert grid.shown == shown

    on_qt(scenario())


class Asked(QObject):
    """Counts how often something is given another size."""

    def __init__(self, tiles: list[CameraTile]) -> None:
        super().__init__()
        self.times = 0
        for tile in tiles:
            tile.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.times += event.type() is QEvent.Type.Resize
        return False


@pytest.mark.alone
def test_resizing_nine_tiles_costs_what_nine_cost_and_lays_out_each_once(on_qt: OnQt, tmp_path: Path) -> None:
    async def resized(count: int) -> float:
        cameras = [ScriptedCamera() for _ in range(count)]
        async with grid_of(*cameras, output=tmp_path, kind=LayoutKind.AUTO) as grid:
            asked, took = Asked(grid.tiles), []
            for step in range(20):
                asked.times = 0
                started = time.thread_time()
                grid.resize(907 + 7 * step, 605 + 5 * step)
                took.append(time.thread_time() - started)
                assert asked.times <= count
                await asyncio.sleep(0)
            assert asked.times > 0
            return min(took)

    async def scenario() -> None:
        one, nine, again = await resized(1), await resized(9), await resized(1)
        print(f"resize of one tile: {min(one, again) * 1000:.2f} ms, of nine: {nine * 1000:.2f} ms of the processor")
        # In the processor's time, each the best of many: 3 ms on one of 2024, and never more than each by itself.
        assert nine < 9 * min(one, again)

    on_qt(scenario())
