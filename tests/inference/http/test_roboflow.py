"""Roboflow Inference: what is sent, and detections, outlines and keypoints of what comes back."""

import base64
import json

import numpy as np
import pytest
from supervision.detection.compact_mask import CompactMask
from yarl import URL

from livevision.errors import DetectorError, UsageError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.roboflow import Roboflow
from livevision.inference.soundness import sound
from tests.fakes.sent_pictures import BOX, OPTIONS, answer, found_in, picture

SENT = {"width": 1280, "height": 720}
URL_OF_MODEL = URL("http://gpu1:9001/coco/3")


def prediction(**changes):
    # As a server of release 0.5x answers for a model of segmentation.
    return {
        "x": 480.0,
        "y": 360.0,
        "width": 320.0,
        "height": 400.0,
        "confidence": 0.91,
        "class": "person",
        "class_id": 0,
        "detection_id": "5f2d1e0c-9d3a-4f0e-8f0a-2d6f6d1c1f10",
        **changes,
    }


def decoded(*predictions, image=SENT):
    wire, keep = Roboflow(URL_OF_MODEL, None, OPTIONS), DetectionFilter()
    request = wire.encode(picture(), keep)
    return wire.decode(
        answer({"inference_id": "x", "time": 0.03, "image": image, "predictions": [*predictions]}), request, keep
    )


def test_asks_a_model_with_a_version_as_the_documentation_says():
    keep = DetectionFilter(0.4, class_confidences={"cat": 0.3}, iou=0.55, most=50)

    request = Roboflow(URL_OF_MODEL.with_query(tradeoff_factor="0.5"), "k&y", OPTIONS).encode(picture(), keep)

    assert request.url.with_query(None) == URL_OF_MODEL
    assert dict(request.url.query) == {
        "tradeoff_factor": "0.5",
        "confidence": "0.3",
        "overlap": "0.55",
        "max_detections": "50",
        "api_key": "k&y",
    }
    assert request.headers == {"Content-Type": "application/x-www-form-urlencoded"}
    size, box = found_in(base64.b64decode(request.body, validate=True))
    assert size == (1280, 720)
    assert np.abs(np.array(box) - np.array(BOX) * 0.8).max() <= 1


def test_certainty_is_not_taken_for_one_per_cent():
    query = Roboflow(URL_OF_MODEL, None, OPTIONS).encode(picture(), DetectionFilter(1.0, iou=1.0)).url.query

    assert float(query["confidence"]) == float(query["overlap"]) == 0.99


@pytest.mark.parametrize("task", [None, "object_detection", "instance_segmentation", "keypoints_detection"])
def test_asks_a_model_without_a_version_by_its_task(task):
    url = URL("http://gpu1:9001/rfdetr-nano").with_query({"task": task} if task else {})

    request = Roboflow(url, "key", OPTIONS).encode(picture(), DetectionFilter(0.4, iou=0.5))

    assert request.url == URL(f"http://gpu1:9001/infer/{task or 'object_detection'}")
    body = json.loads(request.body)
    assert found_in(base64.b64decode(body.pop("image")["value"]))[0] == (1280, 720)
    assert body == {
        "model_id": "rfdetr-nano", "api_key": "key", "confidence": 0.4, "iou_threshold": 0.5, "max_detections": 300
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "words"), [("http://host", "PROJECT/VERSION"), ("http://host/m?task=detect", "no task 'detect'")]
)
def test_says_what_is_missing_in_the_address(url, words):
    with pytest.raises(UsageError, match=words):
        Roboflow(URL(url), None, OPTIONS)


def test_reads_a_recorded_answer():
    found = decoded(prediction(), prediction(x=100, y=100, width=50, height=50, **{"class": "dog"}, class_id=16))

    assert found.xyxy.tolist() == [[400, 200, 800, 700], pytest.approx([93.75, 93.75, 156.25, 156.25])]
    assert found["class_name"].tolist() == ["person", "dog"]
    assert found.class_id.tolist() == [0, 16]
    assert found.mask is None


@pytest.mark.parametrize("image", [{"width": "640", "height": "360"}, {"width": 640, "height": 360.0}])
def test_boxes_are_in_the_pixels_that_the_answer_names(image):
    found = decoded(prediction(x=240, y=180, width=160, height=200), image=image)

    assert found.xyxy.tolist() == [[400, 200, 800, 700]]


@pytest.mark.parametrize("image", [None, {}, {"width": 0, "height": 0}, {"width": "x", "height": None}, [SENT], 7])
def test_without_a_size_boxes_are_in_those_that_were_sent(image):
    assert decoded(prediction(), image=image).xyxy.tolist() == [[400, 200, 800, 700]]


def outline(*points):
    return [{"x": x, "y": y} for x, y in points]


SQUARE = outline((320, 160), (640, 160), (640, 560), (320, 560))


def test_outlines_become_masks_of_the_picture():
    found = decoded(prediction(points=SQUARE))

    mask = np.asarray(found.mask)[0]
    rows, columns = np.nonzero(mask)
    assert mask.shape == (900, 1600)
    assert np.abs([columns.min(), rows.min(), columns.max(), rows.max()] - np.array(BOX)).max() <= 1
    assert isinstance(found.mask, CompactMask)
    assert len(found[found.confidence > 0.95].mask) == 0


@pytest.mark.parametrize(
    "points",
    [
        [],
        outline((1, 2), (3, 4)),
        outline((1, 2), (3, float("nan")), (5, 6)),
        outline((1, 2), (3, 10**400), (5, 6)),
        [7, None, {}],
        "points",
        None,
    ],
)
def test_one_without_an_outline_has_its_box_as_outline_and_the_others_keep_theirs(points):
    found = decoded(prediction(points=SQUARE), prediction(x=1000, points=points))

    masks = np.asarray(found.mask)
    assert masks[0].sum() == pytest.approx(400 * 500, rel=0.01)
    assert masks[1].sum() == pytest.approx(400 * 500, rel=0.01)
    assert np.nonzero(masks[1])[1].min() == pytest.approx(1050, abs=1)


def test_an_outline_far_outside_is_cut_at_the_edge():
    found = decoded(prediction(points=outline((-1e300, -1e9), (1e300, -1e9), (1e300, 1e9), (-1e9, 1e9))))

    assert np.asarray(found.mask).all()


def test_a_run_length_bomb_is_not_unpacked():
    bomb = {"size": [10**6, 10**6], "counts": [10**12]}

    found = decoded(prediction(rle=bomb, rle_mask=bomb))

    assert found.mask is None
    assert len(found) == 1


def test_keypoints_come_along_in_the_pictures_pixels():
    points = [
        {"x": 400.0, "y": 200.0, "confidence": 0.8, "class_id": 0, "class": "nose"},
        {"x": 480.0, "y": 240.0, "confidence": 0.5, "class_id": 2, "class": "right-eye"},
    ]

    found = decoded(prediction(keypoints=points), prediction(), prediction(keypoints=[7, {"x": None}]))

    assert found.data["keypoints"].shape == (3, 3, 2)
    assert found.data["keypoints"][0].tolist() == [[500, 250], [0, 0], [600, 300]]
    assert found.data["keypoint_confidence"][0].tolist() == pytest.approx([0.8, 0, 0.5])
    assert not found.data["keypoint_confidence"][1:].any()
    assert len(found[0:1].data["keypoints"]) == 1


def test_a_keypoint_of_a_huge_class_takes_no_memory():
    found = decoded(prediction(keypoints=[{"x": 1, "y": 1, "confidence": 1, "class_id": 10**9}] * 10_000))

    assert found.data["keypoints"].shape[1] <= 512


@pytest.mark.parametrize(
    "changes",
    [{"x": None}, {"width": float("nan")}, {"height": float("inf")}, {"y": 10**400}, {"x": "left"}, {"width": -5},
     {"confidence": None}, {"confidence": 1e400}],
)  # fmt: skip
def test_one_that_cannot_be_read_is_dropped_and_counted(changes):
    kept, dropped = sound(decoded(prediction(**changes), prediction()), (1600, 900))

    assert (len(kept), dropped) == (1, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"message": "Could not find requested Roboflow resource."}, "says: Could not find requested"),
        ({"predictions": {"cat": {"confidence": 0.9}}, "predicted_classes": ["cat"]}, "one that finds objects"),
        ({"top": "cat", "confidence": 0.9}, "one that finds objects"),
        ([], "one that finds objects"),
    ],
)
def test_says_what_came_instead(content, words):
    wire = Roboflow(URL_OF_MODEL, None, OPTIONS)
    with pytest.raises(DetectorError, match=words):
        wire.decode(answer(content), wire.encode(picture(), DetectionFilter()), DetectionFilter())


def test_a_classification_is_no_detection():
    # Its predictions are a list, too, of names without boxes.
    found = decoded({"class": "cat", "class_id": 0, "confidence": 0.9})

    assert sound(found, (1600, 900))[1] == 1
