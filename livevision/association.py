"""Who is who in two results: the same object found again, some time later and somewhere else.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import supervision as sv
    from numpy.typing import NDArray

Floats: TypeAlias = "NDArray[np.float64]"
Indices: TypeAlias = "NDArray[np.intp]"
Size: TypeAlias = tuple[int, int]

_REACH = 0.25
"""How far a box may lie from where it is expected, in lengths of its longer side: what detectors are unsure by."""
_CHANGE = 1.0
"""Lengths more for each second: how much an object may brake, accelerate or turn."""
_FASTEST = 4.0
"""The same for an object whose speed is not known yet: a car passing by makes 2.5 lengths a second."""
_MOST_GROWTH = 2.0
"""How many times as wide or high an object may become."""
_EDGE = 1.5
"""Pixels from the border within which a side of a box is taken for the border's and not for the object's."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What one result says: when, in seconds, in a picture of which size (width, height), and what."""

    time: float
    size: Size
    detections: sv.Detections

    @property
    def boxes(self) -> Floats:
        """``(n, 4)`` x1, y1, x2, y2 in pixels."""
        return np.asarray(self.detections.xyxy, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """The objects that two sightings share."""

    before: Indices
    """``(m,)`` rows of the earlier one, ascending."""
    after: Indices
    """``(m,)`` their rows in the later one."""
    velocities: Floats
    """``(m, 2)`` pixels per second from the one to the other."""

    def velocities_after(self, count: int) -> Floats:
        """Return ``(count, 2)``, for each row of the later one; NaN for those that were not seen before."""
        return _scattered(self.velocities, self.after, count)

    def velocities_before(self, count: int) -> Floats:
        """Return ``(count, 2)``, for each row of the earlier one; NaN for those that were not seen again."""
        return _scattered(self.velocities, self.before, count)


def associate(before: Sighting, after: Sighting, velocities: Floats) -> Association:
    """Find the objects of ``before`` again in ``after``.

    Those with a tracker's identity in both are matched by it.  The others by what they are, by how large, and by how
    near they are to where they would have gone: ``velocities`` is ``(n, 2)``, pixels per second of the objects of
    ``before``, NaN where it is not known.  All pairs are weighed together (the Hungarian method), so that of two
    people who pass each other each stays who it is.
    """
    rows, columns = pairs(before, after, velocities)
    moved = _displacements(before, after)[rows, columns]
    return Association(rows, columns, moved / (after.time - before.time))


def pairs(before: Sighting, after: Sighting, velocities: Floats) -> tuple[Indices, Indices]:
    """Return the rows, ascending, and columns that :func:`associate` does, without how they moved."""
    rows, columns = _same_identity(before.detections, after.detections)
    free_rows = others(rows, len(before.detections))
    free_columns = others(columns, len(after.detections))
    if len(free_rows) and len(free_columns):
        from scipy.optimize import linear_sum_assignment  # 0.2 s, if it is the first

        costs = _costs(before, after, velocities)[np.ix_(free_rows, free_columns)]
        # As much as leaving both alone costs, so that one good pair is not given up for two bad ones.
        left, right = linear_sum_assignment(np.minimum(costs, 1.0))
        good = costs[left, right] < 1.0
        rows = np.concatenate((rows, free_rows[left[good]]))
        columns = np.concatenate((columns, free_columns[right[good]]))
    order = np.argsort(rows, kind="stable")
    return rows[order], columns[order]


def others(rows: Indices, count: int) -> Indices:
    """Return which of ``count`` rows are not among these, ascending."""
    free = np.ones(count, bool)
    free[rows] = False
    return np.flatnonzero(free)


def at_low_edge(boxes: Floats) -> NDArray[np.bool_]:
    """Tell which boxes are cut off on the left and at the top: ``(n, 2)``."""
    return boxes[:, :2] <= _EDGE


def at_high_edge(boxes: Floats, size: Size) -> NDArray[np.bool_]:
    """Tell which boxes are cut off on the right and at the bottom: ``(n, 2)``."""
    return boxes[:, 2:] >= np.array(size) - _EDGE


def _same_identity(before: sv.Detections, after: sv.Detections) -> tuple[Indices, Indices]:
    nobody = np.empty(0, np.intp)
    if before.tracker_id is None or after.tracker_id is None:
        return nobody, nobody
    # A dozen objects: numpy's sets take ten times as long.  The first row counts where two have one identity.
    rows = _first_rows(before.tracker_id)
    shared = [(rows[identity], row) for identity, row in _first_rows(after.tracker_id).items() if identity in rows]
    found = np.array(shared, np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _first_rows(identities: NDArray[np.integer[Any]]) -> dict[int, int]:
    # Trackers say -1 while they are not sure yet.
    numbers = identities.tolist()
    return {numbers[row]: row for row in reversed(range(len(numbers))) if numbers[row] >= 0}


def _costs(before: Sighting, after: Sighting, velocities: Floats) -> Floats:
    """Return ``(n, m)``: 0 for what is exactly as expected, 1 and more for what cannot be the same object."""
    seconds = after.time - before.time
    known = np.isfinite(velocities).all(axis=1)
    expected = np.nan_to_num(velocities)[:, None] * seconds
    missed = _displacements(before, after) - expected
    longer = np.maximum.outer(_longer_sides(before.boxes), _longer_sides(after.boxes))
    reach = _REACH + seconds * np.where(known, _CHANGE, _FASTEST)
    # Squares, as for errors that are normally distributed: one that fits perfectly outweighs several that might.
    costs: Floats = (missed**2).sum(axis=-1) / (reach[:, None] * longer) ** 2
    costs += (_growth(before, after) / np.log(_MOST_GROWTH)) ** 2
    costs[kinds(before.detections)[:, None] != kinds(after.detections)[None]] = np.inf
    # A tracker that knows both says that they are two.
    costs[np.logical_and.outer(_identified(before.detections), _identified(after.detections))] = np.inf
    return costs


def _displacements(before: Sighting, after: Sighting) -> Floats:
    """Return ``(n, m, 2)``: by how many pixels each object would have moved to be each of the other's.

    By its middle; but an object that is cut off by the picture's border by the side that can be seen.
    """
    low = after.boxes[None, :, :2] - before.boxes[:, None, :2]
    high = after.boxes[None, :, 2:] - before.boxes[:, None, 2:]
    low_hidden, high_hidden = _hidden(before, after)
    middle = (low + high) / 2
    moved = np.where(low_hidden & ~high_hidden, high, np.where(high_hidden & ~low_hidden, low, middle))
    return np.asarray(moved, np.float64)


def _growth(before: Sighting, after: Sighting) -> Floats:
    """Return ``(n, m)``: how much larger or smaller, as a logarithm, where the border hides nothing of it."""
    sides = [np.log(np.maximum(each.boxes[:, 2:] - each.boxes[:, :2], 1.0)) for each in (before, after)]
    low_hidden, high_hidden = _hidden(before, after)
    growth = np.where(low_hidden | high_hidden, np.inf, np.abs(sides[0][:, None] - sides[1][None]))
    # The side that changed less: a walker's box is as wide as the step is.
    least = growth.min(axis=-1)
    return np.where(np.isfinite(least), least, 0.0)


def _hidden(before: Sighting, after: Sighting) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which sides (left and top; right and bottom) the border may hide in either: ``(n, m, 2)`` each."""
    low = np.asarray(at_low_edge(before.boxes))[:, None] | at_low_edge(after.boxes)
    high = np.asarray(at_high_edge(before.boxes, before.size))[:, None] | at_high_edge(after.boxes, after.size)
    return np.asarray(low), np.asarray(high)


def _longer_sides(boxes: Floats) -> Floats:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=1.0), np.float64)


def kinds(detections: sv.Detections) -> NDArray[np.str_]:
    """Return ``(n,)`` what each object is: the name of its class, or its number where there are no names."""
    """Return ``(n,)`` what each object is: the name of its class, or the class's number where there are no names."""
    names = detections.data.get("class_name", detections.class_id)
    return np.zeros(len(detections), str) if names is None else np.asarray(names, dtype=str)


def _identified(detections: sv.Detections) -> NDArray[np.bool_]:
    if detections.tracker_id is None:
        return np.zeros(len(detections), bool)
    return np.asarray(detections.tracker_id >= 0)


def _scattered(values: Floats, at: Indices, count: int) -> Floats:
    rows = np.full((count, 2), np.nan)
    rows[at] = values
    return rows
