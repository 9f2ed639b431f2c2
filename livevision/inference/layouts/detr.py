"""RT-DETR and D-FINE as their own exporters write them: the picture's size goes in, boxes in its pixels come out.

Inputs ``images`` and ``orig_target_sizes`` (int64 ``[n, 2]``: width, height), outputs ``labels``, ``boxes`` and
``scores``: ``tools/export_onnx.py`` of lyuwenyu/RT-DETR, ``tools/deployment/export_onnx.py`` of Peterande/D-FINE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts.image_input import image_input
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.picks import Picks
from livevision.inference.layouts.preparation import Fit, Preparation
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature, Tensor

SIZES = "orig_target_sizes"
_OUTPUTS = {"labels", "boxes", "scores"}


class RtDetr:
    """A fixed number of queries, each with a class and a box; nothing to suppress."""

    name = "rt-detr"

    def match(self, signature: Signature) -> Match | None:
        """Claim the names that only this family has."""
        if not _sizes(signature) or {output.name for output in signature.outputs} != _OUTPUTS:
            return None
        return Match(
            Certainty.SAYS_SO, say("takes {sizes} beside the picture, and gives labels, boxes and scores", sizes=SIZES)
        )

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


def _sizes(signature: Signature) -> Tensor | None:
    return next((tensor for tensor in signature.inputs if tensor.name == SIZES), None)
