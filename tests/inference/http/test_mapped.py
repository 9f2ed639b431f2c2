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
    "LitServe": ({}, {"output": [{"label": "cat", "score": 0.5, "box": [80, 40, 160, 120]}]}),
    "LitServe, columns": ({}, {"output": {"boxes": [[80, 40, 160, 120]], "scores": [0.5], "labels": ["cat"]}}),
    "Ultralytics' JSON, a batch of one": (
        {},
        [[{"name": "cat", "class": 15, "confidence": 0.5, "box": {"x1": 80, "y1": 40, "x2": 160, "y2": 120}}]],
    ),
    "the same as text": (
        {},
        {
            "output": '[{"name": "cat", "class": 15, "confidence": 0.5, '
            '"box": {"x1": 80, "y1": 40, "x2": 160, "y2": 120}}]'
        },
    ),
    "a batch of one object": ({}, [{"boxes": [[80, 40, 160, 120]], "scores": [0.5], "classes": ["cat"]}]),
    "sv.Detections": (
        {},
        {
            "xyxy": [[80, 40, 160, 120]],
            "mask": None,
            "confidence": [0.5],
            "class_id": [15],
            "tracker_id": None,
            "data": {"class_name": ["cat"]},
        },
    ),
    "rows of YOLO": ({"names": "dog,cat"}, {"output": [[80, 40, 160, 120, 0.5, 1.0]]}),
    "rows with names beside them": ({}, {"result": [[80, 40, 160, 120, 0.5, 1]], "names": {"0": "dog", "1": "cat"}}),
    "TensorFlow": (
        {"names": "dog,cat"},
        {
            "num_detections": 1,
            "detection_boxes": [[40 / 720, 80 / 1280, 120 / 720, 160 / 1280]],
            "detection_scores": [0.5],
            "detection_classes": [1],
        },
    ),
    "one object and no list": ({}, {"predictions": {"label": "cat", "score": 0.5, "box": [80, 40, 160, 120]}}),
    "one object and nothing else": ({}, {"label": "cat", "score": 0.5, "box": [80, 40, 160, 120]}),
    "nested": ({}, {"data": {"result": {"objects": [{"label": "cat", "score": 0.5, "bbox": [80, 40, 160, 120]}]}}}),
    "a key that nobody knows": (
        {},
        {"took": 3, "gefunden": [{"label": "cat", "score": 0.5, "box": [80, 40, 160, 120]}]},
    ),
    "texts for numbers": ({}, [{"label": "cat", "score": "0.5", "box": ["80", "40.0", "160", "1.2e2"]}]),
    "per cent in a text": ({}, [{"label": "cat", "score": "50 %", "box": "80, 40, 160, 120"}]),
    "per cent": ({"certain": "100"}, [{"label": "cat", "score": 50, "box": [80, 40, 160, 120]}]),
    "a list in a list": ({}, [{"label": ["cat", "dog"], "score": [0.5], "box": [[80, 40, 160, 120]]}]),
    "two corners": ({}, [{"label": "cat", "score": 0.5, "box": [[80, 40], [160, 120]]}]),
    "four corners": (
        {},
        [{"label": "cat", "score": 0.5, "box": [{"x": 80, "y": 60}, {"x": 120, "y": 40}, [160, 80], [120, 120]]}],
    ),
    "a class with an id": ({}, [{"class": {"id": 3, "name": "cat"}, "score": 0.5, "box": [80, 40, 160, 120]}]),
    "a class by number and name": ({}, [{"class": "3", "name": "cat", "score": 0.5, "box": [80, 40, 160, 120]}]),
    "a number in a text": ({"names": "dog,cat"}, [{"class": "1", "score": 0.5, "box": [80, 40, 160, 120]}]),
    "centres by their keys": ({}, [{"label": "cat", "score": 0.5, "cx": 120, "cy": 80, "w": 80, "h": 80}]),
    "Roboflow's": (
        {},
        {
            "predictions": [
                {"x": 120, "y": 80, "width": 80, "height": 80, "confidence": 0.5, "class": "cat", "detection_id": "7f"}
            ]
        },
    ),
    "0 to 1": ({}, [{"label": "cat", "score": 0.5, "box": [80 / 1280, 40 / 720, 160 / 1280, 120 / 720]}]),
    "0 to 1, sizes": (
        {"format": "xywh"},
        [{"label": "cat", "score": 0.5, "box": [80 / 1280, 40 / 720, 80 / 1280, 80 / 720]}],
    ),
    "the usual columns": ({}, {"boxes": [[80, 40, 160, 120]], "labels": ["cat"], "scores": [0.5]}),
}


@pytest.mark.parametrize(("query", "content"), ANSWERS.values(), ids=ANSWERS)
def test_reads_answers_of_many_kinds(query, content):
    found = decoded(content, **query)

    assert found.xyxy.tolist() == [pytest.approx([100, 50, 200, 150])]
    assert found["class_name"].tolist() == ["cat"]
    assert found.confidence.tolist() == [0.5]


COCO = [
    {"image_id": 1, "category_id": 18, "bbox": [600, 400, 80, 60], "score": 0.9},
    {"image_id": 1, "category_id": 18, "bbox": [80, 40, 90, 60], "score": 0.5},
]


def test_boxes_of_coco_are_recognised_by_their_keys_and_numbers():
    assert decoded(COCO).xyxy.tolist() == [[750, 500, 850, 575], [100, 50, pytest.approx(212.5), 125]]


def test_what_was_recognised_once_counts_for_answers_that_leave_it_open():
    wire = Mapped(URL("http://host/detect"), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())
    wire.decode(answer(COCO), request, DetectionFilter())

    assert wire.decode(answer(COCO[1:]), request, DetectionFilter()).xyxy[0, 2] == pytest.approx(212.5)


@pytest.mark.parametrize(
    "content",
    [
        [],
        [[]],
        {"predictions": None},
        {"predictions": []},
        {"output": {}},
        {"output": {"boxes": [], "scores": [], "labels": []}},
        {"boxes": [], "scores": []},
        {"detections": {"objects": None}},
        {"output": "[]"},
    ],
)
def test_nothing_found_is_nothing_found_however_it_is_written(content):
    assert len(decoded(content)) == 0


def test_boxes_in_pixels_stay_where_they_are_and_shares_that_were_asked_for_too():
    content = [{"label": "cat", "score": 0.5, "box": [0.25, 0.25, 0.5, 0.75]}]

    assert decoded(content, units="pixels").xyxy.tolist() == [pytest.approx([0.3125, 0.3125, 0.625, 0.9375])]
    content.append({"label": "cat", "score": 0.5, "box": [80, 40, 160, 120]})
    assert decoded(content).xyxy[1].tolist() == [100, 50, 200, 150]


def test_one_slip_among_many_boxes_raises_no_doubt():
    content = [{"label": "cat", "score": 0.5, "box": [80, 40, 160, 120]}] * 3
    found = decoded([*content, {"label": "cat", "score": 0.5, "box": [160, 120, 80, 40]}])

    assert sound(found, SIZE)[1] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            [{"label": "cat", "score": 0.5, "bbox": [600, 400, 80, 60]}],
            r"boxes like \[600, 400, 80, 60\] cannot be left, top, right, bottom: say format=xywh",
        ),
        (
            [[600, 400, 700, 500, 15, 0.9, 7]],
            r"rows of 7 numbers came, .* say it in the address, as in box=\[0\],\[1\],\[2\],\[3\]&score=\[4\]",
        ),
        ([[600, 400, 700, 500, 15, 0.9]], "rows of 6 numbers came"),
        (
            [{"what": "cat", "where": [1, 2, 3, 4]}] * 3,
            "3 objects came, and none has a box of .*: the first is an object with 'what', 'where'; say box=PATH",
        ),
        (
            [{"label": "cat", "box": [0, 0, 0, 0]}] * 300,
            r"300 boxes came, and none has its right .* one is \[0, 0, 0, 0\]",
        ),
        ([7, 8], "a list of 2 came instead of a list of objects under predictions, .*: say boxes=PATH"),
        (["a", "b"], "2 objects came, and none has a box of four numbers: the first is the text 'a'"),
        ([{"label": "cat", "box": [None] * 4}], "1 objects came"),
    ],
)
def test_where_nothing_of_many_rows_survives_it_is_said_what_came_and_what_to_write(content, words):
    with pytest.raises(DetectorError, match=words):
        decoded(content)


def test_scores_in_per_cent_are_not_guessed_but_said_and_stay_so():
    wire = Mapped(URL("http://host/detect"), None, OPTIONS)
    request = wire.encode(picture(), DetectionFilter())
    words = "scores up to 97 came: if they are per cent, say certain=100 in the address"

    for score in (97, 0.9):
        with pytest.raises(DetectorError, match=words):
            wire.decode(answer([{"label": "cat", "score": score, "box": [8, 4, 16, 12]}]), request, DetectionFilter())
    assert len(wire.decode(answer([]), request, DetectionFilter())) == 0


def test_rows_can_be_read_as_the_address_says():
    found = decoded(
        [[15, 0.5, 80, 40, 160, 120]],
        box="[2],[3],[4],[5]",
        score="[1]",
        label="[0]",
        names=",".join(map(str, range(15))) + ",cat",
    )

    assert found.xyxy.tolist() == [[100, 50, 200, 150]]
    assert found["class_name"].tolist() == ["cat"]


def test_however_deep_it_is_nested_it_is_looked_at_for_a_moment_only():
    content = {"output": []}
    for _ in range(50):
        content = {"output": content}
    with pytest.raises(DetectorError, match="instead of a list of objects"):
        decoded(content)
    with pytest.raises(DetectorError, match="instead of a list of objects"):
        decoded({"output": "[" * 100_000})


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
        ({"certain": "sure"}, "certain in the mapping cannot be used"),
        ({"certain": "0"}, "certain in the mapping cannot be used"),
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
