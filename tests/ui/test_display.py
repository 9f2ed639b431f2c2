import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from livevision.frame import Result
from livevision.metrics import CameraMetrics
from livevision.ui.display import Display
from livevision.ui.video_view import VideoView
from tests.fakes.cameras import grey, make_frame, things, until
from tests.ui.test_video_view import grabbed

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]


@asynccontextmanager
async def displayed(size: tuple[int, int] = (320, 180)) -> AsyncIterator[tuple[Display, VideoView, CameraMetrics]]:
    view = VideoView()
    view.resize(*size)
    view.show()
    metrics = CameraMetrics()
    with ThreadPoolExecutor(1) as work:
        display = Display(view, metrics, work, lambda: None)
        task = asyncio.create_task(display.run())
        try:
            yield display, view, metrics
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            view.close()
            view.deleteLater()


def result_of(frame, *boxes) -> Result:  # type: ignore[no-untyped-def]
    found = things(*boxes)
    return Result(frame, found, frame.captured, frame.captured + 0.01, found, None)


def test_a_big_picture_is_converted_at_the_size_of_the_view_only(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, metrics):
            frame = make_frame(grey((1280, 720), 90))
            display.on_frame(frame)
            await until(lambda: metrics.snapshot().age_p50 is not None)
            assert frame.picture.asked == [((320, 180), None)]  # type: ignore[attr-defined]
            assert grabbed(view)[90, 160].tolist() == [90, 90, 90]
            assert 0 < metrics.snapshot().age_p50 < 1

    on_qt(scenario())


def test_boxes_stand_where_the_model_saw_them_scaled_to_the_view(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, metrics):
            frame = make_frame(grey((1280, 720), 90))
            display.on_result(result_of(frame, (320, 240, 960, 600)))
            display.on_frame(frame)
            await until(lambda: metrics.snapshot().age_p50 is not None)
            painted = np.ptp(grabbed(view).astype(int), axis=2) > 40
            rows, columns = np.nonzero(painted)
            assert abs(columns.min() - 80) <= 3
            assert abs(columns.max() - 240) <= 3
            assert abs(rows.max() - 150) <= 3
            assert not painted[100, 160]  # the object itself stays free

    on_qt(scenario())


def test_old_boxes_do_not_stand_on_a_picture_that_moved_on(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, metrics):
            display.on_result(result_of(make_frame(grey((1280, 720), 90), pts=1.0), (320, 240, 960, 600)))
            display.on_frame(make_frame(grey((1280, 720), 90), index=80, pts=4.2))
            await until(lambda: metrics.snapshot().age_p50 is not None)
            assert np.ptp(grabbed(view).reshape(-1, 3), axis=0).max() == 0

    on_qt(scenario())


def test_nothing_is_converted_for_a_view_that_cannot_be_seen(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, metrics):
            view.hide()
            frame = make_frame(grey((1280, 720)))
            display.on_frame(frame)
            await asyncio.sleep(0.05)
            assert not frame.picture.asked  # type: ignore[attr-defined]
            assert metrics.snapshot().shown_fps == 0

    on_qt(scenario())


def test_boxes_can_be_switched_off(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, metrics):
            display.boxes_shown = False
            frame = make_frame(grey((1280, 720), 90))
            display.on_result(result_of(frame, (320, 240, 960, 600)))
            display.on_frame(frame)
            await until(lambda: metrics.snapshot().age_p50 is not None)
            assert np.ptp(grabbed(view).reshape(-1, 3), axis=0).max() == 0

    on_qt(scenario())


def test_a_picture_that_waits_is_replaced_by_a_newer_one_and_counted(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, view, metrics):
            for index in range(5):
                display.on_frame(make_frame(grey((320, 180), 40 * index), index))
            await until(lambda: metrics.snapshot().age_p50 is not None)
            assert grabbed(view)[90, 160].tolist() == [160, 160, 160]
            assert metrics.snapshot().dropped["display"] == 4

    on_qt(scenario())


def test_what_piled_up_on_the_way_counts_as_age(on_qt: OnQt) -> None:
    async def scenario() -> None:
        async with displayed() as (display, _view, metrics):
            display.on_frame(replace(make_frame(grey((320, 180))), behind=6.0))
            await until(lambda: metrics.snapshot().age_p50 is not None)
            assert 6.0 <= metrics.snapshot().age_p50 < 7.0

    on_qt(scenario())
