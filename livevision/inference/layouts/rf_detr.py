"""RF-DETR: ``dets`` ``[1, queries, 4]``, centre boxes from 0 to 1, and ``labels`` ``[1, queries, slots]``, logits.

``rfdetr/export`` and ``PostProcess`` of roboflow/rf-detr: ImageNet's mean and deviation, stretched, a sigmoid for each
slot by itself (a query may have two classes), nothing suppressed.  Models trained on COCO have 91 slots, COCO's own
numbers; others have one slot more than classes, the last one for background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts.fitting import corners
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.picks import Picks
from livevision.inference.layouts.preparation import Fit, Preparation
from livevision.inference.layouts.single_output import PictureOnly
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature

COCO_SLOTS = 91
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pictures, red, green, blue, from 0 to 1."""


class RfDetr(PictureOnly):
    """Boxes and logits.  Further outputs, masks and keypoints, are left alone."""

    name = "rf-detr"

    def match(self, signature: Signature) -> Match | None:
        """Claim the names; MMDeploy has the same for ``[1,n,5]`` and ``[1,n]``."""
        if [output.name for output in signature.outputs[:2]] != ["dets", "labels"]:
            return None
        boxes, logits = signature.outputs[:2]
        if len(boxes.shape) != 3 or len(logits.shape) != 3 or boxes.shape[2] not in (4, None):
            return None
        return Match(
            Certainty.SAYS_SO,
            say(
                "gives {boxes} and {logits}: {slots}",
                boxes=boxes,
                logits=logits,
                slots=_slots_in_words(logits.shape[2]),
            ),
        )

    def preparation(self, signature: Signature) -> Preparation:
        """RGB by ImageNet's mean and deviation, stretched."""
        return Preparation(fit=Fit.STRETCH, mean=MEAN, std=STD)

    def class_count(self, signature: Signature) -> int | None:
        """Return the slots without that for background; COCO's 91 are named as they are."""
        slots = signature.outputs[1].shape[-1] if len(signature.outputs) > 1 else None
        return slots if slots is None else _class_slots(slots)

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections."""
        boxes, logits = outputs[0].reshape(-1, 4), outputs[1].reshape(-1, outputs[1].shape[-1])
        logits = logits[:, : _class_slots(logits.shape[1])].astype(np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            scores = 1 / (1 + np.exp(-logits))
        index, class_id = np.nonzero(scores >= keep.floor)
        picks = Picks(index, class_id, scores[index, class_id])
        placed = corners(boxes[index]) * np.array(fitted.model * 2, np.float32)
        return picks.detections(placed, fitted, keep, None).detections


def _class_slots(slots: int) -> int:
    return slots if slots == COCO_SLOTS else max(1, slots - 1)


def _slots_in_words(slots: int | None) -> str:
    if slots == COCO_SLOTS:
        return say("a slot for each of COCO's own numbers")
    return say("the last slot is taken for background") if slots else say("the number of slots is left open")
