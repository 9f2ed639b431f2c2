"""Which of a result's objects were there before, with a tracker or without one.  Pure: stream time is handed in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.tracking.identities import UNSURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livevision.frame import Result

    Box = tuple[float, float, float, float]

_GONE_AFTER = 2.0
"""Seconds of stream time after which an object without identity that comes again is another one…"""
_FORGOTTEN_AFTER = 10.0
"""…and with one: after that, a number that comes again is a new tracker's."""
_STILL_THERE = 2.0
"""Seconds before the end of a connection in which who was seen was there at its end."""
_REACH = 0.75
"""How far an object without identity may be from where it was, in lengths of its longer side…"""
_SPEED = 1.5
"""…and how many more for each second that has passed."""
_LONGEST_WAY = 2.0
"""Seconds of such speed that count at most: after a reconnect, somebody far away is somebody else."""
_MOST = 500


@dataclass(slots=True, eq=False)
class ObjectInView:
    """One object that is there, or was a moment ago."""

    class_name: str
    """At its best."""
    tracker_id: int | None
    box: Box
    """x1, y1, x2, y2 in pixels of the full-size picture."""
    seen: float
    """Stream seconds."""
    best: float | None
    """The highest confidence so far."""
    now: str
    """Its class in the newest result."""
    number: int = 0
    """Of its entry; 0 before it has one."""
    pictured: float | None = None
    """The confidence that it was last pictured with."""

    def move(self, name: str, confidence: float | None, box: Box, seen: float) -> None:
        """Take what a newer result says."""
        self.now, self.box, self.seen = name, box, seen
        if confidence is not None and (self.best is None or confidence > self.best):
            self.best, self.class_name = confidence, name

    def fits(self, name: str, box: Box, seen: float) -> float | None:
        """Return how far this box is from where it was, in its own lengths; None where it is something else."""
        if name != self.now:
            return None
        x1, y1, x2, y2 = self.box
        length = max(x2 - x1, y2 - y1, 1.0)
        across, down = box[0] + box[2] - x1 - x2, box[1] + box[3] - y1 - y2
        away = math.hypot(across, down) / 2 / length
        return away if away <= _REACH + _SPEED * min(seen - self.seen, _LONGEST_WAY) else None


class ObjectsInView:
    """Remembers the objects of one camera from result to result.

    Who was there before a reconnect of some seconds, and still is, about where it was, is the same one, whatever
    number a tracker gives it now.
    """

    def __init__(self) -> None:
        self._generation = -1
        self._newest = (0.0, 0.0)  # pts and monotonic seconds of the newest result
        self._before: list[ObjectInView] = []  # of the last connection, and not found again yet
        self._tracked: dict[int, ObjectInView] = {}
        self._others: list[ObjectInView] = []

    def __repr__(self) -> str:
        return f"<ObjectsInView {len(self._tracked)} tracked, {len(self._others)} others>"

    def update(self, result: Result, names: Sequence[str]) -> Iterator[ObjectInView]:
        """Yield each object of ``result``; new ones have ``number`` 0.

        One of which a tracker is not sure yet is left out.  Of several untracked ones of a class, each is taken for
        the nearest that is not taken yet.
        """
        frame, found = result.frame, result.detections
        if frame.generation != self._generation:
            self._generation = frame.generation
            self._begin_again(frame.pts, frame.captured)
        self._newest = frame.pts, frame.captured
        self._forget(frame.pts)
        free = list(self._others)
        scores = [None] * len(found) if found.confidence is None else found.confidence.tolist()
        trackers = [None] * len(found) if found.tracker_id is None else found.tracker_id.tolist()
        for name, box, score, tracker in zip(names, found.xyxy.tolist(), scores, trackers, strict=True):
            if tracker == UNSURE:
                continue
            known = self._tracked.get(tracker) if tracker is not None else _nearest(free, name, box, frame.pts)
            if known is None and (known := _nearest(self._before, name, box, frame.pts)) is not None:
                known.tracker_id = tracker
                self._remember(known)
            if known is None:
                known = ObjectInView(name, tracker, tuple(box), frame.pts, score, name)
                self._remember(known)
            else:
                known.move(name, score, tuple(box), frame.pts)
            yield known

    def picture_anew(self) -> None:
        """Let each object be pictured when it is seen the next time."""
        for each in (*self._tracked.values(), *self._others, *self._before):
            each.pictured = None

    def _remember(self, new: ObjectInView) -> None:
        if new.tracker_id is None:
            self._others.append(new)
            del self._others[:-_MOST]
        else:
            self._tracked[new.tracker_id] = new
            if len(self._tracked) > _MOST:
                del self._tracked[next(iter(self._tracked))]

    def _begin_again(self, pts: float, captured: float) -> None:
        """Keep who was there until now, with times on the clock of the new connection."""
        last_pts, last_captured = self._newest
        there = [each for each in (*self._tracked.values(), *self._others) if 0 <= last_pts - each.seen <= _STILL_THERE]
        for each in there:
            each.seen += pts - last_pts - max(0.0, captured - last_captured)
        self._before = there
        self._tracked.clear()
        self._others.clear()

    def _forget(self, pts: float) -> None:
        """Let go what has not been seen for long; time that runs backwards, as in a file that begins again, counts."""
        self._others = [each for each in self._others if 0 <= pts - each.seen <= _GONE_AFTER]
        self._before = [each for each in self._before if 0 <= pts - each.seen <= _FORGOTTEN_AFTER]
        gone = [key for key, each in self._tracked.items() if not 0 <= pts - each.seen <= _FORGOTTEN_AFTER]
        for key in gone:
            del self._tracked[key]


def _nearest(free: list[ObjectInView], name: str, box: Box, pts: float) -> ObjectInView | None:
    fitting = [(away, row) for row, each in enumerate(free) if (away := each.fits(name, box, pts)) is not None]
    if not fitting:
        return None
    return free.pop(min(fitting)[1])
