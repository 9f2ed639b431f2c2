"""Pictures that wait for their own boxes, and are shown as evenly as they came."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from livevision.timing import AlignedTiming, BoxTiming
from tests.benchmarks.truth_simulated import simulate
from tests.tracking.sightings import box, frame, result

START = 100.0
"""When a picture with pts 0 was captured."""


def found(timing: AlignedTiming, pts: float, now: float, generation: int = 0) -> None:
    timing.on_result(result(pts, box(100 + 100 * pts), generation=generation), START + now)


def shown(timing: AlignedTiming, now: float) -> tuple[float, list[float]] | None:
    taken = timing.take(START + now)
    return None if taken is None else (taken[0].pts, taken[1].xyxy[:, 0].tolist())


def test_a_picture_waits_for_its_boxes_and_has_them_to_the_pixel():
    timing = AlignedTiming()
    for step in range(6):
        timing.on_frame(frame(step / 25))
    assert shown(timing, 0.2) is None
    assert timing.next_due(START + 0.2) == pytest.approx(1.8)
    found(timing, 0, 0.3)
    assert timing.next_due(START + 0.3) == pytest.approx(0.02)
    assert shown(timing, 0.33) == (0, [100])
    assert shown(timing, 0.33) is None
    found(timing, 0.16, 0.4)
    assert shown(timing, 0.43) == (0.04, [pytest.approx(104)])


def test_what_is_between_two_results_follows_evenly_and_not_at_once():
    timing = AlignedTiming()
    for step in range(11):
        timing.on_frame(frame(step / 25))
    found(timing, 0, 0.1)
    found(timing, 0.4, 0.5)
    # The picture at 0.04 s had to wait longest: 0.46 s, and a little longer for safety.
    at = [step / 100 for step in range(50, 100)]
    seen = [(now, pts) for now in at if (each := shown(timing, now)) for pts in each[:1]]
    assert len(seen) >= 9
    assert all(0.03 <= b[0] - a[0] <= 0.05 for a, b in pairwise(seen[1:]))
    assert timing.delay == pytest.approx(0.48, abs=0.02)


def test_two_seconds_at_most_then_boxes_where_they_were_moving():
    timing = AlignedTiming()
    for pts in (0, 0.1, 0.2):
        found(timing, pts, 0.3)
    timing.on_frame(frame(0.5))
    assert timing.next_due(START + 0.5) == pytest.approx(2)
    assert shown(timing, 2.4) is None
    assert shown(timing, 2.5) == (0.5, [pytest.approx(150, abs=0.5)])
    assert timing.gave_up
    timing.on_frame(frame(0.6))
    found(timing, 0.6, 2.5)
    shown(timing, 2.62)
    assert not timing.gave_up


def test_so_many_at_most():
    timing = AlignedTiming(most=3)
    for step in range(5):
        timing.on_frame(frame(step / 25))
    assert shown(timing, 0.16) == (0.04, [])
    assert timing.dropped == 1
    assert shown(timing, 0.16) is None
    assert repr(timing) == "<AlignedTiming 3 waiting, delay 0 ms>"


def test_nothing_piles_up_where_nobody_takes_it():
    timing = AlignedTiming(most=3)
    for step in range(50):
        timing.on_frame(frame(step / 25))
    assert repr(timing) == "<AlignedTiming 4 waiting, delay 0 ms>"
    assert timing.dropped == 46


def test_without_a_detector_nothing_waits():
    timing = AlignedTiming()
    timing.expects_boxes = False
    timing.on_frame(frame(0))
    assert timing.next_due(START) == 0
    assert shown(timing, 0) == (0, [])
    assert not timing.gave_up


def test_a_reconnect_lets_go_of_what_was_before():
    timing = AlignedTiming()
    timing.on_frame(frame(7))
    timing.on_frame(frame(0, 1))
    found(timing, 0, 0.1, generation=1)
    assert shown(timing, 0.3) == (0, [100])
    assert timing.dropped == 1


def test_pictures_that_came_in_a_heap_are_shown_as_they_were_due():
    timing = AlignedTiming()
    heap = [dataclasses.replace(frame(step / 25), captured=START + 0.2, behind=0.2 - step / 25) for step in range(5)]
    for each in heap:
        timing.on_frame(each)
    found(timing, 0.16, 0.3)
    assert [shown(timing, now)[0] for now in (0.33, 0.37, 0.41, 0.45)] == [0, 0.04, 0.08, 0.12]


def test_the_delay_grows_at_once_and_shrinks_slowly():
    timing = AlignedTiming()
    now = 0.0
    for step in range(90):
        slow = step < 10
        timing.on_frame(frame(now))
        found(timing, now, now + (0.8 if slow else 0.1))
        shown(timing, now + 0.9)
        if step == 9:
            assert timing.delay == pytest.approx(0.82, abs=0.01)
        now += 1.0
    assert timing.delay == pytest.approx(0.12, abs=0.01)


@pytest.mark.parametrize(("delay", "most"), [(0.0, 1), (0.3, 1), (0.3, 4), (0.8, 1), (0.8, 4)])
def test_every_picture_is_shown_and_none_in_a_rush(delay, most):
    run = simulate(BoxTiming.ALIGNED, delay, most, 15)
    gaps = np.diff([at for at in run.times if at > 5])
    assert run.rate == pytest.approx(25, abs=0.3)
    assert gaps.min() >= 0.03
    # Now and then a request begins a picture later than usual, and its boxes come as much later.
    assert np.quantile(gaps, 0.98) <= 0.05
    assert gaps.max() < 0.09
    indices = [index for index, _ in run.painted]
    assert indices == list(range(indices[0], indices[0] + len(indices)))
