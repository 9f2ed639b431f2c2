"""Who is to be hidden, from the moment that it is said: in recordings that run, and with models that lack the class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from livevision.app import App
from livevision.cameras import Camera, CameraRequest
from livevision.errors import UsageError
from livevision.overlay import OverlayStyle, Privacy
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from tests.fakes.cameras import ScriptedCamera, ScriptedDetector, things, until
from tests.recording.material import read_back
from tests.test_app import wire

BOX = (100, 40, 200, 140)
NOISE = np.repeat(np.repeat(np.random.default_rng(1).integers(0, 255, (45, 80, 3), np.uint8), 4, axis=0), 4, axis=1)
HIDING = OverlayStyle(frozenset(), privacy=Privacy(frozenset({"thing"})))
SHOWING = OverlayStyle(frozenset())


def changed(image: np.ndarray, part: slice = slice(None)) -> float:
    """Return by how much a picture, or its columns, differs from what the camera sent."""
    return float(np.abs(image[:, part].astype(int) - NOISE[:, part]).mean())


async def send(scripted: ScriptedCamera, camera: Camera, count: int) -> None:
    """Send pictures, each once the model has answered for the one before."""
    for _ in range(count):
        before = camera.seen.result
        scripted.send(NOISE)
        await until(lambda before=before: camera.seen.result is not before, 20)


def hidden_share(path: Path) -> list[bool]:
    """Return for each picture whether the object in it is hidden."""
    x1, y1, x2, y2 = BOX
    images = [image.astype(int) for image in read_back(path).images]
    return [bool(np.abs(image - NOISE)[y1:y2, x1:x2].mean() > 40) for image in images]


async def test_a_recording_that_runs_hides_whoever_is_to_be_hidden_from_now_on(tmp_path: Path) -> None:
    scripted = ScriptedCamera()
    async with App(tmp_path) as app:
        wire(app, scripted, ScriptedDetector(things(BOX)))
        camera = await app.add(CameraRequest("0", "any.onnx", style=SHOWING))
        await send(scripted, camera, 1)
        app.start_recording(camera, RecordingPlan(tmp_path, Kind.ANNOTATED))
        await send(scripted, camera, 5)
        await until(lambda: camera.recorder is not None and camera.recorder.progress.frames == 5, 20)
        camera.set_style(HIDING)
        await send(scripted, camera, 5)
        camera.set_style(SHOWING)
        await send(scripted, camera, 5)
        progress = await app.stop_recording(camera)
    assert progress is not None
    assert hidden_share(progress.paths[0]) == [False] * 5 + [True] * 10, "to its end, whatever is chosen meanwhile"


@pytest.mark.parametrize("kind", [Kind.CLEAN, Kind.BOTH, Kind.SOFT])
async def test_a_recording_of_the_cameras_own_pictures_ends_when_somebody_is_to_be_hidden(
    tmp_path: Path, kind: Kind
) -> None:
    scripted = ScriptedCamera()
    async with App(tmp_path) as app:
        wire(app, scripted, ScriptedDetector(things(BOX)))
        camera = await app.add(CameraRequest("0", "any.onnx", style=SHOWING))
        await send(scripted, camera, 1)
        app.start_recording(camera, RecordingPlan(tmp_path, kind))
        await send(scripted, camera, 5)
        camera.set_style(HIDING)
        await until(lambda: camera.recorder is None, 20)
        assert camera.trouble == (
            f"A {kind.value} recording would show who is to be hidden (thing). Record annotated instead."
        )
        await send(scripted, camera, 5)
        last = camera.recordings.last
        assert last is not None
        assert last.frames <= 5
        with pytest.raises(UsageError, match="would show who is to be hidden"):
            app.start_recording(camera, RecordingPlan(tmp_path, kind))
        assert camera.recorder is None


@pytest.mark.parametrize("knows", [("car", "things"), ("car", "person")])
async def test_a_model_that_lacks_the_class_does_not_take_the_place_of_one_that_has_it(
    tmp_path: Path, knows: tuple[str, ...]
) -> None:
    scripted, first, other = ScriptedCamera(), ScriptedDetector(things(BOX)), ScriptedDetector(things())
    other.classes = knows
    async with App(tmp_path) as app:
        wire(app, scripted, first)
        camera = await app.add(CameraRequest("0", "any.onnx", style=HIDING))
        wire(app, scripted, other)
        with pytest.raises(UsageError, match="this model does not know the class 'thing'"):
            await app.set_model(camera, "other.onnx")
        assert camera.session.detector is first
        assert other.closed
        assert "does not know the class 'thing'" in camera.model_trouble


async def test_a_class_that_the_model_lacks_keeps_everything_hidden_and_says_why(tmp_path: Path) -> None:
    scripted, detector = ScriptedCamera(), ScriptedDetector(things(BOX))
    async with App(tmp_path) as app:
        wire(app, scripted, detector)
        camera = await app.add(CameraRequest("0", "any.onnx", style=SHOWING))
        await send(scripted, camera, 1)
        assert camera.hiding_trouble == ""
        camera.set_style(OverlayStyle(frozenset(), privacy=Privacy(frozenset({"thng"}))))
        assert camera.hiding_trouble == "this model does not know the class 'thng': did you mean 'thing'?"
        await send(scripted, camera, 2)
        app.start_recording(camera, RecordingPlan(tmp_path, Kind.ANNOTATED))
        await send(scripted, camera, 5)
        progress = await app.stop_recording(camera)
        camera.set_style(HIDING)
        assert camera.hiding_trouble == ""
        await send(scripted, camera, 1)
        assert (camera.seen.result.looked_for, len(camera.seen.result.unseen)) == ({"thing"}, 1)
    assert progress is not None
    assert [changed(image, slice(0, 60)) > 40 for image in read_back(progress.paths[0]).images] == [True] * 5


async def test_what_was_asked_of_a_model_before_somebody_was_to_be_hidden_tells_nothing(tmp_path: Path) -> None:
    """The picture was with the model already, which may have been told to answer cars only."""
    scripted, detector = ScriptedCamera(), ScriptedDetector(things(BOX))
    async with App(tmp_path) as app:
        wire(app, scripted, detector)
        camera = await app.add(CameraRequest("0", "any.onnx", style=SHOWING))
        detector.gate.clear()
        scripted.send(NOISE)
        await until(lambda: detector.calls == 1)
        camera.set_style(HIDING)
        detector.gate.set()
        await until(lambda: camera.seen.result is not None)
        assert (camera.seen.result.looked_for, camera.seen.result.unseen) == (frozenset(), None)
