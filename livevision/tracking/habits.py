"""How things usually move where a camera looks: what to expect of an object that was seen only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.association import Floats
    from livevision.tracking.motion import Courses

_MOST = 1024
"""Observations that are kept: a minute's worth of a busy street."""
_EVERY = 0.5
"""Seconds between observations: nobody changes habits from picture to picture."""
_LIKE = 8
"""The nearest observations that are asked."""
_LEAST_LIKE = 3
"""Fewer are no habit."""
_NEAR = 0.25
"""Heights of the object within which others are in its lane: by where their feet are, and by how large they are."""
_AROUND = 6.0
"""Heights of the object within which, to the left or right, its neighbourhood is."""
_AGREED = 0.5
"""Share of their speed by which those asked may differ and still agree."""


class Habits:
    """Remembers which way and how fast objects of each kind went where, and how large they were.

    A car that enters the picture most likely does what the cars before it did.
    """

    def __init__(self) -> None:
        self._kinds = np.empty(0, str)
        self._seen = np.empty((0, 6))
        """Rows of: foot's x and y, width, height, velocity's x and y, in pixels."""
        self._time = -np.inf

    def __repr__(self) -> str:
        return f"<Habits of {len(self._kinds)} observations>"

    def learn(self, time: float, kinds: NDArray[np.str_], courses: Courses, uncut: NDArray[np.bool_]) -> None:
        """Observe at ``time``, seconds, those objects of which the border hides nothing: ``uncut`` is ``(n,)``."""
        some = uncut & np.isfinite(courses.velocities).all(axis=1)
        if time - self._time < _EVERY or not some.any():
            return
        self._time = time
        sizes = courses.sizes[some]
        feet = courses.middles[some] + sizes * [0, 0.5]
        seen = np.concatenate((feet, sizes, courses.velocities[some]), axis=1)
        self._kinds = np.concatenate((self._kinds, kinds[some]))[-_MOST:]
        self._seen = np.concatenate((self._seen, seen))[-_MOST:]

    def expected(self, kinds: NDArray[np.str_], boxes: Floats) -> tuple[Floats, Floats]:
        """Return velocities and whole sizes, ``(n, 2)`` each, NaN where there is no habit, for objects in ``boxes``."""
        velocities, sizes = np.full((2, len(boxes), 2), np.nan)
        if len(self._seen) < _LEAST_LIKE or not len(boxes):
            return velocities, sizes
        height = np.maximum(boxes[:, 3] - boxes[:, 1], 1.0)[:, None]
        aside = np.abs(self._seen[:, 0] - (boxes[:, [0]] + boxes[:, [2]]) / 2) / height
        lane = np.maximum(np.abs(self._seen[:, 1] - boxes[:, [3]]), np.abs(self._seen[:, 3] - height)) / height
        far = np.where((lane < _NEAR) & (aside < _AROUND) & (self._kinds == kinds[:, None]), lane + aside, np.inf)
        nearest = np.argsort(far, axis=1)[:, :_LIKE]
        for row, which in enumerate(nearest):
            like = self._seen[which[np.isfinite(far[row, which])]]
            if len(like) < _LEAST_LIKE:
                continue
            middle = _median(like)
            sizes[row], usual = middle[2:4], middle[4:]
            if _median(np.hypot(*(like[:, 4:] - usual).T)) < _AGREED * np.hypot(*usual):
                velocities[row] = usual
        return velocities, sizes


def _median(few: Floats) -> Floats:
    """Return what ``np.median`` does along the first axis, in a tenth of its time for a handful of numbers."""
    ordered = np.sort(few, axis=0)
    return np.asarray((ordered[(len(few) - 1) // 2] + ordered[len(few) // 2]) / 2)
