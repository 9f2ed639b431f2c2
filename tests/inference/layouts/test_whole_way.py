"""Every layout, from the picture's pixels through a real ONNX graph to the pixels of the boxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.interpretation import Hints
from livevision.inference.layouts.keypoints import KEYPOINT_CONFIDENCE, KEYPOINTS
from tests.fakes.onnx_models import finding_model, ultralytics
from tests.fakes.onnx_run import found_in
from tests.fakes.rectangles import SIZES, rectangle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CENTRE = ("cx", "cy", "w", "h")
CORNERS = ("x1", "y1", "x2", "y2")
# Keypoints at the rectangle's upper left and lower right corner.
POINTS = ("x1", "y1", 0.9, "x2", "y2", 0.8)
# Bright where it is: the first prototype is 1 everywhere, and the mask is cut off at the box.
PROTOTYPES = np.concatenate((np.ones((1, 1, 160, 160)), np.zeros((1, 31, 160, 160))), axis=1).astype(np.float32)
MASK = (5.0, *[0.0] * 31)
END = {"end2end": True}


@dataclass(frozen=True)
class Family:
    """How one family would answer the rectangle with class 1, "green", at .8."""

    numbers: Sequence[str | float]
    shape: tuple[int, int, int]
    metadata: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    top: float = 1.0
    side: int = 640


FAMILIES = {
    "yolov5": Family((*CENTRE, 0.9, 0.1, 0.8 / 0.9), (1, 25200, 7)),
    "yolov8": Family((*CENTRE, 0.1, 0.8), (1, 6, 8400), ultralytics()),
    "yolov8-seg": Family((*CENTRE, 0.1, 0.8, *MASK), (1, 38, 8400), ultralytics("segment"), {"output1": PROTOTYPES}),
    "yolov8-pose": Family((*CENTRE, 0.1, 0.8, *POINTS), (1, 12, 8400), ultralytics("pose", kpt_shape=[2, 3])),
    "yolov8-obb": Family((*CENTRE, 0.1, 0.8, 0.0), (1, 7, 8400), ultralytics("obb")),
    "end-to-end": Family((*CORNERS, 0.8, 1.0), (1, 300, 6), ultralytics(**END)),
    "end-to-end-seg": Family(
        (*CORNERS, 0.8, 1.0, *MASK), (1, 300, 38), ultralytics("segment", **END), {"output1": PROTOTYPES}
    ),
    "end-to-end-pose": Family(
        (*CORNERS, 0.8, 1.0, *POINTS), (1, 300, 12), ultralytics("pose", kpt_shape=(2, 3), **END)
    ),
    "end-to-end-obb": Family((*CENTRE, 0.8, 1.0, 0.0), (1, 300, 7), ultralytics("obb", **END)),
    "yolox": Family(("cell_cx", "cell_cy", "log_w", "log_h", 0.9, 0.1, 0.8 / 0.9), (1, 3549, 7), top=255.0, side=416),
}


def model(path: Path, name: str, **more: Any) -> Path:
    family = FAMILIES[name]
    more = {"picture": (1, 3, family.side, family.side), "top": family.top, "metadata": family.metadata} | more
    return finding_model(path / "model.onnx", family.numbers, family.shape, answers=family.answers, **more)


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize("name", FAMILIES)
def test_boxes_are_where_the_object_is_in_pictures_of_any_shape(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    image, box = rectangle(size)

    (found,) = found_in(model(tmp_path, name), [image])

    assert np.abs(found.xyxy - box).max() <= 2
    assert found.confidence == pytest.approx([0.8], abs=1e-3)
    assert found.class_id.tolist() == [1]
    assert found.data["class_name"].tolist() == (["green"] if FAMILIES[name].metadata else ["1"])


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize("name", ["yolov8-pose", "end-to-end-pose"])
def test_keypoints_are_where_they_are_in_the_picture(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    image, box = rectangle(size)

    (found,) = found_in(model(tmp_path, name), [image])

    assert np.abs(found.data[KEYPOINTS].reshape(4) - box).max() <= 2
    assert found.data[KEYPOINT_CONFIDENCE] == pytest.approx(np.array([[0.9, 0.8]]))


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize("name", ["yolov8-seg", "end-to-end-seg"])
def test_a_mask_is_in_the_pictures_size_and_ends_at_its_box(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    image, box = rectangle(size)

    (found,) = found_in(model(tmp_path, name), [image])

    masks = np.asarray(found.mask)
    assert masks.shape == (1, size[1], size[0])
    rows, columns = np.nonzero(masks[0])
    ends = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    assert np.abs(ends - box).max() <= 2
    assert not set(found.data) - {"class_name"}


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize("name", ["yolov8-obb", "end-to-end-obb"])
def test_a_turned_box_has_its_corners(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    image, box = rectangle(size)

    (found,) = found_in(model(tmp_path, name), [image])

    corners = found.data[ORIENTED_BOX_COORDINATES]
    assert corners.shape == (1, 4, 2)
    ends = np.concatenate((corners[0].min(axis=0), corners[0].max(axis=0)))
    assert np.abs(ends - box).max() <= 2


@pytest.mark.parametrize("picture", [(1, 3, 640, 640), (1, 640, 640, 3)], ids=["NCHW", "NHWC"])
@pytest.mark.parametrize(("dtype", "top"), [(np.float32, 1), (np.float16, 1), (np.uint8, 255)])
def test_models_get_the_numbers_and_the_order_that_they_take(
    picture: tuple[int, ...], dtype: Any, top: float, tmp_path: Path
) -> None:
    image, box = rectangle((1280, 720))

    (found,) = found_in(model(tmp_path, "yolov8", picture=picture, dtype=dtype, top=top), [image])

    assert np.abs(found.xyxy - box).max() <= 2


def test_models_that_answer_in_half_precision_are_read_to_the_pixel(tmp_path: Path) -> None:
    image, box = rectangle((1280, 720))

    (found,) = found_in(model(tmp_path, "yolov8", gives=np.float16), [image])

    assert np.abs(found.xyxy - box).max() <= 2
    assert found.xyxy.dtype == found.confidence.dtype == np.float32


@pytest.mark.parametrize("batch", ["batch", 4], ids=["free batch", "batch of 4"])
@pytest.mark.parametrize("name", ["yolov8", "end-to-end", "yolov5"])
def test_pictures_of_different_sizes_share_a_run(name: str, batch: str | int, tmp_path: Path) -> None:
    pictures = [rectangle(size) for size in ((1280, 720), (480, 854), (31, 17))]
    path = model(tmp_path, name, picture=(batch, 3, 640, 640))

    found = found_in(path, [image for image, _ in pictures])

    assert len(found) == 3
    for detections, (_, box) in zip(found, pictures, strict=True):
        assert np.abs(detections.xyxy - box).max() <= 2


def test_a_model_with_free_sizes_takes_the_size_that_is_wanted(tmp_path: Path) -> None:
    image, box = rectangle((1280, 720))
    path = model(tmp_path, "yolov8", picture=("batch", 3, "height", "width"))

    (wide,) = found_in(path, [image], Hints(image_size=(1270, 710)))

    # At its own size rather than half of it, the edges are exact.
    assert np.abs(wide.xyxy - box).max() == 0


def test_only_what_is_wanted_comes_out(tmp_path: Path) -> None:
    image, _ = rectangle((640, 480))
    path = model(tmp_path, "yolov8-seg")

    (none,) = found_in(path, [image], keep=DetectionFilter(0.85))
    (other,) = found_in(path, [image], keep=DetectionFilter(classes=frozenset({"ripe"})))
    (wanted,) = found_in(path, [image], keep=DetectionFilter(0.9, class_confidences={"green": 0.7}))

    assert [len(none), len(other), len(wanted)] == [0, 0, 1]
