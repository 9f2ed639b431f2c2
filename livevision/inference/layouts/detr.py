"""RT-DETR, D-FINE and DEIM as their own exporters write them: the picture's size goes in, boxes in its pixels come out.

Inputs ``images`` and ``orig_target_sizes`` (int64 ``[n, 2]``: width, height), outputs ``labels``, ``boxes`` and
``scores``: ``tools/export_onnx.py`` of lyuwenyu/RT-DETR, ``tools/deployment/export_onnx.py`` of Peterande/D-FINE,
ShihuaHuang95/DEIM and Intellindust-AI-Lab/DEIMv2.  All have the same names.  DEIMv2 from its size S on has DINOv3 for
its backbone, which wants ImageNet's mean and deviation; all others take pictures from 0 to 1.  The names of the weights
tell them apart; where there are none, nothing does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.picks import Picks
from livevision.inference.layouts.preparation import Fit, Preparation
from livevision.inference.layouts.rf_detr import MEAN, STD
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature, Tensor

SIZES = "orig_target_sizes"
_DINO, _BACKBONE = "dinov3", "backbone"
_OUTPUTS = {"labels", "boxes", "scores"}


class RtDetr:
    """A fixed number of queries, each with a class and a box; nothing to suppress."""

    name = "rt-detr"

    def match(self, signature: Signature) -> Match | None:
        """Claim the names that only these families have, unless the weights are DINOv3's."""
        if not _is_detr(signature) or _DINO in signature.words:
            return None
        if _BACKBONE in signature.words:
            return Match(
                Certainty.SAYS_SO,
                say("takes {sizes} beside the picture, and gives labels, boxes and scores", sizes=SIZES),
            )
        return Match(Certainty.SHAPE, say("if it is an RT-DETR, D-FINE or DEIM, whose pictures go from 0 to 1"))

    def preparation(self, signature: Signature) -> Preparation:
        """RGB from 0 to 1, stretched."""
        return Preparation(fit=Fit.STRETCH)

    def class_count(self, signature: Signature) -> int | None:
        """Labels are numbers: how many there are is not to be seen."""
        return None

    def feeds(self, signature: Signature, pictures: Array, fitted: Sequence[Fitted]) -> dict[str, Array]:
        """Give the size of the model's rectangle for that of the picture: so the way back is the same for any fit."""
        sizes = _sizes(signature)
        if sizes is None:
            raise ValueError(f"there is no input {SIZES}")
        given = np.tile(np.array(fitted[0].model), (len(pictures), 1)).astype(sizes.dtype)
        return {image_input(signature).name: pictures, sizes.name: given}

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture, with or without a batch axis, into detections."""
        # By what they are: the boxes have an axis more, and the labels are whole numbers.
        boxes, one, other = sorted(outputs[:3], key=lambda output: -output.ndim)
        labels, scores = (one, other) if one.dtype.kind in "iu" else (other, one)
        confidence = scores.ravel().astype(np.float32)
        index = np.flatnonzero(confidence >= keep.floor)
        picks = Picks(index, labels.ravel()[index], confidence[index])
        return picks.detections(boxes.reshape(-1, 4)[index], fitted, keep, None).detections


class DeimV2(RtDetr):
    """The same with a backbone that wants its pictures otherwise."""

    name = "deimv2"

    def match(self, signature: Signature) -> Match | None:
        """Claim what has DINOv3's weights, or does not say."""
        if not _is_detr(signature) or {_BACKBONE, _DINO} & signature.words == {_BACKBONE}:
            return None
        if _DINO in signature.words:
            return Match(Certainty.SAYS_SO, say("takes {sizes} beside the picture, and has DINOv3 inside", sizes=SIZES))
        return Match(
            Certainty.SHAPE, say("if it is a DEIMv2 from size S on, which wants ImageNet's mean and deviation")
        )

    def preparation(self, signature: Signature) -> Preparation:
        """RGB by ImageNet's mean and deviation, stretched."""
        return Preparation(fit=Fit.STRETCH, mean=MEAN, std=STD)


def _is_detr(signature: Signature) -> bool:
    return _sizes(signature) is not None and {output.name for output in signature.outputs} == _OUTPUTS


def _sizes(signature: Signature) -> Tensor | None:
    return next((tensor for tensor in signature.inputs if tensor.name == SIZES), None)
