"""What every built-in detector promises: its own thread, honest errors, and an end."""

import asyncio
import os
import sys
import threading

import cv2
import numpy as np
import pytest

from livevision.errors import DetectorError
from livevision.inference.builtin.threaded import NOTHING, ThreadedDetector

IMAGE = np.zeros((90, 160, 3), np.uint8)


class Gated(ThreadedDetector):
    """Answers one box, as wide as the picture's first pixel says, once it is let."""

    name = "gated"
    class_name = "thing"

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()
        self.seen: list[int] = []
        self.thread = ""

    def find(self, image):
        self.thread = threading.current_thread().name
        self.entered.release()
        assert self.gate.wait(60)
        self.seen.append(int(image[0, 0, 0]))
        return np.array([[0, 0, image[0, 0, 0], 1]]), np.array([1.0])

    async def until_entered(self) -> None:
        while not self.entered.acquire(blocking=False):
            await asyncio.sleep(0.001)


class Broken(ThreadedDetector):
    name = "broken"
    class_name = "thing"

    def find(self, image):
        cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        return NOTHING


def picture(value: int) -> np.ndarray:
    return np.full((9, 16, 3), value, np.uint8)


def detector_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("detect ")]


@pytest.fixture
async def gated():
    detector = Gated()
    yield detector
    detector.gate.set()
    await detector.aclose()


async def test_works_in_a_thread_of_its_own_and_the_loop_goes_on(gated):
    answer = asyncio.create_task(gated.detect(picture(5)))
    await gated.until_entered()  # the loop runs while the detector does not answer

    assert not answer.done()
    assert gated.thread.startswith("detect gated")
    gated.gate.set()
    found = await answer
    assert found.xyxy.tolist() == [[0, 0, 5, 1]]
    assert found["class_name"].tolist() == ["thing"]


async def test_a_cancelled_picture_leaves_the_detector_usable(gated):
    first = asyncio.create_task(gated.detect(picture(1)))
    await gated.until_entered()
    waiting = asyncio.create_task(gated.detect(picture(2)))
    await asyncio.sleep(0)

    first.cancel()
    waiting.cancel()
    for cancelled in (first, waiting):
        with pytest.raises(asyncio.CancelledError):
            await cancelled
    gated.gate.set()

    assert (await gated.detect(picture(3))).xyxy.tolist() == [[0, 0, 3, 1]]
    assert gated.seen == [1, 3]  # what had begun was finished, what had not was dropped


async def test_closing_waits_for_the_picture_at_hand_and_leaves_no_thread():
    detector = Gated()
    answer = asyncio.create_task(detector.detect(picture(1)))
    await detector.until_entered()
    closing = asyncio.create_task(detector.aclose())
    await asyncio.sleep(0.01)
    assert not closing.done()
    assert detector_threads() == [detector.thread]

    detector.gate.set()
    await closing

    assert len(await answer) == 1
    assert detector_threads() == []
    assert repr(detector) == "<Gated closed>"


async def test_closing_may_be_cancelled_and_repeated():
    detector = Gated()
    answer = asyncio.create_task(detector.detect(picture(1)))
    await detector.until_entered()
    impatient = asyncio.create_task(detector.aclose())
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient

    detector.gate.set()
    await asyncio.gather(detector.aclose(), detector.aclose())
    await detector.aclose()

    assert len(await answer) == 1
    assert detector_threads() == []


async def test_a_detector_that_saw_nothing_closes_too():
    detector = Broken()
    assert repr(detector) == "<Broken open>"

    await detector.aclose()

    assert detector_threads() == []


async def test_an_error_of_opencv_is_one_line_and_the_next_picture_is_fine():
    detector = Broken()

    with pytest.raises(DetectorError, match=r"^broken failed on a picture of shape \(9, 16\): ") as caught:
        await detector.detect(np.zeros((9, 16), np.uint8))

    assert "\n" not in str(caught.value)
    assert len(await detector.detect(IMAGE)) == 0
    await detector.aclose()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a thread's priority")
async def test_it_computes_while_nobody_else_wants_the_processor():
    class Nice(ThreadedDetector):
        name = "nice"
        class_name = "thing"

        def find(self, image):
            self.nice = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            return NOTHING

    detector = Nice()
    await detector.detect(IMAGE)
    await detector.aclose()
    assert detector.nice > os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
