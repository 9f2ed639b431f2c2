"""A whole file through a detector."""

from __future__ import annotations

import asyncio
import inspect
import threading
from pathlib import Path

import numpy as np
import pytest

from livevision.errors import DetectorError, DetectorUnavailable, RecordingError, SourceUnusable, UsageError
from livevision.processing import ProcessProgress, process, process_reader
from livevision.sources.reader import SourceInfo
from tests.fakes.cameras import things, until
from tests.fakes.clips import number_in, numbered
from tests.recording.material import fill_boxes, frame, is_red, read_back

TIMES = [0.5 + offset for offset in (0.0, 0.033, 0.12, 0.2, 0.25, 0.5, 0.9, 1.4, 3.9, 4.0)]


class FakeReader:
    """Gives numbered pictures at TIMES, from the thread that it is called in."""

    def __init__(self, times: list[float] | None = None, fails_at: int | None = None) -> None:
        self.times = TIMES if times is None else times
        self.threads: set[str] = set()
        self.read_so_far = 0
        self.closed = False
        self.failed = False
        self.reads_after_failure = 0
        self.interrupted = threading.Event()
        self._fails_at = fails_at

    def open(self) -> SourceInfo:
        self.threads.add(threading.current_thread().name)
        return SourceInfo(320, 240, 25.0, "raw", duration=4.0, frames=len(self.times))

    def read(self):
        self.threads.add(threading.current_thread().name)
        self.reads_after_failure += self.failed
        if self.read_so_far == self._fails_at:
            self.failed = True
            raise SourceUnusable("film.mp4 is damaged")
        if self.interrupted.is_set() or self.read_so_far == len(self.times):
            return None
        index = self.read_so_far
        self.read_so_far += 1
        return frame(self.times[index], numbered(index))

    def interrupt(self) -> None:
        self.interrupted.set()

    def close(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.closed = True


class NumberDetector:
    """Finds one box in each picture, as far right as the picture's number says."""

    name = "numbers"
    classes = ("thing",)

    def __init__(self, max_in_flight: int = 1) -> None:
        self.max_in_flight = max_in_flight
        self.in_flight = 0
        self.most_in_flight = 0
        self.seen: list[int] = []
        self.fails_at: dict[int, Exception] = {}
        self.free = asyncio.Event()
        self.free.set()

    async def detect(self, image):
        number = number_in(image)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.seen.append(number)
        try:
            await self.free.wait()
            # Later pictures are answered earlier.
            await asyncio.sleep(0.003 * (self.max_in_flight - number % self.max_in_flight))
        finally:
            self.in_flight -= 1
        if number in self.fails_at:
            raise self.fails_at[number]
        return things((32 * (number % 10), 0, 32 * (number % 10) + 32, 60))

    async def aclose(self) -> None:
        pass


def box_in(image) -> list[int]:
    return [column for column in range(10) if is_red(image[30, 32 * column + 16])]


async def run(reader, target, detector, *, draw=fill_boxes, keep=lambda found: found, on_progress=lambda _: None):
    return await process_reader(reader, target, detector, draw=draw, keep=keep, on_progress=on_progress)


@pytest.mark.parametrize("max_in_flight", [1, 4])
async def test_every_frame_is_there_in_order_with_its_own_boxes_at_its_own_time(tmp_path, max_in_flight):
    reader, detector = FakeReader(), NumberDetector(max_in_flight)
    progress: list[ProcessProgress] = []
    summary = await run(reader, tmp_path / "out.mp4", detector, on_progress=progress.append)
    recording = read_back(tmp_path / "out.mp4")
    assert [number_in(image) for image in recording.images] == list(range(10))
    assert [box_in(image) for image in recording.images] == [[index] for index in range(10)]
    assert recording.times == pytest.approx([pts - 0.5 for pts in TIMES], abs=0.0005)
    assert (summary.frames, summary.detections) == (10, 10)
    assert summary.fps == pytest.approx(10 / summary.seconds)
    assert [step.frames for step in progress] == list(range(1, 11))
    assert progress[-1] == ProcessProgress(10, 10, 4.0, 4.0)
    assert detector.most_in_flight == max_in_flight
    assert reader.closed
    assert len(reader.threads) == 1
    assert "MainThread" not in reader.threads
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


async def test_what_is_not_kept_is_neither_drawn_nor_counted(tmp_path):
    summary = await run(
        FakeReader(), tmp_path / "out.mp4", NumberDetector(), keep=lambda found: found[found.xyxy[:, 0] < 64]
    )
    assert summary.detections == 2
    assert [box_in(image) for image in read_back(tmp_path / "out.mp4").images] == [[0], [1], *[[]] * 8]


async def test_what_can_be_no_box_is_counted_and_not_drawn(tmp_path):
    class Nonsense(NumberDetector):
        async def detect(self, image):
            found = await super().detect(image)
            if number_in(image) in (2, 5):
                found.xyxy = np.full_like(found.xyxy, np.nan)
            return found

    summary = await run(FakeReader(), tmp_path / "out.mp4", Nonsense(3))
    assert (summary.frames, summary.detections, summary.unsound) == (10, 8, 2)
    boxes = [box_in(image) for image in read_back(tmp_path / "out.mp4").images]
    assert boxes == [[index] if index not in (2, 5) else [] for index in range(10)]


async def test_a_server_that_is_away_for_a_moment_costs_no_frame(tmp_path):
    class Moody(NumberDetector):
        away = 3

        async def detect(self, image):
            if number_in(image) == 6 and self.away:
                self.away -= 1
                raise DetectorUnavailable("the server restarts", retry_in=0.01)
            return await super().detect(image)

    detector = Moody(4)
    summary = await run(FakeReader(), tmp_path / "out.mp4", detector)
    assert (summary.frames, detector.away) == (10, 0)
    assert [box_in(image) for image in read_back(tmp_path / "out.mp4").images] == [[index] for index in range(10)]


async def test_reading_goes_on_during_detection_but_only_a_little(tmp_path):
    reader, detector = FakeReader([index / 25 for index in range(60)]), NumberDetector()
    detector.free.clear()
    work = asyncio.create_task(run(reader, tmp_path / "out.mp4", detector))
    await until(lambda: reader.read_so_far > 1)
    await asyncio.sleep(0.03)
    assert 2 <= reader.read_so_far <= 5
    detector.free.set()
    assert (await work).frames == 60


async def test_a_slow_disk_holds_up_the_detector_and_loses_nothing(tmp_path):
    detector = NumberDetector()
    free = threading.Event()

    def slow_pen(image, detections, frame_size, moment=None):
        assert free.wait(60)
        return image

    times = [index / 25 for index in range(30)]
    work = asyncio.create_task(run(FakeReader(times), tmp_path / "out.mp4", detector, draw=slow_pen))
    await until(lambda: detector.seen)
    await asyncio.sleep(0.1)
    assert len(detector.seen) < 12
    free.set()
    assert (await work).frames == 30
    assert len(read_back(tmp_path / "out.mp4").times) == 30


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (DetectorError("the server does not answer; start it"), "the server does not answer; start it"),
        (KeyError("boxes"), "numbers: KeyError: 'boxes' (test_processing.py, line {line})"),
        (ValueError(), "numbers: ValueError (test_processing.py, line {line})"),
    ],
)
async def test_a_detector_that_fails_is_told_with_the_time_and_leaves_no_file(tmp_path, error, text):
    reader, detector = FakeReader(), NumberDetector(max_in_flight=3)
    detector.fails_at = {5: error}
    with pytest.raises(DetectorError) as caught:
        await run(reader, tmp_path / "out.mp4", detector)
    raising = inspect.getsourcelines(NumberDetector.detect)
    line = raising[1] + next(at for at, each in enumerate(raising[0]) if each.strip().startswith("raise self.fails_at"))
    assert str(caught.value) == f"At 0.50 s of the video: {text.format(line=line)}"
    assert list(tmp_path.iterdir()) == []
    assert detector.in_flight == 0
    assert reader.closed


async def test_a_source_that_fails_on_the_way_leaves_no_file(tmp_path):
    reader = FakeReader(fails_at=4)
    with pytest.raises(SourceUnusable, match=r"film\.mp4 is damaged"):
        await run(reader, tmp_path / "out.mp4", NumberDetector())
    assert reader.reads_after_failure == 0
    assert list(tmp_path.iterdir()) == []


async def test_a_source_without_frames_is_unusable(tmp_path):
    with pytest.raises(SourceUnusable, match="no picture"):
        await run(FakeReader([]), tmp_path / "out.mp4", NumberDetector())
    assert list(tmp_path.iterdir()) == []


async def test_an_error_of_writing_ends_the_work(tmp_path):
    def broken_pen(image, detections, frame_size, moment=None):
        raise ZeroDivisionError("a box without width")

    detector = NumberDetector()
    with pytest.raises(RecordingError, match="a box without width"):
        await run(FakeReader([index / 25 for index in range(60)]), tmp_path / "out.mp4", detector, draw=broken_pen)
    assert len(detector.seen) < 60
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("turns", [0, 1, 3, 10, 30, 100])
async def test_cancelling_at_any_time_leaves_nothing(tmp_path, turns):
    reader, detector = FakeReader(), NumberDetector(max_in_flight=2)
    detector.free.clear()
    work = asyncio.create_task(run(reader, tmp_path / "out.mp4", detector))
    for _ in range(turns):
        await asyncio.sleep(0)
    if turns == 100:
        await until(lambda: detector.in_flight)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert list(tmp_path.iterdir()) == []
    assert detector.in_flight == 0
    if turns:
        assert reader.closed


async def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path):
    def meddle(progress: ProcessProgress) -> None:
        (tmp_path / "out.mp4").write_text("a wedding")

    with pytest.raises(RecordingError, match="it exists already"):
        await run(FakeReader(), tmp_path / "out.mp4", NumberDetector(), on_progress=meddle)
    assert (tmp_path / "out.mp4").read_text() == "a wedding"
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


async def test_what_a_killed_run_left_is_not_touched(tmp_path):
    (tmp_path / "out.part.mp4").write_text("half a film")
    await run(FakeReader(), tmp_path / "out.mp4", NumberDetector())
    assert (tmp_path / "out.part.mp4").read_text() == "half a film"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.mp4", "out.part.mp4"]


async def test_a_file_system_without_second_names_will_do(tmp_path, monkeypatch):
    def no_links(path: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    await run(FakeReader(), tmp_path / "out.mp4", NumberDetector())
    assert len(read_back(tmp_path / "out.mp4").times) == 10
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


async def test_a_real_file_keeps_all_frames_and_times(clip, tmp_path):
    summary = await process(clip, tmp_path / "out.mp4", NumberDetector(), draw=fill_boxes)
    recording = read_back(tmp_path / "out.mp4")
    assert summary.frames == len(recording.times) == 20
    assert [number_in(image) for image in recording.images] == list(range(20))
    assert [box_in(image) for image in recording.images] == [[index % 10] for index in range(20)]
    assert recording.times == pytest.approx(read_back(clip).times, abs=0.001)
    assert recording.duration == pytest.approx(read_back(clip).duration, abs=0.001)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("film.mp4", "would be read and written at once"),
        ("../{folder}/film.mp4", "would be read and written at once"),
        ("there.mp4", "exists already"),
        ("dangling.mp4", "exists already"),
        ("out.avi", "name it out.mp4"),
        ("nowhere/out.mp4", "There is no folder"),
    ],
)
async def test_a_target_that_cannot_be_meant_is_refused_before_any_work(tmp_path, target, message):
    (tmp_path / "film.mp4").write_text("not even looked at")
    (tmp_path / "there.mp4").touch()
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    detector = NumberDetector()
    with pytest.raises(UsageError, match=message):
        await process(tmp_path / "film.mp4", tmp_path / target.format(folder=tmp_path.name), detector, draw=fill_boxes)
    assert detector.seen == []
    assert not (tmp_path / "elsewhere.mp4").exists()


async def test_something_that_is_no_video_is_unusable(tmp_path):
    (tmp_path / "film.mp4").write_text("no video")
    for source in ("film.mp4", "missing.mp4"):
        with pytest.raises(SourceUnusable, match=source):
            await process(tmp_path / source, tmp_path / "out.mp4", NumberDetector(), draw=fill_boxes)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
