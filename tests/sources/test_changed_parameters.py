"""A camera that changes its parameters while it sends: another size, in band, with the description as it was."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import av
import pytest

from livevision.cameras import CameraRequest
from livevision.headless import RecordOptions, record
from livevision.recording.kind import Kind
from livevision.recording.plan import RecordingPlan
from livevision.sources.stream import StreamReader
from tests.fakes.clips import encoded, number_in, numbered
from tests.fakes.interleaved import CLOCK, VIDEO, InterleavedCamera, Sent, annex_b
from tests.fakes.rtp import nal_units

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE, AFTER = (320, 240), (192, 144)
GOP = 25
PARAMETERS = (7, 8)


@cache
def pictures(size: tuple[int, int], profile: str) -> tuple[bytes, ...]:
    options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "8", "profile": profile, "x264-params": "threads=1"}
    made = encoded([numbered(number, size) for number in range(60)], "libx264", options, GOP)
    return tuple(bytes(packet) for packet in made)


def sent(is_late: bool) -> list[bytes]:
    """Return 50 pictures of one kind and 60 of the other, whose parameters come with the first one or just after it."""
    day, night = list(pictures(BEFORE, "main")[:50]), list(pictures(AFTER, "baseline"))
    if is_late:
        first = nal_units(night[0])
        parameters = [nal for nal in first if nal[0] & 31 in PARAMETERS]
        night[0] = annex_b(*(nal for nal in first if nal[0] & 31 not in PARAMETERS))
        night[1] = annex_b(*parameters) + night[1]
    return day + night


@pytest.mark.parametrize("is_late", [False, True], ids=["in time", "one picture late"])
def test_the_new_size_is_shown_and_nothing_broken(is_late: bool) -> None:
    def script() -> Iterator[Sent]:
        for number, picture in enumerate(sent(is_late)):
            yield Sent(number / 25, VIDEO, 1000 + number * CLOCK // 25, picture)

    with InterleavedCamera(script, fps=25, paced=False) as server:
        reader = StreamReader(server.url, "Night", 0)
        reader.open()
        shown = []
        while not shown or shown[-1][1] < 109:
            frame = reader.read()
            at = round(frame.pts * 25)
            shown.append((frame.size, at, number_in(frame.bgr())))
        reader.interrupt()
        reader.close()
    assert server.played == 1
    assert [at for _, at, _ in shown if at < 50] == list(range(50 - len([1 for _, at, _ in shown if at < 50]), 50))
    broken = [one for one in shown if one[0] != (BEFORE if one[1] < 50 else AFTER)]
    assert len(broken) == is_late
    new = [(at - 50, number) for size, at, number in shown if size == AFTER]
    assert new == [(number, number) for number in range(60)]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("is_late", [False, True], ids=["in time", "one picture late"])
def test_a_recording_goes_on_in_a_second_file_and_both_play(tmp_path: Path, kind: Kind, is_late: bool) -> None:
    def script() -> Iterator[Sent]:
        for number, picture in enumerate(sent(is_late)[25:]):
            yield Sent(number / 25, VIDEO, 1000 + number * CLOCK // 25, picture)

    with InterleavedCamera(script, fps=25) as server:
        options = RecordOptions((CameraRequest(server.url, None),), RecordingPlan(tmp_path, kind, duration=2.5))
        assert record(options, lambda _: None) == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.stat().st_size for path in files)
    assert not [path.name for path in files if ".partial" in path.name]
    videos = [path for path in files if path.suffix in (".mp4", ".mkv")]
    assert len(videos) == (4 if kind is Kind.BOTH else 2)
    sizes: dict[tuple[int, int], int] = {}
    for path in videos:
        with av.open(str(path)) as container:
            for picture in container.decode(video=0):
                size = picture.width, picture.height
                sizes[size] = sizes.get(size, 0) + 1
    assert set(sizes) == {BEFORE, AFTER}
    copies = 2 if kind is Kind.BOTH else 1
    assert sizes[BEFORE] in range(20 * copies, 27 * copies)
    assert sizes[AFTER] in range(25 * copies, 45 * copies)
