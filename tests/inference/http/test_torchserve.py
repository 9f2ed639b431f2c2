"""TorchServe and what imitates it."""

import pytest
from yarl import URL

from livevision.errors import DetectorError, UsageError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.torchserve import TorchServe
from tests.fakes.sent_pictures import OPTIONS, answer, found_in, picture

URL_OF_MODEL = URL("http://host:8080/predictions/fastrcnn")


def decoded(content):
    wire = TorchServe(URL_OF_MODEL, None, OPTIONS)
    return wire.decode(answer(content), wire.encode(picture(), DetectionFilter()), DetectionFilter())


def test_sends_the_picture_as_it_is():
    request = TorchServe(URL_OF_MODEL, None, OPTIONS).encode(picture(), DetectionFilter())

    assert request.url == URL_OF_MODEL
    assert request.headers == {"Content-Type": "image/jpeg"}
    assert found_in(request.body)[0] == (1280, 720)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/fastrcnn", "/predictions/fastrcnn"),
        ("/fastrcnn?x=1", "/predictions/fastrcnn?x=1"),
        ("/predictions/fastrcnn/2.0", "/predictions/fastrcnn/2.0"),
        ("/proxy/predictions/fastrcnn", "/proxy/predictions/fastrcnn"),
    ],
)
def test_a_bare_name_is_a_model(path, asked):
    wire = TorchServe(URL(f"http://host:8080{path}"), None, OPTIONS)

    assert str(wire.encode(picture(), DetectionFilter()).url) == f"http://host:8080{asked}"


def test_needs_a_model():
    with pytest.raises(UsageError, match="predictions/MODEL"):
        TorchServe(URL("http://host:8080"), None, OPTIONS)


def test_reads_what_the_object_detector_handler_answers():
    found = decoded([
        {"person": [167.4222869873047, 57.03825378417969, 301.305419921875, 436.68682861328125], "score": 0.9995},
        {"handbag": [67.37423706054688, 277.63787841796875, 111.68, 400.26470947265625], "score": 0.9925},
    ])  # fmt: skip

    assert found["class_name"].tolist() == ["person", "handbag"]
    assert found.xyxy[0].tolist() == pytest.approx([209.278, 71.298, 376.632, 545.859], abs=0.01)
    assert found.confidence.tolist() == pytest.approx([0.9995, 0.9925])


@pytest.mark.parametrize(
    "each",
    [
        {"class": "cat", "box": [8, 16, 80, 160], "score": 0.5},
        {"label": "cat", "bbox": [8, 16, 80, 160], "confidence": 0.5},
        {"class_name": "cat", "box": {"x1": 8, "y1": 16, "x2": 80, "y2": 160}, "conf": 0.5},
        {"name": "cat", "xmin": 8, "ymin": 16, "xmax": 80, "ymax": 160, "score": 0.5},
        {"score": 0.5, "cat": [8, 16, 80, 160]},
    ],
)
@pytest.mark.parametrize("wrap", [list, lambda each: [each], lambda each: {"predictions": each}])
def test_reads_what_other_handlers_answer(each, wrap):
    found = decoded(wrap([each]))

    assert found.xyxy.tolist() == [[10, 20, 100, 200]]
    assert found["class_name"].tolist() == ["cat"]
    assert found.confidence.tolist() == [0.5]


def test_says_what_came_instead():
    with pytest.raises(DetectorError, match="says: Model version is not found"):
        decoded({"code": 404, "type": "ModelNotFoundException", "message": "Model version is not found"})
    with pytest.raises(DetectorError, match="an object with 'tabby', 'tiger_cat' came instead of a list"):
        decoded({"tabby": 0.6, "tiger_cat": 0.2})
