"""What users' own models return, by stand-ins that have the attributes of the real classes."""

from types import SimpleNamespace

import numpy as np
import pytest
import supervision as sv
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from livevision.errors import DetectorError
from livevision.inference.results import to_detections
from livevision.inference.soundness import sound

SIZE = (640, 480)
BOXES = [[10, 20, 110, 220], [300, 100, 400, 150]]


class Tensor:
    """As torch's: numbers only come out of it on the CPU and without a gradient."""

    def __init__(self, values, device="cuda", gradient=True):
        self._values, self._device, self._gradient = np.asarray(values), device, gradient

    @property
    def shape(self):
        return self._values.shape

    def detach(self):
        return Tensor(self._values, self._device, gradient=False)

    def cpu(self):
        return Tensor(self._values, "cpu", self._gradient)

    def numpy(self):
        if self._device != "cpu" or self._gradient:
            raise TypeError("can't convert to numpy: call detach() and cpu() first")
        return self._values


def found(answer, names=None):
    detections = to_detections(answer, SIZE, names)
    assert len(detections.confidence) == len(detections["class_name"]) == len(detections.class_id) == len(detections)
    assert detections["class_name"].dtype.kind == "U"
    return detections


@pytest.mark.parametrize("answer", [None, [], (), sv.Detections.empty()])
def test_nothing_is_no_detections(answer):
    assert len(found(answer)) == 0


class TestDetections:
    def test_what_is_missing_is_filled_in_and_the_model_s_own_stays_as_it_is(self):
        own = sv.Detections(xyxy=np.array(BOXES, np.float64), class_id=np.array([1, 7]))

        detections = found(own, ("cat", "dog"))

        assert detections["class_name"].tolist() == ["dog", "7"]
        assert detections.confidence.tolist() == [1, 1]
        assert detections.xyxy.tolist() == BOXES
        assert own.confidence is None
        assert not own.data

    def test_without_classes_they_have_no_name(self):
        assert found(sv.Detections(xyxy=np.array(BOXES, np.float32)))["class_name"].tolist() == ["", ""]

    def test_everything_else_is_kept(self):
        own = sv.Detections(
            xyxy=np.array(BOXES, np.float32),
            mask=np.zeros((2, 480, 640), bool),
            confidence=np.array([0.5, 0.25]),
            class_id=np.array([3, 4]),
            tracker_id=np.array([7, 8]),
            data={"class_name": ["cat", "dog"], "speed": np.array([1.0, 2.0])},
        )

        detections = found([own])

        assert detections["class_name"].tolist() == ["cat", "dog"]
        assert detections.data["speed"].tolist() == [1, 2]
        assert detections.tracker_id.tolist() == [7, 8]
        assert detections.confidence.tolist() == [0.5, 0.25]
        assert detections.mask.shape == (2, 480, 640)

    def test_a_box_that_became_nan_is_dropped_and_counted(self):
        own = sv.Detections(xyxy=np.array(BOXES, np.float32))
        own.xyxy[0, 0] = np.nan

        assert sound(found(own), SIZE)[1] == 1


def ultralytics(**changes):
    boxes = SimpleNamespace(
        xyxy=Tensor(np.array(BOXES, np.float32), gradient=False),
        conf=Tensor(np.array([0.9, 0.8], np.float32), gradient=False),
        cls=Tensor(np.array([0, 16], np.float32), gradient=False),
        id=None,
    )
    # As ultralytics.engine.results.Results: all of these are always there.
    parts = {"orig_shape": (480, 640), "names": {0: "person", 16: "dog"}, "path": "image0.jpg", "speed": {},
             "boxes": boxes, "masks": None, "probs": None, "keypoints": None, "obb": None}  # fmt: skip
    return SimpleNamespace(**{**parts, **changes})


class TestUltralytics:
    @pytest.mark.parametrize("wrap", [lambda each: each, lambda each: [each]])
    def test_boxes(self, wrap):
        detections = found(wrap(ultralytics()))

        assert detections.xyxy.tolist() == BOXES
        assert detections["class_name"].tolist() == ["person", "dog"]
        assert detections.confidence.tolist() == pytest.approx([0.9, 0.8])
        assert detections.class_id.tolist() == [0, 16]

    def test_identities(self):
        answer = ultralytics()
        answer.boxes.id = Tensor([3.0, 4.0], gradient=False)

        assert found(answer).tracker_id.tolist() == [3, 4]

    @pytest.mark.parametrize("conf", [None, Tensor(np.full((2, 17), 0.5), gradient=False)])
    def test_keypoints(self, conf):
        points = np.arange(2 * 17 * 2, dtype=np.float32).reshape(2, 17, 2)

        detections = found(ultralytics(keypoints=SimpleNamespace(xy=Tensor(points, gradient=False), conf=conf)))

        assert np.array_equal(detections.data["keypoints"], points)
        assert set(detections.data["keypoint_confidence"].ravel().tolist()) == {1.0 if conf is None else 0.5}

    def test_masks(self):
        masks = np.zeros((2, 480, 640), np.float32)
        masks[0, 20:220, 10:110] = 1

        detections = found(ultralytics(masks=SimpleNamespace(data=Tensor(masks, gradient=False))))

        assert detections.mask.sum(axis=(1, 2)).tolist() == [200 * 100, 0]

    def test_oriented_boxes(self):
        corners = np.array([[[60, 20], [110, 120], [60, 220], [10, 120]]] * 2, np.float32)
        obb = ultralytics().boxes
        obb.xyxyxyxy = Tensor(corners, gradient=False)

        detections = found(ultralytics(boxes=None, obb=obb))

        assert detections.data["xyxyxyxy"].shape == (2, 4, 2)
        assert detections["class_name"].tolist() == ["person", "dog"]

    def test_a_classification_finds_no_boxes(self):
        assert len(found(ultralytics(boxes=None, probs=object()))) == 0


PREDICTION = {"x": 60.0, "y": 120.0, "width": 100.0, "height": 200.0, "confidence": 0.9, "class": "cat", "class_id": 3}
ROBOFLOW = {"predictions": [PREDICTION], "image": {"width": 640, "height": 480}}


class Prediction(BaseModel):
    # As in inference/core/entities/responses/inference.py: the name is an alias, and "class" without it is missing.
    x: float
    y: float
    width: float
    height: float
    confidence: float
    class_name: str = Field(alias="class")
    class_confidence: float | None = None
    class_id: int
    tracker_id: int | None = None


class Image(BaseModel):
    width: int
    height: int


class Response(BaseModel):
    visualization: bytes | None = None
    inference_id: str | None = None
    image: Image
    time: float | None = None
    predictions: list[Prediction]


class OldResponse:
    def __init__(self, content):
        self.predictions, self._content = content["predictions"], content

    def dict(self, exclude_none, by_alias):
        assert exclude_none
        assert by_alias
        return self._content


class TestRoboflow:
    @pytest.mark.parametrize(
        "answer",
        [ROBOFLOW, [ROBOFLOW], Response(**ROBOFLOW), [Response(**ROBOFLOW)], OldResponse(ROBOFLOW)],
        ids=["dict", "list of dict", "object", "list of object", "old object"],
    )
    def test_dicts_and_objects(self, answer):
        detections = found(answer)

        assert detections.xyxy.tolist() == [[10, 20, 110, 220]]
        assert detections["class_name"].tolist() == ["cat"]
        assert detections.class_id.tolist() == [3]
        assert detections.confidence.tolist() == pytest.approx([0.9])

    def test_boxes_are_scaled_to_the_picture(self):
        answer = {**ROBOFLOW, "image": {"width": 320, "height": 240}}

        assert found(answer).xyxy.tolist() == [[20, 40, 220, 440]]

    def test_nothing_found(self):
        assert len(found({**ROBOFLOW, "predictions": []})) == 0


class TestTransformers:
    @pytest.mark.parametrize("wrap", [Tensor, np.array])
    def test_post_processed(self, wrap):
        answer = {"scores": wrap([0.9, 0.8]), "labels": wrap([1, 0]), "boxes": wrap(np.array(BOXES, np.float32))}

        for each in (answer, [answer]):
            detections = found(each, ("cat", "dog"))
            assert detections.xyxy.tolist() == BOXES
            assert detections["class_name"].tolist() == ["dog", "cat"]
            assert detections.confidence.tolist() == pytest.approx([0.9, 0.8])

    def test_nothing_found(self):
        answer = {"scores": Tensor([]), "labels": Tensor([]), "boxes": Tensor(np.empty((0, 4)))}

        assert len(found(answer)) == 0

    @pytest.mark.parametrize("count", [1, 2])
    def test_pipeline(self, count):
        box = {"xmin": 10, "ymin": 20, "xmax": 110, "ymax": 220}

        detections = found([{"score": 0.9, "label": "cat", "box": box}] * count)

        assert detections.xyxy.tolist() == [[10, 20, 110, 220]] * count
        assert detections["class_name"].tolist() == ["cat"] * count


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (7, "int"),
        ("boxes", "str"),
        ({"boxes": [], "text": ""}, "dict with 'boxes', 'text'"),
        ({}, "dict with nothing in it"),
        ([[1, 2, 3, 4]], "list of 1 list"),
        ([ultralytics(), ultralytics()], "list of 2 SimpleNamespace"),
        (np.zeros((3, 6)), "numpy.ndarray"),
        ((np.zeros(4), 0.5), "tuple of 2 ndarray"),
        (sv.Detections, "type"),
        (ultralytics, "function"),
    ],
)
def test_anything_else_is_named_with_what_is_accepted(answer, came):
    with pytest.raises(DetectorError, match=f"the model returned {came}; accepted are sv.Detections, ") as caught:
        to_detections(answer, SIZE)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        {"scores": [0.5], "labels": [1, 2], "boxes": [[0, 0, 1, 1]]},
        {"scores": "x", "labels": None, "boxes": 7},
        ultralytics(names={}),
        SimpleNamespace(names={}, boxes=7),
        SimpleNamespace(predictions=[], dict=7),
        {"segmentation": 7},
    ],
)
def test_one_that_is_broken_inside_is_said_in_one_line(answer):
    with pytest.raises(DetectorError, match="that the model returned cannot be read") as caught:
        to_detections(answer, SIZE)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 350


def test_one_that_fails_when_it_is_looked_at_is_said():
    class Broken:
        @property
        def names(self):
            raise RuntimeError("CUDA error: device-side assert triggered\nCUDA kernel errors might be …")

    with pytest.raises(DetectorError, match="Broken that the model returned cannot be read: RuntimeError: CUDA error"):
        to_detections(Broken(), SIZE)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["predictions", "image", "boxes", "scores", "labels", "box", "score", "label", "x"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_any_value_is_detections_or_a_clear_error(answer):
    try:
        detections = to_detections(answer, SIZE)
    except DetectorError:
        return
    true, dropped = sound(detections, SIZE)
    assert len(true) + dropped == len(detections)
    assert np.isfinite(true.xyxy).all()
    assert len(true.data["class_name"]) == len(true)
