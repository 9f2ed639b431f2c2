"""Results by stream time: which boxes belong to this frame?  Pure; times are those of the stream."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, TypeAlias

import supervision as sv

if TYPE_CHECKING:
    from livevision.frame import Result

_Moment: TypeAlias = tuple[int, float]
"""Generation and seconds on the stream's clock; they sort by time."""


class Timeline:
    """The newest results of one camera: at most ``count``, and none older than ``seconds`` before the newest.

    A camera that was opened again has a new clock: the first result of a new generation ends the record of the old
    one, and late results of the old one are ignored.
    """

    def __init__(self, count: int = 500, seconds: float = 10.0) -> None:
        self._count = count
        self._seconds = seconds
        self._moments: list[_Moment] = []
        self._detections: list[sv.Detections] = []  # not the results: their frames hold megabytes each

    def __repr__(self) -> str:
        if not self._moments:
            return "<Timeline empty>"
        (generation, first), (_, last) = self._moments[0], self._moments[-1]
        return f"<Timeline {len(self)} results of generation {generation}, {first:.3f} to {last:.3f} s>"

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, result: Result) -> None:
        """Remember ``result``; one for the same frame is replaced.  Any order of arrival will do."""
        moment = result.frame.generation, result.frame.pts
        generation, newest = max(moment, self._moments[-1]) if self._moments else moment
        oldest = generation, newest - self._seconds
        if moment < oldest:
            return
        at = bisect_left(self._moments, moment)
        same = slice(at, at + (self._moments[at : at + 1] == [moment]))
        self._moments[same], self._detections[same] = [moment], [result.detections]
        surplus = max(bisect_left(self._moments, oldest), len(self._moments) - self._count)
        del self._moments[:surplus], self._detections[:surplus]

    def covers(self, generation: int, pts: float) -> bool:
        """Tell whether a result at or after this moment is known, so that waiting longer brings nothing better."""
        return bool(self._moments) and self._moments[-1] >= (generation, pts)

    def detections_at(self, generation: int, pts: float) -> sv.Detections:
        """Return the detections of the result nearest in time, the earlier one of two that are equally near.

        Empty where no result of that generation is within ``seconds``: boxes that old say nothing.
        """
        after = bisect_left(self._moments, (generation, pts))
        neighbours = [at for at in (after - 1, after) if 0 <= at < len(self) and self._moments[at][0] == generation]
        nearest = min(neighbours, key=lambda at: abs(self._moments[at][1] - pts), default=None)
        if nearest is None or abs(self._moments[nearest][1] - pts) > self._seconds:
            return sv.Detections.empty()
        return self._detections[nearest]
