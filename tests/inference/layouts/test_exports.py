"""What exporters really write: small graphs with the outputs and the metadata of real exports.

`tests/benchmarks/exports.py` compares the whole of it with the real package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livevision.errors import DetectorError, ModelError
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.keypoints import KEYPOINTS
from tests.fakes.onnx_models import finding_model, ultralytics
from tests.fakes.onnx_run import found_in
from tests.fakes.rectangles import SIZES, rectangle
from tests.fakes.signatures import signature

if TYPE_CHECKING:
    from pathlib import Path

TODAY = {"version": "8.4.190", "channels": 3, "end2end": False}
"""Of metadata that every export has since 2026."""
ARGS = {"data": None, "batch": 1, "quantize": None, "nms": None, "dynamic": False, "simplify": True, "opset": None}
COCO = {number: str(number) for number in range(80)}
SHARE = ("share_cx", "share_cy", "share_w", "share_h")


def today(task: str = "detect", **more: Any) -> dict[str, str]:
    return ultralytics(task, **(TODAY | {"head": "Detect", "args": ARGS} | more))


def rtdetr(**more: Any) -> dict[str, str]:
    return today(**({"description": "Ultralytics rtdetr-l model", "head": "RTDETRDecoder"} | more))


@pytest.mark.parametrize(
    ("shape", "metadata", "layout"),
    [
        ((1, 84, 8400), today(description="Ultralytics YOLOv10n model", head="v10Detect", names=COCO), "yolov8"),
        (
            (1, 300, 6),
            today(description="Ultralytics YOLOv10n model", head="v10Detect", names=COCO, end2end=True),
            "end-to-end",
        ),
        ((1, 300, 6), today(description="Ultralytics YOLOv10n model", args=ARGS | {"nms": True}), "end-to-end"),
        ((1, 300, 6), ultralytics(description="Ultralytics YOLOv10n model"), "end-to-end"),
        ((1, 84, 8400), ultralytics(description="Ultralytics YOLOv10n model", names=COCO), "yolov8"),
        ((1, 84, 8400), today(description="Ultralytics YOLO26n model", names=COCO), "yolov8"),
        ((1, 300, 6), rtdetr(names=COCO), "ultralytics-rtdetr"),
        ((1, 300, 6), rtdetr(description="Ultralytics yard model", names={0: "ripe"}), "ultralytics-rtdetr"),
        ((1, 300, 84), rtdetr(names=COCO), "ultralytics-rtdetr"),
    ],
    ids=str,
)
def test_what_the_metadata_say_goes_before_the_name(shape: Any, metadata: dict[str, str], layout: str) -> None:
    assert interpret(signature(shape, metadata=metadata)).layout.name == layout


@pytest.mark.parametrize(
    ("shape", "metadata"),
    [
        ((1, 84, 8400), today(names={0: "ripe", 1: "green"})),
        ((1, 300, 84), rtdetr(names={0: "ripe", 1: "green"})),
        ((1, 84, 8400), today(end2end=True, names=COCO)),
        ((1, 300, 6), today(names=COCO)),
    ],
    ids=str,
)
def test_a_contradiction_is_a_question(shape: Any, metadata: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="say which with --layout") as refused:
        interpret(signature(shape, metadata=metadata))
    assert str(list(shape)).replace(" ", "") in str(refused.value)


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize("score_class", [(0.8, 1.0), (0.8, 0.0), (0.8, 57.0)], ids=str)
@pytest.mark.parametrize("names", [{0: "ripe", 1: "green"}, COCO], ids=["two names", "80 names"])
def test_rtdetr_with_score_and_class(tmp_path: Path, size: Any, score_class: Any, names: Any) -> None:
    image, box = rectangle(size)
    path = finding_model(tmp_path / "m.onnx", (*SHARE, *score_class), (1, 300, 6), metadata=rtdetr(names=names))
    # Stretched: measured from 0 to 1 there, it is the same share of the picture.
    (found,) = found_in(path, [image])
    assert np.abs(found.xyxy - box).max() <= 2 + max(size) / 640
    assert found.confidence == pytest.approx([0.8])
    assert found.class_id.tolist() == [score_class[1]]


def test_rtdetr_with_the_scores_of_two_classes(tmp_path: Path) -> None:
    image, box = rectangle((640, 480))
    path = finding_model(tmp_path / "m.onnx", (*SHARE, 0.3, 0.8), (1, 300, 6), metadata=rtdetr())
    (found,) = found_in(path, [image])
    assert np.abs(found.xyxy - box).max() <= 3
    assert (found.confidence, found.class_id.tolist()) == (pytest.approx([0.8]), [1])


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize(
    ("numbers", "shape", "metadata"),
    [
        ((*SHARE, 0.1, 0.8), (1, 6, 8400), today()),
        ((*SHARE, 0.9, 0.1, 0.8 / 0.9), (1, 25200, 7), {}),
        (("share_x1", "share_y1", "share_x2", "share_y2", 0.8, 1.0), (1, 300, 6), today(end2end=True)),
        ((*SHARE, 0.1, 0.8, 0.0), (1, 7, 8400), today("obb")),
        ((*SHARE, 0.8, 1.0, 0.0), (1, 300, 7), today("obb", end2end=True)),
    ],
    ids=["yolov8", "yolov5", "end-to-end", "obb", "end-to-end-obb"],
)
def test_boxes_from_0_to_1(tmp_path: Path, size: Any, numbers: Any, shape: Any, metadata: Any) -> None:
    image, box = rectangle(size)
    (found,) = found_in(finding_model(tmp_path / "m.onnx", numbers, shape, metadata=metadata), [image])
    assert np.abs(found.xyxy - box).max() <= 2
    assert found.class_id.tolist() == [1]


def test_keypoints_go_with_boxes_from_0_to_1(tmp_path: Path) -> None:
    image, box = rectangle((1280, 720))
    numbers = (*SHARE, 0.1, 0.8, "share_x1", "share_y1", 0.9, "share_x2", "share_y2", 0.9)
    path = finding_model(tmp_path / "m.onnx", numbers, (1, 12, 8400), metadata=today("pose", kpt_shape=[2, 3]))
    (found,) = found_in(path, [image])
    assert np.abs(found.data[KEYPOINTS].reshape(4) - box).max() <= 2


def test_centres_are_not_taken_for_corners(tmp_path: Path) -> None:
    image, _ = rectangle((640, 480))
    path = finding_model(tmp_path / "m.onnx", (*SHARE, 0.8, 57.0), (1, 300, 6))
    with pytest.raises(DetectorError, match=r"as RT-DETR's.*say which with --layout"):
        found_in(path, [image])
    (found,) = found_in(path, [image], Hints(layout="ultralytics-rtdetr"))
    assert found.class_id.tolist() == [57]


@pytest.mark.parametrize("picture", [(1, 1, 640, 640), (1, 640, 640, 1)], ids=["NCHW", "NHWC"])
@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_a_grey_model_gets_the_luma(tmp_path: Path, size: Any, picture: Any) -> None:
    image, box = rectangle(size)
    path = finding_model(
        tmp_path / "m.onnx",
        ("cx", "cy", "w", "h", 0.1, 0.8),
        (1, 6, 8400),
        picture=picture,
        metadata=today(channels=1),
    )
    (found,) = found_in(path, [image])
    assert np.abs(found.xyxy - box).max() <= 2


def test_grey_is_what_the_eye_sees() -> None:
    what = interpret(signature((1, 6, 8400), picture=(1, 1, 640, 640), metadata=today(channels=1)))
    image = np.random.default_rng(1).integers(0, 256, (640, 640, 3), np.uint8)
    feeds, _ = what.feeds([image])
    given = feeds["images"]
    assert given.shape == (1, 1, 640, 640)
    blue, green, red = image.astype(float).transpose(2, 0, 1)
    # ITU-R BT.601, by which pictures are made grey.
    assert np.abs(given[0, 0] * 255 - (0.299 * red + 0.587 * green + 0.114 * blue)).max() < 1
    assert "grey" in what.evidence[2]


def test_a_free_colour_axis_is_what_the_metadata_say() -> None:
    what = signature((1, 6, None), picture=(None, None, None, None), metadata=today(channels=1))
    assert interpret(what).feeds([np.zeros((64, 64, 3), np.uint8)])[0]["images"].shape[1] == 1
    with pytest.raises(ModelError, match="takes pictures of 4 channels"):
        interpret(signature((1, 6, None), picture=(None, None, None, None), metadata=today(channels=4)))


def test_a_narrow_grey_input_is_no_picture_of_one_row() -> None:
    what = interpret(signature((1, 6, None), picture=(1, 1, 96, 3)), Hints(layout="yolov8"))
    assert what.size == (3, 96)
