"""Boxes drawn into a clean recording afterwards, measured in its pixels."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import supervision as sv

from livevision.annotate import annotate, find_sidecar
from livevision.errors import SourceUnusable, UsageError
from livevision.inference.filter import DetectionFilter
from livevision.processing import ProcessProgress
from livevision.recording.recorded import Recorded
from livevision.recording.sidecar import SidecarSink, TimedDetections, sidecar_path
from livevision.recording.sidecar_header import SidecarHeader
from livevision.sources.street.scene import Street
from tests.fakes.cameras import things
from tests.fakes.clips import plain, write_clip
from tests.recording.material import WALL, fill_boxes, is_red, read_back

SIZE = (640, 360)
FPS = 25
FRAMES = 41


@pytest.fixture(scope="module")
def street() -> Street:
    return Street(SIZE, 100, 1)


def write_sidecar(path, *items: tuple[float, sv.Detections], size=SIZE):
    sink = SidecarSink(path, SidecarHeader(size=size))
    for seconds, detections in items:
        sink.write(TimedDetections(seconds, seconds, 0, WALL + seconds, 0.01, detections))
    sink.close()
    return path


class Filled:
    """Fills the boxes of what is sure enough."""

    def __init__(self, least: float = 0.25) -> None:
        self.keep = DetectionFilter(least).apply
        self.draw = fill_boxes


def filled(_recorded: Recorded) -> Filled:
    return Filled()


def drawn(image) -> np.ndarray:
    """Where a picture has the red of the boxes, (h, w) bool."""
    blue, green, red = (image[..., channel].astype(int) for channel in range(3))
    return (red > 180) & (np.maximum(blue, green) < 80)


def covered(detections: sv.Detections) -> np.ndarray:
    """Where objects are, (h, w) bool."""
    return drawn(fill_boxes(plain((0, 0, 0), SIZE), detections, SIZE))


async def test_the_boxes_are_on_the_objects_of_the_street(street, tmp_path):
    # As a camera sends them: not quite evenly.  The detector had every fourth.
    times = [index / FPS + (index % 3) / 100 for index in range(FRAMES)]
    pictures = [int(seconds * 100) for seconds in times]  # a street at 100 pictures a second has one for each time
    clean = write_clip(tmp_path / "street.mkv", [street.draw(picture) for picture in pictures], times=times)
    results = [(times[index], street.truth(pictures[index])) for index in range(0, FRAMES, 4)]
    write_sidecar(sidecar_path(clean), *results)
    seen: list[ProcessProgress] = []
    summary = await annotate(clean, tmp_path / "street.annotated.mp4", filled, on_progress=seen.append)
    recording = read_back(tmp_path / "street.annotated.mp4")
    assert recording.times == pytest.approx(times, abs=0.0015)
    assert (summary.frames, len(seen)) == (FRAMES, FRAMES)
    assert summary.detections > FRAMES
    overlaps = []
    for picture, image in zip(pictures, recording.images, strict=True):
        boxes, objects = drawn(image), covered(street.truth(picture))
        overlaps.append((boxes & objects).sum() / (boxes | objects).sum())
    assert np.mean(overlaps) >= 0.93
    assert min(overlaps) >= 0.8


def small(tmp_path, frames: int = 10):
    return write_clip(tmp_path / "cam.mp4", [plain((90, 90, 90), (160, 120))] * frames)


async def test_thresholds_are_chosen_afterwards(tmp_path):
    clean = small(tmp_path)
    both = sv.Detections.merge(
        [things((0, 0, 40, 40), confidence=0.3), things((80, 0, 120, 40), confidence=0.8)],
    )
    write_sidecar(sidecar_path(clean), (0.0, both), size=(160, 120))
    for name, threshold, expected in (("a.mp4", 0.25, [True, True]), ("b.mp4", 0.5, [False, True])):
        await annotate(clean, tmp_path / name, lambda _recorded, least=threshold: Filled(least))
        image = read_back(tmp_path / name).images[5]
        assert [is_red(image[20, 20]), is_red(image[20, 100])] == expected


async def test_a_sidecar_may_lie_elsewhere(tmp_path):
    clean = small(tmp_path)
    other = write_sidecar(tmp_path / "other" / "x.jsonl", (0.0, things((0, 0, 40, 40))), size=(160, 120))
    await annotate(clean, tmp_path / "a.mp4", filled, sidecar=other)
    assert is_red(read_back(tmp_path / "a.mp4").images[0][20, 20])


async def test_without_detections_it_says_so_before_any_work(tmp_path):
    clean = small(tmp_path)
    with pytest.raises(UsageError, match=r"no detections for cam\.mp4: cam\.detections\.jsonl is missing") as caught:
        await annotate(clean, tmp_path / "a.mp4", filled)
    assert "\n" not in str(caught.value)
    with pytest.raises(UsageError, match=r"There is no recording .*gone\.mkv"):
        find_sidecar(tmp_path / "gone.mkv")
    assert [path.name for path in tmp_path.iterdir()] == ["cam.mp4"]


async def test_what_is_no_sidecar_leaves_nothing_behind(tmp_path):
    clean = small(tmp_path)
    sidecar_path(clean).write_text("hello\n")
    with pytest.raises(SourceUnusable, match="not a file of detections"):
        await annotate(clean, tmp_path / "a.mp4", filled)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cam.detections.jsonl", "cam.mp4"]
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("writer")]


async def test_a_recording_is_never_written_over(tmp_path):
    clean = small(tmp_path)
    write_sidecar(sidecar_path(clean), (0.0, things()), size=(160, 120))
    with pytest.raises(UsageError, match="read and written at once"):
        await annotate(clean, clean, filled)
