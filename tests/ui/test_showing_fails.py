"""Pictures that cannot be drawn or shown: said where they are missing, counted, and the next ones are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import supervision as sv

from livevision.frame import Frame, Image
from livevision.inference.layouts.keypoints import KEYPOINTS
from livevision.overlay import OverlayStyle, Privacy
from livevision.playback.player import Shown
from livevision.sources.status import CameraState
from livevision.ui.add_camera.preview import Preview
from livevision.ui.player.picture import PlayerPicture
from livevision.ui.video_view import VideoView
from tests.fakes.cameras import ScriptedCamera, ScriptedDetector, grey, make_frame, things, until
from tests.ui.test_camera_tile import tile_on_desk
from tests.ui.test_video_view import grabbed

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


def odd_keypoints() -> sv.Detections:
    """Return what a model says whose points are numbers, not places."""
    found = things((40, 40, 120, 120))
    found.data[KEYPOINTS] = np.ones((1, 17))
    return found


@dataclass
class BrokenPicture:
    """A picture that cannot be converted, as of a damaged stream."""

    size: tuple[int, int] = (320, 180)

    def bgra(self, *_: object) -> Image:
        raise ValueError("no such pixel format")

    bgr = bgra


def test_boxes_that_cannot_be_drawn_are_said_and_the_picture_goes_on(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, scripted, _):
            session = tile.camera.session
            session.detector = ScriptedDetector(odd_keypoints())
            # The next picture is taken when the one before it is shown, boxes or not.
            for shown in range(2, 8):
                scripted.send(grey((320, 180), 20 * shown))
                await until(lambda shown=shown: session.metrics.snapshot().shown >= shown)
            await until(lambda: bool(tile.display.trouble.words))
            tile.refresh()
            assert session.status.state is CameraState.LIVE
            assert "What was found cannot be drawn" in tile.header.words
            assert tile.view.notice is None
            assert grabbed(tile.view)[100, 300].max() >= 140  # the newest pictures, without boxes

    on_qt(scenario())


def test_a_picture_that_cannot_be_converted_does_not_end_the_task_and_the_old_one_is_not_called_live(
    on_qt: OnQt,
) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, scripted, _):
            figures = tile.camera.session.metrics.snapshot
            frame = replace(make_frame(grey((320, 180)), 5, pts=5.0), picture=BrokenPicture())  # type: ignore[arg-type]
            for failed in range(1, 4):
                tile.display.on_frame(replace(frame, pts=5.0 + failed))
                await until(lambda failed=failed: figures().dropped.get("failed", 0) == failed)
            tile.refresh()
            assert tile.view.notice is not None
            assert tile.view.notice.headline == "Cannot be shown"
            assert "ValueError: no such pixel format" in tile.view.notice.detail
            assert "The picture cannot be shown" in tile.header.words

            scripted.send(grey((320, 180), 200))
            await until(lambda: not tile.display.trouble.unshown)
            tile.refresh()
            assert tile.view.notice is None
            assert grabbed(tile.view)[100, 300].tolist() == [200, 200, 200]

    on_qt(scenario())


def test_who_is_hidden_stays_hidden_where_boxes_cannot_be_drawn(on_qt: OnQt) -> None:
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (180, 320, 3), np.uint8)

    async def scenario() -> None:
        async with tile_on_desk() as (tile, _scripted, _):
            tile.display.style = OverlayStyle(privacy=Privacy(frozenset({"thing"})))
            frame = make_frame(picture, 3, pts=3.0)
            found = odd_keypoints()
            tile.display.on_result(result(frame, found))
            tile.display.on_frame(frame)
            await until(lambda: bool(tile.display.trouble.words))
            shown = tile.view.image
            assert shown is not None
            pixels = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), -1)[:, : shown.width() * 4]
            pixels = pixels.reshape(shown.height(), shown.width(), 4)
            scale = shown.width() / 320
            part = pixels[int(45 * scale) : int(115 * scale), int(45 * scale) : int(115 * scale), :3].astype(int)
            # Noise differs from pixel to pixel; what is made coarse does not.
            assert np.median(np.abs(np.diff(part, axis=1))) == 0

    on_qt(scenario())


def result(frame: Frame, found: sv.Detections) -> Any:
    from livevision.frame import Result

    return Result(frame, found, frame.captured, frame.captured + 0.01)


def test_where_hiding_fails_nothing_new_is_painted(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with tile_on_desk() as (tile, _scripted, _):
            tile.display.style = OverlayStyle(privacy=Privacy(frozenset({"thing"})))
            await asyncio.sleep(0)
            before = tile.camera.session.metrics.snapshot().shown
            broken = replace(make_frame(grey((320, 180), 255), 3, pts=3.0), picture=BrokenPicture())  # type: ignore[arg-type]
            tile.display.on_frame(broken)
            await until(lambda: bool(tile.display.trouble.unshown))
            assert tile.camera.session.metrics.snapshot().shown - before <= 1
            assert grabbed(tile.view)[100, 300].max() < 255

    on_qt(scenario())


def test_the_player_says_what_it_cannot_show_and_plays_on(on_qt: OnQt) -> None:
    async def scenario() -> None:
        told: list[Shown] = []
        view = VideoView()
        view.resize(320, 180)
        view.show()
        with ThreadPoolExecutor(1) as work:
            picture = PlayerPicture(view, work, told.append, "door.mp4")
            picture.recorded = SimpleNamespace(  # type: ignore[assignment]
                detections_at=lambda _pts: odd_keypoints(), header=SimpleNamespace(size=(320, 180))
            )
            showing = asyncio.create_task(picture.run())
            picture.put(Shown(make_frame(grey((320, 180), 60))))
            await until(lambda: len(told) == 1)
            assert "What was found cannot be drawn" in picture.trouble.words
            assert grabbed(view)[100, 300].tolist() == [60, 60, 60]
            picture.put(Shown(replace(make_frame(grey((320, 180))), picture=BrokenPicture())))  # type: ignore[arg-type]
            await until(lambda: len(told) == 2)
            assert "ValueError: no such pixel format" in picture.trouble.unshown
            picture.recorded = None
            picture.put(Shown(make_frame(grey((320, 180), 80))))
            await until(lambda: len(told) == 3)
            assert not picture.trouble.unshown
            assert grabbed(view)[100, 300].tolist() == [80, 80, 80]
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
            picture.close()
        view.close()
        view.deleteLater()

    on_qt(scenario())


def test_the_preview_says_what_it_cannot_show_and_goes_on(on_qt: OnQt) -> None:
    async def scenario() -> None:
        scripted, view = ScriptedCamera((320, 180)), VideoView()
        view.resize(320, 180)
        view.show()
        with ThreadPoolExecutor(1) as work:
            preview = Preview(view, work)
            running = asyncio.create_task(preview.run())
            preview.show(scripted.opener)
            odd = np.zeros((180, 320, 5), np.uint8)  # of a driver that lies about its format
            scripted.send(odd)
            await until(lambda: view.notice is not None and view.notice.headline == "Cannot be shown")
            scripted.send(grey((320, 180), 70))
            await until(lambda: view.notice is None and view.image is not None)
            assert grabbed(view)[100, 300].tolist() == [70, 70, 70]
            preview.stop()
            await running
        view.close()
        view.deleteLater()

    on_qt(scenario())
