"""What all wire formats have in common: boxes in the picture's pixels, and nothing that an answer can break."""

import base64
import json
from urllib.parse import parse_qs

import numpy as np
import pytest
import supervision as sv
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from yarl import URL

from livevision.errors import DetectorError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.address import NAMES
from livevision.inference.http.formats import FORMATS, KEY_VARIABLES
from livevision.inference.http.wire import Answer
from livevision.inference.options import Jpeg, ModelOptions
from livevision.inference.soundness import sound
from tests.fakes.effort import effort
from tests.fakes.sent_pictures import BOX, OPTIONS, SERVERS, answer, found_in, picture


def test_the_names_that_are_known_without_importing_the_formats_are_theirs() -> None:
    assert set(NAMES) == set(FORMATS)


def jpeg_of(request) -> bytes:
    if not isinstance(request.body, bytes):
        return next(part.content for part in request.body if part.name == "image")
    return request.body if request.body.startswith(b"\xff\xd8") else base64.b64decode(request.body, validate=True)


def outcome(wire, said, request) -> sv.Detections | str:
    """Return detections, or what the operator reads."""
    try:
        return wire.decode(said, request, DetectionFilter())
    except DetectorError as error:
        return str(error)


def test_every_format_is_known_by_its_name():
    assert set(FORMATS) == {*SERVERS, "kserve"}
    assert set(KEY_VARIABLES) <= set(FORMATS)
    assert KEY_VARIABLES["roboflow"] == "ROBOFLOW_API_KEY"
    assert KEY_VARIABLES["huggingface"] == "HF_TOKEN"


@pytest.mark.parametrize("name", ["roboflow", "deepstack", "torchserve", "json"])
def test_null_for_no_predictions_is_nothing_found(name):
    wire = FORMATS[name](URL(SERVERS[name][0]).without_query_params("boxes"), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())

    assert len(wire.decode(answer({"success": True, "predictions": None}), request, DetectionFilter())) == 0


@pytest.mark.parametrize("longest", [None, 1280, 333])
@pytest.mark.parametrize("size", [(1600, 900), (900, 1600), (1000, 800)])
@pytest.mark.parametrize("name", SERVERS)
async def test_finds_what_is_in_the_picture_where_it_is(name, size, longest):
    url, say = SERVERS[name]
    wire = FORMATS[name](URL(url), None, ModelOptions(jpeg=Jpeg(longest_side=longest)))
    await wire.prepare(None, picture())  # none of these asks anything

    request = wire.encode(picture(*size), DetectionFilter())
    sent, box = found_in(jpeg_of(request))
    found = wire.decode(answer(say(sent, box)), request, DetectionFilter())

    assert max(sent) == min(longest or max(size), max(size))
    # One pixel of what was sent, at least one of the picture.
    assert np.abs(found.xyxy - BOX).max() <= max(1.0, size[0] / sent[0])
    assert found["class_name"].tolist() == ["cat"]
    assert found.confidence.tolist() == pytest.approx([0.9])
    assert found.class_id is not None
    assert sound(found, size)[1] == 0


@pytest.mark.parametrize("name", SERVERS)
def test_nothing_found_is_no_detections(name):
    url, say = SERVERS[name]
    wire = FORMATS[name](URL(url), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())
    said = json.dumps(say((1280, 720), (0, 0, 1, 1)))
    empty = json.loads(said[: said.index("[")] + "[]" + said[said.rindex("]") + 1 :])

    found = wire.decode(answer(empty), request, DetectionFilter())

    assert len(found) == 0
    assert found["class_name"].tolist() == []


@pytest.mark.parametrize("name", SERVERS)
def test_what_is_not_sure_enough_is_left_out_and_unreadable_ones_are_dropped_later(name):
    url, say = SERVERS[name]
    wire = FORMATS[name](URL(url), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())
    said = json.dumps(say((1280, 720), (10, 20, 30, 40)))
    single = said[said.index("[{") + 1 : said.rindex("}]") + 1]
    content = said.replace(single, f"{single}, {single.replace('0.9', '0.2')}, {single.replace('0.9', 'NaN')}, 7")

    found = wire.decode(Answer(content.encode()), request, DetectionFilter(0.5))

    assert len(found) in (2, 3)
    assert len(sound(found, (1600, 900))[0]) == 1


USUAL_KEYS = """predictions result objects image width height x y class class_id confidence points keypoints label score
    box bbox xmin ymin xmax ymax x_min y_min x_max y_max success error what sure rle data outputs""".split()  # noqa: SIM905

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(USUAL_KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@pytest.mark.parametrize("name", SERVERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=JSON, inside=st.booleans())
@example(
    content={"confidence": 1e39, "score": 1e39, "x": 9, "y": 9, "width": 9, "height": 9, "class": "a"}, inside=True
)
def test_any_json_is_an_answer_or_a_clear_error(name, content, inside):
    url, _ = SERVERS[name]
    wire = FORMATS[name](URL(url), None, OPTIONS)
    request = wire.encode(np.zeros((30, 40, 3), np.uint8), DetectionFilter())
    if inside:  # deeper than chance alone comes
        listed = content if isinstance(content, list) else [content]
        content = {"predictions": listed, "result": {"objects": listed}, "success": True}
        content = listed if name in {"torchserve", "huggingface"} else content
    found = outcome(wire, answer(content), request)
    if isinstance(found, str):
        assert "\n" not in found
        assert len(found) < 400
    else:
        assert len(found.confidence) == len(found["class_name"]) == len(found.class_id) == len(found)
        sound(found, (40, 30))


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[[[", b"{}", b"[" * 100_000, b"null", b'{"error": "no such model"}', b"[1, 2]", b"1e999"]
)
def test_what_is_no_answer_is_said(name, body):
    url, _ = SERVERS[name]
    wire = FORMATS[name](URL(url), None, OPTIONS)
    request = wire.encode(np.zeros((30, 40, 3), np.uint8), DetectionFilter())

    found = outcome(wire, Answer(body), request)
    if isinstance(found, str):
        assert ("no such model" in found) == (b"no such" in body)
    else:
        assert body == b"[1, 2]"  # a list, of which nothing can be read
        assert len(sound(found, (40, 30))[0]) == 0


@pytest.mark.alone
@pytest.mark.parametrize("name", SERVERS)
def test_the_answer_for_300_boxes_is_read_in_2_ms(name):
    url, say = SERVERS[name]
    wire = FORMATS[name](URL(url), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())
    said = json.dumps(say((1280, 720), (10.25, 20.25, 300.25, 400.25)))
    single = said[said.index("[{") + 1 : said.rindex("}]") + 1]
    body = Answer(said.replace(single, ", ".join([single] * 300)).encode())

    assert len(wire.decode(body, request, DetectionFilter())) == 300
    # One unit is half a millisecond.  Twice what is aimed at: more would be another way of reading.
    assert effort(lambda: wire.decode(body, request, DetectionFilter())) < 8


@pytest.mark.parametrize("name", FORMATS)
def test_the_key_is_in_no_repr(name):
    url = SERVERS[name][0] if name in SERVERS else "http://host/model"
    wire = FORMATS[name](URL(url), "s3cret", OPTIONS)

    assert "s3cret" not in repr(wire)


@pytest.mark.parametrize("name", SERVERS)
def test_the_key_goes_along_where_the_server_looks_for_it(name):
    url, _ = SERVERS[name]
    request = FORMATS[name](URL(url), "s3cret", OPTIONS).encode(picture(), DetectionFilter())

    match name:
        case "roboflow":
            assert parse_qs(request.url.query_string)["api_key"] == ["s3cret"]
        case "deepstack":
            assert {part.name: part.content for part in request.body}["api_key"] == b"s3cret"
        case _:
            assert request.headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize("name", SERVERS)
def test_without_a_key_none_is_sent(name):
    url, _ = SERVERS[name]
    request = FORMATS[name](URL(url), None, OPTIONS).encode(picture(), DetectionFilter())

    assert "api_key" not in request.url.query
    assert "Authorization" not in request.headers
    if not isinstance(request.body, bytes):
        assert "api_key" not in {part.name for part in request.body}
