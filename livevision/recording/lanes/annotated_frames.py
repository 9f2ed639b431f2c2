"""Annotated recording of a source without packets: each frame waits for its own boxes, then goes to the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.aligner import Aligner, Boxes
from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4
from livevision.recording.lanes.aligned_lane import AlignedLane
from livevision.recording.partial import PartialFile
from livevision.recording.segmented import Placed, SegmentWriter

if TYPE_CHECKING:
    import supervision as sv

    from livevision.recording.annotated import Draw
    from livevision.recording.lanes.lane import Course, TimedFrame

_MOST_HELD = 90
"""Frames in memory altogether, waiting for boxes or for the disk; what comes then is dropped."""


class AnnotatedFramesLane(AlignedLane[AnnotatedFrame]):
    """A lane of frames with their boxes drawn in.  ``draw`` is called in the writer's thread."""

    def __init__(self, course: Course, draw: Draw, boxes: Boxes) -> None:
        self._course = course
        self._draw = draw
        self._mp4: AnnotatedMp4 | None = None  # the newest; set in the writer's thread
        self._aligner: Aligner[Placed[TimedFrame]] = Aligner(self._release, boxes)
        self._writer: SegmentWriter[AnnotatedFrame] = SegmentWriter(course.camera, self._open, _MOST_HELD, course.fail)
        self._refused = 0
        super().__init__(self._aligner, self._writer)

    @property
    def refused(self) -> int:
        """Frames for which there was no room."""
        return self._refused

    @property
    def note(self) -> str:
        """Why another encoder is used than was asked for."""
        return "" if self._mp4 is None else self._mp4.note

    def on_frame(self, placed: Placed[TimedFrame]) -> None:
        """Take a frame: it goes to the file at once, or waits for its result."""
        # Counted here, so that a burst of frames whose boxes arrive together always finds room in the writer.
        frame = placed.item.frame
        if self._aligner.waiting + self._writer.queued >= _MOST_HELD:
            self._refused += 1
            self._aligner.release_due(frame.captured)
        else:
            self._aligner.add(placed, frame)

    def _release(self, placed: Placed[TimedFrame], detections: sv.Detections) -> None:
        item = placed.item
        self._writer.offer(Placed(placed.segment, placed.at, AnnotatedFrame(item.frame, detections, item.time)))

    def _open(self, first: Placed[AnnotatedFrame]) -> AnnotatedMp4:
        self._mp4 = open_annotated(self._course, first.segment, self._draw)
        return self._mp4


def open_annotated(course: Course, segment: int, draw: Draw) -> AnnotatedMp4:
    """Create the file with boxes of a segment.  Blocking."""
    path = course.files.annotated(segment)
    return AnnotatedMp4(path, course.camera, draw, course.plan.encoding, PartialFile).open()
