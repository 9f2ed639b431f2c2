"""Which boxes belong to a frame."""

from __future__ import annotations

import weakref
from functools import lru_cache
from itertools import chain

import numpy as np
import pytest
import supervision as sv
from hypothesis import given
from hypothesis import strategies as st

from livevision.association import Sighting
from livevision.sources.street.scene import Street
from livevision.timeline import Timeline
from tests.fakes.cameras import things
from tests.fakes.clips import plain
from tests.recording.material import frame, result

LARGE = plain((0, 0, 0), (1100, 1100))


def at(pts: float, generation: int = 0):
    """A result whose box says when it was."""
    return result(frame(pts, LARGE, generation), things((10 + 10 * pts, 10, 1010, 1010)))


def filled(*moments: tuple[int, float], count: int = 500, seconds: float = 10.0) -> Timeline:
    timeline = Timeline(count, seconds)
    for generation, pts in moments:
        timeline.add(at(pts, generation))
    return timeline


def found(timeline: Timeline, pts: float, generation: int = 0) -> list[float]:
    return [(box[0] - 10) / 10 for box in timeline.detections_at(generation, pts).xyxy]


def test_between_two_results_boxes_are_between_theirs_and_else_those_of_the_nearest():
    timeline = filled((0, 1.0), (0, 2.0))
    assert [found(timeline, pts) for pts in (0.5, 1.0, 1.25, 1.5, 2.0, 3.0)] == [
        [1.0],
        [1.0],
        [1.25],
        [1.5],
        [2.0],
        [2.0],
    ]


def test_at_the_moment_of_a_result_it_is_that_result():
    timeline, exact = Timeline(), at(1.0)
    for each in (at(0.9), exact, at(1.1)):
        timeline.add(each)
    assert timeline.detections_at(0, 1.0) is exact.detections


def test_results_that_are_far_apart_say_nothing_about_what_is_between_them():
    timeline = filled((0, 1.0), (0, 3.1))
    assert [found(timeline, pts) for pts in (1.9, 2.05, 2.2)] == [[1.0], [1.0], [3.1]]


def test_a_result_that_comes_late_is_taken_into_account():
    timeline = filled((0, 1.0), (0, 2.0))
    assert found(timeline, 1.25) == [1.25]
    timeline.add(result(frame(1.5, LARGE), things((20, 10, 1010, 1010))))
    assert found(timeline, 1.25) == [1.0]
    assert found(timeline, 1.75) == [1.5]


def test_two_walkers_that_pass_each_other_are_not_exchanged():
    timeline = Timeline()
    for pts in (0.0, 0.4, 0.8, 1.2, 1.6):
        left, right = int(100 + 100 * pts), int(260 - 100 * pts)
        # The order in which a model answers says nothing.
        boxes = [(left, 100, left + 40, 260), (right, 104, right + 40, 264)]
        timeline.add(result(frame(pts, LARGE), things(*(boxes if pts in (0.0, 0.8) else boxes[::-1]))))
    for pts in (0.2, 0.6, 0.7, 0.9, 1.0, 1.4):
        between = sorted(timeline.detections_at(0, pts).xyxy.tolist(), key=lambda box: box[1])
        assert [box[:2] for box in between] == [
            pytest.approx([100 + 100 * pts, 100], abs=0.01),
            pytest.approx([260 - 100 * pts, 104], abs=0.01),
        ]


SIZE = (1280, 720)


@lru_cache
def street(seed: int) -> Street:
    return Street(SIZE, 25, seed)


def overlaps_on_the_street(seed: int, every: int, boxes_at) -> dict[str, list[float]]:
    """IoU of each object in each frame with the best of what ``boxes_at`` says, by kind.

    There is a result, true and without identities, for one frame of ``every``, and each is known only when it comes.
    """
    timeline, overlaps = Timeline(), {"person": [], "bicycle": [], "car": []}
    truth = [street(seed).truth(index) for index in range(501)]
    for index in range(0, 501 - every, every):
        for each in {max(0, index), index + every}:
            known = sv.Detections(xyxy=truth[each].xyxy, data=truth[each].data)
            timeline.insert(0, Sighting(each / 25, SIZE, known))
        for now in range(index, index + every):
            shown = boxes_at(timeline, now / 25)
            best = sv.box_iou_batch(truth[now].xyxy, shown.xyxy).max(axis=1, initial=0)
            for name, overlap in zip(truth[now].data["class_name"], best, strict=True):
                overlaps[name].append(overlap)
    return overlaps


@pytest.mark.parametrize("seed", [1, 2])
def test_on_the_street_boxes_are_on_their_objects(seed):
    # Four requests in flight at a server that takes 480 ms.
    often = overlaps_on_the_street(seed, 3, lambda timeline, pts: timeline.detections_at(0, pts))
    assert np.mean(list(chain(*often.values()))) >= 0.93
    # One: no walker's box is known better than its legs, which swing faster than anybody looks.
    seldom = overlaps_on_the_street(seed, 10, lambda timeline, pts: timeline.detections_at(0, pts))
    assert np.mean(seldom["car"]) >= 0.93
    assert np.mean(seldom["bicycle"]) >= 0.93
    assert np.mean(np.array(seldom["person"]) >= 0.5) >= 0.96
    as_they_come = overlaps_on_the_street(seed, 10, lambda timeline, pts: timeline.detections_at(0, pts // 0.4 * 0.4))
    assert np.mean(as_they_come["car"]) < 0.6


def test_a_frame_is_covered_by_a_result_at_or_after_it():
    timeline = filled((0, 1.0))
    assert [timeline.covers(0, pts) for pts in (0.9, 1.0, 1.1)] == [True, True, False]
    assert not Timeline().covers(0, 0.0)


def test_boxes_that_are_too_old_are_not_drawn():
    timeline = filled((0, 1.0), seconds=5.0)
    assert found(timeline, 6.0) == [1.0]
    assert found(timeline, 6.1) == []


def test_a_new_generation_ends_the_old_one():
    timeline = filled((0, 1.0), (1, 0.5), (0, 1.1))
    assert found(timeline, 1.0) == []
    assert found(timeline, 1.0, generation=1) == [0.5]
    assert timeline.covers(0, 99.0)
    assert repr(timeline) == "<Timeline 1 results of generation 1, 0.500 to 0.500 s>"


def test_a_second_result_for_a_frame_replaces_the_first():
    timeline = filled((0, 1.0))
    timeline.add(result(frame(1.0), things()))
    assert len(timeline) == 1
    assert found(timeline, 1.0) == []


def test_nothing_known_is_no_boxes():
    assert len(Timeline().detections_at(0, 1.0)) == 0
    assert repr(Timeline()) == "<Timeline empty>"


MOMENTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60)), max_size=40)


@given(MOMENTS, st.integers(0, 2), st.integers(0, 60))
def test_it_answers_as_a_plain_search_through_all_results_does(moments, generation, pts):
    timeline = filled(*moments, seconds=10)
    newest = max(moments, default=(0, 0))
    known = [moment for moment in moments if moment[0] == newest[0] and moment[1] >= newest[1] - 10]
    assert timeline.covers(generation, pts) == any(moment >= (generation, pts) for moment in known)
    near = [moment for moment in sorted(set(known)) if moment[0] == generation and abs(moment[1] - pts) <= 10]
    nearest = min(near, key=lambda moment: abs(moment[1] - pts), default=None)
    answer = None if nearest is None else nearest[1]
    if {(generation, pts - 1), (generation, pts + 1)} <= set(known) and (generation, pts) not in known:
        answer = pts
    assert found(timeline, pts, generation) == ([] if answer is None else [pytest.approx(answer)])


@given(MOMENTS, st.integers(1, 5), st.integers(1, 20))
def test_it_stays_bounded_and_always_knows_the_newest(moments, count, seconds):
    timeline = Timeline(count, seconds)
    for generation, pts in moments:
        timeline.add(at(pts, generation))
        assert len(timeline) <= count
    if moments:
        generation, pts = max(moments)
        assert found(timeline, pts, generation) == [pytest.approx(pts)]
        assert found(timeline, pts - seconds - 1, generation) in ([], [pytest.approx(pts)]) or len(timeline) > 1


def test_the_pictures_themselves_are_not_kept():
    timeline = Timeline()
    answer = at(1.0)
    picture = weakref.ref(answer.frame.picture)
    timeline.add(answer)
    del answer
    assert picture() is None
    assert found(timeline, 1.0) == [1.0]
