"""From a camera's frames to the lanes, where it sends no packets: gives each frame its time and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.file_clock import Moment
from livevision.recording.lanes.lane import TimedFrame
from livevision.recording.segmented import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.frame import Frame
    from livevision.recording.encoding_feed import EncodingFeed
    from livevision.recording.lanes.lane import Course, FrameLane, Lane
    from livevision.recording.stopwatch import Stopwatch


class FrameFeed:
    """Passes frames on to ``takers``; ``leader`` is the lane whose files' size counts.  On the event loop."""

    def __init__(
        self,
        course: Course,
        takers: Sequence[FrameLane | EncodingFeed],
        leader: Lane,
        stopwatch: Stopwatch,
        suffix: str,
    ) -> None:
        self._course = course
        self._takers = tuple(takers)
        self._leader = leader
        self._stopwatch = stopwatch
        self._suffix = suffix

    def on_frame(self, frame: Frame) -> None:
        """Pass a frame on."""
        if self._stopwatch.is_over(frame.captured):
            return
        course, segments = self._course, self._course.segments
        at = course.time_of(frame)
        written = self._leader.bytes_in(segments.newest.segment) if segments.has_begun else 0
        if segments.begin_if_due(Moment(frame.generation, frame.pts), at, written, frame.size):
            course.files.begin(segments.newest.segment, frame.wall, self._suffix)
        begin = segments.newest
        placed = Placed(begin.segment, at, TimedFrame(frame, at - begin.time))
        for taker in self._takers:
            taker.on_frame(placed)
