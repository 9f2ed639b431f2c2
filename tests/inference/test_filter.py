"""What confidences, classes, overlaps and sizes let through."""

import numpy as np
import pytest
import supervision as sv
from hypothesis import given
from hypothesis import strategies as st

from livevision.errors import UsageError
from livevision.inference.filter import DetectionFilter


def detections(*found: tuple[str, float]) -> sv.Detections:
    return sv.Detections(
        xyxy=np.array([[i, 0, i + 10, 10] for i in range(len(found))], np.float32).reshape(-1, 4),
        confidence=np.array([confidence for _, confidence in found], np.float32),
        class_id=np.arange(len(found)),
        data={"class_name": np.array([name for name, _ in found])},
    )


FOUND = detections(("person", 0.9), ("car", 0.3), ("Person", 0.2), ("dog", 0.25))


def kept(wanted: DetectionFilter, found: sv.Detections = FOUND) -> list[int]:
    return wanted.apply(found).xyxy[:, 0].astype(int).tolist()


def test_keeps_what_is_sure_enough():
    assert kept(DetectionFilter()) == [0, 1, 3]
    assert kept(DetectionFilter(0.5)) == [0]
    assert kept(DetectionFilter(0)) == [0, 1, 2, 3]


def test_keeps_the_wanted_classes_whatever_their_case():
    assert kept(DetectionFilter(0, frozenset({"PERSON"}))) == [0, 2]
    assert kept(DetectionFilter(0.5, frozenset({"person", "car"}))) == [0]
    assert kept(DetectionFilter(0, frozenset())) == []


def test_keeps_everything_that_belongs_to_a_detection_together():
    wanted = DetectionFilter(0.3).apply(FOUND)

    assert wanted["class_name"].tolist() == ["person", "car"]
    assert wanted.class_id.tolist() == [0, 1]
    assert wanted.confidence.tolist() == pytest.approx([0.9, 0.3])
    assert len(FOUND) == 4


def test_takes_detections_without_confidence_or_names():
    bare = sv.Detections(xyxy=np.array([[0, 0, 1, 1]], np.float32))

    assert kept(DetectionFilter(0.9), bare) == [0]
    assert kept(DetectionFilter(0.9, frozenset({"person"})), bare) == []
    assert kept(DetectionFilter(), sv.Detections.empty()) == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1, width=32))), st.floats(0, 1, width=32))
def test_a_higher_confidence_never_lets_more_through(found, confidence):
    everything = detections(*found)
    some = kept(DetectionFilter(confidence), everything)

    assert set(some) <= set(kept(DetectionFilter(confidence / 2), everything))
    assert all(everything.confidence[i] >= confidence for i in some)


def test_parses_what_a_user_types():
    assert DetectionFilter.parse(0.4, " person, Car ,", ("person", "car")) == DetectionFilter(
        0.4, frozenset({"person", "Car"})
    )
    assert DetectionFilter.parse(0, None, ("person",)) == DetectionFilter(0, None)
    assert DetectionFilter.parse(1, " , ", None) == DetectionFilter(1, None)
    assert DetectionFilter.parse(0.1, "anything", None).classes == frozenset({"anything"})


@pytest.mark.parametrize("conf", [-0.1, 1.01, 40, float("nan"), float("inf")])
def test_refuses_a_confidence_that_is_none(conf):
    with pytest.raises(UsageError, match="from 0 to 1"):
        DetectionFilter.parse(conf, None, None)


def test_names_the_nearest_class():
    with pytest.raises(UsageError, match="'persn': did you mean 'Person'"):
        DetectionFilter.parse(0.4, "car,persn", ("Person", "car"))


def test_names_some_classes_when_none_is_near():
    known = tuple(f"c{i}" for i in range(80))
    with pytest.raises(UsageError, match=r"'zebra crossing': it knows c0, c1, .* and 72 more") as caught:
        DetectionFilter.parse(0.4, "zebra crossing", known)

    assert len(str(caught.value)) < 150


def test_refuses_other_figures_that_make_no_sense():
    for figures, words in (
        ({"iou": 1.5}, "the overlap is 1.5"),
        ({"most": 0}, "1 is the least"),
        ({"least_side": -1}, "least side is -1"),
        ({"least_side": float("nan")}, "least side is nan"),
    ):
        with pytest.raises(UsageError, match=words):
            DetectionFilter.parse(0.4, **figures)


@pytest.mark.parametrize(
    ("typed", "general", "single"),
    [
        (".4", 0.4, {}),
        (" 0.4 ", 0.4, {}),
        ("person=.5,car=.3", 0.25, {"person": 0.5, "car": 0.3}),
        (".4, Person = .6", 0.4, {"person": 0.6}),
        ("a=b=.5,", 0.25, {"a=b": 0.5}),
    ],
)
def test_parses_confidences_of_single_classes(typed, general, single):
    wanted = DetectionFilter.parse(typed)
    assert (wanted.confidence, wanted.class_confidences) == (general, single)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "is no confidence; write 0.4"),
        ("high", "'high' is no confidence; write 0.4"),
        ("person=", "'person=' is no confidence"),
        ("=.5", "names no class"),
        ("0,4", "with a point"),
        ("40", "confidence is 40, but goes from 0 to 1"),
        ("person=nan", "confidence is person=nan, but"),
    ],
)
def test_says_in_one_line_what_is_wrong_with_a_confidence(typed, words):
    with pytest.raises(UsageError, match=words) as caught:
        DetectionFilter.parse(typed)
    assert "\n" not in str(caught.value)


def test_knows_the_classes_of_confidences_too():
    with pytest.raises(UsageError, match="'persn': did you mean 'Person'"):
        DetectionFilter.parse("persn=.5", None, ("Person", "car"))


def test_a_class_has_a_confidence_of_its_own():
    wanted = DetectionFilter(0.28, class_confidences={"person": 0.1, "car": 0.5})
    assert kept(wanted) == [0, 2]
    assert wanted.floor == 0.1
    assert kept(DetectionFilter(0.1, frozenset({"car", "dog"}), {"car": 0.5})) == [3]


def test_small_boxes_are_left_out():
    found = detections(("a", 0.5), ("a", 0.5), ("a", 0.5))
    found.xyxy = np.array([[0, 0, 100, 7], [1, 0, 9, 8], [2, 0, 9, 100]], np.float32)
    assert kept(DetectionFilter(least_side=8), found) == [1]


def test_the_surest_are_kept_in_their_order():
    found = detections(*(("a", confidence) for confidence in (0.3, 0.9, 0.5, 0.9, 0.4)))
    assert kept(DetectionFilter(most=3), found) == [1, 2, 3]
    assert kept(DetectionFilter(most=1), found) == [1]
    assert kept(DetectionFilter(most=5), found) == [0, 1, 2, 3, 4]


def overlapping(*found: tuple[float, str, float]) -> sv.Detections:
    """Boxes of 10x10 at these x."""
    boxes = detections(*((name, confidence) for _, name, confidence in found))
    boxes.xyxy = np.array([[x, 0, x + 10, 10] for x, _, _ in found], np.float32)
    return boxes


def test_overlapping_boxes_of_a_class_are_one_when_asked():
    found = overlapping((0, "a", 0.5), (2, "a", 0.9), (2, "b", 0.3), (9, "a", 0.4))
    assert kept(DetectionFilter(0), found) == [0, 2, 2, 9]
    assert kept(DetectionFilter(0, iou=0.5), found) == [2, 2, 9]
    assert kept(DetectionFilter(0, iou=0.7), found) == [0, 2, 2, 9]
    assert kept(DetectionFilter(0, iou=0), found) == [2, 2]


def test_overlaps_are_judged_before_the_surest_are_counted():
    found = overlapping((0, "a", 0.9), (1, "a", 0.8), (50, "a", 0.7))
    assert kept(DetectionFilter(iou=0.5, most=2), found) == [0, 50]


def test_overlaps_of_what_says_no_confidence_or_class():
    bare = sv.Detections(xyxy=np.array([[0, 0, 10, 10], [1, 0, 11, 10], [-20, 0, -10, 10]], np.float32))
    assert kept(DetectionFilter(iou=0.5), bare) == [0, -20]
    nought = overlapping((0, "a", 0.0), (30, "a", 0.0))
    assert kept(DetectionFilter(0, iou=0.5), nought) == [0, 30]


def test_oriented_boxes_overlap_by_their_outlines():
    # Two thin boxes beside each other, both at 45 degrees: upright boxes around them are nearly the same.
    thin = np.array([[0, 4], [4, 0], [104, 100], [100, 104]], np.float32)
    found = sv.Detections(
        xyxy=np.array([[0, 0, 104, 104], [12, 0, 116, 104]], np.float32),
        confidence=np.array([0.9, 0.8], np.float32),
        class_id=np.array([0, 0]),
        data={"class_name": np.array(["ship", "ship"]), "xyxyxyxy": np.stack([thin, np.add(thin, [12, 0])])},
    )
    assert kept(DetectionFilter(iou=0.5), found) == [0, 12]
    found.data["xyxyxyxy"] = np.stack([thin, np.add(thin, [0.5, 0])])
    assert kept(DetectionFilter(iou=0.5), found) == [0]


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from("ab"), st.floats(1 / 64, 1, width=32)), max_size=12))
def test_what_is_left_does_not_overlap_and_what_went_did(found):
    everything = overlapping(*found)
    left = set(DetectionFilter(0, iou=0.5).apply(everything).data["class_name"].tolist()) if found else set()
    assert left == {name for _, name, _ in found}
    result = DetectionFilter(0, iou=0.5).apply(everything)
    for name in left:
        same = result[result.data["class_name"] == name]
        overlaps = sv.box_iou_batch(same.xyxy, same.xyxy) - np.eye(len(same))
        assert (overlaps <= 0.5 + 1e-6).all()
