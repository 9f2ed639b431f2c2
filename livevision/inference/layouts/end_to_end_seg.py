"""Models of outlines that suppress overlaps themselves: ``[1, 300, 6+32]`` and prototypes ``[1, 32, h/4, w/4]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.layouts.end_to_end import NUMBERS, choose, claim
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.masks import PROTOTYPES, WEIGHTS, add_masks, prototypes
from livevision.inference.layouts.single_output import PictureOnly, answers, with_prototypes
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature


class EndToEndSeg(PictureOnly):
    """Boxes with the class that they are, and masks."""

    name = "end-to-end-seg"

    def match(self, signature: Signature) -> Match | None:
        """Claim few rows beside prototypes of masks."""
        if prototypes(signature.outputs) is None:
            return None
        output = with_prototypes(signature.outputs)
        match = claim(output, signature, "segment", NUMBERS + PROTOTYPES)
        if match is None or output is None or None in output.shape[1:]:
            return match
        return Match(Certainty.SAYS_SO, say("{evidence}, beside prototypes of masks", evidence=match.evidence))

    def class_count(self, signature: Signature) -> int | None:
        """Return None: the shape does not tell."""
        return None

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections; their masks are made in :meth:`finish`."""
        rows = answers(outputs)
        if rows.shape[1] != NUMBERS + PROTOTYPES:
            raise ValueError(f"{rows.shape[1]} numbers are not the {NUMBERS + PROTOTYPES} of a box and a mask")
        chosen = choose(rows, fitted, keep)
        chosen.detections.data[WEIGHTS] = rows[chosen.index, NUMBERS:]
        return chosen.detections

    def finish(self, detections: sv.Detections, outputs: Sequence[Array], fitted: Fitted) -> sv.Detections:
        """Return the detections with masks."""
        return add_masks(detections, outputs, fitted)
