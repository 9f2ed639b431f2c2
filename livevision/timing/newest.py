"""The newest picture at once, with the newest boxes as they came."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import supervision as sv

from livevision.tracking.tracks import FRESH_FOR

if TYPE_CHECKING:
    from livevision.frame import Frame, Result


NOTHING = sv.Detections.empty()
"""What a picture gets of which nothing is known.  Made once: checking a new one takes longer than a picture's boxes."""


def fresh_detections(frame: Frame, result: Result | None) -> sv.Detections | None:
    """Return the detections of the newest ``result`` if they may be drawn on ``frame``, else None.

    Those of another generation or older than :data:`FRESH_FOR` may not: a model that stopped answering must not leave
    boxes standing on a picture that moves on.
    """
    if result is None or result.frame.generation != frame.generation:
        return None
    if abs(frame.pts - result.frame.pts) > FRESH_FOR:
        return None
    return result.detections


class AtOnce(ABC):
    """Shows the newest picture as soon as there is time for it: half of a :class:`Timing`."""

    def __init__(self) -> None:
        self.dropped = 0
        self._newest: Frame | None = None

    def on_frame(self, frame: Frame) -> None:
        """Take the newest picture; one that still waits is forgotten."""
        self.dropped += self._newest is not None
        self._newest = frame

    def next_due(self, now: float) -> float | None:
        """Return 0 where a picture waits, else None."""
        return None if self._newest is None else 0.0

    def take(self, now: float) -> tuple[Frame, sv.Detections] | None:
        """Return the newest picture and its boxes, once."""
        frame, self._newest = self._newest, None
        return None if frame is None else (frame, self.detections_at(frame))

    @abstractmethod
    def detections_at(self, frame: Frame) -> sv.Detections:
        """Return the boxes for ``frame``."""


class NewestTiming(AtOnce):
    """Draws boxes where their objects were when the detector was given its picture: as every viewer does."""

    def __init__(self) -> None:
        super().__init__()
        self._result: Result | None = None

    def __repr__(self) -> str:
        return f"<NewestTiming {'with' if self._result else 'without'} a result>"

    def on_result(self, result: Result, now: float) -> None:
        """Draw these from now on."""
        self._result = result

    def detections_at(self, frame: Frame) -> sv.Detections:
        """Return the newest result's boxes, unless they are 2 s old or of another generation."""
        found = fresh_detections(frame, self._result)
        return NOTHING if found is None else found

    def age_at(self, frame: Frame) -> float | None:
        """Return by how many seconds of stream time the result is older than ``frame``; None without one."""
        result = self._result
        if result is None or fresh_detections(frame, result) is None:
            return None
        return max(0.0, frame.pts - result.frame.pts)
