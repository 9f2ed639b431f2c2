"""Which boxes belong to a frame."""

from __future__ import annotations

import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.timeline import Timeline
from tests.fakes.cameras import things
from tests.recording.material import frame, result


def at(pts: float, generation: int = 0):
    """A result whose box says when it was."""
    return result(frame(pts, generation=generation), things((int(pts * 100), generation, 1000, 1000)))


def filled(*moments: tuple[int, float], count: int = 500, seconds: float = 10.0) -> Timeline:
    timeline = Timeline(count, seconds)
    for generation, pts in moments:
        timeline.add(at(pts, generation))
    return timeline


def found(timeline: Timeline, pts: float, generation: int = 0) -> list[float]:
    return [box[0] / 100 for box in timeline.detections_at(generation, pts).xyxy]


def test_between_two_results_the_nearer_one_counts():
    timeline = filled((0, 1.0), (0, 2.0))
    assert [found(timeline, pts) for pts in (0.5, 1.0, 1.4, 1.5, 1.6, 2.0, 3.0)] == [
        [1.0],
        [1.0],
        [1.0],
        [1.0],
        [2.0],
        [2.0],
        [2.0],
    ]


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
    assert found(timeline, pts, generation) == ([] if nearest is None else [pytest.approx(nearest[1])])


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
