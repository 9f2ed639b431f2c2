"""From what servers list to detections, whatever they list."""

import json

import numpy as np
import pytest

from livevision.errors import DetectorError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.json_body import describe, read_json, unexpected
from livevision.inference.http.objects import BROKEN, Found, detections_of, label, number, share
from livevision.inference.http.plain_text import clean
from livevision.inference.soundness import sound
from tests.fakes.effort import effort

EVERYTHING = DetectionFilter(0)


def test_boxes_are_scaled_to_the_picture():
    found = detections_of([Found("cat", 0.9, [10, 20, 30, 40])], (2.0, 3.0), EVERYTHING)

    assert found.xyxy.tolist() == [[20, 60, 60, 120]]
    assert found.confidence.tolist() == pytest.approx([0.9])
    assert found["class_name"].tolist() == ["cat"]
    assert found.xyxy.dtype == found.confidence.dtype == np.float32


def test_a_class_has_the_same_number_in_every_picture():
    first = detections_of([Found("cat", 1, [0, 0, 1, 1]), Found("dog", 1, [0, 0, 1, 1])], (1, 1), EVERYTHING)
    second = detections_of([Found("dog", 1, [0, 0, 1, 1])], (1, 1), EVERYTHING)

    assert first.class_id[1] == second.class_id[0] != first.class_id[0]


def test_only_what_may_be_wanted_is_kept_the_surest_first_when_there_are_too_many():
    found = [Found("cat", score / 10, [score, 0, score + 1, 1]) for score in range(10)] + [
        Found("dog", 1.0, [50, 0, 51, 1])
    ]
    keep = DetectionFilter(0.3, classes=frozenset({"CAT"}), most=4)

    assert detections_of(found, (1, 1), keep).xyxy[:, 0].tolist() == [6, 7, 8, 9]


def test_the_floor_is_that_of_the_least_sure_class():
    keep = DetectionFilter(0.5, class_confidences={"cat": 0.2})

    assert len(detections_of([Found("cat", 0.3, [0, 0, 1, 1])], (1, 1), keep)) == 1


@pytest.mark.parametrize(
    "broken",
    [
        BROKEN,
        Found("cat", 0.9, [1, 2, 3]),
        Found("cat", 0.9, [1, 2, 3, "four"]),
        Found("cat", 0.9, [1, 2, 3, "1_0"]),
        Found("cat", 0.9, [1, 2, 3, "4" * 99]),
        Found("cat", 0.9, [1, 2, 3, None]),
        Found("cat", 0.9, [1, 2, True, 4]),
        Found("cat", 0.9, [1, 2, 10**400, 4]),
        Found("cat", 0.9, [1, 2, 1e308, 4]),
        Found("cat", None, [1, 2, 3, 4]),
        Found("cat", "sure", [1, 2, 3, 4]),
        Found("cat", [0.9, 0.8], [1, 2, 3, 4]),
        Found("cat", float("nan"), [1, 2, 3, 4]),
        Found("cat", 17, [1, 2, 3, 4]),
        Found(None, 0.9, []),
    ],
)
def test_one_that_cannot_be_read_is_dropped_and_counted_and_the_rest_stays(broken):
    found = detections_of([broken, Found("dog", 0.5, [0, 0, 5, 5])], (2.0, 2.0), DetectionFilter(0.25))

    assert len(found) == 2
    kept, dropped = sound(found, (100, 100))
    assert (kept["class_name"].tolist(), dropped) == (["dog"], 1)


def test_a_million_objects_become_as_many_as_are_wanted():
    found = [Found("cat", 0.5, [0, 0, 1, 1])] * 1_000_000 + [Found("dog", 0.9, [0, 0, 1, 1])]

    kept = detections_of(found, (1, 1), DetectionFilter(most=300))

    assert len(kept) == 300
    assert "dog" in kept["class_name"]


@pytest.mark.alone
def test_300_boxes_take_less_than_2_ms():
    found = [Found("cat", 0.5, [0.5, 0.5, 10.5, 10.5])] * 300

    # One unit is half a millisecond.
    assert effort(lambda: detections_of(found, (1.5, 1.5), DetectionFilter())) < 4


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("person", "person"),
        (" traffic \n light\u202e\x00", "traffic light"),
        (3, "3"),
        (3.0, "3"),
        (3.5, ""),
        (None, ""),
        (True, ""),
        (["person"], "person"),
        ([], ""),
        ([["person"]], ""),
        ({"id": 3, "name": "person"}, "person"),
        ({"id": 3}, "3"),
        ({}, ""),
        (float("inf"), ""),
        (10**30, ""),
        ("Straße 你好", "Straße 你好"),
    ],
)
def test_labels_are_one_clean_line(value, shown):
    assert label(value) == shown


def test_a_label_of_a_megabyte_is_cut():
    assert label("x" * 1_000_000) == "x" * 64


def test_numbers_are_numbers():
    assert number(3) == 3.0
    assert all(np.isnan(number(value)) for value in (None, True, "x", "nan", "٣", [], {}, 10**400, float("nan")))
    assert number("3") == number(" 3.0 ") == 3.0
    assert [share("87%"), share("87 %"), share([0.5]), share("0.5")] == [0.87, 0.87, 0.5, 0.5]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b"<html>\n<title>404 Not Found</title>", "begins with '<html> <title>404"),
        (b'{"predictions": [', "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5000, "not JSON"),
    ],
)
def test_what_is_not_json_is_shown(body, words):
    with pytest.raises(DetectorError, match=words) as caught:
        read_json(body)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_nan_in_json_is_a_number():
    assert np.isnan(read_json(b'{"x": NaN}')["x"])


def test_says_in_a_few_words_what_came():
    assert describe({"a": 1, "b\n": 2}) == "an object with 'a', 'b'"
    assert describe({}) == "an empty object"
    assert describe([1, 2]) == "a list of 2"
    assert describe("x" * 1000) == f"the text {'x' * 60!r}"
    assert describe(None) == "null"
    assert describe(True) == "true"
    assert describe(1e9) == "a number"
    assert len(describe({str(i) * 100: 1 for i in range(1000)})) < 200


def test_finds_what_a_server_says_went_wrong():
    assert str(unexpected(json.loads('{"error": "no  such\\nmodel"}'), "x")) == "the server says: no such model"
    assert str(unexpected({"detail": [{}], "message": "x"}, "y")) == "the server says: x"
    assert str(unexpected({"error": ""}, "boxes", ": why?")) == "an object with 'error' came instead of boxes: why?"
    assert clean("a\tb\u200bc", 10) == "a b c"
