"""Results by stream time: which boxes belong to this frame?  Pure; times are those of the stream."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import supervision as sv

from livevision.association import Association, Sighting, associate
from livevision.interpolation import Passage

if TYPE_CHECKING:
    from livevision.association import Floats
    from livevision.frame import Result

_Moment: TypeAlias = tuple[int, float]
"""Generation and seconds on the stream's clock; they sort by time."""

_LONGEST_BRIDGE = 2.0
"""Seconds between two results beyond which nobody knows what happened in between."""
_LOOK_BACK = 3
"""Results before a pair that are looked at for how its objects were moving, where that is not known yet."""


class Timeline:
    """The newest results of one camera: at most ``count``, and none older than ``seconds`` before the newest.

    A camera that was opened again has a new clock: the first result of a new generation ends the record of the old
    one, and late results of the old one are ignored.
    """

    def __init__(self, count: int = 500, seconds: float = 10.0) -> None:
        self._count = count
        self._seconds = seconds
        self._moments: list[_Moment] = []
        self._known: list[_Known] = []
        self._passage: tuple[_Known, _Known, _Known | None, Passage] | None = None

    def __repr__(self) -> str:
        if not self._moments:
            return "<Timeline empty>"
        (generation, first), (_, last) = self._moments[0], self._moments[-1]
        return f"<Timeline {len(self)} results of generation {generation}, {first:.3f} to {last:.3f} s>"

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, result: Result) -> None:
        """Remember ``result``; one for the same frame is replaced.  Any order of arrival will do."""
        # Not the result: its frame holds megabytes.
        frame = result.frame
        self.insert(frame.generation, Sighting(frame.pts, frame.size, result.detections))

    def insert(self, generation: int, sighting: Sighting) -> None:
        """Remember what was seen, as :meth:`add` does."""
        moment = generation, sighting.time
        newest_generation, newest = max(moment, self._moments[-1]) if self._moments else moment
        oldest = newest_generation, newest - self._seconds
        if moment < oldest:
            return
        at = bisect_left(self._moments, moment)
        same = slice(at, at + (self._moments[at : at + 1] == [moment]))
        self._moments[same], self._known[same] = [moment], [_Known(sighting)]
        if at + 1 < len(self):
            self._known[at + 1].link = None  # the one before it is another one now
        surplus = max(bisect_left(self._moments, oldest), len(self._moments) - self._count)
        del self._moments[:surplus], self._known[:surplus]

    def covers(self, generation: int, pts: float) -> bool:
        """Tell whether a result at or after this moment is known, so that its boxes are."""
        return bool(self._moments) and self._moments[-1] >= (generation, pts)

    def detections_at(self, generation: int, pts: float) -> sv.Detections:
        """Return what was where at this moment.

        That is a result of this very moment; else what lies between the result before and the one after, object by
        object, as :class:`Passage` says.  Where one of them is missing, or they are more than 2 s apart, it is the
        nearest result, the earlier one of two that are equally near, and nothing where that is more than ``seconds``
        away: boxes that old say nothing.
        """
        after = bisect_left(self._moments, (generation, pts))
        neighbours = [at for at in (after - 1, after) if 0 <= at < len(self) and self._moments[at][0] == generation]
        nearest = min(neighbours, key=lambda at: abs(self._moments[at][1] - pts), default=None)
        if nearest is None or abs(self._moments[nearest][1] - pts) > self._seconds:
            return sv.Detections.empty()
        if self._moments[nearest][1] != pts and len(neighbours) == 2 and self._gap(after) <= _LONGEST_BRIDGE:
            return self._passage_to(after).at(pts)
        return self._known[nearest].sighting.detections

    def _gap(self, at: int) -> float:
        return self._moments[at][1] - self._moments[at - 1][1]

    def _passage_to(self, at: int) -> Passage:
        before, after = self._known[at - 1], self._known[at]
        following = self._known[at + 1] if at + 1 < len(self) and self._bridged(at + 1) else None
        if self._passage is not None and self._passage[:3] == (before, after, following):
            return self._passage[3]
        link = self._link(at, _LOOK_BACK)
        arrived = self._arrived(at - 1, _LOOK_BACK)
        count = len(after.sighting.detections)
        went_on = _unknown(count) if following is None else self._link(at + 1, 0).velocities_before(count)
        passage = Passage(before.sighting, after.sighting, link, (arrived, went_on))
        self._passage = before, after, following, passage
        return passage

    def _link(self, at: int, look_back: int) -> Association:
        """Return who is who in the result ``at`` and the one before it."""
        known = self._known[at]
        if known.link is None:
            before = self._known[at - 1].sighting
            known.link = associate(before, known.sighting, self._arrived(at - 1, look_back))
        return known.link

    def _arrived(self, at: int, look_back: int) -> Floats:
        """Return how fast the objects of a result were when they got there."""
        known = self._known[at]
        count = len(known.sighting.detections)
        if known.link is None and (look_back == 0 or at == 0 or not self._bridged(at)):
            return _unknown(count)
        return self._link(at, look_back - 1).velocities_after(count)

    def _bridged(self, at: int) -> bool:
        """Tell whether the result ``at`` is near enough to the one before it."""
        return self._moments[at - 1][0] == self._moments[at][0] and self._gap(at) <= _LONGEST_BRIDGE


class _Known:
    """A sighting, and who of the one before it is who, once somebody asked."""

    def __init__(self, sighting: Sighting) -> None:
        self.sighting = sighting
        self.link: Association | None = None


def _unknown(count: int) -> Floats:
    return np.full((count, 2), np.nan)
