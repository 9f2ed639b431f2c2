"""Boxes where the objects are: the goals, on a virtual clock."""

from __future__ import annotations

import numpy as np
import pytest
import supervision as sv

from livevision.timing import BoxTiming
from tests.benchmarks import truth_score
from tests.benchmarks.truth_score import WARM_UP, Score, answer, score, truth
from tests.benchmarks.truth_simulated import simulate


def seen(choice: BoxTiming, delay: float, most: int) -> Score:
    run = simulate(choice, delay, most, seconds=15)
    assert run.rate >= 24
    return score(run.painted)


@pytest.mark.parametrize("most", [1, 4])
@pytest.mark.parametrize(("delay", "goal"), [(0.0, 0.85), (0.1, 0.8), (0.3, 0.7), (0.8, 0.4)])
def test_live_boxes_are_where_the_objects_are(delay, most, goal):
    live = seen(BoxTiming.LIVE, delay, most)
    assert live.iou >= goal
    assert live.iou > seen(BoxTiming.AS_THEY_COME, delay, most).iou


# A walker's box is twice as wide in the middle of a step as before and after: with results a third of a second apart
# and more, nobody can know in between: the best constant size on a walker's true path gets 0.81.
@pytest.mark.parametrize(
    ("delay", "most", "goal"), [(0.0, 1, 1.0), (0.1, 1, 0.9), (0.3, 4, 0.95), (0.8, 4, 0.9), (0.3, 1, 0.83)]
)
def test_aligned_boxes_are_where_the_objects_are(delay, most, goal):
    assert seen(BoxTiming.ALIGNED, delay, most).iou >= goal


def test_the_truth_about_the_picture_scores_one():
    every = [(index, answer(index)) for index in range(WARM_UP, WARM_UP + 50)]
    assert score(every) == Score(1.0, 1.0, 0.0, dict.fromkeys(("bicycle", "car", "person"), 1.0))


def test_what_is_missed_counts_zero_and_what_is_nowhere_is_a_ghost(monkeypatch):
    objects = sv.Detections(
        xyxy=np.array([[0, 0, 10, 10], [50, 50, 60, 60]], np.float32), data={"class_name": np.array(["car", "car"])}
    )
    monkeypatch.setattr(truth_score, "truth", lambda index: objects)
    twice = np.array([[0, 0, 10, 5], [0, 0, 10, 10], [200, 200, 210, 210]], np.float32)
    # The better one of two boxes counts, and the other one has nobody left.
    assert score([(WARM_UP, sv.Detections(xyxy=twice))]) == Score(0.5, 0.0, 1.0, {"car": 0.5})
    assert score([(WARM_UP - 1, objects)]) == Score(0.0, 0.0, 0.0, {})
    assert score([(WARM_UP, sv.Detections.empty())]).iou == 0
    assert len(truth(0)) > 0
