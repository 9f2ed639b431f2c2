"""YOLOv5 and v7: ``[1, anchors, 5+classes]``, three anchors a cell, centre boxes in the model's pixels, objectness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.fitting import corners, unit_of
from livevision.inference.layouts.grid import fits_grid
from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.picks import Picks, best_classes
from livevision.inference.layouts.single_output import PictureOnly, answers, described
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature, Tensor

IOU = 0.45
"""YOLOv5's and YOLOv7's own default (``detect.py``)."""


class Yolov5(PictureOnly):
    """Boxes, how sure it is that there is anything, and a score for each class."""

    name = "yolov5"

    def match(self, signature: Signature) -> Match | None:
        """Claim rows of answers, three for each cell; older exports give the raw grids beside them."""
        output = rows_output(signature)
        if output is None or ultralytics.task(signature) is not None:
            return None
        count, source = output.shape[1], image_input(signature)
        if ultralytics.is_yolov5(signature) and fits_grid(count, source, 3):
            return Match(
                Certainty.SAYS_SO, say("the metadata are those of a YOLOv5 export; {output}", output=described(output))
            )
        if source.is_fixed and count is not None and fits_grid(count, source, 3):
            return Match(
                Certainty.SAYS_SO, say("{output}: three answers for each cell of the grid", output=described(output))
            )
        if not source.is_fixed and fits_grid(count, source, 3):
            return Match(
                Certainty.SHAPE, say("{output}: rows of a box, objectness and classes", output=described(output))
            )
        # One answer a cell, already decoded: YOLOv6, whose exporter calls the output so.
        if output.name == "outputs" and fits_grid(count, source, 1):
            return Match(Certainty.SAYS_SO, say("{output}: read like this if it is a YOLOv6", output=described(output)))
        return None

    def class_count(self, signature: Signature) -> int | None:
        """Return what is left beside box and objectness."""
        return class_count(signature)

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections."""
        rows = answers(outputs)
        picks = objects(rows, keep.floor)
        boxes = corners(rows[picks.index, :4]) * np.tile(unit_of(rows[:, :4], fitted), 2)
        return picks.detections(boxes, fitted, keep, IOU).detections


def rows_output(signature: Signature) -> Tensor | None:
    """Return the output of ``[batch, answers, numbers]``, the only one but for raw grids of five axes."""
    rows = [tensor for tensor in signature.outputs if len(tensor.shape) == 3]
    others = [tensor for tensor in signature.outputs if len(tensor.shape) not in (3, 5)]
    if len(rows) != 1 or others:
        return None
    numbers = rows[0].shape[2]
    return rows[0] if numbers is None or numbers >= 6 else None


def class_count(signature: Signature) -> int | None:
    """Return what is left of a row beside box and objectness."""
    output = rows_output(signature)
    numbers = None if output is None else output.shape[2]
    return None if numbers is None else numbers - 5


def objects(rows: Array, floor: float) -> Picks:
    """Pick rows ``(n, 5 + classes)`` whose objectness times best class reaches ``floor``."""
    if rows.shape[1] < 6:
        raise ValueError("an answer has fewer than the 5 numbers of a box with objectness and a class")
    # No class is more probable than 1: whatever is less sure that there is anything need not be looked at.
    with np.errstate(invalid="ignore", over="ignore"):
        index = np.flatnonzero(rows[:, 4] >= floor)
        few = rows[index].astype(np.float32)
        picks = best_classes((few[:, 5:] * few[:, 4:5]).T, floor)
    return Picks(index[picks.index], picks.class_id, picks.confidence)
