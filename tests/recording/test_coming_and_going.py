"""A camera that comes and goes every few seconds while it is recorded: what is on the disk plays."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import av
import pytest

from livevision.cameras import CameraRequest
from livevision.headless import RecordOptions, record
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.recording.segments import Segmenting
from tests.fakes.clips import encoded, numbered
from tests.fakes.interleaved import CLOCK, VIDEO, InterleavedCamera, Sent
from tests.recording.packet_material import complaints

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPTIONS = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1"}


@cache
def pictures() -> tuple[bytes, ...]:
    return tuple(
        bytes(packet) for packet in encoded([numbered(n, (64, 48)) for n in range(20)], "libx264", OPTIONS, 10)
    )


class ComesAndGoes(InterleavedCamera):
    """Sends for 0.8 s and hangs up; each third connection breaks before the first picture could be decoded."""

    hangs_up = True

    def __init__(self) -> None:
        super().__init__(self._some, fps=25)

    def _some(self) -> Iterator[Sent]:
        first = 13 if self.played % 3 == 2 else 0
        for number, picture in enumerate(pictures()[first:18]):
            yield Sent(number / 25, VIDEO, 1000 + number * CLOCK // 25, picture)


@pytest.mark.parametrize("segmenting", [Segmenting(), Segmenting(seconds=1)], ids=["one file", "segments"])
@pytest.mark.parametrize("kind", [Kind.BOTH, Kind.SOFT])
def test_every_file_plays_and_nothing_else_is_left(tmp_path: Path, kind: Kind, segmenting: Segmenting) -> None:
    plan = RecordingPlan(tmp_path, kind, duration=5.0, segmenting=segmenting)
    with ComesAndGoes() as server:
        assert record(RecordOptions((CameraRequest(server.url, "motion"),), plan), lambda _: None) == []
    assert server.played >= 3
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.stat().st_size for path in files)
    assert not [path.name for path in files if ".partial" in path.name]
    videos = [path for path in files if path.suffix in (".mp4", ".mkv")]
    assert videos
    for path in videos:
        assert complaints(path) == ""
        with av.open(str(path)) as container:
            assert next(container.decode(video=0), None) is not None
    for marker in ("", ".annotated"):
        named = sorted(path for path in videos if (".annotated" in path.name) == bool(marker))
        times = [started(path) for path in named]
        assert times == sorted(times)


def started(path: Path) -> str:
    with av.open(str(path)) as container:
        tags = {key.lower(): value for key, value in container.metadata.items()}
        return tags["creation_time"]
