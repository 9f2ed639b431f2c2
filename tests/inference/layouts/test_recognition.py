"""Which layout a model is taken for, and what is said where that cannot be known."""

from __future__ import annotations

from typing import Any

import pytest

from livevision.errors import ModelError
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.registry import LAYOUTS
from tests.fakes.onnx_models import ultralytics
from tests.fakes.signatures import FREE, signature

PROTOTYPES = (1, 32, 160, 160)
YOLOV5 = {"stride": "32", "names": "['ripe', 'green']"}
COCO = {number: str(number) for number in range(80)}


def names(count: int) -> dict[str, Any]:
    return {"names": {number: f"kind {number}" for number in range(count)}}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (signature((1, 84, 8400)), "yolov8"),
        (signature((1, 84, 2100), picture=(1, 3, 320, 320)), "yolov8"),
        (signature((1, 84, 8500)), "yolov8"),
        (signature((1, 84, 34000)), "yolov8"),
        (signature((1, 7, 8400)), "yolov8"),
        (signature((1, 84, None), picture=FREE, metadata=ultralytics(names=COCO)), "yolov8"),
        (signature((None, None, None), picture=FREE, metadata=ultralytics(names=COCO)), "yolov8"),
        (signature((1, 56, 8400), metadata=ultralytics(**names(52))), "yolov8"),
        (signature((1, 8400, 84), metadata=ultralytics(names=COCO)), "yolov8"),
        (signature((1, 116, 8400), PROTOTYPES), "yolov8-seg"),
        (signature(PROTOTYPES, (1, 116, 8400)), "yolov8-seg"),
        (signature((1, 56, 8400), metadata=ultralytics("pose", kpt_shape=[17, 3], names={0: "person"})), "yolov8-pose"),
        (signature((1, 20, 21504), picture=(1, 3, 1024, 1024), metadata=ultralytics("obb", **names(15))), "yolov8-obb"),
        (signature((1, 25200, 85)), "yolov5"),
        (signature((1, 25200, 85), (1, 3, 80, 80, 85), (1, 3, 40, 40, 85), (1, 3, 20, 20, 85)), "yolov5"),
        (signature((None, None, 7), picture=FREE, metadata=YOLOV5), "yolov5"),
        (signature((1, 3549, 85), picture=(1, 3, 416, 416)), "yolox"),
        (signature((1, 8400, 6)), "yolox"),
        (signature((1, 8400, 85)), "yolox"),
        (signature((1, 300, 6)), "end-to-end"),
        (signature((1, 300, 6), metadata=ultralytics(end2end=True)), "end-to-end"),
        (signature((1, 300, 6), metadata=ultralytics(description="Ultralytics YOLOv10n model")), "end-to-end"),
        (signature((None, 300, None), picture=FREE, metadata=ultralytics(end2end=True)), "end-to-end"),
        (signature((1, 100, 6), metadata=ultralytics(args={"nms": True})), "end-to-end"),
        (signature((1, 300, 38), PROTOTYPES), "end-to-end-seg"),
        (signature((1, 300, 38), PROTOTYPES, metadata=ultralytics("segment", args={"nms": True})), "end-to-end-seg"),
        (
            signature((1, 300, 57), metadata=ultralytics("pose", kpt_shape=[17, 3], end2end=True)),
            "end-to-end-pose",
        ),
        (signature((1, 300, 7), metadata=ultralytics("obb", end2end=True)), "end-to-end-obb"),
        (
            signature((1, 300, 84), metadata=ultralytics(description="Ultralytics rtdetr-l model", names=COCO)),
            "ultralytics-rtdetr",
        ),
        (
            signature((None, 300, None), picture=FREE, metadata=ultralytics(description="Ultralytics rtdetr-l model")),
            "ultralytics-rtdetr",
        ),
        # Nothing but the metadata tells these from 296 classes for any number of cells.
        (signature((None, 300, None), picture=FREE, metadata={"task": "detect", "end2end": "True"}), "end-to-end"),
        (
            signature((None, 300, None), picture=FREE, metadata={"task": "detect", "description": "rtdetr-l"}),
            "ultralytics-rtdetr",
        ),
        (signature((1, 300, 84)), "ultralytics-rtdetr"),
        (signature((1, 300, 84), picture=FREE), "ultralytics-rtdetr"),
    ],
    ids=str,
)
def test_a_model_that_only_one_layout_fits_is_recognised(what: Any, expected: str) -> None:
    found = interpret(what)

    assert found.layout.name == expected
    assert found.evidence[0]


@pytest.mark.parametrize(
    ("what", "either"),
    [
        # 52 classes, or a person with 17 keypoints.
        (signature((1, 56, 8400)), ["yolov8", "yolov8-pose"]),
        # 16 classes, or 5 keypoints of a face, or 15 classes of turned boxes.
        (signature((1, 20, 8400)), ["yolov8", "yolov8-pose", "yolov8-obb"]),
        # 79 classes of YOLOX, or COCO's 80 of a YOLOv8 that someone turned.
        (signature((1, 8400, 84)), ["yolov8", "yolox"]),
        # YOLOX, or YOLOv6.
        (signature((1, 8400, 85), names=("outputs",)), ["yolov5", "yolox"]),
        (signature((1, 25200, 85), picture=FREE), ["yolov5", "yolox"]),
        (signature((1, None, 85), picture=FREE), ["yolov5", "yolox"]),
        (signature((1, 300, 7)), ["end-to-end-obb", "ultralytics-rtdetr"]),
        (signature((1, 300, 57)), ["end-to-end-pose", "ultralytics-rtdetr"]),
        (signature((None, None, None), picture=FREE), ["yolov5", "yolov8", "yolox", "end-to-end"]),
    ],
    ids=str,
)
def test_what_fits_two_layouts_is_refused_with_both_and_the_way_out(what: Any, either: list[str]) -> None:
    with pytest.raises(ModelError) as refused:
        interpret(what)

    said = str(refused.value)
    could_be = said.partition("that could be ")[2].partition(": say which")[0]
    assert could_be
    for name in either:
        assert name in could_be
    assert "--layout NAME" in said
    assert ".json" in said
    assert "\n" not in said
    assert len(said) < 800


@pytest.mark.parametrize("name", ["yolov8", "yolov8-pose"])
def test_the_user_decides_what_fits_two(name: str) -> None:
    assert interpret(signature((1, 56, 8400)), Hints(layout=name)).layout.name == name


def test_the_number_of_names_decides_what_fits_two() -> None:
    what = signature((1, 20, 8400))

    assert interpret(what, Hints(names=tuple("abcdefghijklmnop"))).layout.name == "yolov8"
    assert interpret(what, Hints(names=tuple("abcdefghijklmno"))).layout.name == "yolov8-obb"


@pytest.mark.parametrize(
    "what",
    [
        signature((1, 1000), picture=(1, 3, 224, 224)),
        signature((1, 25200, 117), PROTOTYPES),
        signature((1, 84, 1234)),
        signature(()),
        signature(),
        signature((1, 84, 8400), metadata=ultralytics("classify")),
    ],
    ids=str,
)
def test_what_no_layout_fits_is_refused_with_what_was_seen(what: Any) -> None:
    with pytest.raises(ModelError, match="no known layout fits") as refused:
        interpret(what)

    said = str(refused.value)
    assert "images float32[" in said
    assert "--layout NAME" in said
    for layout in LAYOUTS:
        assert layout.name in said


def test_a_layout_that_cannot_read_the_model_is_refused_before_the_first_picture() -> None:
    with pytest.raises(ModelError, match=r"layout yolox does not fit: .*output0 float32\[1,84,8400\].*84 answers"):
        interpret(signature((1, 84, 8400)), Hints(layout="yolox", names=("person",)))


def test_a_layout_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ModelError, match="no layout 'yolov99'; known are yolov5, yolov8"):
        interpret(signature((1, 84, 8400)), Hints(layout="yolov99"))


def test_a_layout_is_found_whatever_its_case() -> None:
    assert interpret(signature((1, 84, 8400)), Hints(layout="YOLOv8")).layout.name == "yolov8"


def test_layouts_have_names_of_their_own() -> None:
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS)


@pytest.mark.parametrize(
    ("picture", "dtype", "words"),
    [
        ((1, 4, 640, 640), "float32", "takes pictures of 4 channels"),
        ((1, 640, 640, 640), "float32", "takes no colour pictures"),
        ((1, 3, 8, 640, 640), "float32", "takes no colour pictures"),
        ((1, 3, 640, 640), "int8", "takes pictures as int8"),
        ((1, 3, 100_000, 100_000), "float32", "out of bounds"),
    ],
)
def test_pictures_that_cannot_be_given_are_refused(picture: Any, dtype: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        interpret(signature((1, 84, 8400), picture=picture, dtype=dtype))


def test_names_of_tensors_cannot_fill_the_screen() -> None:
    with pytest.raises(ModelError) as refused:
        interpret(signature((1, 3), names=("\x1b[2Jx\n" * 100_000,)))

    assert len(str(refused.value)) < 800
    assert "\x1b" not in str(refused.value)
    assert "\n" not in str(refused.value)
