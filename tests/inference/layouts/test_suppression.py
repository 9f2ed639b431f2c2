"""Of objects that overlap, the surest of each class stays."""

from __future__ import annotations

import math

import numpy as np
import pytest

from livevision.inference.layouts.oriented import around, turned, turned_corners
from livevision.inference.layouts.suppression import CANDIDATES, suppress, upright


def boxes(*corners: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(corners, np.float32)


def test_the_surest_of_a_class_stays_and_the_surest_comes_first() -> None:
    found = boxes((0, 0, 10, 10), (1, 0, 11, 10), (50, 50, 60, 60), (0, 0, 10, 10))
    kept = suppress(upright(found), np.array([0.5, 0.6, 0.9, 0.4]), np.array([0, 0, 0, 1]), 0.5, 10)

    assert kept.tolist() == [2, 1, 3]


def test_boxes_go_from_the_given_overlap_on() -> None:
    found = boxes((0, 0, 10, 10), (0, 5, 10, 15))  # a third in common
    scores, classes = np.array([0.9, 0.8]), np.array([0, 0])

    assert suppress(upright(found), scores, classes, 0.34, 10).tolist() == [0, 1]
    assert suppress(upright(found), scores, classes, 0.33, 10).tolist() == [0]


def test_no_more_than_wanted_are_kept() -> None:
    found = boxes(*((x, 0, x + 5, 5) for x in range(0, 100, 10)))

    assert suppress(upright(found), np.linspace(0.1, 0.9, 10), np.zeros(10, int), 0.5, 3).tolist() == [9, 8, 7]


def test_what_is_no_box_suppresses_nothing() -> None:
    nan, big = math.nan, math.inf
    found = boxes((nan, 0, 10, 10), (-big, -big, big, big), (20, 20, 0, 0), (0, 0, 10, 10), (5, 5, 5, 5))

    kept = suppress(upright(found), np.array([0.9, 0.8, 0.7, 0.6, 0.5]), np.zeros(5, int), 0.1, 10)

    assert kept.tolist() == [0, 1, 2, 3, 4]


def test_a_picture_full_of_noise_is_bounded() -> None:
    many = CANDIDATES * 3
    found = np.tile(boxes((0, 0, 10, 10)), (many, 1)) + np.arange(many)[:, None] * 20

    assert len(suppress(upright(found), np.ones(many), np.zeros(many, int), 0.5, many)) == CANDIDATES


def test_no_candidates_are_no_error() -> None:
    assert suppress(upright(np.empty((0, 4))), np.empty(0), np.empty(0, int), 0.5, 10).tolist() == []


def test_turned_boxes_side_by_side_both_stay_though_the_boxes_around_them_overlap() -> None:
    ships = np.array([[100, 100, 200, 10], [110, 90, 200, 10]], np.float32)
    angle = np.full(2, math.pi / 4, np.float32)
    scores, classes = np.array([0.9, 0.8]), np.zeros(2, int)

    assert suppress(turned(ships, angle), scores, classes, 0.5, 10).tolist() == [0, 1]
    assert suppress(upright(around(turned_corners(ships, angle))), scores, classes, 0.5, 10).tolist() == [0]


def test_the_same_turned_box_goes_even_when_told_otherwise() -> None:
    # A quarter turn with sides exchanged is the same box.
    same = np.array([[100, 100, 200, 10], [100, 100, 10, 200]], np.float32)
    angle = np.array([0.3, 0.3 - math.pi / 2], np.float32)

    assert turned(same, angle)(0, np.array([1])) == pytest.approx([1], abs=1e-2)
    assert suppress(turned(same, angle), np.array([0.9, 0.8]), np.zeros(2, int), 0.7, 10).tolist() == [0]


def test_a_turned_box_has_the_corners_that_the_screen_shows() -> None:
    # An eighth of a turn clockwise, where y goes down: the right end is lower.
    corners = turned_corners(np.array([[0, 0, 2 * math.sqrt(2), 0]]), np.array([math.pi / 4]))

    assert sorted(corners[0].round(3).tolist()) == [[-1, -1], [-1, -1], [1, 1], [1, 1]]
