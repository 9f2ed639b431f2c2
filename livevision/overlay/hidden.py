"""Where hidden objects are or may be, through missed detections.  Pure: stream time is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import supervision as sv
    from numpy.typing import NDArray

_MARGIN = 0.12
"""Of a box's sides, around it: models cut hair and hands off."""
_GROWTH = 0.4
"""Of a box's longer side, per second that it was not seen."""
_MOST = 500
"""Objects that are remembered; with more, nobody knows which are which."""
_REACH = 1.5
"""Longer sides per second that an object without identity is looked for, beside half of one at once."""
_STEADY = 0.2
"""Seconds over which a speed is averaged."""


@dataclass(slots=True, eq=False)
class _Hidden:
    """One object: its box, when it was last seen there, and how fast it was, in pixels per second."""

    tracker: int
    box: NDArray[np.float64]
    seen: float
    velocity: NDArray[np.float64]

    def move(self, tracker: int, box: NDArray[np.float64], seen: float) -> None:
        """Take a new sighting."""
        if seen > self.seen:
            time = seen - self.seen
            velocity = (_centre(box) - _centre(self.box)) / time
            # Boxes tremble: what two quick results say of the speed is mostly that.
            self.velocity = self.velocity + (velocity - self.velocity) * (time / (time + _STEADY))
        self.tracker, self.box, self.seen = tracker, box, max(seen, self.seen)

    def region(self, pts: float) -> NDArray[np.float64]:
        """Return where it can be at ``pts``: from where it was to where it should be, and some more."""
        age = max(0.0, pts - self.seen)
        sides = self.box[2:] - self.box[:2]
        there = self.box + np.tile(self.velocity * age, 2)
        grown = _MARGIN * sides + _GROWTH * age * sides.max()
        return np.concatenate((np.minimum(self.box, there)[:2] - grown, np.maximum(self.box, there)[2:] + grown))


class HiddenObjects:
    """The hidden objects of one camera.  ``hold`` is for how many seconds one is remembered that is not found."""

    def __init__(self, hold: float) -> None:
        self._hold = hold
        self._objects: list[_Hidden] = []
        self._newest = -np.inf

    def __len__(self) -> int:
        return len(self._objects)

    def clear(self) -> None:
        """Forget them all: another stream, or a jump in it."""
        self._objects.clear()
        self._newest = -np.inf

    def note(self, found: sv.Detections, rows: Iterable[int], seen: float) -> None:
        """Take what a result of ``seen`` says: these ``rows`` are to be hidden.  One older than the last is no news."""
        if seen < self._newest:
            return
        self._newest = seen
        waiting = [each for each in self._objects if seen - each.seen <= self._hold]
        known = {each.tracker: each for each in waiting if each.tracker >= 0}
        kept: list[_Hidden] = []
        strangers: list[_Hidden] = []
        for row in rows:
            tracker = -1 if found.tracker_id is None else int(found.tracker_id[row])
            box = np.asarray(found.xyxy[row], np.float64)
            same = known.pop(tracker, None)
            if same is None:
                strangers.append(_Hidden(tracker, box, seen, np.zeros(2)))
            else:
                same.move(tracker, box, seen)
                kept.append(same)
        taken = set(map(id, kept))
        waiting = [each for each in waiting if id(each) not in taken]
        if len(waiting) <= _MOST:
            _recognise(strangers, waiting, seen)
        # The newest first: who falls off the end would be forgotten before there are few enough to tell apart again.
        self._objects = (kept + strangers + waiting)[: _MOST + 1]

    def regions(self, pts: float) -> NDArray[np.float64] | None:
        """Return where they can be at ``pts``, ``(n, 4)`` in pixels of the frame; None: anywhere."""
        self._objects = [each for each in self._objects if pts - each.seen <= self._hold]
        if len(self._objects) > _MOST:
            return None
        return np.array([each.region(pts) for each in self._objects]).reshape(-1, 4)


def _recognise(strangers: list[_Hidden], waiting: list[_Hidden], seen: float) -> None:
    """Let each stranger be the nearest of those who wait, if it may be; that one waits no longer.

    A pair may be that has not two identities, and is no further apart than one of its size can have come.
    """
    if not strangers or not waiting:
        return
    boxes = np.array([each.box for each in waiting])
    ages = np.array([seen - each.seen for each in waiting])
    velocities = np.array([each.velocity for each in waiting])
    expected = (boxes[:, :2] + boxes[:, 2:]) / 2 + velocities * ages[:, None]
    reach = np.maximum(1.0, (boxes[:, 2:] - boxes[:, :2]).max(axis=1) * (0.5 + _REACH * ages))
    nameless = np.array([each.tracker < 0 for each in waiting])
    gone = np.zeros(len(waiting), bool)
    for stranger in strangers:
        away = np.hypot(*(expected - _centre(stranger.box)).T) / reach
        away[gone | ~(nameless | (stranger.tracker < 0))] = np.inf
        nearest = int(away.argmin())
        if away[nearest] <= 1:
            gone[nearest] = True
            before = waiting[nearest]
            before.move(stranger.tracker, stranger.box, seen)
            stranger.velocity = before.velocity
    waiting[:] = [each for each, left in zip(waiting, ~gone, strict=True) if left]


def _centre(box: NDArray[np.float64]) -> NDArray[np.float64]:
    return (box[:2] + box[2:]) / 2
