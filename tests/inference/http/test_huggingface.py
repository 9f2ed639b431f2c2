"""Hugging Face object detection."""

import pytest
from yarl import URL

from livevision.errors import DetectorError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.huggingface import HuggingFace
from livevision.inference.http.wire import Answer
from tests.fakes.sent_pictures import OPTIONS, answer, found_in, picture

URL_OF_MODEL = URL("https://host/models/facebook/detr-resnet-50")
RECORDED = b"""[{"score":0.9982201457023621,"label":"remote","box":{"xmin":40,"ymin":70,"xmax":175,"ymax":117}},
    {"score":0.9960022568702698,"label":"remote","box":{"xmin":333,"ymin":72,"xmax":368,"ymax":187}},
    {"score":0.18,"label":"couch","box":{"xmin":0,"ymin":1,"xmax":639,"ymax":473}}]"""


def test_sends_the_picture_and_the_token():
    request = HuggingFace(URL_OF_MODEL, "hf_abc", OPTIONS).encode(picture(), DetectionFilter())

    assert request.url == URL_OF_MODEL
    assert request.headers == {
        "Content-Type": "image/jpeg", "Accept": "application/json", "Authorization": "Bearer hf_abc"
    }  # fmt: skip
    assert found_in(request.body)[0] == (1280, 720)


@pytest.mark.parametrize("body", [RECORDED, b"[" + RECORDED + b"]"])
def test_reads_a_recorded_answer(body):
    wire = HuggingFace(URL_OF_MODEL, None, OPTIONS)

    found = wire.decode(Answer(body), wire.encode(picture(), DetectionFilter()), DetectionFilter())

    assert found["class_name"].tolist() == ["remote", "remote"]
    assert found.xyxy[0].tolist() == [50, 87.5, 218.75, 146.25]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"error": "Model facebook/detr-resnet-50 is currently loading", "estimated_time": 20}, "currently loading"),
        ({"error": ["Error in `inputs`: field required"]}, "the server says: Error in `inputs`: field required"),
        ({"error": [7]}, "an object with 'error' came instead of a list"),
        (None, "null came instead of a list"),
    ],
)
def test_says_what_came_instead(content, words):
    wire = HuggingFace(URL_OF_MODEL, None, OPTIONS)

    with pytest.raises(DetectorError, match=words):
        wire.decode(answer(content), wire.encode(picture(), DetectionFilter()), DetectionFilter())
