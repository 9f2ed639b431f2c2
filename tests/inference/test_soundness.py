"""What can be a box in a picture, and what is nonsense."""

import numpy as np
import pytest
import supervision as sv

from livevision.inference.soundness import sound

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
