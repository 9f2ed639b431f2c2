"""RT-DETR as Ultralytics exports it: a row for each of 300 queries, centre boxes from 0 to 1, scores that are final.

Rows are ``4+classes`` long or, since 2026, 6: a box, its score and its class.  Pictures are stretched, boxes are
multiplied by the picture's size, nothing is suppressed (``ultralytics/models/rtdetr/predict.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.end_to_end import NUMBERS, pick
from livevision.inference.layouts.fitting import corners
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.names import in_metadata
from livevision.inference.layouts.picks import best_classes
from livevision.inference.layouts.preparation import Fit, Preparation
from livevision.inference.layouts.single_output import PictureOnly, answers, only
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature

QUERIES = 300


class UltralyticsRtDetr(PictureOnly):
    """A row for each query: box and a score for each class."""

    name = "ultralytics-rtdetr"

    def match(self, signature: Signature) -> Match | None:
        """Claim one output of 300 rows; six numbers in a row only where the metadata leave no doubt."""
        output = only(signature.outputs, 3)
        if output is None or output.shape[1] not in (QUERIES, None):
            return None
        numbers = output.shape[2]
        if ultralytics.is_rtdetr(signature):
            return Match(
                Certainty.SAYS_SO, say("the metadata say RT-DETR; {output} has a row for each query", output=output)
            )
        if output.shape[1] is None or numbers is None or numbers < 5:
            return None
        said = say(
            "{output}: {queries} queries of 4 numbers of a box and {classes} classes",
            output=output,
            queries=QUERIES,
            classes=numbers - 4,
        )
        names = in_metadata(signature)
        if names is not None and len(names) == numbers - 4 and numbers != NUMBERS:
            return Match(Certainty.SAYS_SO, say("{said}, as many as the metadata name", said=said))
        return None if numbers == NUMBERS else Match(Certainty.SHAPE, said)

    def preparation(self, signature: Signature) -> Preparation:
        """RGB from 0 to 1, stretched."""
        return Preparation(fit=Fit.STRETCH)

    def class_count(self, signature: Signature) -> int | None:
        """Return what is left beside the box; of rows with a class it is not to be seen."""
        output = only(signature.outputs, 3)
        numbers = output.shape[2] if output else None
        return None if numbers in (None, NUMBERS) else numbers - 4

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections."""
        rows = answers(outputs)
        if rows.shape[1] < 5:
            raise ValueError("an answer has fewer than the 4 numbers of a box and a class")
        picks = pick(rows, keep.floor) if _has_classes(rows) else best_classes(rows[:, 4:].T, keep.floor)
        boxes = corners(rows[picks.index, :4]) * np.array(fitted.model * 2, np.float32)
        return picks.detections(boxes, fitted, keep, None).detections


def _has_classes(rows: Array) -> bool:
    """Say whether rows end with a score and a class, rather than with the scores of two classes: in whole numbers."""
    return rows.shape[1] == NUMBERS and bool((rows[:, 5] == np.rint(rows[:, 5])).all())
