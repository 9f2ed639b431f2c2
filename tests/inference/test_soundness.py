import numpy as np
import pytest

from livevision.inference.soundness import sound
from tests.fakes.cameras import things

SIZE = (640, 360)


def test_sound_boxes_stay_as_they_are() -> None:
    given = things((1, 2, 30, 40), (600, 300, 640, 360))
    kept, dropped = sound(given, SIZE)
    assert kept is given
    assert dropped == 0


@pytest.mark.parametrize(
    "box",
    [
        (np.nan, 0, 10, 10),
        (0, 0, np.inf, 10),
        (10, 10, 5, 20),
        (10, 10, 10, 20),
        (-1e9, 0, 50, 50),
        (700, 10, 800, 50),
        (-50, 10, -1, 50),
    ],
)
def test_what_cannot_be_a_box_is_left_out_and_counted(box: tuple[float, ...]) -> None:
    given = things((1, 2, 30, 40), (5, 5, 6, 6))
    given.xyxy[1] = box
    kept, dropped = sound(given, SIZE)
    assert kept.xyxy.tolist() == [[1, 2, 30, 40]]
    assert kept.data["class_name"].tolist() == ["thing"]
    assert dropped == 1


@pytest.mark.parametrize("confidence", [np.nan, -0.1, 1.5])
def test_a_confidence_that_is_none_takes_its_box_with_it(confidence: float) -> None:
    given = things((1, 2, 30, 40))
    assert given.confidence is not None
    given.confidence[0] = confidence
    assert sound(given, SIZE)[1] == 1


def test_an_object_at_the_edge_is_clipped_and_the_answer_of_the_model_left_alone() -> None:
    given = things((-10, 300, 50, 400))
    kept, dropped = sound(given, SIZE)
    assert kept.xyxy.tolist() == [[0, 300, 50, 360]]
    assert given.xyxy.tolist() == [[-10, 300, 50, 400]]
    assert dropped == 0
