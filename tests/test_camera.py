import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from livevision.camera import CameraSession
from livevision.errors import DetectorError, SourceError, SourceUnavailable, SourceUnusable
from livevision.frame import Frame, Result
from livevision.inference.filter import DetectionFilter
from livevision.sources.status import CameraState, CameraStatus
from tests.fakes.cameras import ScriptedCamera, ScriptedDetector, things, until


class Notes:
    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.results: list[Result] = []
        self.states: list[CameraState] = []
        self.status: CameraStatus | None = None

    def on_frame(self, frame: Frame) -> None:
        self.frames.append(frame)

    def on_result(self, result: Result) -> None:
        self.results.append(result)

    def on_status(self, status: CameraStatus) -> None:
        self.states.append(status.state)
        self.status = status


@asynccontextmanager
async def watched(
    camera: ScriptedCamera, detector: ScriptedDetector | None = None, keep: DetectionFilter | None = None
) -> AsyncIterator[tuple[CameraSession, Notes]]:
    notes = Notes()
    with ThreadPoolExecutor(1) as work:
        session = CameraSession("door", camera.opener, work, detector, keep)
        session.subscribe(notes)
        async with session:
            yield session, notes


async def test_pictures_reach_subscribers_in_order() -> None:
    camera = ScriptedCamera()
    async with watched(camera) as (session, notes):
        for count in range(1, 6):
            camera.send()
            await until(lambda count=count: len(notes.frames) == count)
        assert [frame.index for frame in notes.frames] == [0, 1, 2, 3, 4]
        assert session.status.state is CameraState.LIVE
        assert session.metrics.snapshot().since_picture is not None


async def test_a_busy_loop_gets_the_newest_picture_and_the_loss_is_counted() -> None:
    camera = ScriptedCamera()
    async with watched(camera) as (session, notes):
        camera.send()
        await until(lambda: len(notes.frames) == 1)
        arrived = threading.Event()
        taken = camera.next

        def counting() -> object:
            if camera._script.empty():
                arrived.set()
            return taken()

        camera.next = counting  # type: ignore[method-assign]
        for _ in range(5):
            camera.send()
        arrived.wait(2)  # the loop is blocked here, as by somebody's slow code
        await until(lambda: notes.frames[-1].index == 5)
        assert len(notes.frames) + session.metrics.snapshot().dropped["capture"] == 6
        assert session.metrics.snapshot().dropped["capture"] >= 3


async def test_results_are_filtered_and_published() -> None:
    camera = ScriptedCamera()
    detector = ScriptedDetector(things((10, 10, 50, 50)))
    async with watched(camera, detector, DetectionFilter(confidence=0.5)) as (session, notes):
        camera.send()
        await until(lambda: len(notes.results) == 1)
        assert notes.results[0].frame is notes.frames[0]
        assert notes.results[0].detections.xyxy.tolist() == [[10, 10, 50, 50]]
        session.keep = DetectionFilter(confidence=0.95)
        camera.send()
        await until(lambda: len(notes.results) == 2)
        assert len(notes.results[1].detections) == 0


async def test_a_slow_detector_never_delays_the_picture() -> None:
    camera = ScriptedCamera()
    detector = ScriptedDetector(things())
    detector.gate.clear()
    async with watched(camera, detector) as (session, notes):
        for count in range(1, 11):
            camera.send()
            await until(lambda count=count: len(notes.frames) == count)
        assert notes.results == []
        assert detector.calls == 1
        assert session.metrics.snapshot().in_flight == 1
        detector.gate.set()
        # The second picture it gets is the newest, not the second.
        await until(lambda: len(notes.results) == 2)
        assert [result.frame.index for result in notes.results] == [0, 9]


async def test_a_failing_detector_says_so_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.camera._DETECTOR_PAUSE", 0.01)
    camera = ScriptedCamera()
    detector = ScriptedDetector(DetectorError("The model ran out of memory; try a smaller one"))
    async with watched(camera, detector) as (session, notes):
        camera.send()
        await until(lambda: session.detector_trouble != "")
        assert session.detector_trouble == "The model ran out of memory; try a smaller one"
        detector.answer = things((1, 1, 9, 9))
        camera.send()
        await until(lambda: len(notes.results) == 1)
        assert len(notes.frames) == 2
        assert session.detector_trouble == ""


async def test_any_exception_of_a_detector_leaves_the_video_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.camera._DETECTOR_PAUSE", 0.01)
    camera = ScriptedCamera()
    async with watched(camera, ScriptedDetector(ZeroDivisionError("division by zero"))) as (session, notes):
        camera.send()
        await until(lambda: "division by zero" in session.detector_trouble)
        camera.send()
        await until(lambda: len(notes.frames) == 2)


async def test_a_lost_camera_comes_back_as_a_new_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.sources.backoff.Backoff.delay_after", lambda self, live_for: 0.01)
    camera = ScriptedCamera()
    async with watched(camera) as (session, notes):
        camera.send()
        await until(lambda: session.status.state is CameraState.LIVE)
        camera.lose(SourceUnavailable("The camera closed the connection."))
        await until(lambda: session.status.state is CameraState.RECONNECTING)
        assert session.status.reason == "The camera closed the connection."
        camera.send()
        await until(lambda: len(notes.frames) == 2)
        assert [frame.generation for frame in notes.frames] == [0, 1]
        await until(lambda: session.status.state is CameraState.LIVE)


async def test_a_result_of_an_older_generation_is_discarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.sources.backoff.Backoff.delay_after", lambda self, live_for: 0.01)
    camera = ScriptedCamera()
    detector = ScriptedDetector(things())
    detector.gate.clear()
    async with watched(camera, detector) as (_session, notes):
        camera.send()
        await until(lambda: detector.calls == 1)
        camera.lose(SourceUnavailable("gone"))
        camera.send()
        await until(lambda: len(notes.frames) == 2)
        detector.gate.set()
        await until(lambda: len(notes.results) == 1)
        assert notes.results[0].frame.generation == 1


async def test_leaving_stops_thread_and_tasks_while_everything_waits() -> None:
    camera = ScriptedCamera()
    detector = ScriptedDetector(things())
    detector.gate.clear()
    async with watched(camera, detector) as (session, notes):
        camera.send()
        await until(lambda: detector.calls == 1)
    assert all(reader.closed for reader in camera.readers)
    assert not [thread for thread in threading.enumerate() if thread.name == "capture door"]
    assert [task for task in asyncio.all_tasks() if "door" in task.get_name()] == []
    assert repr(session) == "<CameraSession 'door' stopped, 1 subscribers>"
    assert notes.states[-1] is CameraState.STOPPED


async def test_frames_can_be_iterated_until_the_end() -> None:
    camera = ScriptedCamera()
    async with watched(camera) as (session, _notes):
        seen = []
        camera.send()
        async for frame in session:
            seen.append(frame.index)
            if len(seen) < 3:
                camera.send()
            else:
                camera.end()
        assert seen == [0, 1, 2]


async def test_iterating_a_camera_that_fails_raises_its_reason() -> None:
    camera = ScriptedCamera()
    camera.refuse = [SourceUnusable("notes.txt is not a video.")]
    async with watched(camera) as (session, _notes):
        with pytest.raises(SourceError, match=r"notes\.txt is not a video"):
            async for _frame in session:
                pass
