"""How well a detector does on the generated street, whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import supervision as sv

from livevision.sources.reader import Demand
from livevision.sources.street.scene import Street
from livevision.sources.synthetic import parse_synthetic

if TYPE_CHECKING:
    from livevision.frame import Result
    from livevision.sources.status import CameraStatus

DEMO_SOURCE = "synthetic:street?size=1280x720&fps=25&seed=1"

_MATCH_IOU = 0.5
"""From this overlap on a box counts as the object's, as in PASCAL VOC."""
_TOUCH_IOU = 0.1
"""Below this overlap with every object a box is where nothing is; between the two it is on an object, but badly."""
_LEARNING = 3.0
"""Seconds at the start that do not count: a motion detector has to see the background first."""
_MOST = 2000
"""Results that are kept for scoring; a demo that runs all day is scored on its last ones."""


@dataclass(frozen=True, slots=True)
class Score:
    """A detector against the truth over a number of pictures."""

    pictures: int
    objects: int
    found: int
    false: int

    def words(self) -> str:
        """Say it in one line."""
        if not self.objects:
            return "Too short to say how well the detector does: let the demo run for some seconds."
        return (
            f"The detector found {self.found / self.objects:.0%} of {self.objects} objects in {self.pictures} pictures "
            f"(IoU ≥ {_MATCH_IOU}), with {self.false / self.pictures:.1f} boxes a picture where nothing was."
        )


class Scorer:
    """A subscriber that notes what a detector answers and compares it with the truth when asked."""

    wants = Demand.KEYFRAMES
    """It takes what the detector was given."""

    def __init__(self, source: str) -> None:
        self._options = parse_synthetic(source)
        self._answers: dict[int, sv.Detections] = {}

    def on_frame(self, frame: object) -> None:
        """Nothing to note."""

    def on_result(self, result: Result) -> None:
        """Note the answer for this picture; comparing waits until it costs nobody a picture."""
        if result.frame.pts >= _LEARNING:
            self._answers[result.frame.index] = result.detections
            if len(self._answers) > _MOST:
                del self._answers[next(iter(self._answers))]

    def on_status(self, status: CameraStatus) -> None:
        """Nothing to note."""

    def score(self) -> Score:
        """Compare.  Takes a second or so: it draws the scene's sprites once more."""
        if not self._answers:
            return Score(0, 0, 0, 0)
        street = Street(self._options.size, self._options.fps, self._options.seed)
        objects = found = false = 0
        for index, answer in self._answers.items():
            truth = street.truth(index)
            overlaps = sv.box_iou_batch(truth.xyxy, answer.xyxy)
            objects += len(truth)
            found += int(np.count_nonzero((overlaps >= _MATCH_IOU).any(axis=1)))
            false += int(np.count_nonzero((overlaps < _TOUCH_IOU).all(axis=0)))
        return Score(len(self._answers), objects, found, false)
