"""DeepStack and CodeProject.AI."""

import json

import pytest
from yarl import URL

from livevision.errors import DetectorError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.deepstack import DeepStack
from livevision.inference.http.wire import Answer
from tests.fakes.sent_pictures import OPTIONS, answer, found_in, picture

# As CodeProject.AI 2.6 answers; DeepStack leaves out what comes after predictions.
RECORDED = """{"message": "Found person, dog", "count": 2, "predictions": [
    {"confidence": 0.8671, "label": "person", "x_min": 371, "y_min": 116, "x_max": 596, "y_max": 556},
    {"confidence": 0.4418, "label": "dog", "x_min": 12, "y_min": 300, "x_max": 212, "y_max": 500}],
    "success": true, "processMs": 31, "inferenceMs": 27, "moduleId": "ObjectDetectionYOLOv5-6.2", "code": 200}"""


def test_sends_a_form_with_picture_and_threshold():
    request = DeepStack(URL("http://nas:5000"), "key", OPTIONS).encode(picture(), DetectionFilter(0.45))

    image, *rest = request.body
    assert request.url == URL("http://nas:5000/v1/vision/detection")
    assert (image.name, image.content_type, image.filename) == ("image", "image/jpeg", "image.jpg")
    assert found_in(image.content)[0] == (1280, 720)
    assert {part.name: part.content for part in rest} == {"min_confidence": b"0.45", "api_key": b"key"}


@pytest.mark.parametrize("path", ["/v1/vision/custom/ipcam-general", "/v1/vision/face", "/proxy/v1/vision/detection"])
def test_another_path_is_another_model(path):
    wire = DeepStack(URL(f"http://nas:5000{path}?x=1"), None, OPTIONS)

    assert wire.encode(picture(), DetectionFilter()).url == URL(f"http://nas:5000{path}?x=1")


def test_reads_a_recorded_answer():
    wire = DeepStack(URL("http://nas:5000"), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())

    found = wire.decode(Answer(RECORDED.encode()), request, DetectionFilter())

    assert found["class_name"].tolist() == ["person", "dog"]
    assert found.confidence.tolist() == pytest.approx([0.8671, 0.4418])
    assert found.xyxy[0].tolist() == pytest.approx([371 * 1.25, 116 * 1.25, 596 * 1.25, 556 * 1.25])


def test_a_face_is_called_so_or_by_its_name():
    wire = DeepStack(URL("http://nas:5000/v1/vision/face"), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())
    face = {"confidence": 0.9, "x_min": 1, "y_min": 2, "x_max": 30, "y_max": 40}

    found = wire.decode(
        answer({"success": True, "predictions": [face, {**face, "userid": "Ann"}]}), request, DetectionFilter()
    )

    assert found["class_name"].tolist() == ["face", "Ann"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"success": False, "error": "failed to process request before timeout", "duration": 0}, "before timeout"),
        ({"success": False, "predictions": [], "message": "No such model"}, "No such model"),
        ({"success": False}, "'success' came instead of success and predictions"),
        ({"success": True}, "an object with 'success' came instead"),
        ([1], "a list of 1 came instead of success"),
    ],
)
def test_says_why_there_are_no_predictions(content, words):
    wire = DeepStack(URL("http://nas:5000"), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())

    with pytest.raises(DetectorError, match=words):
        wire.decode(Answer(json.dumps(content).encode()), request, DetectionFilter())
