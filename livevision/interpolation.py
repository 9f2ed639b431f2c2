"""Boxes between two results: where the objects of both were at a moment between them.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.association import at_high_edge, at_low_edge
from livevision.inference.layouts.keypoints import KEYPOINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from livevision.association import Association, Floats, Indices, Sighting, Size


_POINTS = (KEYPOINTS, ORIENTED_BOX_COORDINATES)
"""What else is at a place: ``(n, k, 2)``, x and y in pixels.  A keypoint at 0, 0 was not seen."""
_LEAST_SEEN = 0.25
"""A box of which a smaller share is inside the picture has left it."""

_Column: TypeAlias = "NDArray[Any] | list[Any]"


class Passage:
    """The way from one result to the next.

    What is in both moves evenly from the one place to the other; at the picture's border it slides in and out instead
    of growing and shrinking.  What is in only one of them is there while that one is nearer; but where its speed says
    that it came or went over the border meanwhile, until then.  ``velocities`` are those with which the objects of
    ``before`` arrived there, and those of ``after`` went on: ``(n, 2)`` pixels per second, NaN where not known.
    """

    def __init__(
        self, before: Sighting, after: Sighting, association: Association, velocities: tuple[Floats, Floats]
    ) -> None:
        self._before, self._after = before.time, after.time
        arrived, went_on = velocities
        seconds = after.time - before.time
        self._onward = _course(before, after, (association.before, association.after), arrived)
        self._back = _course(after, before, (association.after, association.before), -went_on)
        self._leaving = self._onward.crossing(association.before, seconds)
        self._entering = self._back.crossing(association.after, seconds)

    def at(self, time: float) -> sv.Detections:
        """Return the detections at ``time``, which is after the one result and before the other."""
        onward, back = time - self._before, self._after - time
        if onward <= back:
            return _merged(self._onward.after(onward), self._entering, back)
        return _merged(self._back.after(back), self._leaving, onward)


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """Objects of one result and how they move away from it: towards the other, or as they were moving."""

    detections: sv.Detections
    size: Size
    boxes: Floats
    rates: Floats
    """``(n, 4)`` pixels per second."""
    points: Mapping[str, tuple[Floats, Floats]]
    """Keypoints and the like: where they are, and their pixels per second."""

    def crossing(self, shared: Indices, seconds: float) -> _Course | None:
        """Return the objects that are not ``shared`` and will be over the border in ``seconds``, if there are any."""
        gone = ~_inside(self.boxes + self.rates * seconds, self.boxes, self.size)
        gone[shared] = False
        if not gone.any():
            return None
        points = {key: (places[gone], rates[gone]) for key, (places, rates) in self.points.items()}
        some = cast("sv.Detections", self.detections[gone])
        return _Course(some, self.size, self.boxes[gone], self.rates[gone], points)

    def after(self, seconds: float) -> sv.Detections:
        """Return those that are in the picture ``seconds`` away from the result."""
        moved = self.boxes + self.rates * seconds
        found = self.detections
        data: dict[str, _Column] = dict(found.data)
        for key, (places, rates) in self.points.items():
            points = np.array(found.data[key])
            points[..., :2] = places + rates * seconds
            data[key] = points
        there = sv.Detections(
            xyxy=np.clip(moved, 0, np.array(self.size * 2)).astype(found.xyxy.dtype, copy=False),
            mask=found.mask,
            confidence=found.confidence,
            class_id=found.class_id,
            tracker_id=found.tracker_id,
            data=data,
            metadata=found.metadata,
        )
        inside = _inside(moved, self.boxes, self.size)
        return there if inside.all() else cast("sv.Detections", there[inside])


def _course(here: Sighting, there: Sighting, shared: tuple[Indices, Indices], velocities: Floats) -> _Course:
    rows, others = shared
    seconds = abs(there.time - here.time)
    boxes, rates = here.boxes.copy(), np.tile(np.nan_to_num(velocities), 2)
    boxes[rows] = _uncut(here.boxes[rows], there.boxes[others], here.size)
    rates[rows] = (_uncut(there.boxes[others], here.boxes[rows], there.size) - boxes[rows]) / seconds
    points = {}
    for key in _POINTS:
        if key in here.detections.data:
            places = np.asarray(here.detections.data[key], np.float64)[..., :2]
            speeds = np.broadcast_to(rates[:, None, :2], places.shape).copy()
            if key in there.detections.data:
                targets = np.asarray(there.detections.data[key], np.float64)[..., :2]
                if targets.shape[1:] == places.shape[1:]:
                    speeds[rows] = (targets[others] - places[rows]) / seconds
                    speeds[rows] *= targets[others].any(axis=-1, keepdims=True)
            points[key] = places, speeds * places.any(axis=-1, keepdims=True)
    return _Course(here.detections, here.size, boxes, rates, points)


def _uncut(boxes: Floats, others: Floats, size: Size) -> Floats:
    """Return ``boxes`` with what the picture's border cuts off, as far as the same objects' other boxes tell."""
    whole = boxes.copy()
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], others[:, 2:] - others[:, :2])
    low, high = at_low_edge(boxes), at_high_edge(boxes, size)
    whole[:, :2] = np.where(low & ~high, boxes[:, 2:] - sides, boxes[:, :2])
    whole[:, 2:] = np.where(high & ~low, boxes[:, :2] + sides, boxes[:, 2:])
    return whole


def _inside(moved: Floats, boxes: Floats, size: Size) -> NDArray[np.bool_]:
    """Tell which of the ``moved`` boxes are still in the picture, by how much of the original ones is."""
    limits = np.array(size * 2)
    seen, whole = np.clip(moved, 0, limits), np.clip(boxes, 0, limits)
    return np.asarray(((seen[:, 2:] - seen[:, :2]) > _LEAST_SEEN * (whole[:, 2:] - whole[:, :2])).all(axis=1))


def _merged(nearer: sv.Detections, crossing: _Course | None, seconds: float) -> sv.Detections:
    if crossing is None:
        return nearer
    others = crossing.after(seconds)
    if not len(others):
        return nearer
    try:
        return sv.Detections.merge([nearer, others])
    except ValueError:
        # The one has masks or keypoints, the other has not: two models, or a server that leaves out what is empty.
        return nearer
