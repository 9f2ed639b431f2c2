"""Where hidden objects are, or may be, at any moment of a stream, through missed detections.  Pure.

Each object is a track: the boxes in which it was found, by stream time.  Between two of them it is somewhere between
them; after the last and before the first it is looked for where its speed says, in a region that grows with the time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MARGIN = 0.12
"""Of a box's sides, around it: models cut hair and hands off."""
_GROWTH = 0.6
"""Of a box's longer side, for each second to the nearest time at which the object was found: it may brake or turn…"""
_UNKNOWN_SPEED = 0.4
"""…and so much more of one that was found only once, which may go anywhere: a walker makes 0.8 lengths a second."""
_MOST = 500
"""Objects that are followed at once; with more, nobody knows which are which."""
_NEAR, _REACH, _FARTHEST = 0.3, 0.5, 1.0
"""Longer sides from where an object should be within which what is found is taken for it: at once, more for each
second since, and at most.  Who takes somebody else for it stops looking where it was; who does not looks at both.
"""
_STEADY = 0.2
"""Seconds over which a speed is averaged."""
_LARGER = 1.5
"""How many times as high an object may have become."""


@dataclass(slots=True, eq=False)
class _Track:
    """One object: when it was found, where, and how fast it was by then (pixels per second; None where not known)."""

    kind: str
    times: list[float]
    boxes: list[Floats]
    velocities: list[Floats | None] = field(default_factory=lambda: [None])

    def expected(self, time: float) -> Floats:
        """Return where its middle should be, after it was found last."""
        velocity = self.velocities[-1]
        moved = 0 if velocity is None else velocity * (time - self.times[-1])
        return _centre(self.boxes[-1]) + moved

    def extend(self, time: float, box: Floats) -> None:
        """Find it again."""
        passed = time - self.times[-1]
        velocity = (_centre(box) - _centre(self.boxes[-1])) / passed
        before = self.velocities[-1]
        if before is not None:
            # Boxes tremble: what two quick results say of the speed is mostly that.
            velocity = before + (velocity - before) * (passed / (passed + _STEADY))
        self.times.append(time)
        self.boxes.append(box)
        self.velocities.append(velocity)

    def forget_before(self, time: float) -> None:
        """Let go what was found earlier, but for the last of it."""
        surplus = bisect_right(self.times, time) - 1
        if surplus > 0:
            del self.times[:surplus], self.boxes[:surplus], self.velocities[:surplus]

    def regions(self, time: float, hold: float) -> list[Floats]:
        """Return where it may be: nowhere, somewhere, or at either of two places."""
        after = bisect_right(self.times, time)
        before = after - 1
        if before >= 0 and self.times[before] == time:
            return [_around(self.boxes[before], self.boxes[before], 0.0, known=True)]
        if before >= 0 and after < len(self.times) and self.times[after] - self.times[before] <= 2 * hold:
            nearest = min(time - self.times[before], self.times[after] - time)
            return [_around(self.boxes[before], self.boxes[after], nearest, known=True)]
        found = []
        if before >= 0 and time - self.times[before] <= hold:
            found.append(self._gone_on(before, time))
        if after < len(self.times) and self.times[after] - time <= hold:
            found.append(self._gone_on(after, time))
        return found

    def _gone_on(self, at: int, time: float) -> Floats:
        """Return where it may be some time after, or before, it was found: from there to where it was moving."""
        passed = time - self.times[at]
        velocity = self.velocities[at]
        if velocity is None and at + 1 < len(self.times):
            velocity = self.velocities[at + 1]
        box = self.boxes[at]
        there = box if velocity is None else box + np.tile(velocity * passed, 2)
        return _around(box, there, abs(passed), known=velocity is not None)


class HiddenTracks:
    """The hidden objects of one camera since it was opened.

    ``hold`` is for how many seconds one is looked for around the times at which it was found.
    """

    def __init__(self, hold: float) -> None:
        self._hold = hold
        self._tracks: list[_Track] = []
        self._crowded: deque[float] = deque(maxlen=1000)
        """When there were too many."""

    def observe(self, time: float, boxes: Floats, kinds: Sequence[str]) -> None:
        """Take all objects that are to be hidden, found at stream time ``time`` (s), later than the last.

        ``boxes`` is ``(n, 4)``, x1, y1, x2, y2 in pixels of the frame; ``kinds`` are their classes.
        """
        followed = [track for track in self._tracks if time - track.times[-1] <= self._hold]
        if len(followed) + len(boxes) > _MOST:
            self._crowded.append(time)
            return
        rows = _matched(followed, boxes, kinds, time)
        for row, box in enumerate(boxes):
            if row in rows:
                followed[rows[row]].extend(time, box)
            else:
                self._tracks.append(_Track(kinds[row], [time], [box]))

    def forget_before(self, time: float) -> None:
        """Let go what is known of earlier times only."""
        self._tracks = [track for track in self._tracks if track.times[-1] >= time - self._hold]
        for track in self._tracks:
            track.forget_before(time - 2 * self._hold)

    def regions(self, time: float) -> Floats | None:
        """Return where they may be at stream time ``time``, ``(n, 4)`` in pixels of the frame; None: anywhere."""
        if any(abs(time - crowded) <= self._hold for crowded in self._crowded):
            return None
        found = [region for track in self._tracks for region in track.regions(time, self._hold)]
        return np.array(found, np.float64).reshape(-1, 4)


def _matched(tracks: Sequence[_Track], boxes: Floats, kinds: Sequence[str], time: float) -> dict[int, int]:
    """Return which track each row of ``boxes`` continues: those that are nearest to where they should be, together."""
    if not tracks or not len(boxes):
        return {}
    from scipy.optimize import linear_sum_assignment  # 0.2 s, if it is the first

    expected = np.array([track.expected(time) for track in tracks])
    last = np.array([track.boxes[-1] for track in tracks])
    ages = time - np.array([track.times[-1] for track in tracks])
    reach = np.maximum(1.0, (last[:, 2:] - last[:, :2]).max(axis=1) * np.minimum(_NEAR + _REACH * ages, _FARTHEST))
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    away = np.hypot(*np.moveaxis(expected[:, None] - middles[None], -1, 0)) / reach[:, None]
    heights = [np.maximum(1.0, each[:, 3] - each[:, 1]) for each in (last, boxes)]
    away[np.abs(np.log(heights[0][:, None] / heights[1][None])) > np.log(_LARGER)] = np.inf
    away[np.array([track.kind for track in tracks])[:, None] != np.array(kinds)[None]] = np.inf
    # As much as leaving both alone costs, so that one good pair is not given up for two bad ones.
    left, right = linear_sum_assignment(np.minimum(away, 1.0) ** 2)
    return {int(column): int(row) for row, column in zip(left, right, strict=True) if away[row, column] < 1}


def _around(one: Floats, other: Floats, seconds: float, known: bool) -> Floats:
    """Return a box around two places of an object and all between them, and as much more as it may have moved."""
    sides = np.maximum(one[2:] - one[:2], other[2:] - other[:2])
    growth = (_GROWTH if known else _GROWTH + _UNKNOWN_SPEED) * seconds
    margin = _MARGIN * sides + growth * sides.max(initial=0.0)
    return np.concatenate((np.minimum(one, other)[:2] - margin, np.maximum(one, other)[2:] + margin))


def _centre(box: Floats) -> Floats:
    return (box[:2] + box[2:]) / 2
