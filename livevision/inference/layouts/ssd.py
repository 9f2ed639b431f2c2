"""SSD and its kin: boxes ``[1, n, 4]`` from 0 to 1, and scores ``[1, n, slots]``, which are final, in two outputs.

Exports from PyTorch (qfgaohao/pytorch-ssd, Linzaer's UltraFace) take ``[1,3,h,w]`` and have x1, y1, x2, y2; those from
TensorFlow take ``[1,h,w,3]`` and have y1, x1, y2, x2.  Slot 0 is for background, except where there are 80 slots (COCO
without it) or only one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from livevision.inference.layouts.grid import fits_grid
from livevision.inference.layouts.image_input import Order, image_input
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.names import COCO
from livevision.inference.layouts.picks import best_classes
from livevision.inference.layouts.preparation import Fit, Preparation
from livevision.inference.layouts.single_output import PictureOnly
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array, Layout
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature, Tensor

IOU = 0.45
"""Of the paper (Liu and others, SSD: Single Shot MultiBox Detector, 2016)."""


@dataclass(frozen=True)
class _Ssd(PictureOnly):
    """What both kinds have in common."""

    name: ClassVar[str]
    order: ClassVar[Order]
    sides: ClassVar[tuple[int, int, int, int]]
    """Where x1, y1, x2, y2 are among a box's numbers."""
    boxes: int = 0
    """Which output has them; the other one has the scores."""

    def match(self, signature: Signature) -> Match | None:
        """Claim two outputs of as many rows, in the order of colours that goes with the order of sides."""
        at = _boxes_at(signature.outputs)
        source = image_input(signature)
        if at is None or source.order is not self.order:
            return None
        boxes, scores = signature.outputs[at], signature.outputs[1 - at]
        if boxes.shape[1] is not None and fits_grid(boxes.shape[1], source, 1):
            return None  # as many as YOLO's cells: YOLO-NAS and PP-YOLOE have boxes in pixels
        certainty = Certainty.SAYS_SO if _is_named(boxes, scores) else Certainty.SHAPE
        slot = say(", slot 0 taken for background") if _background(scores.shape[2] or 0) else ""
        return Match(
            certainty,
            say("{boxes} and {scores}: boxes and scores row by row{slot}", boxes=boxes, scores=scores, slot=slot),
        )

    def adjusted(self, signature: Signature) -> Layout:
        """Return the layout for a model that has its scores first or last."""
        return replace(self, boxes=_boxes_at(signature.outputs) or 0)

    def class_count(self, signature: Signature) -> int | None:
        """Return the slots without that for background."""
        at = _boxes_at(signature.outputs)
        slots = None if at is None else signature.outputs[1 - at].shape[2]
        return None if slots is None else slots - _background(slots)

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections."""
        boxes = outputs[self.boxes].reshape(-1, 4)
        scores = outputs[1 - self.boxes].reshape(len(boxes), -1)
        picks = best_classes(scores[:, _background(scores.shape[1]) :].T, keep.floor)
        placed = boxes[picks.index][:, self.sides].astype(np.float32) * np.array(fitted.model * 2, np.float32)
        return picks.detections(placed, fitted, keep, IOU).detections


class Ssd(_Ssd):
    """From PyTorch: colours first, x before y."""

    name = "ssd"
    order = Order.NCHW
    sides = (0, 1, 2, 3)

    def preparation(self, signature: Signature) -> Preparation:
        """RGB from −1 to 1, stretched."""
        return Preparation(fit=Fit.STRETCH, scale=1.0, mean=(127.0,) * 3, std=(128.0,) * 3)


class SsdTf(_Ssd):
    """From TensorFlow: colours last, y before x."""

    name = "ssd-tf"
    order = Order.NHWC
    sides = (1, 0, 3, 2)

    def preparation(self, signature: Signature) -> Preparation:
        """RGB from −1 to 1, stretched; most of them take bytes and scale them inside."""
        return Preparation(fit=Fit.STRETCH, scale=1 / 127.5, mean=(1.0,) * 3)


def _background(slots: int) -> int:
    """Return how many slots of so many are for background: the first, or none."""
    return 0 if slots in (1, len(COCO)) else 1


def _boxes_at(outputs: Sequence[Tensor]) -> int | None:
    """Return which of the two outputs has the boxes; None where that cannot be said."""
    if len(outputs) != 2 or any(len(output.shape) != 3 for output in outputs):
        return None
    first, second = outputs
    if first.shape[1] != second.shape[1] or any("logit" in output.name.casefold() for output in outputs):
        return None
    named = [
        at for at, output in enumerate(outputs) if "box" in output.name.casefold() and output.shape[2] in (4, None)
    ]
    if len(named) == 1:
        return named[0]
    four = [at for at, output in enumerate(outputs) if output.shape[2] == 4]
    return four[0] if len(four) == 1 and outputs[1 - four[0]].shape[2] is not None else None


def _is_named(boxes: Tensor, scores: Tensor) -> bool:
    name = scores.name.casefold()
    return "box" in boxes.name.casefold() and any(word in name for word in ("score", "conf", "prob"))
