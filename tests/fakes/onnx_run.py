"""The whole way through a model, as short as it can be: picture in, detections in its pixels out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from livevision.inference.filter import DetectionFilter
from livevision.inference.layouts.interpretation import NO_HINTS, Hints, interpret
from livevision.inference.layouts.signature import Signature, Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import supervision as sv

    from livevision.frame import Image

_TYPES = {"tensor(float)": "f4", "tensor(float16)": "f2", "tensor(uint8)": "u1", "tensor(int64)": "i8"}


def signature_of(session: onnxruntime.InferenceSession) -> Signature:
    """Return what a loaded model says about itself."""

    def tensors(arguments: Sequence[onnxruntime.NodeArg]) -> tuple[Tensor, ...]:
        return tuple(
            Tensor(
                each.name,
                tuple(size if isinstance(size, int) else None for size in each.shape),
                np.dtype(_TYPES[each.type]),
            )
            for each in arguments
        )

    metadata = dict(session.get_modelmeta().custom_metadata_map)
    return Signature(tensors(session.get_inputs()), tensors(session.get_outputs()), metadata)


def found_in(
    model: Path, images: Sequence[Image], hints: Hints = NO_HINTS, keep: DetectionFilter | None = None
) -> list[sv.Detections]:
    """Run a model file over pictures, in one run, on one thread of the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    interpretation = interpret(signature_of(session), hints)
    feeds, fitted = interpretation.feeds(images)
    outputs = interpretation.split(session.run(None, feeds), len(images))
    wanted = keep or DetectionFilter()
    return [interpretation.detections(each, where, wanted) for each, where in zip(outputs, fitted, strict=True)]
