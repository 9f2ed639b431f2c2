"""Where objects were between two results."""

from __future__ import annotations

import numpy as np
import pytest
import supervision as sv

from livevision.association import Sighting, associate
from livevision.inference.layouts.keypoints import KEYPOINTS
from livevision.interpolation import Passage

SIZE = (1000, 500)


def seen(time: float, *boxes, confidence: float = 0.9, **data) -> Sighting:
    count = len(boxes)
    detections = sv.Detections(
        xyxy=np.array(boxes, np.float32).reshape(-1, 4),
        confidence=np.full(count, confidence, np.float32),
        data={"class_name": np.array(["car"] * count), **data},
    )
    return Sighting(time, SIZE, detections)


def passage(before: Sighting, after: Sighting, arrived=None, went_on=None) -> Passage:
    speeds = [
        np.full((len(each.detections), 2), np.nan) if given is None else np.array(given, float)
        for each, given in ((before, arrived), (after, went_on))
    ]
    return Passage(before, after, associate(before, after, speeds[0]), (speeds[0], speeds[1]))


def boxes(passed: Passage, time: float) -> list[list[float]]:
    return passed.at(time).xyxy.round(3).tolist()


def test_a_box_moves_and_grows_evenly():
    passed = passage(seen(1.0, (100, 100, 200, 200)), seen(1.4, (200, 100, 320, 220), confidence=0.5))
    assert boxes(passed, 1.1) == [[125, 100, 230, 205]]
    assert boxes(passed, 1.3) == [[175, 100, 290, 215]]
    assert [passed.at(time).confidence.tolist() for time in (1.1, 1.3)] == [[pytest.approx(0.9)], [0.5]]


def test_what_is_in_one_result_only_is_there_while_that_is_nearer():
    alone = (600, 100, 700, 200)
    gone = passage(seen(0.0, (100, 100, 200, 200), alone), seen(1.0, (100, 100, 200, 200)))
    come = passage(seen(0.0, (100, 100, 200, 200)), seen(1.0, alone, (100, 100, 200, 200)))
    assert [len(gone.at(time)) for time in (0.1, 0.5, 0.6)] == [2, 2, 1]
    assert [len(come.at(time)) for time in (0.1, 0.5, 0.6)] == [1, 1, 2]
    assert boxes(come, 0.6)[0] == list(alone)


def test_a_car_slides_out_of_the_picture_and_does_not_shrink():
    passed = passage(seen(0.0, (700, 100, 900, 200)), seen(0.4, (900, 100, 1000, 200)))
    assert boxes(passed, 0.2) == [[800, 100, 1000, 200]]
    assert boxes(passed, 0.3) == [[850, 100, 1000, 200]]


def test_what_leaves_between_two_results_goes_on_until_it_is_over_the_border():
    passed = passage(seen(0.0, (700, 100, 900, 200)), seen(1.0), arrived=[(500, 0)])
    assert boxes(passed, 0.2) == [[800, 100, 1000, 200]]
    assert boxes(passed, 0.4) == [[900, 100, 1000, 200]]
    assert boxes(passed, 0.56) == []
    later = passage(seen(0.0, (700, 100, 900, 200)), seen(1.0), arrived=[(260, 0)])
    assert boxes(later, 0.9) == [[934, 100, 1000, 200]]


def test_what_enters_between_two_results_comes_from_the_border_where_its_speed_is_known():
    passed = passage(seen(0.0), seen(1.0, (100, 100, 300, 200)), went_on=[(500, 0)])
    assert boxes(passed, 0.2) == []
    assert boxes(passed, 0.6) == [[0, 100, 100, 200]]
    assert boxes(passed, 0.9) == [[50, 100, 250, 200]]
    slower = passage(seen(0.0), seen(1.0, (100, 100, 300, 200)), went_on=[(300, 0)])
    assert boxes(slower, 0.4) == [[0, 100, 120, 200]]


def test_keypoints_move_and_those_that_were_not_seen_do_not_appear():
    before = seen(0.0, (100, 100, 200, 200), keypoints=np.array([[[150, 110], [0, 0], [160, 190]]], np.float32))
    after = seen(1.0, (200, 100, 300, 200), keypoints=np.array([[[250, 130], [240, 150], [0, 0]]], np.float32))
    passed = passage(before, after)
    assert passed.at(0.25).data[KEYPOINTS].tolist() == [[[175, 115], [0, 0], [160, 190]]]
    assert passed.at(0.75).data[KEYPOINTS].tolist() == [[[225, 125], [240, 150], [0, 0]]]
    assert before.detections.data[KEYPOINTS][0, 0].tolist() == [150, 110]


def test_masks_are_those_of_the_nearer_result():
    masks = np.zeros((2, 1, 500, 1000), bool)
    masks[0, 0, 120:150, 120:150], masks[1, 0, 120:150, 220:250] = True, True
    before, after = seen(0.0, (100, 100, 200, 200)), seen(1.0, (200, 100, 300, 200))
    before.detections.mask, after.detections.mask = masks
    passed = passage(before, after)
    assert np.array_equal(passed.at(0.4).mask, masks[0])
    assert np.array_equal(passed.at(0.6).mask, masks[1])


def test_results_that_do_not_have_the_same_things_to_say_are_no_error():
    before = seen(0.0, (700, 100, 900, 200), keypoints=np.array([[[750, 110]]], np.float32))
    after = seen(1.0, (100, 100, 200, 200))
    passed = passage(before, after, arrived=[(260, 0)])
    assert boxes(passed, 0.6) == [[100, 100, 200, 200]]
