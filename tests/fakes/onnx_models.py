"""Small ONNX models made for a test: what they answer is known beforehand, or computed from the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Shape = Sequence[int | str | None]

OPSET = 17
IR_VERSION = 8


def element_type(dtype: Any) -> int:
    """Return ONNX's number for a NumPy type."""
    return helper.np_dtype_to_tensor_dtype(np.dtype(dtype))


def value(name: str, shape: Shape | None, dtype: Any = np.float32) -> onnx.ValueInfoProto:
    """Declare an input or output; a free size is None or has a name."""
    return helper.make_tensor_value_info(name, element_type(dtype), shape)


def save(  # one argument for each part of a model
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    constants: Mapping[str, Array] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write a model of these nodes."""
    initializers = [numpy_helper.from_array(array, name) for name, array in (constants or {}).items()]
    graph = helper.make_graph(list(nodes), "test", list(inputs), list(outputs), initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    for key, text in (metadata or {}).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, text
    path.write_bytes(model.SerializeToString())
    return path


def constant_model(
    path: Path,
    answers: Mapping[str, Array],
    picture: Shape = (1, 3, 640, 640),
    dtype: Any = np.float32,
    shapes: Mapping[str, Shape] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write a model that takes ``images`` and answers the same arrays whatever is in them.

    Where the picture's first size is free, the answers are repeated for each picture of a batch.  ``shapes`` are what
    the model declares for its outputs, where that is not what it gives.
    """
    batched = not isinstance(picture[0], int)
    constants = {f"{name}_answer": array for name, array in answers.items()}
    nodes = [
        helper.make_node("Shape", ["images"], ["batch"], start=0, end=1),
        # What the picture holds must be read, or it is optimised away with its checks of shape and type.
        helper.make_node("Cast", ["images"], ["as_float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["as_float"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
    ]
    constants["zero"] = np.zeros((), np.float32)
    for name, array in answers.items():
        nodes.append(helper.make_node("Cast", ["nothing"], [f"{name}_nothing"], to=element_type(array.dtype)))
        nodes.append(helper.make_node("Add", [f"{name}_answer", f"{name}_nothing"], [f"{name}_one"]))
        if batched:
            constants[f"{name}_ones"] = np.ones(array.ndim - 1, np.int64)
            nodes.append(helper.make_node("Concat", ["batch", f"{name}_ones"], [f"{name}_repeats"], axis=0))
            nodes.append(helper.make_node("Tile", [f"{name}_one", f"{name}_repeats"], [name]))
        else:
            nodes.append(helper.make_node("Identity", [f"{name}_one"], [name]))
    declared = {name: (["batch", *array.shape[1:]] if batched else array.shape) for name, array in answers.items()}
    declared.update(shapes or {})
    outputs = [value(name, declared[name], array.dtype) for name, array in answers.items()]
    return save(path, nodes, [value("images", picture, dtype)], outputs, constants, metadata)


def bright_nodes(source: str, colours: int = 1) -> list[onnx.NodeProto]:
    """Make nodes that find where the picture ``source`` is bright in all its colours.

    ``colours`` is the axis of its colours: 1, or 3 where they come last.  They yield ``x1``, ``y1``, ``x2``, ``y2``,
    each a float32 ``[batch,1,1]`` in pixels of the model; the right and lower edges are the last bright pixel's far
    sides.  A rectangle drawn into a black picture comes back from where it really is.  They want the constants of
    :func:`bright_constants`.
    """
    nodes = [
        helper.make_node("Cast", [source], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["pixels"], ["darkest"], axes=[colours], keepdims=0),
        helper.make_node("Greater", ["darkest", "half"], ["bright"]),
        helper.make_node("Cast", ["bright"], ["mask"], to=TensorProto.FLOAT),
    ]
    for axis, low, high, other in (("x", "x1", "x2", 1), ("y", "y1", "y2", 2)):
        nodes += [
            # Any bright pixel in the column (row): [batch, length]
            helper.make_node("ReduceMax", ["mask"], [f"{axis}_any"], axes=[other], keepdims=0),
            helper.make_node("ArgMax", [f"{axis}_any"], [f"{low}_index"], axis=1, keepdims=1),
            helper.make_node("ArgMax", [f"{axis}_any"], [f"{high}_index"], axis=1, keepdims=1, select_last_index=1),
        ]
        for name in (low, high):
            nodes.append(helper.make_node("Cast", [f"{name}_index"], [f"{name}_edge"], to=TensorProto.FLOAT))
            nodes.append(helper.make_node("Unsqueeze", [f"{name}_edge", "last_axis"], [f"{name}_first"]))
        nodes.append(helper.make_node("Identity", [f"{low}_first"], [low]))
        nodes.append(helper.make_node("Add", [f"{high}_first", "one"], [high]))
    return nodes


def bright_constants(top: float) -> dict[str, Array]:
    """Return what :func:`bright_nodes` needs; ``top`` is what white is in the model's input: 1 or 255."""
    return {
        "half": np.array(top / 2, np.float32),
        "one": np.array(1, np.float32),
        "last_axis": np.array([2], np.int64),
    }


def ultralytics(task: str = "detect", **more: object) -> dict[str, str]:
    """Return metadata as Ultralytics' exporters write it: everything as ``str()`` makes it."""
    said: dict[str, object] = {
        "description": "Ultralytics YOLOv8n model trained on coco.yaml",
        "author": "Ultralytics",
        "date": "2025-01-01T00:00:00",
        "version": "8.3.0",
        "license": "AGPL-3.0 License (https://ultralytics.com/license)",
        "docs": "https://docs.ultralytics.com",
        "stride": 32,
        "task": task,
        "batch": 1,
        "imgsz": [640, 640],
        "names": {0: "ripe", 1: "green"},
        "args": {"batch": 1, "half": False, "dynamic": False, "simplify": True, "opset": None, "nms": False},
    }
    return {key: str(what) for key, what in (said | more).items()}


def _measure_nodes() -> list[onnx.NodeProto]:
    """Make nodes for centre and sides, and for what YOLOX has in its first cell, of the edges of bright_nodes."""
    nodes = []
    for centre, side, low, high in (("cx", "w", "x1", "x2"), ("cy", "h", "y1", "y2")):
        nodes += [
            helper.make_node("Sub", [high, low], [side]),
            helper.make_node("Add", [high, low], [f"{centre}_twice"]),
            helper.make_node("Div", [f"{centre}_twice", "two"], [centre]),
            helper.make_node("Div", [centre, "eight"], [f"cell_{centre}"]),
            helper.make_node("Div", [side, "eight"], [f"{side}_cells"]),
            helper.make_node("Log", [f"{side}_cells"], [f"log_{side}"]),
        ]
        nodes += [
            helper.make_node("Div", [name, f"whole_{side}"], [f"share_{name}"]) for name in (centre, side, low, high)
        ]
    return nodes


def finding_model(
    path: Path,
    numbers: Sequence[str | float],
    shape: Shape,
    *,
    picture: Shape = (1, 3, 640, 640),
    dtype: Any = np.float32,
    top: float = 1.0,
    metadata: Mapping[str, str] | None = None,
    answers: Mapping[str, Array] | None = None,
    gives: Any = np.float32,
) -> Path:
    """Write a model that finds the white rectangle in a black picture, and answers it among many empty answers.

    ``numbers`` are those of that one answer, each a constant or something measured in the model's pixels: ``x1``,
    ``y1``, ``x2``, ``y2``, ``cx``, ``cy``, ``w``, ``h``, or as YOLOX has it in its first cell: ``cell_cx``,
    ``cell_cy``, ``log_w``, ``log_h``; ``share_cx`` and so on are from 0 to 1.  ``shape`` is that of the output: the
    axis as long as ``numbers`` has them, the other one counts the answers.  ``answers`` are further outputs, the same
    for any picture.
    """
    by_rows = shape[2] == len(numbers)
    count = shape[1 if by_rows else 2]
    assert isinstance(count, int)
    colours = 3 if picture[3] in (1, 3) else 1
    nodes = [*bright_nodes("images", colours), *_measure_nodes(), helper.make_node("Mul", ["x1", "zero"], ["nothing"])]
    constants = bright_constants(top) | {
        name: np.array(number, np.float32) for name, number in (("zero", 0), ("two", 2), ("eight", 8))
    }
    rows, columns = picture[1:3] if colours == 3 else picture[2:4]
    constants |= {
        name: np.array(side if isinstance(side, int) else 640, np.float32)
        for name, side in (("whole_w", columns), ("whole_h", rows))
    }
    parts = []
    for index, number in enumerate(numbers):
        if isinstance(number, str):
            parts.append(number)
            continue
        constants[f"number{index}"] = np.array(number, np.float32)
        parts.append(f"part{index}")
        nodes.append(helper.make_node("Add", ["nothing", f"number{index}"], [parts[-1]]))
    pads = [0, 0, 0, 0, count - 1, 0] if by_rows else [0, 0, 0, 0, 0, count - 1]
    constants["pads"] = np.array(pads, np.int64)
    nodes += [
        helper.make_node("Concat", parts, ["answer"], axis=2 if by_rows else 1),
        helper.make_node("Pad", ["answer", "pads"], ["padded"]),
        helper.make_node("Cast", ["padded"], ["output0"], to=element_type(gives)),
    ]
    declared = [value("output0", [picture[0], *shape[1:]], gives)]
    for name, array in (answers or {}).items():
        constants[f"{name}_answer"] = array
        nodes.append(helper.make_node("Identity", [f"{name}_answer"], [name]))
        declared.append(value(name, array.shape, array.dtype))
    return save(path, nodes, [value("images", picture, dtype)], declared, constants, metadata)
