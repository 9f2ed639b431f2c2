"""The objects that a camera's results keep showing: how each moves, and where they all are at a moment."""

from __future__ import annotations

import copy
import statistics
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import supervision as sv

from livevision.association import Sighting, kinds, others, pairs
from livevision.tracking.habits import Habits
from livevision.tracking.motion import Courses, Histories, clipped, courses, uncut
from livevision.tracking.moving import moved

if TYPE_CHECKING:
    from livevision.association import Floats, Indices, Size

FADE = "fade"
"""``data`` of what :meth:`Scene.at` gives: how much of each box is left to be seen, 0 to 1, float32."""
FRESH_FOR = 2.0
"""Seconds of stream time after which a box says nothing about the picture any more."""
_FADING = 0.5
"""Seconds before that in which it fades."""
_MISSES = 3
"""Results in which an object is missed until it is gone…"""
_LEAST_PATIENCE, _MOST_PATIENCE = 0.5, 2.0
"""…but so many seconds at least, and at most."""
_SHORTEST = 1e-3
"""Seconds, so that something can be divided by it."""
_INTERVALS = 5
"""How many of the newest results say how often they come."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that is known to be in a camera's picture as of its newest result.  Immutable, for any thread."""

    time: float
    """Stream seconds of the newest result."""
    size: Size
    """Width and height of the picture in pixels."""
    detections: sv.Detections
    """As last seen, each."""
    courses: Courses
    velocities: Floats
    """``(n, 2)`` pixels per second, as far as they were seen; NaN where not."""
    patience: Floats
    """``(n,)`` seconds that each may be missed."""

    def at(self, time: float) -> sv.Detections:
        """Return what is where at ``time``, stream seconds, with :data:`FADE`."""
        boxes, there = clipped(self.courses.at(time), self.size)
        missed, age = self.time - self.courses.times, time - self.courses.times
        fade = np.minimum(2 - 2 * missed / self.patience, (FRESH_FOR - age) / _FADING)
        there &= fade > 0
        found = self.detections
        if not there.all():
            found, boxes, fade = cast("sv.Detections", found[there]), boxes[there], fade[there]
        before = found.xyxy
        shifts = (boxes[:, :2] + boxes[:, 2:] - before[:, :2] - before[:, 2:]) / 2
        now = moved(found, boxes, np.asarray(shifts, np.float64))
        now.data[FADE] = np.minimum(np.maximum(fade, 0), 1).astype(np.float32)
        return now


class Tracks:
    """Learns how objects move from the results of one camera, one after the other, of one generation."""

    def __init__(self) -> None:
        self._scene: Scene | None = None
        self._histories = Histories.empty()
        self._habits = Habits()
        self._gaps: deque[float] = deque(maxlen=_INTERVALS)

    def __repr__(self) -> str:
        return f"<Tracks of {len(self._histories.times)} objects>"

    @property
    def scene(self) -> Scene | None:
        """What is known; None before the first sighting."""
        return self._scene

    def add(self, sighting: Sighting) -> None:
        """Take what was seen next; what is not newer than what was seen before is ignored."""
        if self._scene is not None and sighting.time <= self._scene.time:
            return
        found = sighting.detections
        rows = np.full(len(found), -1)
        kept = np.empty(0, np.intp)
        if self._scene is not None:
            self._gaps.append(sighting.time - self._scene.time)
            rows, kept = self._matched(self._scene, sighting)
            found = _together(found, cast("sv.Detections", self._scene.detections[kept]))
            kept = kept[: len(found) - len(rows)]
        self._histories = self._histories.followed(rows, kept, sighting)
        inside = uncut(self._histories, sighting)
        unknown = np.flatnonzero(~inside | (self._histories.counts < 2))
        names, usual = kinds(found), np.full((2, len(found), 2), np.nan)
        if len(unknown):
            usual[:, unknown] = self._habits.expected(names[unknown], self._histories.boxes[unknown, -1])
        seen = courses(self._histories, sighting.size, usual[1])
        self._habits.learn(sighting.time, names, seen, inside)
        patience = _MISSES * statistics.median(self._gaps) if self._gaps else 0.0
        self._scene = Scene(
            sighting.time,
            sighting.size,
            found,
            seen.or_else(usual[0]),
            seen.velocities,
            # Not longer than it was there: a detector's error of a moment is not to stay.
            np.minimum(min(max(patience, _LEAST_PATIENCE), _MOST_PATIENCE), self._histories.durations + _SHORTEST),
        )

    def _matched(self, scene: Scene, sighting: Sighting) -> tuple[Indices, Indices]:
        """Return for each object seen now its row in the scene, -1 where it is new, and the rows to keep missing."""
        expected, _ = clipped(scene.courses.at(scene.time), scene.size)
        there = copy.copy(scene.detections)
        there.xyxy = expected.astype(np.float32)
        before, after = pairs(Sighting(scene.time, scene.size, there), sighting, scene.velocities)
        rows = np.full(len(sighting.detections), -1)
        rows[after] = before
        missing = others(before, len(expected))
        _, inside = clipped(scene.courses.at(sighting.time), sighting.size)
        lost_for = sighting.time - scene.courses.times
        return rows, missing[(inside & (lost_for < scene.patience))[missing]]


def _together(found: sv.Detections, missing: sv.Detections) -> sv.Detections:
    if not len(missing):
        return found
    if not len(found):
        return missing
    try:
        return sv.Detections.merge([found, missing])
    except ValueError:
        # The one has masks or keypoints, the other has not: two models, or a server that leaves out what is empty.
        return found
