"""Room on the disk: when to warn, when to close, and disks that go or hang."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from livevision.recording.disk import DiskGuard, DiskReport, DiskState, Room, judge, look
from tests.fakes.cameras import until

MB, GB = 1_000_000, 1_000_000_000
PLENTY = Room(100 * GB, 1)


@pytest.mark.parametrize(
    ("free", "rate", "state"),
    [
        (100 * GB, 1 * MB, DiskState.OK),
        (2 * GB, 1 * MB, DiskState.OK),
        (2 * GB - 1, 1 * MB, DiskState.LOW),
        (500 * MB, 1 * MB, DiskState.LOW),
        (500 * MB - 1, 1 * MB, DiskState.FULL),
        (0, 0, DiskState.FULL),
        # 60 s of 20 MB/s are 1.2 GB; the warning comes before that.
        (1200 * MB, 20 * MB, DiskState.LOW),
        (1200 * MB - 1, 20 * MB, DiskState.FULL),
        (2300 * MB, 20 * MB, DiskState.LOW),
        (2400 * MB, 20 * MB, DiskState.OK),
    ],
)
def test_what_room_means(free, rate, state):
    report = judge(Room(free, 1), rate)
    assert report.state is state
    assert report.may_record == (state is not DiskState.FULL)
    assert bool(report.words) == (state is not DiskState.OK)


def test_the_words_say_how_much_and_what_to_do():
    assert judge(Room(1_640 * MB, 1), 0).words == "The disk is nearly full (1.6 GB free); make room soon"
    assert judge(Room(90 * MB, 1), 0).words == "The disk is full (0.1 GB free); make room or choose another disk"


def test_a_folder_that_is_yet_to_be_made_is_on_the_disk_of_those_above(tmp_path):
    there, to_be = look(tmp_path), look(tmp_path / "a" / "b")
    assert (there.has_folder, to_be.has_folder) == (True, False)
    assert there.device == to_be.device
    assert to_be.free > 0


class Disk:
    """Answers as it is told."""

    def __init__(self) -> None:
        self.answer: Room | OSError = PLENTY
        self.asked = 0
        self.answering = threading.Event()
        self.answering.set()

    def look(self, folder: Path) -> Room:
        self.asked += 1
        assert self.answering.wait(60)
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer


@pytest.fixture
def disk() -> Disk:
    return Disk()


def guard(disk: Disk, patience: float = 5.0) -> DiskGuard:
    return DiskGuard(Path("/videos"), disk.look, every=0.001, patience=patience)


async def test_a_change_is_told_once(disk):
    told: list[DiskReport] = []
    watching = asyncio.create_task(guard(disk).watch(lambda: 1.0, told.append))
    await until(lambda: disk.asked > 5)
    assert told == []
    for free in (1 * GB, 0, 100 * GB):
        disk.answer = Room(free, 1)
        asked = disk.asked
        await until(lambda asked=asked: disk.asked > asked + 3)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert [report.state for report in told] == [DiskState.LOW, DiskState.FULL, DiskState.OK]


async def test_the_rate_of_the_moment_counts(disk):
    rates = iter([1.0, 1.0, 1e9])
    told: list[DiskReport] = []
    watching = asyncio.create_task(guard(disk).watch(lambda: next(rates, 1e9), told.append))
    await until(lambda: told)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    # 60 s of 1 GB/s are 60 of the 100 GB that are free.
    assert told[0].state is DiskState.LOW


@pytest.mark.parametrize("after", [Room(90 * GB, 2), Room(90 * GB, 1, has_folder=False)])
async def test_a_disk_that_was_taken_away_is_noticed(disk, after):
    watched = guard(disk)
    assert (await watched.check()).state is DiskState.OK
    disk.answer = after
    report = await watched.check()
    assert report.state is DiskState.GONE
    assert report.words == "/videos is gone; connect its disk again or choose another folder"
    assert not report.may_record
    disk.answer = PLENTY
    assert (await watched.check()).state is DiskState.OK


async def test_a_folder_that_is_made_when_recording_begins_is_not_gone(disk):
    disk.answer = Room(90 * GB, 1, has_folder=False)
    watched = guard(disk)
    assert (await watched.check()).state is DiskState.OK
    disk.answer = PLENTY
    assert (await watched.check()).state is DiskState.OK


async def test_a_disk_that_cannot_be_read_is_gone(disk):
    disk.answer = OSError(5, "Input/output error")
    report = await guard(disk).check()
    assert (report.state, report.words) == (
        DiskState.GONE,
        "Cannot look at /videos: Input/output error; check the disk",
    )


async def test_a_disk_that_hangs_holds_nothing_up_and_is_asked_once(disk):
    disk.answering.clear()
    watched = guard(disk, patience=0.01)
    for _ in range(3):
        report = await watched.check()
        assert report.state is DiskState.SILENT
        assert report.words == "The disk of /videos does not answer; check it"
        assert report.may_record
    assert disk.asked == 1
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "disk /videos"] == [True]
    disk.answering.set()
    await until(lambda: all(thread.name != "disk /videos" for thread in threading.enumerate()))
    assert (await watched.check()).state is DiskState.OK


def test_a_disk_that_answers_after_the_loop_has_ended_disturbs_nobody(disk):
    disk.answering.clear()
    asyncio.run(guard(disk, patience=0.01).check())
    disk.answering.set()


async def test_a_real_folder_has_some_room(tmp_path):
    report = await DiskGuard(tmp_path).check()
    assert report.free is not None
    assert report.state in (DiskState.OK, DiskState.LOW, DiskState.FULL)
