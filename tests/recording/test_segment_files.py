"""Names of a recording's files: each is given once, however slow the disk is, and nothing stays of what never came."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from livevision.recording.aligner import Boxes
from livevision.recording.kind import Kind
from livevision.recording.lanes.clean import CleanLane
from livevision.recording.lanes.lane import Course
from livevision.recording.packet_feed import PacketFeed
from livevision.recording.plan import RecordingPlan
from livevision.recording.recent_results import RecentResults
from livevision.recording.segment_files import SegmentFiles
from livevision.recording.segments import Segmenting, Segments
from livevision.recording.stopwatch import Stopwatch
from tests.fakes.cameras import things, until
from tests.fakes.clips import Encoding, plain
from tests.recording.material import START, frame, result
from tests.recording.packet_material import camera
from tests.recording.rig import PLENTY, PacketCamera, make_recorder, numbers_in

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.recording.disk import Room


def files_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


async def test_a_disk_that_hangs_for_many_segments_gets_all_of_them_afterwards(tmp_path):
    answers = threading.Event()

    def look(_: Path) -> Room:
        answers.wait(30)
        return PLENTY

    failures: list[Exception] = []
    plan = RecordingPlan(tmp_path, Kind.CLEAN, segmenting=Segmenting(seconds=0.1))
    course = Course("cam", plan, SegmentFiles(plan, "cam", look), Segments(plan.segmenting), failures.append)
    lane = CleanLane(course)
    stream = PacketCamera(camera(tmp_path, 60, Encoding(gop=3)))
    stream.ring.attach(PacketFeed(course, [lane], Stopwatch(None, START, lambda: None)), 0)
    stream.play()
    assert course.segments.newest.segment == 19
    answers.set()
    await lane.aclose(30)
    await course.files.aclose(30)
    assert failures == []
    assert sorted(n for path in lane.progress.paths for n in numbers_in(path)) == list(range(60))
    assert len(lane.progress.paths) == 20


@pytest.mark.parametrize("kind", list(Kind))
async def test_no_empty_file_stays_where_nothing_was_written(tmp_path, kind):
    # The results are quicker than the pictures, and the recording is stopped before one of these was written.
    stream = PacketCamera(camera(tmp_path, 24))
    stream.play(until=0.5)
    recorder = make_recorder(
        RecordingPlan(tmp_path / "videos", kind), Boxes.ALIGNED, ring=stream.ring, recent=RecentResults(12.0)
    )
    for index in range(3):
        recorder.on_result(result(frame(index * 0.04, plain((0, 0, 0), (320, 240))), things((10, 10, 50, 50))))
    await until(lambda: (tmp_path / "videos").is_dir() and len(files_in(tmp_path / "videos")) >= 2)
    await recorder.aclose(0)
    left = files_in(tmp_path / "videos")
    assert not [name for name, size in left.items() if size == 0 or ".partial" in name]
