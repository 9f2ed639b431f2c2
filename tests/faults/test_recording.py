"""Recordings in trouble: killed programs, full disks, folders that may not be written to any more.

What was recorded up to then plays in ffmpeg without a complaint, and the operator is told once.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4
from livevision.recording.naming import partial_path
from livevision.recording.partial import PartialFile
from livevision.recording.repair import repair
from livevision.recording.writer import ThreadedWriter
from tests.fakes.cameras import until
from tests.fakes.fixtures import missing
from tests.recording.kills import MOST_LOST, ROOT, complaints, last_time, record_and_kill
from tests.recording.material import frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

import supervision as sv

NOISE = np.random.default_rng(1).integers(0, 256, (5, 96, 128, 3), np.uint8)
RATE = 25


@pytest.fixture(autouse=True)
def has_ffmpeg() -> None:
    if shutil.which("ffmpeg") is None:
        missing("ffmpeg is not installed: packaging/test.sh installs it")


def unchanged(image: np.ndarray, detections: sv.Detections, size: tuple[int, int], _moment: object) -> np.ndarray:
    return image


@pytest.mark.parametrize(("seconds", "fps"), [(1.1, 25), (1.73, 60), (2.6, 30)])
def test_a_killed_recording_plays_to_within_a_moment_of_the_kill(tmp_path, seconds, fps):
    remains = record_and_kill(tmp_path / "a.mp4", seconds, fps)
    assert remains.complaints == ""
    assert remains.lost < MOST_LOST
    assert [path.name for path in tmp_path.iterdir()] == ["a.partial.mp4"]
    whole = repair(tmp_path / "a.partial.mp4", threading.Event()).whole
    assert whole == tmp_path / "a.mp4"
    assert complaints(whole) == ""
    assert last_time(whole) == pytest.approx(remains.playable, abs=0.001)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


async def record_until_told(path: Path, trouble: Callable[[], None] = lambda: None) -> list[Exception]:
    """Record noise, as live recording does, until it fails; returns what the owner was told."""
    told: list[Exception] = []
    sink = AnnotatedMp4(path, "door", unchanged, new_file=PartialFile)
    writer: ThreadedWriter[AnnotatedFrame] = ThreadedWriter("door", sink.open, 30, told.append)
    number = 0
    while not told:
        assert number < 2000, "nobody was told"
        one = frame(number / RATE, NOISE[number % 5])
        if not writer.offer(AnnotatedFrame(one, sv.Detections.empty(), number / RATE)):
            await asyncio.sleep(0.005)  # the loop goes on meanwhile
            continue
        number += 1
        if number == 2 * RATE:
            await until(lambda: writer.queued == 0)
            trouble()
    assert not writer.offer(AnnotatedFrame(one, sv.Detections.empty(), number / RATE))
    await writer.aclose(5)
    await asyncio.sleep(0)
    return told


def plays_up_to_the_trouble(path: Path, at_least: float) -> None:
    """The partial file plays, and so does what becomes of it at the next start."""
    partial = partial_path(path)
    assert complaints(partial) == ""
    assert last_time(partial) >= at_least
    whole = repair(partial, threading.Event()).whole
    assert whole == path
    assert complaints(whole) == ""
    assert last_time(whole) >= at_least


@pytest.mark.parametrize("limit", [150_000, 300_000, 300_777])
async def test_a_file_that_may_not_grow_ends_the_recording_properly(tmp_path, limit):
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.mp4"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Ignored by Python, so that the write fails with EFBIG: as on a full disk, in the middle of a write.
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        (error,) = await record_until_told(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert str(error) == f"Cannot record {path}: the file is as big as this disk allows; choose another disk"
    assert partial_path(path).stat().st_size < limit
    plays_up_to_the_trouble(path, 0.4)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB; only where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk may be mounted here; the test with a limited size of files stands for this one")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


async def test_a_full_disk_ends_the_recording_properly(small_disk, tmp_path):
    path = small_disk / "a.mp4"
    (error,) = await record_until_told(path)
    assert str(error) == f"Cannot record {path}: the disk is full; make room or choose another disk"
    # Repaired where there is room.
    shutil.copy(partial_path(path), tmp_path)
    plays_up_to_the_trouble(tmp_path / "a.mp4", 0.4)


async def test_a_disk_on_which_the_index_finds_no_room_keeps_the_pictures(small_disk):
    """The index is written last: a disk that becomes full just then must not cost the recording."""
    path = small_disk / "a.mp4"
    told: list[Exception] = []
    sink = AnnotatedMp4(path, "door", unchanged, new_file=PartialFile)
    writer: ThreadedWriter[AnnotatedFrame] = ThreadedWriter("door", sink.open, 100, told.append)
    for number in range(20):
        writer.offer(AnnotatedFrame(frame(number / RATE, NOISE[number % 5]), sv.Detections.empty(), number / RATE))
    await until(lambda: writer.written == 20)
    (small_disk / "something else").write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    await writer.aclose(5)
    assert [str(error) for error in told] == [
        f"Cannot record {path}: the disk is full; make room or choose another disk"
    ]
    assert complaints(partial_path(path)) == ""
    assert last_time(partial_path(path)) >= 0.4


FOLDER_LOSES_ITS_PERMISSION = """
import asyncio, os, sys
from pathlib import Path
from tests.faults.test_recording import lose_permission

asyncio.run(lose_permission(Path(sys.argv[1])))
"""


async def lose_permission(folder: Path) -> None:
    """Record into a folder that may not be written to when it comes to the end; prints what the owner is told."""
    if os.geteuid() == 0:
        os.setuid(65534)  # root may write anywhere
    told: list[Exception] = []
    for name in ("a.mp4", "b.mp4"):
        sink = AnnotatedMp4(folder / name, "door", unchanged, new_file=PartialFile)
        writer: ThreadedWriter[AnnotatedFrame] = ThreadedWriter("door", sink.open, 100, told.append)
        for number in range(50):
            writer.offer(AnnotatedFrame(frame(number / RATE, NOISE[number % 5]), sv.Detections.empty(), number / RATE))
        await until(lambda writer=writer: writer.queued == 0 or writer.error)
        folder.chmod(0o500)
        await writer.aclose(5)
    for error in told:
        print(error)


def test_a_folder_that_loses_its_permission_keeps_what_was_recorded():
    if sys.platform == "win32":
        pytest.skip("folders have no such permissions there")
    folder = Path(tempfile.mkdtemp())  # not in pytest's, which is closed to the user that the child becomes
    try:
        if os.geteuid() == 0:
            os.chown(folder, 65534, 65534)
        command = [sys.executable, "-c", FOLDER_LOSES_ITS_PERMISSION, str(folder)]
        child = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        # Once for the recording that could not get its name, once for the one that could not begin.
        assert child.stdout.splitlines() == [
            f"Cannot record {folder / name}: no permission to write there; choose another folder"
            for name in ("a.mp4", "b.mp4")
        ], child.stderr
        folder.chmod(0o700)
        assert [path.name for path in folder.iterdir()] == ["a.partial.mp4"]
        plays_up_to_the_trouble(folder / "a.mp4", 49 / RATE)
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


async def test_a_drawing_that_fails_ends_the_recording_with_what_there_was(tmp_path):
    def fails_later(image: np.ndarray, detections: sv.Detections, size: tuple[int, int], _moment: object) -> np.ndarray:
        if len(drawn) == 40:
            raise ValueError("a box without a class")
        drawn.append(size)
        return image

    drawn: list[tuple[int, int]] = []
    told: list[Exception] = []
    sink = AnnotatedMp4(tmp_path / "a.mp4", "door", fails_later, new_file=PartialFile)
    writer: ThreadedWriter[AnnotatedFrame] = ThreadedWriter("door", sink.open, 100, told.append)
    for number in range(60):
        writer.offer(AnnotatedFrame(frame(number / RATE, NOISE[number % 5]), sv.Detections.empty(), number / RATE))
    await until(lambda: told)
    await writer.aclose(5)
    (error,) = told
    assert "a.mp4: ValueError: a box without a class; try again" in str(error)
    assert isinstance(error.__cause__, ValueError)
    # The file itself was well: it is complete.
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    assert complaints(tmp_path / "a.mp4") == ""
    assert last_time(tmp_path / "a.mp4") == pytest.approx(39 / RATE, abs=0.001)
