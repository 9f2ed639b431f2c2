"""A whole file annotated: with a model, with what was recorded, and with those hidden who must not be seen."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from livevision.errors import UsageError
from livevision.export.whole_file import FileJob, annotate_file
from livevision.inference.filter import DetectionFilter
from livevision.inference.registry import DetectorRegistry
from livevision.overlay import OverlayStyle, Privacy
from livevision.processing import ProcessProgress
from livevision.recording.sidecar import SidecarSink, TimedDetections, sidecar_path
from livevision.recording.sidecar_header import SidecarHeader
from tests.export.test_exporting import FRAMES, files, recording
from tests.fakes.cameras import ScriptedDetector, things
from tests.fakes.clips import write_clip
from tests.recording.material import read_back

BOX = (20, 130, 300, 230)
"""In the lower half, which has stripes."""


class Models(DetectorRegistry):
    """Has one model."""

    def __init__(self, detector: ScriptedDetector) -> None:
        super().__init__()
        self.detector = detector

    async def load(self, model: str, options: object = None) -> ScriptedDetector:  # type: ignore[override]
        return self.detector


def job(source: Path, model: str | None = "mine", style: OverlayStyle | None = None) -> FileJob:
    target = source.with_name("out.mp4")
    return FileJob(source, target, model, DetectionFilter(0.5), style or OverlayStyle())


@cache
def textured() -> np.ndarray:
    """Return a picture of coarse noise, which a mosaic changes everywhere."""
    noise = np.random.default_rng(1).integers(0, 255, (24, 32, 3), np.uint8)
    return cv2.resize(noise, (320, 240), interpolation=cv2.INTER_CUBIC)


def silent(_now: ProcessProgress) -> None:
    """Nobody watches."""


async def test_every_picture_gets_the_models_boxes(tmp_path: Path) -> None:
    source = recording(tmp_path)
    detector = ScriptedDetector(things(BOX))
    told: list[ProcessProgress] = []
    summary = await annotate_file(job(source), Models(detector), told.append)
    assert (summary.frames, detector.calls, detector.closed) == (FRAMES, FRAMES, True)
    assert told[-1].frames == FRAMES
    written = read_back(tmp_path / "out.mp4")
    assert len(written.times) == FRAMES


async def test_what_was_recorded_is_drawn_without_a_model(tmp_path: Path) -> None:
    source = recording(tmp_path)
    detector = ScriptedDetector(things(BOX))
    summary = await annotate_file(job(source, None), Models(detector), silent)
    assert summary.frames == FRAMES
    assert summary.detections > 0
    assert detector.calls == 0


@pytest.mark.parametrize("hidden", [Privacy(), Privacy(frozenset({"thing"}))])
async def test_who_must_not_be_seen_is_hidden_however_unsure_the_model_is(tmp_path: Path, hidden: Privacy) -> None:
    source = recording(tmp_path)
    unsure = things(BOX)
    assert unsure.confidence is not None
    unsure.confidence[:] = 0.2  # below what is wanted, so that no box is drawn
    detector = ScriptedDetector(unsure)
    await annotate_file(job(source, style=OverlayStyle(privacy=hidden)), Models(detector), silent)
    before, after = (read_back(path).images[41].astype(int) for path in (source, tmp_path / "out.mp4"))
    x1, y1, x2, y2 = BOX
    inside = np.abs(after - before)[y1:y2, x1:x2].mean()
    assert (inside > 8) == bool(hidden)


@pytest.mark.parametrize(
    ("knows", "words"),
    [(("car", "thing"), "did you mean 'thing'"), (("car",), "does not know the class 'thng': it knows car")],
)
async def test_a_class_that_the_model_lacks_is_refused(tmp_path: Path, knows: tuple[str, ...], words: str) -> None:
    source = recording(tmp_path)
    detector = ScriptedDetector(things(BOX))
    detector.classes = knows
    style = OverlayStyle(privacy=Privacy(frozenset({"thng"})))
    with pytest.raises(UsageError, match=words):
        await annotate_file(job(source, style=style), Models(detector), silent)
    assert not (tmp_path / "out.mp4").exists()


async def test_all_is_hidden_until_a_model_that_names_no_classes_has_found_one(tmp_path: Path) -> None:
    source = write_clip(tmp_path / "door.mkv", [textured()] * 5)
    for hidden, all_of_it in ((("thing", "ghost"), True), (("thing",), False)):
        detector = ScriptedDetector(things(BOX))
        detector.classes = None
        style = OverlayStyle(frozenset(), privacy=Privacy(frozenset(hidden)))
        await annotate_file(job(source, style=style), Models(detector), silent)
        changed = np.abs(read_back(tmp_path / "out.mp4").images[3].astype(int) - textured())
        assert changed[BOX[1] : BOX[3], BOX[0] : BOX[2]].mean() > 20
        assert (changed[:80].mean() > 20) == all_of_it, "nobody knows whether it finds ghosts"
        (tmp_path / "out.mp4").unlink()


async def test_what_was_recorded_hides_too_and_says_where_it_cannot(tmp_path: Path) -> None:
    source = write_clip(tmp_path / "door.mkv", [textured()] * 75)
    sink = SidecarSink(sidecar_path(source), SidecarHeader(size=(320, 240)))
    for number in range(0, 60, 5):
        sink.write(TimedDetections(number / 25, number / 25, 0, 0.0, 0.02, things(BOX)))
    sink.close()
    style = OverlayStyle(frozenset(), privacy=Privacy(frozenset({"thing"})))
    await annotate_file(job(source, None, style), Models(ScriptedDetector(things())), silent)
    x1, y1, x2, y2 = BOX
    for number in (0, 3, 41, 54, 57, 70):
        changed = np.abs(read_back(tmp_path / "out.mp4").images[number].astype(int) - textured())
        assert changed[y1:y2, x1:x2].mean() > 20, number
        assert (changed[:80].mean() > 20) == (number > 55), "and all of it where nobody knows"
    (tmp_path / "out.mp4").unlink()
    style = OverlayStyle(privacy=Privacy(frozenset({"person", "thing"})))
    with pytest.raises(UsageError, match=r"its detections say nothing of person, who would be seen"):
        await annotate_file(job(source, None, style), Models(ScriptedDetector(things())), silent)
    assert not (tmp_path / "out.mp4").exists()


async def test_given_up_leaves_nothing(tmp_path: Path) -> None:
    source = recording(tmp_path)
    there = files(tmp_path)
    detector = ScriptedDetector(things(BOX))
    detector.gate.clear()
    working = asyncio.create_task(annotate_file(job(source), Models(detector), silent))
    while not detector.calls:
        await asyncio.sleep(0.01)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert working.cancelled()
    assert files(tmp_path) == there
    assert detector.closed


async def test_what_exists_is_refused_before_a_model_is_loaded(tmp_path: Path) -> None:
    source = recording(tmp_path)
    (tmp_path / "out.mp4").write_bytes(b"somebody's")
    detector = ScriptedDetector(things(BOX))
    with pytest.raises(UsageError, match="exists already"):
        await annotate_file(job(source), Models(detector), silent)
    assert not detector.closed, "nobody loaded it"
    assert (tmp_path / "out.mp4").read_bytes() == b"somebody's"
