"""What a camera's detector found in the last seconds, so that the pictures before a recording have their boxes, too."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from livevision.pictures import NoPicture
from livevision.sources.reader import Demand

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus

_MOST = 1500


class RecentResults:
    """Subscribes to a camera and keeps the results of the last ``seconds``, without pictures and masks."""

    wants = Demand.KEYFRAMES

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._results: deque[Result] = deque(maxlen=_MOST)

    def recent(self) -> tuple[Result, ...]:
        """Return them, the oldest first."""
        return tuple(self._results)

    def on_frame(self, frame: Frame) -> None:
        """Nothing to keep."""

    def on_result(self, result: Result) -> None:
        """Keep a result."""
        frame = replace(result.frame, picture=NoPicture(result.frame.size))
        unseen = None if result.unseen is None else _without_masks(result.unseen)
        kept = replace(result, frame=frame, detections=_without_masks(result.detections), unseen=unseen)
        self._results.append(kept)
        while result.finished - self._results[0].finished > self.seconds:
            self._results.popleft()

    def on_status(self, status: CameraStatus) -> None:
        """Nothing to keep."""


def _without_masks(found: sv.Detections) -> sv.Detections:
    # A mask is as large as a picture.
    return found if found.mask is None else replace(found, mask=None)
