"""A model that costs as much as a small YOLO at 640, and answers some objects: made up, but as much work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import helper

from tests.fakes.onnx_models import save, ultralytics, value

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 640
ANCHORS = 8400
CLASSES = 80
OBJECTS = 20
SEEN_BY = 5
"""Anchors that find each object: the rest of the work is to tell that they are one."""
LAYERS = ((3, 16, 2), (16, 32, 2), (32, 64, 2), *[(64, 64, 1)] * 4, (64, 128, 2), *[(128, 128, 1)] * 4)
"""Convolutions of 3x3: channels in, channels out, stride.  2.3 thousand million multiplications a picture."""


def write_heavy_model(path: Path) -> Path:
    """Write a YOLOv8 detection model ``[1,84,8400]`` of :data:`CLASSES` classes."""
    random = np.random.default_rng(1)
    constants = {"answer": _answer(random), "nought": np.zeros((), np.float32)}
    nodes, layer = [], "images"
    for index, (inputs, outputs, stride) in enumerate(LAYERS):
        weights = random.normal(0, (9 * inputs) ** -0.5, (outputs, inputs, 3, 3))
        constants[f"weights{index}"] = weights.astype(np.float32)
        convolved, layer_after = f"conv{index}", f"layer{index}"
        nodes.append(
            helper.make_node(
                "Conv",
                [layer, f"weights{index}"],
                [convolved],
                kernel_shape=[3, 3],
                strides=[stride, stride],
                pads=[1, 1, 1, 1],
            )
        )
        nodes.append(helper.make_node("Relu", [convolved], [layer_after]))
        layer = layer_after
    nodes += [
        helper.make_node("ReduceMean", [layer], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nought"], ["nothing"]),
        helper.make_node("Add", ["answer", "nothing"], ["output0"]),
    ]
    shape = (1, 4 + CLASSES, ANCHORS)
    names = {index: f"kind {index}" for index in range(CLASSES)}
    metadata = ultralytics(names=names)
    return save(path, nodes, [value("images", (1, 3, SIDE, SIDE))], [value("output0", shape)], constants, metadata)


def _answer(random: np.random.Generator) -> np.ndarray:
    answer = np.zeros((1, 4 + CLASSES, ANCHORS), np.float32)
    answer[:, :2] = random.uniform(0, SIDE, (1, 2, ANCHORS))
    answer[:, 2:4] = random.uniform(8, 200, (1, 2, ANCHORS))
    answer[:, 4:] = random.uniform(0, 0.02, (1, CLASSES, ANCHORS))
    for index in range(OBJECTS):
        anchors = random.choice(ANCHORS, SEEN_BY, replace=False)
        centre = np.array([80 + 120 * (index % 5), 200 + 80 * (index // 5)])
        answer[0, :2, anchors] = centre + random.uniform(-3, 3, (SEEN_BY, 2))
        answer[0, 2:4, anchors] = (60, 50)
        answer[0, 4 + index % CLASSES, anchors] = random.uniform(0.4, 0.95, SEEN_BY)
    return answer
