"""YOLOv8, v9, v11, v12: ``[1, 4+classes, anchors]``, centre boxes in pixels or from 0 to 1, no objectness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.fitting import corners, unit_of
from livevision.inference.layouts.grid import STRIDES, cells, fits_grid
from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.names import COCO
from livevision.inference.layouts.picks import best_classes
from livevision.inference.layouts.single_output import PictureOnly, answers, described, only
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.picks import Chosen
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature, Tensor

IOU = 0.7
"""Ultralytics' own default (``ultralytics/cfg/default.yaml``)."""


class Yolov8(PictureOnly):
    """Boxes and a score for each class."""

    name = "yolov8"

    def match(self, signature: Signature) -> Match | None:
        """Claim one output of a column for each cell, or a row where someone turned it."""
        output = only(signature.outputs, 3)
        task = ultralytics.task(signature)
        if output is None or not ultralytics.may_be(signature, "detect"):
            return None
        turned = turn_of(output, signature, least=5)
        if turned is None:
            return None
        numbers = output.shape[2 if turned else 1]
        if task == "detect":
            return Match(Certainty.SAYS_SO, say("the metadata say task: detect; {output}", output=described(output)))
        coco = numbers == 4 + len(COCO)
        certainty = Certainty.SAYS_SO if coco else Certainty.SHAPE
        return Match(
            certainty,
            say(
                "{output}: 4 numbers of a box and {classes} classes a cell",
                output=described(output),
                classes=(numbers or 5) - 4,
            ),
        )

    def class_count(self, signature: Signature) -> int | None:
        """Return what is left beside the box."""
        output = only(signature.outputs, 3)
        numbers = None if output is None else numbers_of(output, signature)
        return None if numbers is None else numbers - 4

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections."""
        columns = by_columns(outputs, fitted)
        return choose(columns, len(columns) - 4, fitted, keep).detections


def turn_of(output: Tensor, signature: Signature, least: int) -> bool | None:
    """Say whether the output has its answers in rows (True), in columns as usual (False), or is something else (None).

    ``least`` is how many numbers an answer has at the least.  Where the picture's size is free, there must be more
    answers than numbers in each: 300 queries with 84 numbers would pass for 84 cells.
    """
    source = image_input(signature)
    _, first, second = output.shape
    for turned, numbers, count in ((False, first, second), (True, second, first)):
        if (turned and count is None) or not fits_grid(count, source, 1):
            continue
        if numbers is None or (numbers >= least and (source.is_fixed or count is None or count > numbers)):
            return turned
    return None


def numbers_of(output: Tensor, signature: Signature) -> int | None:
    """Return how many numbers an answer has; None where the model leaves that open."""
    return output.shape[2 if turn_of(output, signature, least=5) else 1]


def by_columns(outputs: Sequence[Array], fitted: Fitted) -> Array:
    """Return the answers to the first picture as ``(numbers, anchors)``, turned where the model has them in rows."""
    array = answers(outputs)
    anchors = [cells(fitted.model, strides) for strides in STRIDES]
    turned = array.shape[0] in anchors and array.shape[1] not in anchors
    columns = array.T if turned else array
    if len(columns) < 5:
        raise ValueError("an answer has fewer than the 4 numbers of a box and a class")
    return columns


def choose(columns: Array, classes: int, fitted: Fitted, keep: DetectionFilter) -> Chosen:
    """Choose among answers ``(4 + classes + more, anchors)``."""
    picks = best_classes(columns[4 : 4 + classes], keep.floor)
    boxes = corners(columns[:4, picks.index].T) * np.tile(unit_of(columns[:4].T, fitted), 2)
    return picks.detections(boxes, fitted, keep, IOU)
