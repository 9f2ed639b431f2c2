import asyncio
import gc
import threading
import time
import weakref
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager

import pytest

from livevision.camera import CameraSession
from livevision.errors import DetectorError, SourceError, SourceRefused, SourceUnavailable, SourceUnusable
from livevision.frame import Frame, Result
from livevision.inference.filter import DetectionFilter
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState, CameraStatus
from tests.fakes.cameras import PATIENCE, ScriptedCamera, ScriptedDetector, things, until


class Notes:
    wants = Demand.KEYFRAMES

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
    monkeypatch.setattr(DetectorError, "retry_in", 0.01)
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
    monkeypatch.setattr("livevision.inference.window._PAUSE", 0.01)
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
        await until(lambda: session.status.state is CameraState.BACKING_OFF)
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


async def test_iterating_a_camera_that_refuses_the_password_says_so_each_time() -> None:
    camera = ScriptedCamera()
    camera.refuse = [SourceRefused("door refused the password.")]
    async with watched(camera) as (session, _notes):
        for _ in range(2):
            with pytest.raises(SourceRefused, match="door refused the password"):
                async for _frame in session:
                    pass
        assert session.status.error is not None
        assert session.status.error.__traceback__ is None


async def test_the_operator_may_try_a_refused_password_again() -> None:
    camera = ScriptedCamera()
    camera.refuse = [SourceRefused("door refused the password.")]
    async with watched(camera) as (session, notes):
        await until(lambda: session.status.state is CameraState.AUTH_FAILED)
        camera.send()
        session.retry_now()
        await until(lambda: session.status.state is CameraState.LIVE)
        await until(lambda: len(notes.frames) == 1)
        assert len(camera.readers) == 2
    session.retry_now()
    assert session.status.state is CameraState.STOPPED


async def test_a_camera_that_answers_again_is_live_before_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.sources.backoff.Backoff.delay_after", lambda self, live_for: 3600)
    monkeypatch.setattr("livevision.sources.retry._PROBE_EVERY", 0.01)
    camera = ScriptedCamera()
    camera.refuse = [SourceUnavailable("door refuses connections.")]
    answers = threading.Event()
    with ThreadPoolExecutor(1) as work:
        async with CameraSession("door", camera.opener, work, is_answering=answers.is_set) as session:
            await until(lambda: session.status.state is CameraState.BACKING_OFF)
            answers.set()
            camera.send()
            await until(lambda: session.status.state is CameraState.LIVE)


async def test_pictures_that_the_reader_left_out_are_counted_as_backlog() -> None:
    camera = ScriptedCamera()
    async with watched(camera) as (session, notes):
        for count, skipped in enumerate((0, 7, 5), 1):
            camera.skip = skipped
            camera.send()
            await until(lambda count=count: len(notes.frames) == count)
        assert session.metrics.snapshot().dropped["backlog"] == 12


async def test_only_keyframes_are_decoded_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.camera._UNWANTED_AFTER", 0.05)
    monkeypatch.setattr("livevision.camera._WATCH_EVERY", 0.01)
    camera = ScriptedCamera()
    async with watched(camera) as (session, _notes):
        camera.send()
        await until(lambda: session.status.state is CameraState.LIVE)
        reader = camera.readers[0]
        await until(lambda: reader.wanted is Demand.KEYFRAMES)

        looking = Notes()
        looking.wants = Demand.EVERY_FRAME
        look_away = session.subscribe(looking)
        assert reader.wanted is Demand.EVERY_FRAME
        look_away()
        await until(lambda: reader.wanted is Demand.KEYFRAMES)

        session.detector = ScriptedDetector(things())
        assert reader.wanted is Demand.EVERY_FRAME
        session.detector = None
        await until(lambda: reader.wanted is Demand.KEYFRAMES)

        async with aclosing(aiter(session)) as frames:
            iterating = asyncio.create_task(anext(frames))
            await until(lambda: reader.wanted is Demand.EVERY_FRAME)
            camera.send()
            await iterating


async def test_looking_away_for_a_moment_costs_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.camera._WATCH_EVERY", 0.01)
    camera = ScriptedCamera()
    async with watched(camera) as (session, notes):
        notes.wants = Demand.EVERY_FRAME
        camera.send()
        await until(lambda: len(notes.frames) == 1)
        notes.wants = Demand.KEYFRAMES
        await asyncio.sleep(0.1)
        assert camera.readers[0].wanted is Demand.EVERY_FRAME
        assert session.status.state is CameraState.LIVE


async def test_a_camera_that_hangs_and_is_closed_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.camera._JOIN_TIMEOUT", 0.05)
    hung, healthy = DeafCamera(), ScriptedCamera()
    async with watched(healthy) as (_session, notes):
        async with watched(hung) as (session, _notes):
            await until(hung.hangs.is_set)
        assert not hung.is_over, "nobody waited for it"
        assert session.status.state is CameraState.STOPPED
        healthy.send()
        await until(lambda: len(notes.frames) == 1)
    hung.released.set()


class DeafCamera(ScriptedCamera):
    """Takes no notice of an interrupt, as a driver that hangs."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = threading.Event()
        self.released = threading.Event()
        self.is_over = False

    def next(self) -> object:
        self.hangs.set()
        assert self.released.wait(2 * PATIENCE)
        self.is_over = True
        return None


async def test_nothing_is_left_of_cameras_that_came_and_went() -> None:
    kinds = (ScriptedCamera, PlayingCamera, LostCamera, RefusedCamera, OverCamera)
    gone = []
    with ThreadPoolExecutor(1) as work:
        for index in range(50):
            camera = kinds[index % len(kinds)]()
            async with CameraSession(f"door {index}", camera.opener, work) as session:
                await until(lambda camera=camera: len(camera.readers) > 0)
                if isinstance(camera, PlayingCamera):
                    await until(lambda session=session: session.status.state is CameraState.LIVE)
            gone.append(weakref.ref(session))
            assert all(reader.closed for reader in camera.readers)
        del session, camera
    await asyncio.sleep(0)  # the loop lets go of what it called last
    gc.collect()
    assert [ref for ref in gone if ref() is not None] == []
    assert [thread.name for thread in threading.enumerate() if "door" in thread.name] == []
    assert [task.get_name() for task in asyncio.all_tasks() if "door" in task.get_name()] == []


class PlayingCamera(ScriptedCamera):
    def __init__(self) -> None:
        super().__init__()
        self.send()


class LostCamera(ScriptedCamera):
    def __init__(self) -> None:
        super().__init__()
        self.refuse = [SourceUnavailable("door refuses connections.")]


class RefusedCamera(ScriptedCamera):
    def __init__(self) -> None:
        super().__init__()
        self.refuse = [SourceRefused("door refused the password.")]


class OverCamera(ScriptedCamera):
    def __init__(self) -> None:
        super().__init__()
        self.end()


async def test_the_last_picture_comes_before_the_end_however_late_the_loop_is() -> None:
    camera = ScriptedCamera()
    for _ in range(3):
        camera.send()
    camera.end()
    async with watched(camera) as (session, notes):
        await asyncio.sleep(0)
        time.sleep(0.2)  # the camera is over before the loop gets to its first picture
        indexes = [frame.index async for frame in session]
        assert indexes[-1:] in ([2], [])
        assert notes.frames[-1].index == 2
        assert notes.states[-1] is CameraState.ENDED


async def test_a_mistake_in_whoever_watches_is_logged_once_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Notes):
        def on_frame(self, frame: Frame) -> None:
            raise NameError("nobody knows this name")

    camera, others = ScriptedCamera(), Notes()
    with ThreadPoolExecutor(1) as work:
        async with CameraSession("door", camera.opener, work) as session:
            session.subscribe(Broken())
            session.subscribe(others)
            for index in range(3):
                camera.send()
                await until(lambda index=index: len(others.frames) == index + 1)
            assert session.status.state is CameraState.LIVE
            assert session.trouble.endswith("fails unexpectedly: NameError: nobody knows this name")
            assert session.metrics.snapshot().dropped["failed"] == 3
            camera.end()
            await until(lambda: others.states[-1] is CameraState.ENDED)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    assert "door: showing or recording it failed unexpectedly" in caplog.text


async def test_a_mistake_in_the_way_to_the_detector_leaves_the_video_running_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("livevision.camera._AGAIN_AFTER", 0.01)
    camera = ScriptedCamera()
    async with watched(camera, ScriptedDetector(things((1, 1, 9, 9)))) as (session, notes):
        answered, failed = session.inference._publish, []

        def fail_once(result: Result) -> None:
            if not failed:
                failed.append(result)
                raise RuntimeError("a mistake")
            answered(result)

        monkeypatch.setattr(session.inference, "_publish", fail_once)
        camera.send()
        await until(lambda: bool(failed))
        camera.send()
        await until(lambda: len(notes.results) == 1)
        assert len(notes.frames) == 2
    assert "door: infer failed unexpectedly" in caplog.text
