"""ONNX models that find the one bright rectangle in a picture, and answer as transformers and SSDs do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from onnx import helper

from tests.fakes.onnx_models import bright_constants, bright_nodes, save, value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import onnx

# x1, y1, x2, y2 times this is cx, cy, w, h.
_CENTRED = np.array([[0.5, 0, -1, 0], [0, 0.5, 0, -1], [0.5, 0, 1, 0], [0, 0.5, 0, 1]], np.float32)


def picture_with(box: tuple[int, int, int, int], size: tuple[int, int]) -> np.ndarray:
    """Draw a white rectangle, x1, y1, x2, y2 with the far sides left out, into a black picture of (width, height)."""
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    x1, y1, x2, y2 = box
    cv2.rectangle(picture, (x1, y1), (x2 - 1, y2 - 1), (255, 255, 255), -1)
    return picture


def _seen(source: str, size: tuple[int, int], colours: int = 1) -> list[onnx.NodeProto]:
    """Yield ``share``, ``[batch,1,4]``: x1, y1, x2, y2 from 0 to 1."""
    return [
        *bright_nodes(source, colours),
        helper.make_node("Concat", ["x1", "y1", "x2", "y2"], ["corners"], axis=2),
        helper.make_node("Div", ["corners", "sides"], ["share"]),
        helper.make_node("MatMul", ["share", "centring"], ["centred"]),
        helper.make_node("Mul", ["x1", "none"], ["nothing"]),
        helper.make_node("Add", ["nothing", "answer"], ["scores_row"]),
    ]


def _constants(size: tuple[int, int], scores: list[float], top: float) -> dict[str, np.ndarray]:
    return bright_constants(top) | {
        "sides": np.array(size * 2, np.float32).reshape(1, 1, 4),
        "centring": _CENTRED,
        "none": np.zeros((), np.float32),
        "answer": np.array(scores, np.float32).reshape(1, 1, -1),
    }


def ultralytics_rtdetr(
    path: Path,
    scores: list[float],
    size: tuple[int, int] = (64, 64),
    batch: int | None = 1,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write a model that answers ``[batch, 300, 4+classes]``, the rectangle in its first row."""
    nodes = [
        *_seen("images", size),
        helper.make_node("Concat", ["centred", "scores_row"], ["row"], axis=2),
        helper.make_node("Pad", ["row", "padding"], ["output0"]),
    ]
    constants = _constants(size, scores, 1.0) | {"padding": np.array([0, 0, 0, 0, 299, 0], np.int64)}
    outputs = [value("output0", ("batch" if batch is None else batch, 300, 4 + len(scores)))]
    pictures = value("images", ("batch" if batch is None else batch, 3, size[1], size[0]))
    return save(path, nodes, [pictures], outputs, constants, metadata)


def rt_detr(
    path: Path, label: int, score: float, size: tuple[int, int], batched: bool, weights: str = "model.backbone.stem"
) -> Path:
    """Write a model that takes the picture's size, and answers labels, boxes and scores, with a batch axis or not.

    ``weights`` is what one of its weights is called; their exporters keep the network's names.
    """
    nodes = [
        *_seen("images", size),
        helper.make_node("Cast", ["orig_target_sizes"], ["width_height"], to=1),
        helper.make_node("Concat", ["width_height", "width_height"], ["twice"], axis=1),
        helper.make_node("Unsqueeze", ["twice", "row_axis"], ["factors"]),
        helper.make_node("Mul", ["share", "factors"], ["boxes_all"]),
        helper.make_node("Squeeze", ["scores_row", "last_axis"], ["scores_all"]),
        helper.make_node("Cast", ["nothing"], ["nothing_whole"], to=7),
        helper.make_node("Add", ["nothing_whole", "label"], ["labels_row"]),
        helper.make_node("Squeeze", ["labels_row", "last_axis"], ["labels_all"]),
    ]
    for name in ("labels", "boxes", "scores"):
        end = ("Identity", [f"{name}_all"]) if batched else ("Squeeze", [f"{name}_all", "first_axis"])
        nodes.append(helper.make_node(*end, [name]))
    constants = _constants(size, [score], 1.0) | {
        "row_axis": np.array([1], np.int64),
        "first_axis": np.array([0], np.int64),
        "label": np.array(label, np.int64),
        weights: np.zeros(1, np.float32),
    }
    batch = ("N",) if batched else ()
    inputs = [
        value("images", (*(batch or (1,)), 3, size[1], size[0])),
        value("orig_target_sizes", (*(batch or (1,)), 2), np.int64),
    ]
    outputs = [value("labels", (*batch, 1), np.int64), value("boxes", (*batch, 1, 4)), value("scores", (*batch, 1))]
    return save(path, nodes, inputs, outputs, constants)


def rf_detr(path: Path, logits: list[float], size: tuple[int, int] = (64, 64)) -> Path:
    """Write a model that answers ``dets`` and ``labels``: one query, and a logit for each slot."""
    nodes = [
        *_seen("input", size),
        helper.make_node("Identity", ["centred"], ["dets"]),
        helper.make_node("Identity", ["scores_row"], ["labels"]),
    ]
    inputs = [value("input", (1, 3, size[1], size[0]))]
    outputs = [value("dets", (1, 1, 4)), value("labels", (1, 1, len(logits)))]
    # White and black lie on either side of 0, whatever ImageNet's mean and deviation.
    return save(path, nodes, inputs, outputs, _constants(size, logits, 0.0))


def ssd(path: Path, scores: list[float], names: tuple[str, str] = ("scores", "boxes")) -> Path:
    """Write a model as PyTorch's SSDs are exported: 320x240, scores first, the rectangle seen twice."""
    size = (320, 240)
    nodes = [
        *_seen("input", size),
        helper.make_node("Concat", ["share", "share"], [names[1]], axis=1),
        helper.make_node("Concat", ["scores_row", "scores_row"], [names[0]], axis=1),
    ]
    outputs = [value(names[0], (1, 2, len(scores))), value(names[1], (1, 2, 4))]
    return save(path, nodes, [value("input", (1, 3, 240, 320))], outputs, _constants(size, scores, 0.0))


def ssd_tf(path: Path, scores: list[float]) -> Path:
    """Write a model as TensorFlow's SSDs are exported: bytes, colours last, y before x."""
    size = (320, 240)
    nodes = [
        *_seen("image", size, colours=3),
        helper.make_node("Gather", ["share", "y_first"], ["boxes"], axis=2),
        helper.make_node("Identity", ["scores_row"], ["scores"]),
    ]
    constants = _constants(size, scores, 255.0) | {"y_first": np.array([1, 0, 3, 2], np.int64)}
    outputs = [value("boxes", (1, 1, 4)), value("scores", (1, 1, len(scores)))]
    return save(path, nodes, [value("image", (1, 240, 320, 3), np.uint8)], outputs, constants)
