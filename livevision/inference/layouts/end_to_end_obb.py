"""Models of turned boxes that suppress overlaps themselves: ``[1, 300, 7]``, centre, sides, score, class, angle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts.end_to_end import NUMBERS, claim, pick
from livevision.inference.layouts.fitting import unit_of
from livevision.inference.layouts.oriented import turned_detections
from livevision.inference.layouts.single_output import PictureOnly, answers, only

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array, Match
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature


class EndToEndObb(PictureOnly):
    """Turned boxes with the class that they are (``ultralytics/nn/modules/head.py``: OBB.postprocess)."""

    name = "end-to-end-obb"

    def match(self, signature: Signature) -> Match | None:
        """Claim few rows of seven numbers."""
        return claim(only(signature.outputs, 3), signature, "obb", NUMBERS + 1)

    def class_count(self, signature: Signature) -> int | None:
        """Return None: the shape does not tell."""
        return None

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections with the corners of the turned boxes."""
        rows = answers(outputs)
        if rows.shape[1] != NUMBERS + 1:
            raise ValueError(f"{rows.shape[1]} numbers are not the 7 of a turned box")
        picks = pick(rows, keep.floor)
        chosen = rows[picks.index]
        boxes = chosen[:, :4] * np.tile(unit_of(rows[:, :4], fitted), 2)
        return turned_detections(picks, boxes, chosen[:, 6], fitted, keep, None)
