"""A section exported: exactly its pictures, its detections beside it, and nothing half-done ever left."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest
import supervision as sv

from livevision.errors import SourceUnusable, UsageError
from livevision.export.exporting import Boxes, export_annotated, export_clean
from livevision.export.section import ExportKind, Section, suggested_path
from livevision.inference.filter import DetectionFilter
from livevision.recording.recorded import Recorded, read_sidecar
from livevision.recording.sidecar import SidecarSink, TimedDetections, sidecar_path
from livevision.recording.sidecar_header import SidecarHeader
from tests.fakes.cameras import things
from tests.fakes.clips import Encoding, number_in, numbered, write_clip
from tests.recording.material import WALL, fill_boxes, is_red, read_back

SIZE = (320, 240)
FRAMES = 80
SECTION = Section(20 / 25, 45 / 25)


def recording(tmp_path: Path, suffix: str = ".mkv", encoding: Encoding | None = None) -> Path:
    """Pictures with their number in the lower half, and a box that wanders through the upper half."""
    encoding = encoding or Encoding(b_frames=2, sound="aac")
    path = write_clip(tmp_path / f"door{suffix}", [numbered(number) for number in range(FRAMES)], encoding)
    header = SidecarHeader(size=SIZE, started="2026-03-01T14:05:09+01:00", model="yolo.onnx", floor=0.1)
    sink = SidecarSink(sidecar_path(path), header)
    for number in range(0, FRAMES, 8):
        sink.write(TimedDetections(number / 25, 5 + number / 25, 0, WALL, 0.02, box_at(number)))
    sink.close()
    return path


def box_at(number: float) -> sv.Detections:
    return things((round(2 * number), 20, round(2 * number) + 60, 80))


def found(path: Path) -> Recorded:
    return read_sidecar(sidecar_path(path))


def boxes(path: Path, least: float = 0.25) -> Boxes:
    return Boxes(found(path), DetectionFilter(least).apply, fill_boxes)


def silent(share: float) -> None:
    """Nobody watches."""


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
async def test_with_boxes_it_is_exactly_the_section(tmp_path: Path, suffix: str) -> None:
    source = recording(tmp_path, suffix)
    target = suggested_path(source, SECTION, ExportKind.ANNOTATED)
    assert target.name == "door_00-00.8_00-01.8.annotated.mp4"
    shares: list[float] = []
    summary = await export_annotated(source, SECTION, target, boxes(source), shares.append)
    made = read_back(target)
    assert [number_in(image) for image in made.images] == list(range(20, 46))
    assert made.times == pytest.approx([index / 25 for index in range(26)], abs=0.001)
    assert made.metadata["creation_time"].startswith("2026-03-01T13:05:09")
    assert (summary.pictures, summary.start) == (26, pytest.approx(0.8))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for number, image in zip(range(20, 46), made.images, strict=True):
        assert is_red(image[50, 2 * number + 30])
        assert not is_red(image[50, (2 * number + 90)])


async def test_what_is_drawn_is_what_the_thresholds_leave(tmp_path: Path) -> None:
    source = recording(tmp_path)
    await export_annotated(source, SECTION, tmp_path / "none.mp4", boxes(source, 0.95), silent)
    assert not is_red(read_back(tmp_path / "none.mp4").images[0][50, 70])


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
async def test_clean_begins_at_the_keyframe_and_ends_with_the_section_and_keeps_the_sound(
    tmp_path: Path, suffix: str
) -> None:
    source = recording(tmp_path, suffix)
    target = suggested_path(source, SECTION, ExportKind.CLEAN)
    summary = await export_clean(source, SECTION, target, found(source), silent)
    assert summary.path == target
    assert summary.start == pytest.approx(12 / 25, abs=0.002)  # keyframes are 0, 12, 24, …
    made = read_back(target)
    numbers = [number_in(image) for image in made.images]
    assert numbers[: 45 - 12 + 1] == list(range(12, 46))
    assert len(numbers) <= 45 - 12 + 1 + 1  # one more at most, which the last ones look at
    assert made.times[: 45 - 12 + 1] == pytest.approx([index / 25 for index in range(34)], abs=0.002)
    with av.open(str(source)) as before, av.open(str(target)) as after:
        originals = {bytes(packet) for packet in before.demux(video=0)}
        assert {bytes(packet) for packet in after.demux(video=0)} <= originals
    with av.open(str(target)) as after:
        sound = [packet.pts * packet.time_base for packet in after.demux(audio=0) if packet.size]
        assert 0 <= min(sound) < 0.15
        assert 1.1 < max(sound) <= 1.33


async def test_its_detections_are_those_of_the_recording_at_their_new_times(tmp_path: Path) -> None:
    source = recording(tmp_path)
    whole = found(source)
    for summary in (
        await export_annotated(source, SECTION, tmp_path / "a.mp4", boxes(source), silent),
        await export_clean(source, SECTION, tmp_path / "c.mkv", found(source), silent),
    ):
        assert summary.sidecar is not None
        cut = read_sidecar(summary.sidecar)
        assert cut.broken == 0
        assert (cut.header.model, cut.header.files) == ("yolo.onnx", (summary.path.name,))
        assert cut.header.started.startswith(
            "2026-03-01T14:05:09.8" if summary.start > 0.6 else "2026-03-01T14:05:09.4"
        )
        for seconds in np.arange(summary.start, SECTION.end, 0.04):
            then, now = whole.detections_at(float(seconds)), cut.detections_at(float(seconds - summary.start))
            assert np.abs(then.xyxy - now.xyxy).max() < 1.0
        assert cut.times[0] == pytest.approx(0.0, abs=0.002)
        assert cut.times[-1] == pytest.approx(SECTION.end - summary.start, abs=0.002)


async def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    source = recording(tmp_path)
    (tmp_path / "a.mp4").write_text("mine")
    (tmp_path / "b.detections.jsonl").write_text("mine, too")
    before = files(tmp_path)
    for name in ("a.mp4", "b.mp4"):
        with pytest.raises(UsageError, match="exists already"):
            await export_annotated(source, SECTION, tmp_path / name, boxes(source), silent)
    with pytest.raises(UsageError, match="exists already"):
        await export_clean(source, SECTION, tmp_path / "b.mkv", None, silent)
    with pytest.raises(UsageError, match="read and written at once"):
        await export_clean(source, SECTION, source, None, silent)
    with pytest.raises(UsageError, match=r"is a \.mkv file"):
        await export_clean(source, SECTION, tmp_path / "c.mp4", None, silent)
    with pytest.raises(UsageError, match="no folder"):
        await export_clean(source, SECTION, tmp_path / "none" / "c.mkv", None, silent)
    with pytest.raises(UsageError, match="ends before it begins"):
        await export_clean(source, Section(2, 1), tmp_path / "c.mkv", None, silent)
    assert files(tmp_path) == before


async def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    source = recording(tmp_path)
    first = suggested_path(source, SECTION, ExportKind.ANNOTATED)
    await export_annotated(source, SECTION, first, boxes(source), silent)
    assert suggested_path(source, SECTION, ExportKind.CLEAN).name == "door_00-00.8_00-01.8-2.mkv"
    assert suggested_path(source, SECTION, ExportKind.ANNOTATED).name == "door_00-00.8_00-01.8-2.annotated.mp4"


@pytest.mark.parametrize("kind", ExportKind)
async def test_cancelled_it_leaves_nothing(tmp_path: Path, kind: ExportKind, monkeypatch: pytest.MonkeyPatch) -> None:
    source = recording(tmp_path)
    before = files(tmp_path)
    begun = asyncio.Event()
    monkeypatch.setattr("livevision.export.packet_copy._AT_ONCE", 0.0)

    def note(share: float) -> None:
        begun.set()

    task = asyncio.create_task(
        export_clean(source, SECTION, tmp_path / "x.mkv", found(source), note)
        if kind is ExportKind.CLEAN
        else export_annotated(source, SECTION, tmp_path / "x.mp4", boxes(source), note)
    )
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files(tmp_path) == before


async def test_a_section_without_pictures_or_of_no_video_fails_in_words(tmp_path: Path) -> None:
    source = recording(tmp_path)
    before = files(tmp_path)
    with pytest.raises(SourceUnusable, match="no picture in this section"):
        await export_annotated(source, Section(50, 60), tmp_path / "x.mp4", boxes(source), silent)
    bad = tmp_path / "bad.mkv"
    bad.write_bytes(b"hello" * 50)
    with pytest.raises(SourceUnusable, match="could not be read"):
        await export_clean(bad, SECTION, tmp_path / "x.mkv", None, silent)
    bad.unlink()
    assert files(tmp_path) == before
