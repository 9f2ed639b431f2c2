"""What stands out of a model's thousands of answers, on its way to becoming detections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import supervision as sv

from livevision.inference.layouts.fitting import to_picture
from livevision.inference.layouts.suppression import suppress, surest, upright
from livevision.inference.soundness import storable

if TYPE_CHECKING:
    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.suppression import Overlap


@dataclass(frozen=True, slots=True, eq=False)
class Picks:
    """Answers that are sure enough: which they are, their class and how sure."""

    index: Array
    """``(m,)``: where among all answers."""
    class_id: Array
    confidence: Array

    def among(self, overlap: Overlap, keep: DetectionFilter, usual_iou: float | None) -> Array:
        """Return which of them are wanted, the surest first, as indices into them.

        ``usual_iou`` is from where on the family suppresses overlapping ones, None where it needs no suppression.
        """
        iou = usual_iou if keep.iou is None else keep.iou
        if iou is None:
            return surest(self.confidence, keep.most)
        return suppress(overlap, self.confidence, self.class_id, iou, keep.most)

    def detections(self, boxes: Array, fitted: Fitted, keep: DetectionFilter, usual_iou: float | None) -> Chosen:
        """Choose among them by their ``boxes``, ``(m, 4)`` x1, y1, x2, y2 in the model's pixels."""
        return self.placed(boxes, self.among(upright(boxes), keep, usual_iou), fitted)

    def placed(self, boxes: Array, chosen: Array, fitted: Fitted) -> Chosen:
        """Make detections of the ``chosen``; ``boxes`` are ``(m, 4)`` x1, y1, x2, y2 in the model's pixels."""
        found = sv.Detections(
            xyxy=storable(to_picture(boxes[chosen], fitted)),
            confidence=self.confidence[chosen].astype(np.float32),
            class_id=self.class_id[chosen].astype(np.int64),
        )
        return Chosen(found, self.index[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Detections, and which of all answers they were."""

    detections: sv.Detections
    index: Array


def best_classes(scores: Array, floor: float) -> Picks:
    """Take each answer's best class, where it reaches ``floor``.  ``scores`` are ``(classes, n)``.

    NaN never wins: it counts as 0.  The whole array is read once; the rest is done for the few that stand out.
    """
    with np.errstate(invalid="ignore"):
        index = np.flatnonzero(~(scores.max(axis=0) < floor))  # NaN is not below: looked at again
        few = np.nan_to_num(scores[:, index].astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    class_id = few.argmax(axis=0)
    confidence = few[class_id, np.arange(len(index))]
    sure = confidence >= floor
    return Picks(index[sure], class_id[sure], confidence[sure])
