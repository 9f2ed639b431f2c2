import numpy as np
import supervision as sv

from livevision.demo import Scorer
from livevision.frame import Result
from livevision.sources.street.scene import Street
from tests.fakes.cameras import grey, make_frame

SOURCE = "synthetic:street?size=640x360&fps=25&seed=1"
SIZE = (640, 360)


def answered(scorer: Scorer, index: int, boxes: np.ndarray) -> None:
    frame = make_frame(grey(SIZE), index, pts=index / 25)
    scorer.on_result(Result(frame, sv.Detections(xyxy=boxes.astype(float)), 0.0, 0.0))


def test_a_truthful_detector_finds_everything() -> None:
    scorer, street = Scorer(SOURCE), Street(SIZE, 25, 1)
    for index in range(100, 110):
        answered(scorer, index, street.truth(index).xyxy)
    score = scorer.score()
    assert (score.pictures, score.false) == (10, 0)
    assert score.found == score.objects > 30
    assert score.words().startswith("The detector found 100% of")


def test_boxes_beside_the_objects_are_no_find() -> None:
    scorer, street = Scorer(SOURCE), Street(SIZE, 25, 1)
    for index in range(100, 110):
        answered(scorer, index, np.array([[0, 0, 12, 12]]))
        assert len(street.truth(index)) > 0
    score = scorer.score()
    assert (score.found, score.false) == (0, 10)
    assert "0% of" in score.words()
    assert "1.0 boxes a picture where nothing was" in score.words()


def test_pictures_before_the_background_is_known_do_not_count() -> None:
    scorer = Scorer(SOURCE)
    answered(scorer, 10, np.zeros((0, 4)))
    assert "Too short" in scorer.score().words()
