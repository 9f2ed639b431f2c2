import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest

from livevision.app import App
from livevision.cameras import CameraRequest
from livevision.errors import SourceRefused, SourceUnavailable
from livevision.inference.options import ModelOptions
from livevision.inference.registry import ModelKind
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState
from livevision.ui.main_window import MainWindow
from livevision.ui.notice import Notice
from tests.fakes.cameras import ScriptedCamera, ScriptedDetector, things, until
from tests.ui.test_video_view import grabbed

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@asynccontextmanager
async def opened(output: Path) -> AsyncIterator[MainWindow]:
    async with App(output) as app:
        window = MainWindow(app)
        window.resize(900, 640)
        window.show()
        try:
            yield window
        finally:
            await window.aclose()
            await app.aclose()
            window.hide()
            window.deleteLater()


def wire(window: MainWindow, camera: ScriptedCamera, detector: ScriptedDetector | None = None) -> None:
    """Let every source of the window's app be this camera, and every model this detector."""
    window.app.sources.opener = lambda *_: camera.opener  # type: ignore[method-assign, assignment]
    window.app.sources.address = lambda _source: None  # type: ignore[method-assign, assignment]

    async def load(_model: str, _options: ModelOptions) -> ScriptedDetector:
        assert detector is not None
        return detector

    window.app.detectors.load = load  # type: ignore[method-assign, assignment]
    window.app.detectors.kind = lambda _model: ModelKind.FILE  # type: ignore[method-assign]


async def keep_sending(camera: ScriptedCamera) -> None:
    while True:
        camera.send()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def sending(camera: ScriptedCamera) -> AsyncIterator[None]:
    task = asyncio.create_task(keep_sending(camera))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def action(window: MainWindow, key: str) -> QAction:
    return next(each for each in window.actions() if QKeySequence(key) in each.shortcuts())


def test_without_a_camera_the_window_offers_four_ways_to_get_one(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            page = window.start_page
            assert page.isVisible()
            cards = (page.webcam, page.network, page.file, page.demo)
            assert [card.accessibleName() for card in cards] == ["Webcam", "Network camera", "File", "Demo"]
            assert not action(window, "Ctrl+R").isEnabled()
            assert not page.connect_button.isEnabled()

    on_qt(scenario())


def test_an_address_typed_on_the_start_page_opens_a_tile(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera)
            QTest.keyClicks(window.start_page.address, "rtsp://anna:secret@door.local/main")
            QTest.keyClick(window.start_page.address, Qt.Key.Key_Return)
            await until(lambda: len(window.grid.tiles) == 1)
            async with sending(camera):
                tile = window.grid.tiles[0]
                await until(lambda: tile.camera.session.status.state is CameraState.LIVE)
                window.refresh()
                assert "live" in tile.header.words
                assert "door.local/main" in tile.header.words
                assert "secret" not in tile.header.words

    on_qt(scenario())


@pytest.mark.usefixtures("no_keyring")
def test_where_there_is_no_keyring_the_window_says_that_passwords_do_not_last(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera)
            window.app.sources.address = lambda _source: ("door.local", 554)  # type: ignore[method-assign, assignment]
            await window.open(CameraRequest("rtsp://anna:secret@door.local/main"))
            async with sending(camera):
                # Another message may be first.
                await until(lambda: "forgotten when livevision is closed" in window.messages.text())
            assert window.messages.isVisible()
            window.messages.hide()
            window.refresh()
            assert not window.messages.isVisible()

    on_qt(scenario())


def test_what_cannot_be_opened_is_said_in_the_window(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            window.opening.open_source(str(tmp_path / "missing.mp4"))
            await until(window.messages.isVisible)
            assert "missing.mp4" in window.messages.text()
            assert window.start_page.isVisible()

    on_qt(scenario())


def test_a_camera_without_a_picture_says_why_in_its_tile(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            camera.refuse = [SourceUnavailable("door.local refused the connection. Is the camera on?")]
            wire(window, camera)
            await window.open(CameraRequest("rtsp://door.local/main"))
            tile = window.grid.tiles[0]
            await until(lambda: tile.camera.session.status.state is CameraState.BACKING_OFF)
            window.refresh()
            assert tile.view.notice is not None
            assert tile.view.notice.headline.startswith("Reconnecting")
            assert "refused the connection" in tile.view.notice.detail
            assert "reconnecting" in tile.header.words

    on_qt(scenario())


def test_the_first_picture_stands_free_at_once(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera)
            await window.open(CameraRequest("rtsp://door.local/main"))
            tile = window.grid.tiles[0]
            assert tile.view.notice == Notice("Connecting…")
            window._refresh.stop()  # nothing comes by to tidy up later
            camera.send()
            await until(lambda: tile.camera.session.metrics.snapshot().shown == 1)
            assert tile.view.notice is None
            assert "live" in tile.header.words

    on_qt(scenario())


def test_a_frozen_camera_dims_and_its_figures_fall_to_zero(
    on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera)
            await window.open(CameraRequest("rtsp://door.local/main"))
            tile = window.grid.tiles[0]
            async with sending(camera):
                await until(lambda: tile.camera.session.metrics.snapshot().shown_fps > 0)
                window.refresh()
                assert tile.view.notice is None
                centre = tile.view.width() // 2
                quarter = tile.view.height() // 4
                bright = grabbed(tile.view)[quarter, centre].max()
            monkeypatch.setattr("livevision.ui.words._STALE_AFTER", 0.05)
            monkeypatch.setattr("livevision.metrics._RATE_WINDOW", 0.1)
            await asyncio.sleep(0.15)
            window.refresh()
            assert tile.view.notice is not None
            assert tile.monitor.readings["shown"] == "0.0 fps"
            assert tile.monitor.readings["captured"] == "0.0 fps"
            assert grabbed(tile.view)[quarter, centre].max() < bright / 2

    on_qt(scenario())


def test_a_failing_model_shows_its_message_while_the_video_goes_on(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera, ScriptedDetector(ValueError("wrong shape")))
            await window.open(CameraRequest("rtsp://door.local/main", "model"))
            tile = window.grid.tiles[0]
            async with sending(camera):
                await until(lambda: tile.camera.session.detector_trouble != "")
                await until(lambda: tile.camera.session.metrics.snapshot().shown_fps > 5)
                window.refresh()
                assert "wrong shape" in tile.header.words

    on_qt(scenario())


def test_ctrl_r_records_and_stops_and_the_tile_says_so(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera, ScriptedDetector(things((40, 40, 200, 140))))
            await window.open(CameraRequest("rtsp://door.local/main", "model"))
            tile = window.grid.tiles[0]
            async with sending(camera):
                await until(lambda: tile.camera.seen.frame is not None)
                action(window, "Ctrl+R").trigger()
                await until(lambda: tile.camera.recorder is not None)
                await until(lambda: tile.camera.recorder.progress.frames > 10)
                window.refresh()
                assert "REC 00:0" in tile.header.words
                action(window, "Ctrl+R").trigger()
                await until(window.messages.isVisible)
                assert "Recorded" in window.messages.text()
            window.refresh()
            assert "REC" not in tile.header.words

    on_qt(scenario())
    (recorded,) = tmp_path.glob("*.mp4")
    with av.open(recorded) as container:
        pictures = [picture.to_ndarray(format="bgr24") for picture in container.decode(video=0)]
    assert len(pictures) > 10
    assert pictures[5].std() > 3  # boxes on what was plain grey


def test_ctrl_s_saves_the_full_size_picture_with_its_boxes(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera(size=(640, 360))
            wire(window, camera, ScriptedDetector(things((100, 100, 300, 300))))
            await window.open(CameraRequest("rtsp://door.local/main", "model"))
            camera.send()
            await until(lambda: window.grid.tiles[0].camera.seen.result is not None)
            action(window, "Ctrl+S").trigger()
            await until(window.messages.isVisible)
            assert "Saved" in window.messages.text()

    on_qt(scenario())
    (saved,) = tmp_path.glob("*.annotated.png")
    image = cv2.imread(str(saved))
    assert image.shape == (360, 640, 3)
    assert image[200, 100].tolist() != [128, 128, 128]
    assert image[350, 630].tolist() == [128, 128, 128]


def test_closing_the_last_camera_brings_the_start_page_back(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera)
            await window.open(CameraRequest("rtsp://door.local/main"))
            assert action(window, "Ctrl+W").isEnabled()
            action(window, "Ctrl+W").trigger()
            await until(window.start_page.isVisible)
            await until(lambda: all(reader.closed for reader in camera.readers))
            assert window.app.cameras == []
            assert not action(window, "Ctrl+W").isEnabled()

    on_qt(scenario())


def test_one_source_opened_twice_has_two_names(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            wire(window, ScriptedCamera())
            for _ in range(2):
                await window.open(CameraRequest("rtsp://door.local/main"))
            assert [tile.camera.name for tile in window.grid.tiles] == ["door.local/main", "door.local/main 2"]
            assert window.grid.chosen is window.grid.tiles[1]

    on_qt(scenario())


def test_closing_the_window_asks_to_quit_instead(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            asked: list[bool] = []
            window.quit_wanted.connect(lambda: asked.append(True))
            window.close()
            assert asked == [True]
            assert window.isVisible()

    on_qt(scenario())


def test_kiosk_is_video_from_edge_to_edge(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            wire(window, ScriptedCamera())
            await window.open(CameraRequest("rtsp://door.local/main"))
            window.show_kiosk()
            await until(lambda: window.grid.tiles[0].view.size() == window.screen().size())
            assert not window.menuBar().isVisible()

    on_qt(scenario())


@pytest.mark.parametrize("means", ["button", "key"])
def test_a_refused_password_waits_for_the_operator(on_qt: OnQt, tmp_path: Path, means: str) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            camera.refuse = [SourceRefused("door.local refused the password.")]
            wire(window, camera)
            await window.open(CameraRequest("rtsp://door.local/main"))
            tile = window.grid.tiles[0]
            await until(lambda: tile.view.notice is not None and tile.view.notice.action != "")
            assert tile.view.notice == Notice("Access refused", "door.local refused the password.", "Retry now")
            assert "refused" in tile.header.words
            camera.send()
            if means == "button":
                QTest.mouseClick(tile.view.action, Qt.MouseButton.LeftButton)
            else:
                action(window, "Ctrl+Shift+R").trigger()
            await until(lambda: tile.camera.session.metrics.snapshot().shown == 1)
            assert tile.view.notice is None
            assert len(camera.readers) == 2

    on_qt(scenario())


@pytest.mark.parametrize("how", ["minimised", "covered by the start page"])
def test_a_tile_that_cannot_be_seen_costs_next_to_nothing(
    on_qt: OnQt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("livevision.camera._UNWANTED_AFTER", 0.05)
    monkeypatch.setattr("livevision.camera._WATCH_EVERY", 0.01)

    async def scenario() -> None:
        async with opened(tmp_path) as window:
            camera = ScriptedCamera()
            wire(window, camera)
            await window.open(CameraRequest("rtsp://door.local/main"))
            session = window.grid.tiles[0].camera.session
            camera.send()
            await until(lambda: session.metrics.snapshot().shown == 1)
            assert camera.readers[0].wanted is Demand.EVERY_FRAME

            def show(shown: bool) -> None:
                if how == "minimised":
                    (window.showNormal if shown else window.showMinimized)()
                else:
                    window._pages.setCurrentIndex(int(shown))

            show(False)
            await until(lambda: camera.readers[0].wanted is Demand.KEYFRAMES)
            camera.send()
            seen = window.grid.tiles[0].camera.seen
            await until(lambda: seen.frame.index == 1)
            await asyncio.sleep(0.05)
            assert not seen.frame.picture.asked  # nothing was scaled
            show(True)
            # Without waiting for the watch.
            await until(lambda: camera.readers[0].wanted is Demand.EVERY_FRAME)
            await until(lambda: session.metrics.snapshot().shown == 2)

    on_qt(scenario())
