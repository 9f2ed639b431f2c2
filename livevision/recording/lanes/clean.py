"""Clean recording: the camera's packets go to the file as they are, straight from the thread that captures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.lanes.admission import MOST_PACKETS, Admission
from livevision.recording.partial import PartialFile
from livevision.recording.remux import RemuxSink, TimedPacket
from livevision.recording.segmented import FilesProgress, Placed, SegmentWriter

if TYPE_CHECKING:
    from livevision.frame import Result
    from livevision.recording.aligner import Boxes
    from livevision.recording.lanes.lane import Course
    from livevision.sources.status import CameraStatus


class CleanLane:
    """A lane of packets."""

    note = ""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._admission = Admission()
        self._writer: SegmentWriter[TimedPacket] = SegmentWriter(
            f"{course.camera} clean", self._open, MOST_PACKETS, course.fail, self._written
        )

    def __repr__(self) -> str:
        return f"<CleanLane {self._writer!r}>"

    @property
    def progress(self) -> FilesProgress:
        """How far its files are."""
        return self._writer.progress.plus(self._admission.dropped, 0)

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""
        return self._writer.has_failed

    def set_boxes(self, boxes: Boxes) -> None:
        """There are none."""

    def on_packet(self, placed: Placed[TimedPacket]) -> None:
        """Take a packet, in any thread."""
        if self._admission.admits(placed.item.packet):
            self._writer.offer(placed)

    def on_result(self, result: Result) -> None:
        """Not for this lane."""

    def on_status(self, status: CameraStatus) -> None:
        """Nothing waits here."""

    def bytes_in(self, segment: int) -> int:
        """Return the size of a segment's file."""
        return self._writer.bytes_in(segment)

    async def aclose(self, deadline: float) -> None:
        """Write what is there and complete the file."""
        await self._writer.aclose(deadline)

    def _open(self, first: Placed[TimedPacket]) -> RemuxSink:
        return RemuxSink(self._course.files.main(first.segment), self._course.camera, PartialFile)

    def _written(self, item: TimedPacket) -> None:
        self._admission.release(item.packet)
