"""A recording of frames: each with its own boxes, at its own time."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from livevision.errors import RecordingError
from livevision.recording.aligner import Boxes
from livevision.sources.status import CameraState, CameraStatus
from tests.fakes.cameras import things, until
from tests.fakes.clips import plain
from tests.recording.material import GREY, START, frame, is_red, read_back, result
from tests.recording.rig import make_recorder

STEP = 0.04


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "videos"


def place(index: int) -> tuple[int, int, int, int]:
    """The box of frame ``index``: somewhere else in each."""
    left = 16 * (index % 10)
    return left, 40, left + 16, 80


def scene(index: int) -> np.ndarray:
    """A picture with a white thing where the box of frame ``index`` is to be, but lower."""
    image = plain((0, 0, 0), (160, 120))
    left, _, right, _ = place(index)
    image[80:120, left:right] = 255
    return image


def thing_at(image: np.ndarray) -> int:
    """Which frame a picture of a scene is, modulo 10."""
    return int(image[100, 8::16].mean(axis=1).argmax())


def boxes_at(image: np.ndarray) -> list[int]:
    """Which frames' boxes are drawn on a picture, modulo 10."""
    return [column for column in range(10) if is_red(image[60, 16 * column + 8])]


async def test_each_frame_gets_its_own_boxes_though_results_come_400_ms_later(folder):
    recorder = make_recorder(folder)
    frames = [frame(index * STEP, scene(index)) for index in range(40)]
    for index, newest in enumerate(frames):
        recorder.on_frame(newest)
        if index >= 10:
            recorder.on_result(result(frames[index - 10], things(place(index - 10)), 0.4))
    for index in range(30, 40):
        recorder.on_result(result(frames[index], things(place(index)), 0.4))
    progress = await recorder.aclose(5)
    recording = read_back(recorder.progress.path)
    assert recording.times == pytest.approx([index * STEP for index in range(40)], abs=0.001)
    assert [thing_at(image) for image in recording.images] == [index % 10 for index in range(40)]
    assert [boxes_at(image) for image in recording.images] == [[index % 10] for index in range(40)]
    assert (progress.frames, progress.dropped, progress.path.parent) == (40, 0, folder)
    assert progress.seconds == pytest.approx(39 * STEP)
    assert progress.bytes == progress.path.stat().st_size
    assert recording.metadata["title"] == "cam"
    assert "writer cam" not in [thread.name for thread in threading.enumerate()]


async def test_frames_between_two_results_get_the_nearer_boxes(folder):
    recorder = make_recorder(folder)
    frames = [frame(index * STEP, scene(index)) for index in range(9)]
    for newest in frames:
        recorder.on_frame(newest)
    for index in (0, 4, 8):
        recorder.on_result(result(frames[index], things(place(index))))
    await recorder.aclose(5)
    assert [boxes_at(image) for image in read_back(recorder.progress.path).images] == [
        [0],
        [0],
        [0],
        [4],
        [4],
        [4],
        [4],
        [8],
        [8],
    ]


async def test_a_frame_waits_for_its_result_and_not_a_moment_longer(folder):
    recorder = make_recorder(folder)
    frames = [frame(index * STEP) for index in range(5)]
    for newest in frames:
        recorder.on_frame(newest)
    assert "5 waiting" in repr(recorder)
    recorder.on_result(result(frames[2], things()))
    assert "2 waiting" in repr(recorder)
    await until(lambda: recorder.progress.frames == 3)
    await recorder.aclose(5)
    assert recorder.progress.frames == 5


async def test_a_frame_waits_two_seconds_at_most(folder):
    recorder = make_recorder(folder)
    for index in range(31):
        recorder.on_frame(frame(index * 0.1))
    assert "21 waiting" in repr(recorder)
    assert (await recorder.aclose(5)).frames == 31


async def test_sixty_frames_wait_at_most(folder):
    recorder = make_recorder(folder)
    for index in range(70):
        recorder.on_frame(frame(index * 0.01))
    assert "60 waiting" in repr(recorder)
    assert (await recorder.aclose(5)).frames == 70


async def test_on_closing_frames_get_the_boxes_known_so_far(folder):
    recorder = make_recorder(folder)
    frames = [frame(index * STEP, scene(index)) for index in range(3)]
    recorder.on_frame(frames[0])
    recorder.on_result(result(frames[0], things(place(0))))
    recorder.on_frame(frames[1])
    recorder.on_frame(frames[2])
    await recorder.aclose(5)
    assert [boxes_at(image) for image in read_back(recorder.progress.path).images] == [[0], [0], [0]]


async def test_without_a_detector_nothing_is_waited_for(folder):
    recorder = make_recorder(folder, Boxes.NONE)
    recorder.on_frame(frame(0.0))
    await until(lambda: recorder.progress.frames == 1)
    recorder.boxes = Boxes.ALIGNED
    recorder.on_frame(frame(0.04))
    assert "1 waiting" in repr(recorder)
    recorder.boxes = Boxes.NONE
    assert "0 waiting" in repr(recorder)
    await recorder.aclose(5)


@pytest.mark.parametrize(
    "state", [CameraState.STALLED, CameraState.BACKING_OFF, CameraState.AUTH_FAILED, CameraState.FAILED]
)
async def test_a_camera_in_trouble_ends_the_wait(folder, state):
    recorder = make_recorder(folder)
    recorder.on_frame(frame(0.0))
    recorder.on_status(CameraStatus(CameraState.LIVE, START))
    assert "1 waiting" in repr(recorder)
    recorder.on_status(CameraStatus(state, START))
    assert "0 waiting" in repr(recorder)
    await recorder.aclose(5)


async def recorded_times(folder, *frames) -> list[float]:
    recorder = make_recorder(folder, Boxes.NONE)
    for newest in frames:
        recorder.on_frame(newest)
    await recorder.aclose(5)
    return read_back(recorder.progress.path).times


async def test_a_recording_begins_at_zero_whenever_it_was_started(folder):
    assert await recorded_times(folder, frame(500.0), frame(500.05)) == pytest.approx([0, 0.05], abs=0.001)


async def test_a_reconnect_leaves_a_gap_as_long_as_it_took(folder):
    times = await recorded_times(
        folder,
        frame(7.0, captured=START),
        frame(7.1, captured=START + 0.13),
        frame(0.0, generation=1, captured=START + 5.0),
        frame(0.1, generation=1, captured=START + 5.2),
    )
    assert times == pytest.approx([0, 0.1, 5.0, 5.1], abs=0.001)


async def test_a_reconnect_never_turns_time_back(folder):
    # A camera that sends what it had stored is ahead of the wall clock when it is lost.
    times = await recorded_times(
        folder,
        frame(0.0, captured=START),
        frame(3.0, captured=START + 0.1),
        frame(0.0, generation=1, captured=START + 1.0),
        frame(0.1, generation=1, captured=START + 1.1),
    )
    assert times == pytest.approx([0, 3.0, 3.04, 3.14], abs=0.001)


async def test_a_camera_that_sets_its_clock_does_not_make_hours_of_nothing(folder):
    times = await recorded_times(
        folder,
        frame(0.0, captured=START),
        frame(7200.0, captured=START + 0.05),
        frame(7200.1, captured=START + 0.15),
    )
    assert times == pytest.approx([0, 0.05, 0.15], abs=0.001)


async def test_pictures_that_come_late_and_all_at_once_keep_their_times(folder):
    late = START + 20
    times = await recorded_times(folder, *(frame(index * 0.1, captured=late + index * 0.001) for index in range(5)))
    assert times == pytest.approx([0, 0.1, 0.2, 0.3, 0.4], abs=0.001)


async def test_results_of_the_generation_before_do_not_end_up_on_the_new_one(folder):
    recorder = make_recorder(folder)
    old, new = frame(0.0, scene(0)), frame(0.0, scene(1), generation=1, captured=START + 1)
    recorder.on_frame(old)
    recorder.on_result(result(old, things(place(0))))
    recorder.on_frame(new)
    recorder.on_result(result(old, things(place(0))))
    await recorder.aclose(5)
    assert [boxes_at(image) for image in read_back(recorder.progress.path).images] == [[0], []]


async def test_frames_from_before_a_reconnect_keep_the_boxes_known_then(folder):
    recorder = make_recorder(folder)
    frames = [frame(0.0, scene(0)), frame(0.04, scene(1))]
    new = frame(0.0, scene(2), generation=1, captured=START + 1)
    recorder.on_frame(frames[0])
    recorder.on_result(result(frames[0], things(place(0))))
    recorder.on_frame(frames[1])
    recorder.on_frame(new)
    recorder.on_result(result(new, things(place(2))))
    await recorder.aclose(5)
    assert [boxes_at(image) for image in read_back(recorder.progress.path).images] == [[0], [0], [2]]


class SlowPen:
    """Draws when the test lets it, as on a machine that does not keep up."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.drawing = False

    def __call__(self, image, detections, frame_size, moment):
        self.drawing = True
        assert self.free.wait(60)
        return image


async def test_a_machine_that_does_not_keep_up_drops_frames_and_counts_them(folder):
    pen = SlowPen()
    recorder = make_recorder(folder, Boxes.NONE, draw=pen)
    recorder.on_frame(frame(0.0))
    await until(lambda: pen.drawing)
    for index in range(1, 201):
        recorder.on_frame(frame(index * STEP))
    assert recorder.progress.dropped == 110
    pen.free.set()
    progress = await recorder.aclose(5)
    assert (progress.frames, progress.dropped) == (91, 110)
    assert len(read_back(recorder.progress.path).times) == 91


async def test_ninety_frames_are_held_at_most_and_those_that_wait_find_room(folder):
    pen = SlowPen()
    recorder = make_recorder(folder, draw=pen)
    frames = [frame(index * 0.01) for index in range(101)]
    for newest in frames[:41]:
        recorder.on_frame(newest)
    recorder.on_result(result(frames[40], things()))
    await until(lambda: pen.drawing)
    for newest in frames[41:]:
        recorder.on_frame(newest)
    # One is being drawn, 40 are queued.
    assert "50 waiting" in repr(recorder)
    assert recorder.progress.dropped == 10
    pen.free.set()
    progress = await recorder.aclose(5)
    assert (progress.frames, progress.dropped) == (91, 10)


async def test_boxes_that_come_all_at_once_drop_nothing(folder):
    pen = SlowPen()
    recorder = make_recorder(folder, draw=pen)
    frames = [frame(index * 0.03) for index in range(60)]
    for newest in frames:
        recorder.on_frame(newest)
    recorder.on_result(result(frames[-1], things()))
    pen.free.set()
    progress = await recorder.aclose(5)
    assert (progress.frames, progress.dropped) == (60, 0)


async def test_what_is_not_written_by_the_deadline_is_dropped_and_counted(folder):
    pen = SlowPen()
    recorder = make_recorder(folder, Boxes.NONE, draw=pen)
    for index in range(10):
        recorder.on_frame(frame(index * STEP))
    await until(lambda: pen.drawing)
    threading.Timer(0.1, pen.free.set).start()
    progress = await recorder.aclose(0.02)
    assert (progress.frames, progress.dropped) == (1, 9)
    assert len(read_back(recorder.progress.path).times) == 1
    assert await recorder.aclose(5) == progress


async def test_a_recording_that_cannot_be_made_is_told_once_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    told = []
    recorder = make_recorder(tmp_path / "file", Boxes.NONE, told=told)
    recorder.on_frame(frame(0.0))
    await until(lambda: told)
    recorder.on_frame(frame(0.04))
    progress = await recorder.aclose(5)
    (error,) = told
    assert isinstance(error, RecordingError)
    assert str(error).endswith("there is no such folder; create it or choose another")
    assert (progress.frames, progress.bytes, progress.dropped) == (0, 0, 2)


async def test_a_fault_in_the_drawing_is_told_and_what_was_recorded_stays(folder):
    told = []

    def draws_once(image, detections, frame_size, moment=None):
        if image[0, 0, 0] == 0:
            raise ValueError("boxes beyond\nall measure")
        return image

    recorder = make_recorder(folder, Boxes.NONE, draw=draws_once, told=told)
    recorder.on_frame(frame(0.0))
    recorder.on_frame(frame(0.04, plain((0, 0, 0), (160, 120))))
    await until(lambda: told)
    await recorder.aclose(5)
    (error,) = told
    assert isinstance(error, RecordingError)
    assert "ValueError: boxes beyond;" in str(error)
    assert isinstance(error.__cause__, ValueError)
    assert len(read_back(recorder.progress.path).times) == 1


async def test_a_recording_without_a_picture_leaves_no_file(folder):
    progress = await make_recorder(folder).aclose(5)
    assert progress.frames == 0
    assert not folder.exists()


async def test_drawing_leaves_the_pictures_of_others_alone(folder):
    shared = frame(0.0, GREY.copy())
    recorder = make_recorder(folder)
    recorder.on_frame(shared)
    recorder.on_result(result(shared, things((0, 0, 160, 120))))
    await recorder.aclose(5)
    assert is_red(read_back(recorder.progress.path).images[0][60, 80])
    assert shared.bgr()[60, 80].tolist() == [90, 90, 90]
