"""What can be a box in a picture, and what is nonsense."""

import numpy as np
import pytest
import supervision as sv

from livevision.inference.soundness import AnswerCheck, sound

SIZE = (640, 360)
NAN, INF = float("nan"), float("inf")


def boxes(*found, confidence=None) -> sv.Detections:
    made = sv.Detections(
        xyxy=np.zeros((len(found), 4), np.float32),
        confidence=np.array([0.5] * len(found) if confidence is None else confidence, np.float32),
        class_id=np.arange(len(found)),
        data={"class_name": np.array([f"c{i}" for i in range(len(found))], dtype=object)},
    )
    made.xyxy = np.array(found, np.float32).reshape(-1, 4)  # only the constructor looks for NaN
    return made


@pytest.mark.parametrize(
    "nonsense",
    [
        (NAN, 0, 10, 10),
        (0, 0, INF, 10),
        (-INF, 0, 10, 10),
        (50, 10, 10, 20),
        (10, 50, 20, 10),
        (10, 10, 10, 20),
        (0, 0, 1e9, 10),
        (700, 10, 720, 20),
        (-30, 10, -5, 20),
        (640, 0, 700, 10),
        (0, 360, 10, 400),
    ],
)
def test_leaves_out_what_is_no_box_and_counts_it(nonsense):
    found, dropped = sound(boxes((1, 2, 3, 4), nonsense, (5, 6, 7, 8)), SIZE)
    assert found.xyxy.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert found.class_id.tolist() == [0, 2]
    assert dropped == 1


@pytest.mark.parametrize("confidence", [NAN, INF, -0.1, 1.5])
def test_leaves_out_what_is_no_confidence(confidence):
    found, dropped = sound(boxes((1, 2, 3, 4), (5, 6, 7, 8), confidence=[confidence, 1.0]), SIZE)
    assert found.class_id.tolist() == [1]
    assert dropped == 1


def test_clips_what_reaches_over_the_edge_and_leaves_the_model_its_own():
    given = boxes((-20, 5, 30, 400), (600, 340, 700, 380))
    found, dropped = sound(given, SIZE)
    assert found.xyxy.tolist() == [[0, 5, 30, 360], [600, 340, 640, 360]]
    assert found.xyxy.dtype == np.float32
    assert dropped == 0
    assert given.xyxy[0].tolist() == [-20, 5, 30, 400]


def test_what_is_all_right_is_passed_on_as_it_is():
    given = boxes((1, 2, 3, 4))
    assert sound(given, SIZE)[0] is given
    assert sound(sv.Detections.empty(), SIZE)[1] == 0
    bare = boxes((1, 2, 3, 4), (NAN, 2, 3, 4))
    bare.confidence = None
    assert len(sound(bare, SIZE)[0]) == 1


@pytest.mark.parametrize("confidence", [1.0000001192092896, 1.004, 1.13])
def test_a_confidence_a_hair_above_1_is_1(confidence):
    kept, left_out = sound(boxes((0, 0, 10, 10), (20, 20, 30, 30), confidence=[confidence, 0.4]), SIZE)
    assert left_out == 0
    assert kept.confidence.tolist() == pytest.approx([1.0, 0.4])
    assert kept.confidence.max() <= 1.0


def test_the_models_own_confidences_stay_as_they_are():
    answer = boxes((0, 0, 10, 10), confidence=[1.13])
    sound(answer, SIZE)
    assert answer.confidence.tolist() == pytest.approx([1.13])


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        ([97.0, 0.9], "scores up to 97: per cent? Make it answer 0 to 1"),
        ([5.2, -3.0], "scores up to 5.2: logits?"),
        ([250.0, 3.0], "scores up to 250: per cent?"),
    ],
)
def test_scores_on_another_scale_are_said_and_not_forgotten_at_once(confidence, said):
    check = AnswerCheck()
    assert check.check(boxes((0, 0, 10, 10), (20, 20, 30, 30), confidence=confidence), SIZE).trouble.startswith(said)
    # 0.9 per cent, not 90.
    assert check.check(boxes((0, 0, 10, 10), confidence=[0.9]), SIZE).trouble.startswith(said)
    assert check.is_on_another_scale
    for _ in range(100):
        check.check(boxes((0, 0, 10, 10), confidence=[0.9]), SIZE)
    assert check.check(boxes((0, 0, 10, 10), confidence=[0.9]), SIZE).trouble == ""


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        ((10, 10, 10, 50), "widths are 0"),
        ((10, 10, 50, 10), "heights are 0"),
        ((NAN, 10, 50, 10), "they are not numbers"),
        ((300, 200, 40, 30), "the second corner is left of or above the first; are they centres and sides?"),
        ((700, 400, 900, 500), "they are outside of the picture; are they for one of another size?"),
        ((0, 0, 1e9, 10), "they are absurdly large"),
    ],
)
def test_many_boxes_of_which_none_is_valid_are_said(box, reason):
    check = AnswerCheck()
    checked = check.check(boxes(*[box] * 300), SIZE)
    assert checked.trouble == f"300 boxes, none valid: {reason}"
    assert (len(checked.detections), checked.left_out) == (0, 300)
    assert check.check(boxes((0, 0, 10, 10)), SIZE).trouble == ""


def test_one_box_a_picture_that_is_never_valid_is_said_after_a_while():
    check = AnswerCheck()
    said = [check.check(boxes((10, 10, 10, 50)), SIZE).trouble for _ in range(12)]
    assert said[:9] == [""] * 9
    assert said[9:] == [f"{count} boxes, none valid: widths are 0" for count in (10, 11, 12)]
    check.check(boxes((0, 0, 10, 10)), SIZE)
    assert check.check(boxes((10, 10, 10, 50)), SIZE).trouble == ""


def test_what_is_seen_in_the_edges_around_the_picture_is_no_trouble():
    check = AnswerCheck()
    assert {check.check(boxes((-30, 10, -5, 20)), SIZE).trouble for _ in range(50)} == {""}


def test_an_empty_answer_is_no_trouble():
    assert AnswerCheck().check(boxes(), SIZE).trouble == ""
