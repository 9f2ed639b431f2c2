"""YOLOX: ``[1, cells, 5+classes]`` as the network gives it, boxes relative to their cells.  BGR, 0 to 255, top left."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.fitting import corners
from livevision.inference.layouts.grid import fits_grid, strides_for
from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.preparation import Channels, Fit, Preparation
from livevision.inference.layouts.single_output import PictureOnly, answers, described, only
from livevision.inference.layouts.yolov5 import IOU, class_count, objects
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature

_LARGEST_LOG = 12.0
"""e to this is 160,000 cells: what is larger is no box, and must not overflow."""


class Yolox(PictureOnly):
    """The layout of ``tools/export_onnx.py`` without ``--decode_in_inference``."""

    name = "yolox"

    def match(self, signature: Signature) -> Match | None:
        """Claim rows of answers, one for each cell."""
        output = only(signature.outputs, 3)
        if output is None or ultralytics.task(signature) is not None or ultralytics.is_yolov5(signature):
            return None
        _, count, numbers = output.shape
        source = image_input(signature)
        if not fits_grid(count, source, 1) or (numbers is not None and numbers < 6):
            return None
        if count is None or not source.is_fixed:
            return Match(
                Certainty.SHAPE, say("{output}: rows of a box, objectness and classes", output=described(output))
            )
        return Match(
            Certainty.SAYS_SO,
            say("{output}: one answer, with objectness, for each cell of the grid", output=described(output)),
        )

    def preparation(self, signature: Signature) -> Preparation:
        """Say how the family wants its pictures (``yolox/data/data_augment.py``: preproc)."""
        return Preparation(Fit.TOP_LEFT, Channels.BGR, scale=1.0)

    def class_count(self, signature: Signature) -> int | None:
        """Return what is left beside box and objectness."""
        return class_count(signature)

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections: xy = (xy + cell) · stride, wh = exp(wh) · stride."""
        rows = answers(outputs)
        strides = strides_for(len(rows), fitted.model, 1)
        if strides is None:
            size = "x".join(map(str, fitted.model))
            raise ValueError(f"{len(rows)} answers are not one for each cell of a {size} picture")
        picks = objects(rows, keep.floor)
        origin, stride = _grid(fitted.model, strides)
        raw = rows[picks.index, :4].astype(np.float32)
        size_of_cell = stride[picks.index, None]
        with np.errstate(invalid="ignore", over="ignore"):
            centre = (raw[:, :2] + origin[picks.index]) * size_of_cell
            sides = np.exp(np.minimum(raw[:, 2:], _LARGEST_LOG)) * size_of_cell
        boxes = corners(np.concatenate((centre, sides), axis=1))
        return picks.detections(boxes, fitted, keep, IOU).detections


@lru_cache(maxsize=8)
def _grid(size: tuple[int, int], strides: tuple[int, ...]) -> tuple[Array, Array]:
    """Return each cell's column and row, ``(n, 2)``, and its side in pixels, ``(n,)``: fine grids first, row by row."""
    origins, sides = [], []
    for stride in strides:
        columns, rows = np.meshgrid(np.arange(-(-size[0] // stride)), np.arange(-(-size[1] // stride)))
        origins.append(np.stack((columns.ravel(), rows.ravel()), axis=1))
        sides.append(np.full(columns.size, stride))
    return np.concatenate(origins).astype(np.float32), np.concatenate(sides).astype(np.float32)
