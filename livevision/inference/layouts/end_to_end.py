"""Models that suppress overlapping boxes themselves: ``[1, 300, 6]``, x1, y1, x2, y2, confidence and class each.

YOLOv10, YOLO26, and what Ultralytics exports with ``nms=True``.  Boxes are in the model's pixels, or from 0 to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.fitting import unit_of
from livevision.inference.layouts.grid import UNITS
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.picks import Picks
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

NUMBERS = 6
_MOST = 3000
"""Answers such models have at the most: they are a choice already.  The usual number is 300."""


class EndToEnd(PictureOnly):
    """Boxes with the class that they are."""

    name = "end-to-end"

    def match(self, signature: Signature) -> Match | None:
        """Claim few rows of six numbers."""
        return claim(only(signature.outputs, 3), signature, "detect", NUMBERS)

    def class_count(self, signature: Signature) -> int | None:
        """Return None: each answer has its class's number, and the shape does not tell how high that goes."""
        return None

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections."""
        rows = answers(outputs)
        return choose(rows, fitted, keep).detections


def claim(output: Tensor | None, signature: Signature, task: str, numbers: int) -> Match | None:
    """Claim an output of few rows with so many numbers, which the metadata may say is of a ``task``."""
    said = ultralytics.task(signature)
    if output is None or said not in (None, task) or ultralytics.is_rtdetr(signature):
        return None
    _, count, width = output.shape
    if width not in (numbers, None) or (
        count is not None and (count > _MOST or any(count % unit == 0 for unit in UNITS))
    ):
        return None
    if ultralytics.is_end_to_end(signature) or ultralytics.may_be_end_to_end(signature):
        return Match(
            Certainty.SAYS_SO,
            say("the metadata say that it suppresses overlaps itself; {output}", output=described(output)),
        )
    if said is not None and (signature.metadata.get("end2end", "").strip() == "False" or width is None):
        return None
    return Match(Certainty.SHAPE, say("{output}: rows of a box, confidence and class", output=described(output)))


def pick(rows: Array, floor: float) -> Picks:
    """Pick rows whose confidence reaches ``floor``; what has no class, NaN or a huge one, is none."""
    if rows.shape[1] < NUMBERS:
        raise ValueError("an answer has fewer than 6 numbers: a box, confidence and class")
    confidence, number = rows[:, 4].astype(np.float32), rows[:, 5].astype(np.float32)
    with np.errstate(invalid="ignore"):
        index = np.flatnonzero((confidence >= floor) & (number >= 0) & (number < 1e6))
    return Picks(index, np.rint(number[index]).astype(np.int64), confidence[index])


def choose(rows: Array, fitted: Fitted, keep: DetectionFilter) -> Chosen:
    """Choose among rows ``(n, 6 + more)``; overlapping ones are suppressed only where that is asked for."""
    picks = pick(rows, keep.floor)
    unit = unit_of(rows[:, :4], fitted)
    if unit.max() > 1 and not _are_corners(rows):
        raise ValueError("boxes from 0 to 1 that have no corners: rather centres and sides, as RT-DETR's")
    boxes = rows[picks.index, :4].astype(np.float32) * np.tile(unit, 2)
    return picks.detections(boxes, fitted, keep, None)


def _are_corners(rows: Array) -> bool:
    """Say whether most boxes, which are not empty, have their second corner below and right of the first."""
    boxes = rows[rows[:, :4].any(axis=1), :4]
    with np.errstate(invalid="ignore"):
        right = (boxes[:, 2] >= boxes[:, 0]) & (boxes[:, 3] >= boxes[:, 1])
    return len(boxes) == 0 or right.mean() > 0.5
