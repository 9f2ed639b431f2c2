"""YOLOv8-obb and its successors: ``[1, 4+classes+1, anchors]``, the last number being the box's angle in radians."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.fitting import unit_of
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.oriented import turned_detections
from livevision.inference.layouts.picks import best_classes
from livevision.inference.layouts.single_output import PictureOnly, described, only
from livevision.inference.layouts.yolov8 import IOU, by_columns, numbers_of, turn_of
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature

_DOTA = 15
"""Classes of the one public data set that such models come trained on."""


class Yolov8Obb(PictureOnly):
    """Turned boxes and a score for each class."""

    name = "yolov8-obb"

    def match(self, signature: Signature) -> Match | None:
        """Claim what says that it is one; without metadata, what could be a detector of one class more."""
        output = only(signature.outputs, 3)
        task = ultralytics.task(signature)
        if output is None or not ultralytics.may_be(signature, "obb"):
            return None
        if turn_of(output, signature, least=6) is None:
            return None
        if task == "obb":
            return Match(Certainty.SAYS_SO, say("the metadata say task: obb; {output}", output=described(output)))
        if numbers_of(output, signature) in (None, 4 + _DOTA + 1):
            return Match(
                Certainty.SHAPE,
                say(
                    "{output}: 4 numbers of a box, {classes} classes and an angle a cell",
                    output=described(output),
                    classes=_DOTA,
                ),
            )
        return None

    def class_count(self, signature: Signature) -> int | None:
        """Return what box and angle leave."""
        output = only(signature.outputs, 3)
        numbers = None if output is None else numbers_of(output, signature)
        return None if numbers is None else numbers - 5

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections with the corners of the turned boxes."""
        columns = by_columns(outputs, fitted)
        if len(columns) < 6:
            raise ValueError("an answer has fewer than the 5 numbers of a turned box and a class")
        picks = best_classes(columns[4:-1], keep.floor)
        boxes = columns[:4, picks.index].T * np.tile(unit_of(columns[:4].T, fitted), 2)
        return turned_detections(picks, boxes, columns[-1, picks.index], fitted, keep, IOU)
