"""What moves and is nothing that a model knows, on the street, where it is known who is there."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import supervision as sv

from livevision.inference.movement import ABSORBED_AFTER, Movement
from livevision.inference.sought import WHATEVER_MOVES, Sought
from livevision.inference.vocabulary import Vocabulary
from livevision.sources.street.scene import Street
from tests.fakes.cameras import ScriptedDetector, things

SIZE = (640, 360)
NOBODY = np.empty((0, 4), np.float32)
WHOLE = [[0, 0, *SIZE]]


@cache
def street() -> Street:
    return Street(SIZE, 25, 1)


@cache
def empty() -> np.ndarray:
    return street().empty(0)


def somebody(left: int, top: int = 180, image: np.ndarray | None = None) -> np.ndarray:
    """Return the empty street, with somebody in stripes who is 30 pixels wide and 80 high."""
    image = (empty() if image is None else image).copy()
    image[top : top + 80, left : left + 30] = np.where(np.arange(80)[:, None, None] // 8 % 2, 230, 20)
    return image


def learned(seconds: float = 3.0) -> Movement:
    movement = Movement()
    for index in range(round(seconds * 10) + 1):
        movement.find(street().empty(index), index / 10, NOBODY)
    return movement


def covered(boxes: np.ndarray, x1: float, y1: float, x2: float, y2: float) -> float:
    """Return the share of a box that lies in any of ``boxes``."""
    there = np.zeros((SIZE[1], SIZE[0]), bool)
    for left, top, right, bottom in boxes.astype(int):
        there[top:bottom, left:right] = True
    return float(there[int(y1) : int(y2), int(x1) : int(x2)].mean())


def test_all_of_it_counts_while_the_scene_is_new() -> None:
    movement = Movement()
    for index in range(20):
        assert movement.find(street().empty(index), index / 10, NOBODY).tolist() == WHOLE
    for index in range(20, 30):
        found = movement.find(street().empty(index), index / 10, NOBODY)
    assert len(found) == 0


def test_two_seconds_are_waited_for_however_quick_the_camera_is() -> None:
    movement = Movement()
    for index in range(100):
        found = movement.find(empty(), index / 60, NOBODY)
        assert (found.tolist() == WHOLE) == (index / 60 < 2.0)


def test_somebody_whom_no_model_knows_is_found() -> None:
    movement = learned()
    for step in range(20):
        left = 100 + 12 * step
        found = movement.find(somebody(left), 3.1 + step / 10, NOBODY)
        assert covered(found, left, 180, left + 30, 260) > 0.95
        assert covered(found, 0, 0, 640, 120) == 0


def test_on_the_street_everybody_who_moves_is_found() -> None:
    movement, shares = learned(), []
    for index in range(75, 275, 5):
        found = movement.find(street().draw(index), 3.1 + index / 25, NOBODY)
        truth = street().truth(index)
        shares += [covered(found, *box) for box in truth.xyxy if min(box[2] - box[0], box[3] - box[1]) > 12]
    # A box has corners in which nobody is.
    assert np.mean(np.array(shares) > 0.6) > 0.97
    assert np.mean(shares) > 0.9


def test_an_object_that_may_be_seen_explains_what_moves_in_it() -> None:
    movement = learned()
    both = somebody(400, image=somebody(100))
    found = movement.find(both, 3.1, np.array([(95, 175, 135, 265)], np.float32))
    assert covered(found, 100, 180, 130, 260) == 0
    assert covered(found, 400, 180, 430, 260) > 0.95


def test_who_stands_still_is_hidden_for_minutes_and_then_background() -> None:
    movement = learned()
    seconds = 3.0
    while seconds < 3 + ABSORBED_AFTER * 0.8:
        seconds += 0.4
        found = movement.find(somebody(300), seconds, NOBODY)
        assert covered(found, 300, 180, 330, 260) > 0.9, seconds
    while seconds < 3 + ABSORBED_AFTER * 1.6:
        seconds += 0.4
        found = movement.find(somebody(300), seconds, NOBODY)
    assert len(found) == 0


def test_a_light_that_is_switched_hides_all_and_is_then_learned() -> None:
    movement = learned()
    dark = (empty() // np.array((4, 3, 2), np.uint8)).astype(np.uint8)
    dark[::2] = dark[::2] // 2
    hidden = [movement.find(dark, 3.1 + index / 10, NOBODY).tolist() == WHOLE for index in range(80)]
    assert hidden[:40] == [True] * 40
    assert hidden[-1] is False


def test_another_size_is_another_scene() -> None:
    movement = learned()
    assert movement.find(np.zeros((90, 160, 3), np.uint8), 3.1, NOBODY).tolist() == [[0, 0, 160, 90]]


@pytest.mark.parametrize("classes", [frozenset({"person"}), frozenset()])
def test_what_a_model_knows_and_what_moves_is_hidden_together(classes: frozenset[str]) -> None:
    detector = ScriptedDetector(things())
    detector.classes = ("person", "car")
    sought = Sought(classes, learned())
    found = sv.Detections(
        np.array([(95, 175, 135, 265), (200, 180, 240, 270)], np.float32),
        confidence=np.array([0.9, 0.2], np.float32),
        data={"class_name": np.array(["car", "person"])},
    )
    unseen, looked_for = sought.look(somebody(400, image=somebody(100)), 3.1, found, Vocabulary(detector))
    assert looked_for == classes | {WHATEVER_MOVES}
    names = unseen.data["class_name"].tolist()
    assert names == (["person"] if classes else []) + [WHATEVER_MOVES]
    assert covered(unseen.xyxy[-1:], 400, 180, 430, 260) > 0.95
