"""YOLOv8-seg and its successors: ``[1, 4+classes+32, anchors]`` and the masks' prototypes ``[1, 32, h/4, w/4]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.masks import PROTOTYPES, WEIGHTS, add_masks, prototypes
from livevision.inference.layouts.single_output import PictureOnly, described, with_prototypes
from livevision.inference.layouts.yolov8 import by_columns, choose, numbers_of, turn_of
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature


class Yolov8Seg(PictureOnly):
    """Boxes, scores, and masks."""

    name = "yolov8-seg"

    def match(self, signature: Signature) -> Match | None:
        """Claim columns of answers beside prototypes of masks."""
        output, masks = with_prototypes(signature.outputs), prototypes(signature.outputs)
        if output is None or masks is None or not ultralytics.may_be(signature, "segment"):
            return None
        if turn_of(output, signature, least=5 + PROTOTYPES) is None:
            return None
        seen = say("{output} beside prototypes of masks, {masks}", output=described(output), masks=described(masks))
        return Match(Certainty.SHAPE if None in output.shape[1:] else Certainty.SAYS_SO, seen)

    def class_count(self, signature: Signature) -> int | None:
        """Return what box and weights of masks leave."""
        output = with_prototypes(signature.outputs)
        numbers = None if output is None else numbers_of(output, signature)
        return None if numbers is None else numbers - 4 - PROTOTYPES

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections; their masks are made in :meth:`finish`."""
        columns = by_columns(outputs, fitted)
        classes = len(columns) - 4 - PROTOTYPES
        if classes < 1:
            raise ValueError(f"{len(columns)} numbers have no room for a box, a class and {PROTOTYPES} of a mask")
        chosen = choose(columns, classes, fitted, keep)
        chosen.detections.data[WEIGHTS] = columns[4 + classes :, chosen.index].T
        return chosen.detections

    def finish(self, detections: sv.Detections, outputs: Sequence[Array], fitted: Fitted) -> sv.Detections:
        """Return the detections with masks."""
        return add_masks(detections, outputs, fitted)
