"""YOLOv8-pose and its successors: ``[1, 4+classes+keypoints·3, anchors]``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from livevision.inference.layouts import ultralytics
from livevision.inference.layouts.fitting import unit_of
from livevision.inference.layouts.keypoints import add_keypoints
from livevision.inference.layouts.layout import Certainty, Match
from livevision.inference.layouts.single_output import PictureOnly, described, only
from livevision.inference.layouts.yolov8 import by_columns, choose, numbers_of, turn_of
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Signature

_LIKELY = range(4, 134)
"""Keypoints with which a model without metadata may be one of poses: from the corners of a plate to all of a body with
face and hands.  With fewer, it is rather a detector of so many classes."""


@dataclass(frozen=True, slots=True)
class Yolov8Pose(PictureOnly):
    """Boxes, scores, and keypoints; without metadata one class, and three numbers a keypoint."""

    numbers: int = 0
    """That all keypoints of an answer have together; 0 for all that one class leaves."""
    each: int = 3

    @property
    def name(self) -> str:
        """What ``--layout`` calls it."""
        return "yolov8-pose"

    def match(self, signature: Signature) -> Match | None:
        """Claim one output that has room for keypoints beside box and class."""
        output = only(signature.outputs, 3)
        task = ultralytics.task(signature)
        if output is None or not ultralytics.may_be(signature, "pose"):
            return None
        if turn_of(output, signature, least=7) is None:
            return None
        if task == "pose":
            return Match(Certainty.SAYS_SO, say("the metadata say task: pose; {output}", output=described(output)))
        numbers = numbers_of(output, signature)
        if numbers is not None and not are_keypoints(numbers - 5):
            return None
        points = "" if numbers is None else f"{(numbers - 5) // 3} "
        return Match(
            Certainty.SHAPE,
            say(
                "{output}: 4 numbers of a box, one class and {points}keypoints a cell",
                output=described(output),
                points=points,
            ),
        )

    def adjusted(self, signature: Signature) -> Yolov8Pose:
        """Take the number of keypoints from the metadata."""
        shape = ultralytics.keypoint_shape(signature)
        return self if shape is None else replace(self, numbers=shape[0] * shape[1], each=shape[1])

    def class_count(self, signature: Signature) -> int | None:
        """Return what box and keypoints leave."""
        output = only(signature.outputs, 3)
        numbers = None if output is None else numbers_of(output, signature)
        mine = self.adjusted(signature)
        return numbers - 4 - mine.numbers if mine.numbers and numbers is not None else 1

    def decode(self, outputs: Sequence[Array], fitted: Fitted, keep: DetectionFilter) -> sv.Detections:
        """Turn the outputs for one picture into detections with keypoints."""
        columns = by_columns(outputs, fitted)
        classes = len(columns) - 4 - self.numbers if self.numbers else 1
        if classes < 1:
            raise ValueError(f"{len(columns)} numbers have no room for {self.numbers} of keypoints")
        chosen = choose(columns, classes, fitted, keep)
        add_keypoints(chosen, columns[4 + classes :].T, self.each, unit_of(columns[:4].T, fitted), fitted)
        return chosen.detections


def are_keypoints(numbers: int) -> bool:
    """Say whether so many numbers may well be keypoints of three each."""
    return numbers % 3 == 0 and numbers // 3 in _LIKELY
