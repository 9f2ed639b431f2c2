"""What a confidence and a list of classes let through."""

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
