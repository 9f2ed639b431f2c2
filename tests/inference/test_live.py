import asyncio
import copy
import dataclasses
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import numpy as np
import pytest
import supervision as sv

from livevision.errors import DetectorUnavailable
from livevision.frame import Image, Result
from livevision.inference.detector import Detector, Tunable
from livevision.inference.filter import DetectionFilter
from livevision.inference.live import LiveInference
from livevision.metrics import CameraMetrics
from tests.fakes.cameras import ScriptedDetector, grey, make_frame, things, until


class ManyAtOnce(ScriptedDetector):
    """Answers each picture when the test says so; the pictures' grey level says which one it is."""

    max_in_flight = 3

    def __init__(self) -> None:
        super().__init__(things())
        self.waiting: dict[int, asyncio.Future[sv.Detections]] = {}

    async def detect(self, image: Image) -> sv.Detections:
        self.calls += 1
        answer: asyncio.Future[sv.Detections] = asyncio.get_running_loop().create_future()
        self.waiting[int(image[0, 0, 0])] = answer
        return await answer


@asynccontextmanager
async def working(
    detector: Detector, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[tuple[LiveInference, list[Result], CameraMetrics]]:
    results: list[Result] = []
    metrics = CameraMetrics()
    with ThreadPoolExecutor(2) as work:
        inference = LiveInference("door", work, metrics, results.append, clock)
        inference.detector = detector
        running = asyncio.create_task(inference.run(), name="infer door")
        try:
            yield inference, results, metrics
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_several_pictures_are_with_a_server_and_a_late_answer_is_counted_not_published() -> None:
    detector = ManyAtOnce()
    async with working(detector) as (inference, results, metrics):
        for level in (1, 2, 3, 4):
            inference.offer(make_frame(grey((32, 18), level), index=level))
            await until(lambda level=level: level in detector.waiting or level == 4)
        assert metrics.snapshot().in_flight == 3
        assert sorted(detector.waiting) == [1, 2, 3]
        detector.waiting[2].set_result(things((1, 1, 9, 9)))
        await until(lambda: len(results) == 1)
        detector.waiting[1].set_result(things())
        await until(lambda: metrics.snapshot().in_flight == 2)
        await until(lambda: 4 in detector.waiting)
        inference.offer(make_frame(grey((32, 18), 5), index=5))
        await until(lambda: metrics.snapshot().dropped["late"] == 1)
        assert [result.frame.index for result in results] == [2]


async def test_another_detector_is_used_at_once_though_the_old_one_hangs() -> None:
    hanging = ScriptedDetector(things())
    hanging.gate.clear()
    async with working(hanging) as (inference, results, _):
        inference.offer(make_frame(grey((32, 18))))
        await until(lambda: hanging.calls == 1)
        inference.detector = ScriptedDetector(things((1, 1, 9, 9)))
        inference.offer(make_frame(grey((32, 18)), index=1))
        await until(lambda: len(results) == 1)
        assert results[0].frame.index == 1
        hanging.gate.set()
        await asyncio.sleep(0.01)
        assert len(results) == 1


async def test_boxes_that_cannot_be_are_never_published_and_counted() -> None:
    answer = things((1, 1, 9, 9), (9, 9, 1, 1))
    answer.xyxy[0, 0] = np.nan
    async with working(ScriptedDetector(answer)) as (inference, results, metrics):
        inference.offer(make_frame(grey((32, 18))))
        await until(lambda: len(results) == 1)
        assert len(results[0].detections) == 0
        assert metrics.snapshot().dropped["unsound boxes"] == 2


async def test_what_is_wrong_says_when_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = ScriptedDetector(DetectorUnavailable("server gpu1:9001 is not answering", 3.9))
    async with working(detector) as (inference, results, _):
        inference.offer(make_frame(grey((32, 18))))
        await until(lambda: inference.trouble != "")
        assert inference.trouble == "server gpu1:9001 is not answering, trying again in 4 s"
        inference.offer(make_frame(grey((32, 18))))
        await asyncio.sleep(0.02)
        assert detector.calls == 1
        inference.detector = None
        assert inference.trouble == ""
        assert results == []


async def test_since_when_something_is_wrong_is_said_until_there_is_an_answer() -> None:
    now, detector = [1000.0], ScriptedDetector(DetectorUnavailable("the model failed", 0.0))
    async with working(detector, lambda: now[0]) as (inference, results, _):
        before = time.time()
        inference.offer(make_frame(grey((32, 18))))
        await until(lambda: inference.trouble != "")
        moments = range(int(before), int(time.time()) + 1)
        times = {time.strftime("%H:%M:%S", time.localtime(at)) for at in moments}
        days = {time.strftime("%Y-%m-%d %H:%M", time.localtime(at)) for at in moments}
        assert inference.trouble == "the model failed"  # may be over in a moment
        for calls, seconds in ((2, 600), (3, 7200)):
            now[0] = 1000.0 + seconds
            inference.offer(make_frame(grey((32, 18)), index=seconds))
            await until(lambda calls=calls: detector.calls == calls)
            assert inference.trouble in {f"the model failed, since {each}" for each in times}
        now[0] += 86_400
        assert inference.trouble in {f"the model failed, since {each}" for each in days}
        detector.answer = things()
        inference.offer(make_frame(grey((32, 18)), index=9999))
        await until(lambda: len(results) == 1)
        assert inference.trouble == ""


async def test_a_detector_that_saves_itself_work_is_told_what_is_wanted() -> None:
    told: list[DetectionFilter] = []

    class Tuned(ScriptedDetector, Tunable):
        def tune(self, keep: DetectionFilter) -> None:
            told.append(keep)

    async with working(Tuned(things())) as (inference, _, _):
        inference.keep = DetectionFilter(confidence=0.7)
        assert [keep.confidence for keep in told] == [0.25, 0.7]


class Follower:
    """Gives each object the number of the result that it is in, and notes in which thread and order it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, bool]] = []
        self.begun = 0
        self.gate = threading.Event()
        self.gate.set()

    def update(self, result: Result) -> Result:
        self.begun += 1
        self.gate.wait(60)
        self.asked.append((result.frame.index, threading.current_thread() is threading.main_thread()))
        tracked = copy.copy(result.detections)
        tracked.tracker_id = np.full(len(tracked), result.frame.index)
        return dataclasses.replace(result, detections=tracked)


async def test_results_get_identities_in_a_worker_and_in_the_order_of_their_pictures() -> None:
    detector = ManyAtOnce()
    async with working(detector) as (inference, results, metrics):
        follower = inference.tracker = Follower()
        for level in (1, 2, 3):
            inference.offer(make_frame(grey((32, 18), level), index=level))
            await until(lambda level=level: level in detector.waiting)
        # Answered while the tracker is busy with the one before it, and the last one too late for it.
        follower.gate.clear()
        detector.waiting[2].set_result(things((1, 1, 9, 9)))
        detector.waiting[3].set_result(things((1, 1, 9, 9)))
        await asyncio.sleep(0.01)
        assert results == []
        assert follower.begun == 1
        follower.gate.set()
        await until(lambda: len(results) == 2)
        detector.waiting[1].set_result(things((1, 1, 9, 9)))
        await until(lambda: metrics.snapshot().in_flight == 0)
        await until(lambda: len(follower.asked) == 3)
        assert [result.detections.tracker_id.tolist() for result in results] == [[2], [3]]
        assert follower.asked == [(2, False), (3, False), (1, False)]


async def test_without_a_tracker_nobody_has_a_number() -> None:
    async with working(ScriptedDetector(things((1, 1, 9, 9)))) as (inference, results, _):
        inference.offer(make_frame(grey((32, 18))))
        await until(lambda: len(results) == 1)
        assert results[0].detections.tracker_id is None


class InTurn(ManyAtOnce):
    """Shares ``turns`` with the detectors of other cameras."""

    max_in_flight = 1

    def __init__(self, turns: asyncio.Semaphore) -> None:
        super().__init__()
        self.turns = turns


async def test_who_waits_for_a_turn_gives_the_picture_that_is_newest_then() -> None:
    turns = asyncio.Semaphore(1)
    one, other = InTurn(turns), InTurn(turns)
    async with working(one) as (first, first_results, _), working(other) as (second, second_results, _):
        first.offer(make_frame(grey((32, 18), 1), index=1))
        await until(lambda: 1 in one.waiting)
        for level in (2, 3, 4):
            second.offer(make_frame(grey((32, 18), level), index=level))
            await asyncio.sleep(0.01)
        assert not other.waiting

        one.waiting[1].set_result(things())
        await until(lambda: 4 in other.waiting)
        other.waiting[4].set_result(things())
        await until(lambda: len(second_results) == 1)

        assert [result.frame.index for result in (*first_results, *second_results)] == [1, 4]


async def test_a_picture_that_is_given_up_leaves_its_turn_to_others() -> None:
    turns = asyncio.Semaphore(1)
    one, other = InTurn(turns), InTurn(turns)
    async with working(one) as (first, _, _), working(other) as (second, results, _):
        first.offer(make_frame(grey((32, 18), 1), index=1))
        await until(lambda: 1 in one.waiting)
        second.offer(make_frame(grey((32, 18), 2), index=2))

        first.detector = None

        await until(lambda: 2 in other.waiting)
        other.waiting[2].set_result(things())
        await until(lambda: len(results) == 1)
    assert not turns.locked()
