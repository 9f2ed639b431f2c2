"""Pictures that wait for their own boxes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from livevision.timeline import Timeline
from livevision.timing.live import LiveTiming

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Frame, Result

LONGEST_WAIT = 2.0
"""Seconds that a picture waits for its boxes."""
MOST_WAITING = 60
"""Pictures that wait: as many megabytes as a camera makes in 2.4 s."""
_LATE_OF = 20
"""How many of the newest results say how long pictures have to wait: as long as the latest of them took."""
_MARGIN = 0.02
"""Seconds more, for the moments at which a busy event loop gets round to it."""
_CATCH_UP = 0.02
"""Seconds by which the delay shrinks in a second: pictures that follow each other 2 % faster look the same."""


class AlignedTiming:
    """Holds pictures back until their own boxes are known, and lets them go at the pace at which they came.

    Each is due at the moment it came plus a delay, the same for all, so that what moves does so evenly, though results
    come now and then.  The delay grows at once when boxes are late, so that the picture stops once, and shrinks slowly.
    Boxes of pictures between two results are interpolated.  A picture waits 2 s at most, with at most ``most`` others;
    then it goes on with boxes where they were moving, and :attr:`gave_up` says so.

    On the event loop; ``now`` is monotonic seconds.
    """

    def __init__(self, most: int = MOST_WAITING) -> None:
        self.expects_boxes = True
        """Whether there is a detector that may answer; pictures wait for nothing else.  May be set at any time."""
        self.delay = 0.0
        """Seconds that pictures are held back at present."""
        self.gave_up = False
        """Whether the picture that was taken last had to go on without its boxes."""
        self.dropped = 0
        """Pictures so far that were overdue together with a newer one, and so never shown."""
        self._most = most
        self._waiting: deque[Frame] = deque()
        self._timeline = Timeline()
        self._live = LiveTiming()
        self._needs: deque[float] = deque(maxlen=_LATE_OF)
        self._taken_at: float | None = None

    def __repr__(self) -> str:
        return f"<AlignedTiming {len(self._waiting)} waiting, delay {self.delay * 1000:.0f} ms>"

    def on_frame(self, frame: Frame) -> None:
        """Take the newest picture."""
        if self._waiting and self._waiting[-1].generation != frame.generation:
            # The camera was opened again: nothing more is known about what was before, and its clock is another one.
            self.dropped += len(self._waiting)
            self._waiting.clear()
        self._waiting.append(frame)
        if len(self._waiting) > self._most + 1:
            # Nobody takes them: a tile that cannot be seen.
            self._waiting.popleft()
            self.dropped += 1

    def on_result(self, result: Result, now: float) -> None:
        """Take what was found; pictures up to this one may go."""
        first = next((frame for frame in self._waiting if not self._covers(frame)), None)
        self._timeline.add(result)
        self._live.on_result(result, now)
        if first is not None and self._covers(first):
            need = min(now - first.due + _MARGIN, LONGEST_WAIT)
            self._needs.append(need)
            self.delay = max(self.delay, need)

    def next_due(self, now: float) -> float | None:
        """Return in how many seconds :meth:`take` gives a picture, 0 if at once; None if that depends on what comes.

        Ask again after each picture and each result.
        """
        if not self._waiting:
            return None
        first = self._waiting[0]
        if len(self._waiting) > self._most:
            return 0.0
        due = first.due + (self.delay if self.expects_boxes else 0.0)
        if self.expects_boxes and not self._covers(first):
            due = max(due, first.due + LONGEST_WAIT)
        return max(0.0, due - now)

    def take(self, now: float) -> tuple[Frame, sv.Detections] | None:
        """Return the newest picture that is due at ``now`` with its boxes, or None where none is."""
        frame = None
        while self.next_due(now) == 0:
            self.dropped += frame is not None
            frame = self._waiting.popleft()
        if frame is None:
            return None
        self._shrink(now)
        self.gave_up = self.expects_boxes and not self._covers(frame)
        return frame, self.detections_at(frame)

    def detections_at(self, frame: Frame) -> sv.Detections:
        """Return the boxes of ``frame``: its own where they are known, else where they were moving."""
        if self._covers(frame):
            return self._timeline.detections_at(frame.generation, frame.pts)
        return self._live.detections_at(frame)

    def age_at(self, frame: Frame) -> float | None:
        """Return 0 where the boxes are the picture's own; else by how many seconds they are older; None without any."""
        return 0.0 if self._covers(frame) else self._live.age_at(frame)

    def _covers(self, frame: Frame) -> bool:
        return self._timeline.covers(frame.generation, frame.pts)

    def _shrink(self, now: float) -> None:
        since, self._taken_at = now - (self._taken_at or now), now
        if self._needs:
            self.delay = max(*self._needs, self.delay - _CATCH_UP * since)
