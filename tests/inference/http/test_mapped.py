"""Anyone's JSON, by a mapping."""

import base64
import json

import pytest
from yarl import URL

from livevision.errors import DetectorError, UsageError
from livevision.inference.filter import DetectionFilter
from livevision.inference.http.mapped import Mapped
from livevision.inference.http.mapping import follow, steps
from livevision.inference.soundness import sound
from tests.fakes.sent_pictures import OPTIONS, answer, found_in, picture

SIZE = (1600, 900)


def decoded(content, **query):
    wire = Mapped(URL("http://host/detect").with_query(query), None, OPTIONS)
    return wire.decode(answer(content), wire.encode(picture(), DetectionFilter()), DetectionFilter())


# Each: the mapping, and an answer that has the box 80, 40 to 160, 120 of 1280x720.
ANSWERS = {
    "a bare list": ({}, [{"label": "cat", "score": 0.5, "box": [80, 40, 160, 120]}]),
    "the usual keys": ({}, {"predictions": [{"class": "cat", "confidence": 0.5, "bbox": [80, 40, 160, 120]}]}),
    "corners by name": (
        {},
        {"objects": [{"name": "cat", "conf": 0.5, "xmin": 80, "ymin": 40, "xmax": 160, "ymax": 120}]},
    ),
    "left and width": (
        {},
        {"detections": [{"name": "cat", "conf": 0.5, "left": 80, "top": 40, "width": 80, "height": 80}]},
    ),
    "a box of sizes": ({}, [{"label": "cat", "score": 0.5, "box": {"x": 80, "y": 40, "w": 80, "h": 80}}]),
    "its centre": (
        {"format": "cxcywh"},
        [{"label": "cat", "score": 0.5, "x": 120, "y": 80, "width": 80, "height": 80}],
    ),
    "centres in a list": ({"format": "cxcywh"}, [{"label": "cat", "score": 0.5, "box": [120, 80, 80, 80]}]),
    "sizes in a list": ({"format": "xywh"}, [{"label": "cat", "score": 0.5, "box": [80, 40, 80, 80]}]),
    "rows first, normalised": (
        {"format": "yxyx", "units": "normalised"},
        [{"label": "cat", "score": 0.5, "box": [40 / 720, 80 / 1280, 120 / 720, 160 / 1280]}],
    ),
    "sizes, normalized": (
        {"format": "xywh", "units": "normalized"},
        [{"label": "cat", "score": 0.5, "box": [80 / 1280, 40 / 720, 80 / 1280, 80 / 720]}],
    ),
    "four keys": (
        {"box": "pos.l,pos.t,pos.r,pos.b"},
        [{"label": "cat", "score": 0.5, "pos": {"l": 80, "t": 40, "r": 160, "b": 120}}],
    ),
    "deep paths": (
        {"boxes": "$.out[0].found", "box": "where.px", "label": "tags[1]", "score": "p.max"},
        {"out": [{"found": [{"where": {"px": [80, 40, 160, 120]}, "tags": [0, "cat"], "p": {"max": 0.5}}]}]},
    ),
    "numbered classes": ({"names": "dog, cat"}, [{"class_id": 1, "score": 0.5, "box": [80, 40, 160, 120]}]),
    "columns": (
        {"boxes": "$.b", "label": "$.l", "score": "$.s", "names": "dog,cat"},
        {"b": [[80, 40, 160, 120]], "l": [1], "s": [0.5]},
    ),
    "the usual columns": ({}, {"boxes": [[80, 40, 160, 120]], "labels": ["cat"], "scores": [0.5]}),
}


@pytest.mark.parametrize(("query", "content"), ANSWERS.values(), ids=ANSWERS)
def test_reads_answers_of_many_kinds(query, content):
    found = decoded(content, **query)

    assert found.xyxy.tolist() == [pytest.approx([100, 50, 200, 150])]
    assert found["class_name"].tolist() == ["cat"]
    assert found.confidence.tolist() == [0.5]


def test_without_a_confidence_it_is_sure():
    assert decoded([{"label": "cat", "box": [1, 2, 3, 4]}]).confidence.tolist() == [1.0]


def test_where_the_confidence_that_was_named_is_missing_it_is_dropped():
    found = decoded([{"label": "cat", "box": [1, 2, 3, 4], "p": 0.5}, {"label": "cat", "box": [1, 2, 3, 4]}], score="p")

    assert [len(found), sound(found, SIZE)[1]] == [2, 1]


def test_columns_of_different_lengths_leave_the_rest_unsure():
    found = decoded({"boxes": [[0, 0, 9, 9]] * 3, "scores": [0.5], "labels": []})

    assert sound(found, SIZE)[1] == 2


def test_knows_the_names_that_it_was_told():
    assert Mapped(URL("http://host?names=dog,cat"), None, OPTIONS).classes == ("dog", "cat")
    assert Mapped(URL("http://host"), None, OPTIONS).classes is None


def test_the_picture_is_sent_as_it_is_as_a_form_or_in_json():
    def sent(send):
        url = URL("http://host/detect?model=a&box=bbox").update_query(send=send)
        return Mapped(url, None, OPTIONS).encode(picture(), DetectionFilter())

    plain, form, in_json = sent("body"), sent("form:file"), sent("json:image_b64")

    # What is the server's own goes along, the mapping does not.
    assert {str(request.url) for request in (plain, form, in_json)} == {"http://host/detect?model=a"}
    assert plain.headers["Content-Type"] == "image/jpeg"
    assert in_json.headers["Content-Type"] == "application/json"
    assert found_in(plain.body)[0] == (1280, 720)
    assert [(part.name, part.content, part.filename) for part in form.body] == [("file", plain.body, "image.jpg")]
    assert base64.b64decode(json.loads(in_json.body)["image_b64"]) == plain.body


def test_a_file_has_the_mapping_and_the_address_counts_more(tmp_path):
    file = tmp_path / "acme.json"
    file.write_text(
        json.dumps({"boxes": "$.found", "box": ["a", "b", "c", "d"], "names": ["dog", "cat"], "score": "p"})
    )
    content = {"found": [{"a": 80, "b": 40, "c": 160, "d": 120, "class_id": 1, "q": 0.5}]}

    found = decoded(content, mapping=str(file), score="q")

    assert found.xyxy.tolist() == [[100, 50, 200, 150]]
    assert found["class_name"].tolist() == ["cat"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"lable": "name"}, "unknown key 'lable' in the address, did you mean 'label'"),
        ({"boxs": "$.a"}, "did you mean 'boxes'|did you mean 'box'"),
        ({"format": "ltrb"}, "format=ltrb is none of xyxy, xywh, cxcywh, yxyx"),
        ({"units": "inches"}, "units=inches is none of pixels, normalised"),
        ({"send": "form"}, "send=form is none of body, form:FIELD and json:FIELD"),
        ({"send": "xml:image"}, "none of body"),
        ({"box": "a,b,c"}, "box names 3 keys"),
        ({"mapping": "/no/such/file.json"}, "file.json cannot be read: No such file"),
    ],
)
def test_says_what_is_wrong_with_a_mapping(query, words):
    with pytest.raises(UsageError, match=words) as caught:
        Mapped(URL("http://host/detect").with_query(query), None, OPTIONS)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", "is no JSON object with the keys boxes, box"),
        (b'{"lable": "x"}', "unknown key 'lable' in .*, did you mean 'label'"),
        (b'{"label": 3}', "label in the mapping cannot be used"),
        (b'{"box": {"a": 1}}', "box in the mapping cannot be used"),
        (b'{"format": ["xyxy"]}', "format=.* is none of"),
    ],
)
def test_says_what_is_wrong_with_a_file(content, words, tmp_path):
    file = tmp_path / "broken.json"
    file.write_bytes(content)

    with pytest.raises(UsageError, match=words) as caught:
        Mapped(URL("http://host").with_query(mapping=str(file)), None, OPTIONS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "content", "words"),
    [
        (
            {"boxes": "$.found"},
            {"objects": []},
            r"an object with 'objects' came instead of a list of objects at \$.found",
        ),
        ({}, {"answer": 42}, "instead of a list of objects under predictions, .*: say boxes=PATH"),
        ({}, {"error": "no GPU"}, "the server says: no GPU"),
        ({"score": "$.p"}, {"boxes": [[1, 2, 3, 4]], "p": 0.5}, r"a number came instead of a list at \$.p"),
    ],
)
def test_says_what_came_instead(query, content, words):
    with pytest.raises(DetectorError, match=words):
        decoded(content, **query)


def test_paths_lead_through_objects_and_lists():
    content = {"a": [{"b.c": 1}, {"7": 2}], "": 3}

    assert follow(content, steps("$.a[1].7")) == follow(content, steps("a.1.7")) == 2
    assert follow(content, steps("$")) is content
    assert follow(content, steps("a[9].x")) is follow(content, steps("a.b")) is follow(7, steps("a")) is None
    assert follow(content, steps("a[99999999999999999999]")) is None
