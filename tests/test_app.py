import asyncio
import json
import threading
from pathlib import Path

import av
import pytest

from livevision.app import App
from livevision.cameras import Camera, CameraRequest
from livevision.errors import LivevisionError, RecordingError, UsageError
from livevision.inference.filter import DetectionFilter
from livevision.inference.options import ModelOptions
from livevision.inference.registry import ModelKind
from livevision.newest_frame import NewestFrame
from livevision.overlay import OverlayStyle, Privacy
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.sources.reader import Demand
from livevision.sources.registry import AtEnd
from livevision.sources.status import CameraState
from livevision.tracking.identities import TrackerChoice
from tests.fakes.cameras import ScriptedCamera, ScriptedDetector, things, until
from tests.fakes.clips import numbered, write_clip
from tests.recording.rig import numbers_in


def wire(app: App, camera: ScriptedCamera, detector: ScriptedDetector) -> None:
    """Let every source of the app be this camera, and every model this detector."""
    app.sources.opener = lambda *_: camera.opener  # type: ignore[method-assign, assignment]

    async def load(_model: str, _options: ModelOptions) -> ScriptedDetector:
        return detector

    app.detectors.load = load  # type: ignore[method-assign, assignment]
    app.detectors.kind = lambda _model: ModelKind.FILE  # type: ignore[method-assign]


STREET = "synthetic:street?size=320x180&fps=25&seed=1"


async def test_a_camera_with_a_real_model_finds_what_moves(tmp_path: Path) -> None:
    async with App(tmp_path) as app:
        camera = await app.add(CameraRequest(STREET, "motion", DetectionFilter(0.1)))
        await until(lambda: camera.seen.result is not None and len(camera.seen.result.detections) > 0)
        assert camera.name == "Street (demo)"
        assert repr(app) == "<App 1 cameras>"
    assert [thread.name for thread in threading.enumerate() if "Street" in thread.name or "work" in thread.name] == []


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (CameraRequest("nowhere.mp4"), r"nowhere\.mp4"),
        (CameraRequest("."), "folder"),
        (CameraRequest("gopher://old.example/x"), "gopher"),
        (CameraRequest(STREET, "yolo99"), "yolo99"),
        (CameraRequest(STREET, "people", DetectionFilter(classes=frozenset({"persn"}))), "person"),
        (CameraRequest(STREET, "nowhere.onnx"), r"nowhere\.onnx"),
    ],
)
async def test_what_cannot_work_is_refused_in_one_line_and_leaves_nothing(
    request_: CameraRequest, said: str, tmp_path: Path
) -> None:
    async with App(tmp_path) as app:
        with pytest.raises(LivevisionError, match=said) as refused:
            await app.add(request_)
        assert "\n" not in str(refused.value)
        assert app.cameras == []


async def test_a_recording_holds_what_was_seen_while_it_ran(tmp_path: Path) -> None:
    async with App(tmp_path) as app:
        camera = await app.add(CameraRequest(STREET, "motion"))
        app.start_recording(camera)
        await until(lambda: camera.recorder.progress.seconds > 1)
        ended = await app.stop_recording(camera)
        assert ended is not None
        assert camera.recorder is None
    with av.open(ended.path) as container:
        pictures = sum(1 for _ in container.decode(video=0))
    assert pictures == ended.frames
    assert ended.path.name.startswith("Street (demo)_")


async def test_a_recording_gets_every_picture_though_nobody_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livevision.camera._UNWANTED_AFTER", 0.02)
    monkeypatch.setattr("livevision.camera._WATCH_EVERY", 0.01)
    scripted = ScriptedCamera()
    async with App(tmp_path) as app:
        app.sources.opener = lambda *_: scripted.opener  # type: ignore[method-assign, assignment]
        camera = await app.add(CameraRequest("0"))
        await until(lambda: scripted.readers != [] and scripted.readers[0].wanted is Demand.KEYFRAMES)
        app.start_recording(camera)
        await asyncio.sleep(0.1)
        assert scripted.readers[0].wanted is Demand.EVERY_FRAME
        await app.stop_recording(camera)
        await until(lambda: scripted.readers[0].wanted is Demand.KEYFRAMES)


async def test_a_recording_that_cannot_be_written_says_so_and_the_camera_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with App(tmp_path / "file") as app:
        camera = await app.add(CameraRequest(STREET))
        app.start_recording(camera)
        await until(lambda: camera.trouble != "")
        assert "Cannot record" in camera.trouble
        await until(lambda: camera.recorder is None)
        before = camera.seen.frame
        await until(lambda: camera.seen.frame is not before)


async def test_leaving_completes_recordings(tmp_path: Path) -> None:
    async with App(tmp_path) as app:
        camera = await app.add(CameraRequest(STREET))
        app.start_recording(camera)
        await until(lambda: camera.recorder.progress.frames > 5)
    (recorded,) = tmp_path.glob("*.mp4")
    with av.open(recorded) as container:
        assert sum(1 for _ in container.decode(video=0)) > 5


async def test_the_model_can_be_changed_while_it_runs(tmp_path: Path) -> None:
    async with App(tmp_path) as app:
        camera = await app.add(CameraRequest(STREET))
        assert camera.session.detector is None
        await app.set_model(camera, "motion")
        await until(lambda: camera.seen.result is not None)
        with pytest.raises(UsageError, match="yolo99"):
            await app.set_model(camera, "yolo99")
        assert camera.session.detector.name == "motion"
        await app.set_model(camera, None)
        assert camera.session.detector is None


async def test_a_snapshot_without_a_picture_says_so(tmp_path: Path) -> None:
    async with App(tmp_path) as app:
        camera = await app.add(CameraRequest("rtsp://127.0.0.1:1/none"))
        with pytest.raises(RecordingError, match="no picture yet"):
            await app.snapshot(camera)


async def test_a_file_that_loops_goes_on(tmp_path: Path, clip: Path) -> None:
    async with App(tmp_path) as app:
        camera: Camera = await app.add(CameraRequest(str(clip), at_end=AtEnd.LOOP))
        await until(lambda: camera.session.status.info is not None)
        frames = camera.session.status.info.frames
        await until(lambda: camera.seen.frame is not None and camera.seen.frame.index > frames)


async def test_stats_are_written_for_every_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.stats._WRITE_EVERY", 0.05)
    path = tmp_path / "s.jsonl"
    async with App(tmp_path) as app:
        await app.write_stats(path)
        await app.add(CameraRequest(STREET))
        await app.add(CameraRequest(STREET))
        await asyncio.sleep(0.3)
    names = {json.loads(line)["camera"] for line in path.read_text().splitlines()}
    assert names == {"Street (demo)", "Street (demo) 2"}


async def test_stats_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    async with App(tmp_path) as app:
        with pytest.raises(UsageError, match="--stats"):
            await app.write_stats(tmp_path / "no" / "folder" / "s.jsonl")


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_stream_is_recorded_from_before_the_button_was_pressed(tmp_path: Path, kind: Kind) -> None:
    clip = write_clip(tmp_path / "camera.mp4", [numbered(n) for n in range(75)])
    async with App(tmp_path / "videos") as app:
        camera = await app.add(CameraRequest(str(clip), "motion"))
        await until(lambda: camera.seen.frame is not None and camera.seen.frame.pts > 1.0)
        app.start_recording(camera, RecordingPlan(tmp_path / "videos", kind))
        await until(lambda: camera.session.status.state is CameraState.ENDED)
        ended = await app.stop_recording(camera)
    assert camera.trouble == ""
    assert ended.dropped == 0
    for path in ended.paths:
        assert numbers_in(path) == list(range(75))
    (beside,) = (tmp_path / "videos").glob("*.jsonl")
    lines = beside.read_text().splitlines()[1:]
    assert json.loads(lines[0])["t"] < 0.5


async def test_recordings_of_a_program_that_was_killed_are_repaired_at_the_start(tmp_path: Path) -> None:
    write_clip(tmp_path / "front.partial.mp4", [numbered(n) for n in range(10)])
    async with App(tmp_path) as app:
        await until(lambda: app.repairs != [])
        assert app.repairs == ["front.mp4 was repaired: the program had ended while it was recorded"]
    assert numbers_in(tmp_path / "front.mp4") == list(range(10))


async def test_a_recording_that_ends_by_itself_can_be_begun_again(tmp_path: Path) -> None:
    async with App(tmp_path, RecordingPlan(tmp_path, duration=0.2)) as app:
        camera = await app.add(CameraRequest(STREET))
        for count in (1, 2):
            app.start_recording(camera)
            await until(lambda: camera.recorder is None)
            assert camera.recordings.last.frames > 2
            assert len(list(tmp_path.glob("*.mp4"))) == count


async def test_who_must_not_be_seen_is_asked_for_though_not_shown(tmp_path: Path) -> None:
    detector = ScriptedDetector(things((10, 10, 90, 90)))
    detector.classes = None
    request = CameraRequest(
        "0",
        "any.onnx",
        DetectionFilter(0.95, frozenset({"car"})),
        style=OverlayStyle(privacy=Privacy(frozenset({"thing"}))),
    )
    scripted = ScriptedCamera()
    async with App(tmp_path) as app:
        wire(app, scripted, detector)
        camera = await app.add(request)
        scripted.send()
        await until(lambda: camera.seen.result is not None)
        result = camera.seen.result
        assert result is not None
        assert len(result.detections) == 0
        assert result.unseen is not None
        assert result.unseen.xyxy.tolist() == [[10, 10, 90, 90]]
        assert result.looked_for == {"thing"}
        with pytest.raises(UsageError, match="both recording would show who is to be hidden"):
            app.start_recording(camera, RecordingPlan(tmp_path, Kind.BOTH))


async def test_objects_have_identities_unless_they_are_not_wanted(tmp_path: Path) -> None:
    detector = ScriptedDetector(things((10, 10, 90, 90)))
    scripted = ScriptedCamera()
    async with App(tmp_path) as app:
        wire(app, scripted, detector)
        camera = await app.add(CameraRequest("0", "any.onnx"))

        async def identities() -> list[int] | None:
            camera.seen.result = None
            scripted.send()
            await until(lambda: camera.seen.result is not None)
            assert camera.seen.result is not None
            found = camera.seen.result.detections.tracker_id
            return None if found is None else found.tolist()

        assert await identities() == [-1]
        assert await identities() == [1]
        camera.set_tracker(TrackerChoice.OFF)
        assert await identities() is None


async def test_two_cameras_that_are_added_together_get_two_names(tmp_path: Path) -> None:
    async with App(tmp_path) as app:
        cameras = await asyncio.gather(*(app.prepare(CameraRequest(STREET, "motion")) for _ in range(3)))
        assert sorted(camera.name for camera in cameras) == ["Street (demo)", "Street (demo) 2", "Street (demo) 3"]


async def test_a_disk_that_hangs_keeps_neither_the_cameras_nor_the_end_waiting(tmp_path: Path, hanging: Path) -> None:
    async with App(tmp_path) as app:
        shown = NewestFrame()
        camera = await app.add(CameraRequest(STREET))
        camera.session.subscribe(shown)
        adding = asyncio.create_task(app.add(CameraRequest(str(hanging))))
        for _ in range(20):
            assert await asyncio.wait_for(shown.next(), 30) is not None
        assert not adding.done()
        # The other threads still find what is there.
        assert await app.look_up(__file__)
        adding.cancel()
        await asyncio.gather(adding, return_exceptions=True)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 30


async def test_one_camera_that_cannot_be_closed_does_not_keep_the_others_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Stubborn(ScriptedDetector):
        async def aclose(self) -> None:
            raise RuntimeError("the driver is gone")

    async with App(tmp_path) as app:
        cameras = [await app.add(CameraRequest(STREET)) for _ in range(2)]
        cameras[0].session.detector = Stubborn(things())
    assert [camera.session.status.state for camera in cameras] == [CameraState.STOPPED] * 2
    assert "closing a camera failed unexpectedly: RuntimeError: the driver is gone" in caplog.text
