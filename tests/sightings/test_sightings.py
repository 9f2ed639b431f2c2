"""What is entered, when, and with which picture."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import supervision as sv

from livevision.frame import Result
from livevision.overlay import Privacy
from livevision.sightings import CameraWatcher, Sighting, Sightings
from livevision.sources.status import CameraState, CameraStatus
from tests.fakes.cameras import grey, make_frame, until

RED, BLUE = (0, 0, 255), (255, 0, 0)
BOX = (100, 40, 160, 160)


class Slow:
    """A picture that takes its time."""

    size = (320, 180)

    def __init__(self, image: np.ndarray) -> None:
        self.image = image
        self.asked, self.ready = threading.Event(), threading.Event()

    def bgr(self, _size: tuple[int, int]) -> np.ndarray:
        self.asked.set()
        assert self.ready.wait(60)
        return self.image


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sightings(clock: Clock) -> AsyncIterator[Sightings]:
    with ThreadPoolExecutor(1, thread_name_prefix="work") as work:
        book = Sightings(work, most=5, clock=clock)
        yield book
        await book.aclose()


def found(*boxes: tuple[int, int, int, int], name: str = "car", sure: float = 0.6, ids=None) -> sv.Detections:
    count = len(boxes)
    return sv.Detections(
        xyxy=np.array(boxes, np.float32).reshape(-1, 4),
        confidence=np.full(count, sure, np.float32),
        tracker_id=None if ids is None else np.array(ids),
        data={"class_name": np.array([name] * count)},
    )


def result(detections: sv.Detections, pts: float, image: np.ndarray | None = None, generation: int = 0) -> Result:
    frame = make_frame(grey((320, 180)) if image is None else image, 0, generation, pts)
    return Result(frame, detections, 1.0, 1.1)


def at(box: tuple[int, int, int, int], colour: tuple[int, int, int]) -> np.ndarray:
    image = grey((320, 180))
    image[box[1] : box[3], box[0] : box[2]] = colour
    return image


async def pictured(book: Sightings) -> Sighting:
    await until(lambda: all(each.thumbnail is not None for each in book.recent()))
    return book.recent()[0]


async def test_an_object_that_stays_is_entered_once_and_brought_up_to_date(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    for step in range(5):
        moved = tuple(edge + 10 * step for edge in (20, 20, 60, 60))
        watcher.on_result(result(found(moved, sure=0.5 + step / 10), step * 0.2))
    entry = await pictured(sightings)
    assert len(sightings.recent()) == 1
    assert (entry.camera, entry.class_name, entry.pts) == ("Yard", "car", 0.0)
    assert entry.confidence == pytest.approx(0.9)
    assert entry.last_seen > entry.first_seen


async def test_what_comes_again_after_two_seconds_is_another_one(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(result(found(BOX), 0.0))
    watcher.on_result(result(found(BOX), 1.9))
    assert len(sightings.recent()) == 1
    watcher.on_result(result(found(BOX), 4.0))
    assert [each.pts for each in sightings.recent()] == [4.0, 0.0]


async def test_another_class_at_the_same_place_is_another_one(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(result(found(BOX), 0.0))
    watcher.on_result(result(found(BOX, name="dog"), 0.1))
    assert [each.class_name for each in sightings.recent()] == ["dog", "car"]


async def test_each_of_two_neighbours_stays_who_it_is(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    left, right = (10, 10, 50, 50), (60, 10, 100, 50)
    watcher.on_result(result(found(left, right), 0.0))
    watcher.on_result(result(found(right, left), 0.1))
    assert len(sightings.recent()) == 2


async def test_an_identity_counts_wherever_it_is_and_an_unsure_one_does_not_yet(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(result(found((0, 0, 40, 40), ids=[-1]), 0.0))
    assert sightings.recent() == ()
    assert sightings.counts() == {"car": 1}
    watcher.on_result(result(found((0, 0, 40, 40), ids=[7]), 0.1))
    watcher.on_result(result(found((270, 130, 310, 170), ids=[7]), 0.2))
    assert [each.tracker_id for each in sightings.recent()] == [7]
    watcher.on_result(result(found((270, 130, 310, 170), ids=[8]), 0.3))
    assert [each.tracker_id for each in sightings.recent()] == [8, 7]


def later(detections: sv.Detections, pts: float, captured: float, generation: int) -> Result:
    """Return a result of a picture that came at ``captured``, whatever its camera's clock says."""
    plain = result(detections, pts, generation=generation)
    return replace(plain, frame=replace(plain.frame, captured=captured))


@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("away", [1.5, 2.5, 5.0])
async def test_who_is_there_before_and_after_a_reconnect_is_entered_once(
    sightings: Sightings, tracked: bool, away: float
) -> None:
    watcher = sightings.watch("Yard")
    car, person = (20, 20, 100, 80), (200, 40, 230, 120)
    # The tracker begins with new numbers, and the camera's clock anywhere.
    before, after = ([1, 2], [4, 3]) if tracked else (None, None)
    watcher.on_result(later(found(car, person, ids=before), 500.0, 100.0, 0))
    for step in range(3):
        moved = (210 + step, 40, 240 + step, 120)
        boxes = found(moved, car, ids=None if after is None else after[::-1])
        watcher.on_result(later(boxes, 7.0 + step / 5, 100.0 + away + step / 5, 1))
    assert [each.pts for each in sightings.recent()] == [500.0, 500.0]
    assert [each.tracker_id for each in sightings.recent()] == ([3, 4] if tracked else [None, None])


async def test_who_comes_after_a_reconnect_is_new(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(later(found((0, 0, 20, 20), ids=[1]), 50.0, 100.0, 0))
    watcher.on_result(later(found((280, 150, 300, 170), ids=[1]), 0.0, 103.0, 1))
    assert [each.generation for each in sightings.recent()] == [1, 0]


async def test_after_a_long_outage_everybody_is_new(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(later(found(BOX, ids=[1]), 0.0, 100.0, 0))
    watcher.on_result(later(found(BOX, ids=[1]), 0.0, 111.0, 1))
    assert [each.generation for each in sightings.recent()] == [1, 0]


async def test_the_thumbnail_is_the_object_and_a_surer_one_replaces_it(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(result(found(BOX, sure=0.5), 0.0, at(BOX, RED)))
    first = (await pictured(sightings)).thumbnail
    assert first is not None
    assert max(first.shape[:2]) == 96
    assert first.shape[1] < first.shape[0]  # upright as the box
    assert (first[20:-20, 12:-12] == RED).all()
    assert not first.flags.writeable

    watcher.on_result(result(found(BOX, sure=0.52), 0.1, at(BOX, BLUE)))  # hardly surer: not worth the work
    watcher.on_result(result(found(BOX, sure=0.9), 0.2, at(BOX, RED) // 2))
    await until(lambda: sightings.recent()[0].thumbnail is not first)
    assert tuple(sightings.recent()[0].thumbnail[48, 25]) == (0, 0, 127)


async def test_a_small_object_is_not_enlarged_and_holds_no_whole_picture(sightings: Sightings) -> None:
    sightings.watch("Yard").on_result(result(found((10, 10, 30, 30)), 0.0))
    picture = (await pictured(sightings)).thumbnail
    assert picture is not None
    assert max(picture.shape) < 30
    assert picture.base is None


async def test_a_box_beside_the_picture_has_no_thumbnail(sightings: Sightings) -> None:
    sightings.watch("Yard").on_result(result(found((400, 10, 430, 30), BOX), 0.0))
    await until(lambda: sightings.recent()[0].thumbnail is not None)
    assert sightings.recent()[1].thumbnail is None


async def test_who_is_hidden_is_hidden_on_thumbnails(sightings: Sightings) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    watcher = sightings.watch("Yard")
    watcher.privacy = Privacy(frozenset({"car"}))
    watcher.on_result(result(found(BOX), 0.0, noise))
    hidden = (await pictured(sightings)).thumbnail
    assert hidden is not None
    assert len(np.unique(hidden[8:-8, 8:-8].reshape(-1, 3), axis=0)) < 150  # of 5,000 colours, a few blocks are left
    watcher.privacy = Privacy()
    watcher.on_result(result(found(BOX, name="dog"), 0.1, noise))
    await until(lambda: sightings.recent()[0].thumbnail is not None)
    shown = sightings.recent()[0].thumbnail
    assert shown is not None
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 3000


async def test_who_was_shown_is_hidden_from_the_moment_that_it_is_wanted(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(result(found(BOX), 0.0, at(BOX, RED)))
    await pictured(sightings)
    slow = Slow(at(BOX, RED))
    frame = make_frame(grey((320, 180)), 0, 0, 0.1)
    watcher.on_result(Result(replace(frame, picture=slow), found(BOX, sure=0.8), 1.0, 1.1))
    await until(slow.asked.is_set)
    watcher.privacy = Privacy(frozenset({"car"}))
    assert sightings.recent()[0].thumbnail is None
    slow.ready.set()
    watcher.on_result(result(found((0, 0, 40, 40), name="dog"), 0.2))
    await until(lambda: sightings.recent()[0].thumbnail is not None)
    assert sightings.recent()[1].thumbnail is None  # what was on its way came too late


async def test_the_oldest_go_and_a_cleared_one_does_not_come_back(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    for number in range(8):
        watcher.on_result(result(found(BOX, ids=[number]), number / 10))
    assert [each.tracker_id for each in sightings.recent()] == [7, 6, 5, 4, 3]
    assert sightings.total == 8
    version = sightings.version
    sightings.clear()
    assert sightings.version != version
    watcher.on_result(result(found(BOX, ids=[7]), 0.9))
    assert sightings.recent() == ()


async def test_counts_are_of_now(sightings: Sightings, clock: Clock) -> None:
    yard, gate = sightings.watch("Yard"), sightings.watch("Gate")
    yard.on_result(result(found(BOX, (10, 10, 50, 50)), 0.0))
    gate.on_result(result(found(BOX), 0.0))
    assert sightings.counts() == {"car": 3}
    assert sightings.counts("Yard") == {"car": 2}
    yard.on_result(result(found(), 0.1))
    assert sightings.counts() == {"car": 1}
    gate.on_status(CameraStatus(CameraState.STALLED, 0.0))
    assert sightings.counts() == {}
    gate.on_result(result(found(BOX), 0.2))
    clock.now += 3.1  # the model was taken away
    assert sightings.counts() == {}


async def test_a_camera_that_goes_leaves_its_entries(sightings: Sightings) -> None:
    watcher = sightings.watch("Yard")
    watcher.on_result(result(found(BOX), 0.0))
    await watcher.aclose()
    assert sightings.cameras == ()
    assert len(sightings.recent()) == 1
    watcher.on_result(result(found((0, 0, 20, 20)), 0.1))
    assert len(sightings.recent()) == 1


async def test_a_picture_that_cannot_be_had_stops_nothing(
    sightings: Sightings, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        size = (320, 180)

        def bgr(self, _size: tuple[int, int]) -> np.ndarray:
            raise ValueError("damaged")

    watcher = sightings.watch("Yard")
    frame = make_frame(grey((320, 180)))
    broken = type(frame)(0, 0, 0.0, frame.captured, frame.wall, Broken())
    watcher.on_result(Result(broken, found((10, 10, 40, 40)), 1.0, 1.1))
    watcher.on_result(result(found(BOX, name="dog"), 0.1))
    await until(lambda: sightings.recent()[0].thumbnail is not None)
    assert sightings.recent()[1].thumbnail is None
    assert "no thumbnails of a picture of Yard" in caplog.text


def crowd(tracked: bool) -> sv.Detections:
    places = [(x, y, x + 24, y + 24) for y in range(0, 150, 30) for x in range(0, 300, 50)]
    return found(*places, ids=list(range(len(places))) if tracked else None)


@pytest.mark.parametrize("tracked", [True, False])
async def test_thirty_objects_cost_the_loop_little(tracked: bool) -> None:
    with ThreadPoolExecutor(1, thread_name_prefix="work") as work:
        book = Sightings(work)
        watcher: CameraWatcher = book.watch("Yard")
        took = []
        for step in range(50):
            one = result(crowd(tracked), step / 10)
            began = time.thread_time()
            watcher.on_result(one)
            took.append(time.thread_time() - began)
        assert len(book.recent()) == 30
        await book.aclose()
    print(f"{1000 * float(np.median(took)):.3f} ms")
    assert np.median(took) < 0.001  # 0.1 to 0.2 ms measured; five times as much is a mistake
