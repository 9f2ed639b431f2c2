"""Models of poses that suppress overlaps themselves: ``[1, 300, 6+keypoints·3]``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.end_to_end import NUMBERS, choose, claim
from livevision.inference.layouts.fitting import unit_of
from livevision.inference.layouts.keypoints import add_keypoints
from livevision.inference.layouts.names import COCO
from livevision.inference.layouts.single_output import PictureOnly, answers, only
from livevision.inference.layouts.yolov8_pose import are_keypoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array, Match
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature


@dataclass(frozen=True, slots=True)
class EndToEndPose(PictureOnly):
    """Boxes with the class that they are, and keypoints; three numbers each where the metadata do not say."""

    each: int = 3

    @property
    def name(self) -> str:
        """What ``--layout`` calls it."""
        return "end-to-end-pose"

    def match(self, signature: Signature) -> Match | None:
        """Claim few rows that have room for keypoints."""
        output = only(signature.outputs, 3)
        numbers = None if output is None else output.shape[2]
        shape = ultralytics.keypoint_shape(signature)
        if shape is not None:
            wanted = NUMBERS + shape[0] * shape[1]
        else:
            # With COCO's 80 classes, RT-DETR's rows are as long as those with 26 keypoints, which few have.
            fits = numbers is not None and are_keypoints(numbers - NUMBERS) and numbers != 4 + len(COCO)
            wanted = numbers if fits and numbers is not None else -1
        return claim(output, signature, "pose", wanted)

    def adjusted(self, signature: Signature) -> EndToEndPose:
        """Take the numbers of a keypoint from the metadata."""
        shape = ultralytics.keypoint_shape(signature)
        return self if shape is None else replace(self, each=shape[1])

    def class_count(self, signature: Signature) -> int | None:
        """Return None: the shape does not tell."""
        return None

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections with keypoints."""
        rows = answers(outputs)
        chosen = choose(rows, fitted, keep)
        add_keypoints(chosen, rows[:, NUMBERS:], self.each, unit_of(rows[:, :4], fitted), fitted)
        return chosen.detections
