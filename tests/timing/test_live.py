"""The newest picture at once, with boxes where the objects are by now."""

from __future__ import annotations

import pytest

from livevision.timing import BoxTiming, LiveTiming, NewestTiming, timing_for
from livevision.timing.newest import AtOnce
from tests.tracking.sightings import box, frame, result


@pytest.mark.parametrize("timing", [LiveTiming(), NewestTiming()])
def test_the_newest_picture_is_due_at_once_and_once(timing: AtOnce):
    assert timing.next_due(0) is None
    assert timing.take(0) is None
    timing.on_frame(frame(0))
    newer = frame(0.04)
    timing.on_frame(newer)
    assert timing.next_due(0) == 0
    shown, boxes = timing.take(0)
    assert shown is newer
    assert len(boxes) == 0
    assert timing.dropped == 1
    assert timing.take(0) is None


def moving(timing, *times: float, generation: int = 0) -> None:
    for pts in times:
        timing.on_result(result(pts, box(100 + 100 * pts), generation=generation), 0)


@pytest.mark.parametrize(("timing", "left"), [(LiveTiming(), 150), (NewestTiming(), 120)])
def test_boxes_on_the_picture_that_is_shown(timing, left):
    moving(timing, 0, 0.1, 0.2)
    timing.on_frame(frame(0.5))
    shown, boxes = timing.take(0)
    assert boxes.xyxy[:, 0] == pytest.approx([left], abs=0.5)
    assert timing.age_at(shown) == pytest.approx(0.3)


@pytest.mark.parametrize("timing", [LiveTiming(), NewestTiming()])
def test_boxes_of_another_generation_or_too_old_are_not_drawn(timing):
    assert timing.age_at(frame(0)) is None
    moving(timing, 0, 0.1)
    for other in (frame(0.1, 1), frame(2.2)):
        assert len(timing.detections_at(other)) == 0
        assert timing.age_at(other) is None


def test_a_reconnect_begins_anew_and_late_results_of_before_are_ignored():
    timing = LiveTiming()
    moving(timing, 5, 5.1)
    moving(timing, 0, 0.1, generation=1)
    moving(timing, 5.2)
    assert timing.detections_at(frame(0.3, 1)).xyxy[:, 0] == pytest.approx([130], abs=0.5)
    assert repr(timing) == "<LiveTiming generation 1, <Tracks of 1 objects>>"


@pytest.mark.parametrize("choice", BoxTiming)
def test_every_choice_can_be_carried_out(choice):
    timing = timing_for(choice)
    timing.on_frame(frame(0))
    timing.on_result(result(0, box(100)), 100.1)
    shown, boxes = timing.take(100.2)
    assert shown.pts == 0
    assert boxes.xyxy[:, 0].tolist() == [100]
    assert timing.age_at(shown) == 0
