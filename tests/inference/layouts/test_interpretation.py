"""How a recognised model is used: its size, its batches, and what comes of answers that are not as they should be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from livevision.errors import DetectorError, ModelError
from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.interpretation import Hints, interpret
from livevision.inference.layouts.signature import Signature
from livevision.inference.soundness import sound
from tests.fakes.onnx_models import ultralytics
from tests.fakes.signatures import FREE, signature

IMAGE = np.zeros((480, 640, 3), np.uint8)


def answers(*columns: tuple[float, ...], shape: tuple[int, int, int] = (1, 6, 8400)) -> np.ndarray:
    """Make the output of a YOLOv8 of two classes, empty but for the first few columns."""
    output = np.zeros(shape, np.float32)
    for number, column in enumerate(columns):
        output[0, :, number] = column
    return output


def detect(what: Signature, outputs: list[Any], keep: DetectionFilter | None = None) -> Any:
    found = interpret(what)
    _, fitted = found.feeds([IMAGE])
    return found.detections(outputs, fitted[0], keep or DetectionFilter())


YOLOV8 = signature((1, 6, 8400), metadata=ultralytics())


@pytest.mark.parametrize(
    ("picture", "metadata", "wanted", "expected"),
    [
        ((1, 3, 480, 640), {}, None, (640, 480)),
        ((1, 3, 480, 640), {}, (640, 480), (640, 480)),
        ((1, 3, 480, 640), {"imgsz": "[320, 320]"}, None, (640, 480)),
        (FREE, {}, None, (640, 640)),
        (FREE, {"imgsz": "[320, 416]"}, None, (416, 320)),
        (FREE, {"imgsz": "320"}, None, (320, 320)),
        (FREE, {"imgsz": "[320, 416]"}, (641, 100), (672, 128)),
        (FREE, {"imgsz": "[9999999, 1]"}, None, (640, 640)),
        ((1, 3, None, 640), {}, None, (640, 640)),
        ((1, None, None, 3), {}, (320, 256), (320, 256)),
    ],
)
def test_the_size_is_the_models_own_or_else_the_wanted_one(
    picture: Any, metadata: dict[str, str], wanted: Any, expected: tuple[int, int]
) -> None:
    what = signature((1, 84, None), picture=picture, metadata=metadata)

    assert interpret(what, Hints(image_size=wanted)).size == expected


def test_another_size_than_the_models_only_one_is_refused() -> None:
    with pytest.raises(ModelError, match="takes 640x640 pictures only, not 320x320: leave --imgsz out"):
        interpret(YOLOV8, Hints(image_size=(320, 320)))


def test_a_size_without_bounds_is_refused() -> None:
    with pytest.raises(ModelError, match="out of bounds"):
        interpret(signature((1, 84, None), picture=FREE), Hints(image_size=(1_000_000, 32)))


@pytest.mark.parametrize(
    ("picture", "output", "expected"),
    [
        ((None, 3, 640, 640), (None, 84, 8400), True),
        ((1, 3, 640, 640), (1, 84, 8400), False),
        ((None, 3, 640, 640), (1, 84, 8400), False),
    ],
)
def test_only_models_with_a_free_batch_axis_everywhere_are_batched(picture: Any, output: Any, expected: bool) -> None:
    assert interpret(signature(output, picture=picture)).is_batchable is expected


def test_a_batch_is_parted_picture_by_picture() -> None:
    found = interpret(signature((None, 84, 8400), picture=(None, 3, 640, 640)))
    outputs = [np.arange(3)[:, None], np.arange(3)]

    assert [[each.tolist() for each in part] for part in found.split(outputs, 3)] == [
        [[[0]], [0]],
        [[[1]], [1]],
        [[[2]], [2]],
    ]


def test_outputs_of_one_picture_stay_whole_even_without_a_batch_axis() -> None:
    (part,) = interpret(YOLOV8).split([np.zeros((300, 4))], 1)

    assert part[0].shape == (300, 4)


def test_numbers_that_are_none_neither_crash_nor_win() -> None:
    nan, inf = math.nan, math.inf
    output = answers(
        (320, 320, 100, 100, nan, 0.8),  # one class is none: the other one counts
        (320, 320, 100, 100, nan, nan),
        (320, 320, 100, 100, inf, 0.1),
        (nan, 320, 100, 100, 0.0, 0.9),  # no boxes at all: counted afterwards
        (inf, 320, inf, 100, 0.0, 0.85),
    )

    found = detect(YOLOV8, [output])
    kept, left_out = sound(found, (640, 480))

    assert kept.confidence == pytest.approx([0.8])
    assert kept.data["class_name"].tolist() == ["green"]
    assert left_out == 2


@pytest.mark.parametrize(
    ("what", "shape"),
    [
        (YOLOV8, (1, 6, 8400)),
        (signature((1, 25200, 7)), (1, 25200, 7)),
        (signature((1, 8400, 7)), (1, 8400, 7)),
        (signature((1, 300, 6)), (1, 300, 6)),
        (signature((1, 7, 8400), metadata=ultralytics("obb")), (1, 7, 8400)),
        (signature((1, 56, 8400), metadata=ultralytics("pose", kpt_shape=[17, 3], names={0: "person"})), (1, 56, 8400)),
    ],
    ids=["yolov8", "yolov5", "yolox", "end-to-end", "obb", "pose"],
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 60_000.0])
def test_a_model_gone_mad_gives_nothing_that_could_be_drawn(what: Any, shape: Any, dtype: Any, number: float) -> None:
    try:
        found = detect(what, [np.full(shape, number, dtype)])
    except DetectorError as said:
        assert "has no numbers" in str(said)  # noqa: PT017
        assert not math.isfinite(number)
        return

    kept, _ = sound(found, (640, 480))

    assert len(kept) == 0


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_an_answer_without_numbers_is_no_empty_scene(number: float) -> None:
    with pytest.raises(DetectorError, match="has no numbers, but NaN or infinity"):
        detect(YOLOV8, [np.full((1, 6, 8400), number, np.float32)])


def test_a_few_numbers_that_are_none_are_an_empty_scene() -> None:
    assert len(detect(YOLOV8, [answers((math.nan, 320, 100, 100, 0.1, math.nan))])) == 0


def test_the_surest_are_kept_and_come_first() -> None:
    output = answers(*((50 + 60 * n, 320, 40, 40, 0.3 + n / 20, 0) for n in range(8)))

    found = detect(YOLOV8, [output], DetectionFilter(most=3))

    assert found.confidence == pytest.approx([0.65, 0.6, 0.55])


def test_what_is_not_wanted_takes_no_ones_place() -> None:
    output = answers(*((50 + 60 * n, 320, 40, 40, 0.9, 0) for n in range(8)), (320, 500, 40, 40, 0, 0.4))

    for keep in (
        DetectionFilter(classes=frozenset({"GREEN"}), most=1),
        DetectionFilter(0.95, class_confidences={"green": 0.3}, most=1),
    ):
        assert detect(YOLOV8, [output], keep).data["class_name"].tolist() == ["green"]


def test_overlap_is_the_familys_unless_another_one_is_wanted() -> None:
    output = answers((320, 320, 100, 100, 0.9, 0), (320, 340, 100, 100, 0.8, 0))  # two thirds in common

    assert len(detect(YOLOV8, [output])) == 2
    assert len(detect(YOLOV8, [output], DetectionFilter(iou=0.5))) == 1


def test_models_that_suppress_overlaps_themselves_are_believed_unless_told_otherwise() -> None:
    what = signature((1, 300, 6), metadata=ultralytics(end2end=True))
    output = np.zeros((1, 300, 6), np.float32)
    output[0, :2] = (100, 100, 200, 200, 0.9, 1), (101, 100, 200, 200, 0.8, 1)

    assert len(detect(what, [output])) == 2
    assert len(detect(what, [output], DetectionFilter(iou=0.5))) == 1


def test_a_class_beyond_all_names_is_called_by_its_number() -> None:
    output = np.zeros((1, 300, 6), np.float32)
    output[0, :3] = (100, 100, 200, 200, 0.9, 7), (300, 100, 400, 200, 0.8, 1e30), (300, 300, 400, 400, 0.7, math.nan)

    found = detect(signature((1, 300, 6), metadata=ultralytics(end2end=True)), [output])

    assert found.data["class_name"].tolist() == ["7"]


@pytest.mark.parametrize(
    "output", [np.zeros((1, 3, 8400)), np.zeros((8400,)), np.zeros((0, 6, 8400)), np.zeros((1, 1, 1))], ids=str
)
def test_an_answer_of_another_shape_is_said_in_one_line(output: Any) -> None:
    with pytest.raises(DetectorError, match=r"cannot be read as yolov8: it gave float64\[.*--layout") as failed:
        detect(YOLOV8, [output])

    assert "\n" not in str(failed.value)


def test_the_mask_follows_the_object_and_not_the_box() -> None:
    """Prototypes that are bright left of the model's middle: the mask ends there, halfway through the box."""
    what = signature((1, 38, 8400), (1, 32, 160, 160), metadata=ultralytics("segment"))
    output = answers((320, 320, 200, 100, 0.9, 0, 1, *[0] * 31), shape=(1, 38, 8400))
    prototypes = np.zeros((1, 32, 160, 160), np.float16)
    prototypes[0, 0] = -1
    prototypes[0, 0, :, :80] = 1

    found = detect(what, [output, prototypes])

    rows, columns = np.nonzero(np.asarray(found.mask)[0])
    # The picture, 640x480, is 80 pixels below the model's upper edge.
    assert (columns.min(), rows.min(), rows.max()) == (220, 190, 290)
    assert abs(columns.max() - 320) <= 2


def test_a_mask_of_a_box_that_is_none_is_empty() -> None:
    what = signature((1, 38, 8400), (1, 32, 160, 160), metadata=ultralytics("segment"))
    bad = ((math.nan, 320, 200, 100), (320, 320, -200, 100), (9000, 320, 10, 10), (320, 320, math.inf, 100))
    columns = [(*box, 0.9, 0, *[math.nan] * 32) for box in bad]

    found = detect(what, [answers(*columns, shape=(1, 38, 8400)), np.ones((1, 32, 160, 160), np.float32)])

    assert len(found) == len(bad)
    assert not np.asarray(found.mask).any()
