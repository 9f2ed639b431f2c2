"""Soft recording: packets wait for their boxes, which go to the file beside them as subtitles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.lanes.packet_aligner import PacketAligner
from livevision.recording.partial import PartialFile
from livevision.recording.remux import TimedPacket
from livevision.recording.segmented import FilesProgress, Placed, SegmentWriter
from livevision.recording.soft import SoftSink, TimedBoxes
from livevision.sources.packets import Medium

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Result
    from livevision.recording.aligner import Boxes
    from livevision.recording.lanes.lane import Course
    from livevision.sources.status import CameraStatus


class SoftLane:
    """A lane of packets and boxes."""

    note = ""

    def __init__(self, course: Course, boxes: Boxes) -> None:
        self._course = course
        self._aligner = PacketAligner(self._release, boxes, course.plan.preroll)
        self._writer: SegmentWriter[TimedPacket | TimedBoxes] = SegmentWriter(
            f"{course.camera} soft", self._open, 2 * self._aligner.most, course.fail, self._written
        )

    def __repr__(self) -> str:
        return f"<SoftLane {self._aligner.waiting} waiting, {self._writer!r}>"

    @property
    def progress(self) -> FilesProgress:
        """How far its files are."""
        return self._writer.progress.plus(self._aligner.dropped, self._aligner.waiting)

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""
        return self._writer.has_failed

    def set_boxes(self, boxes: Boxes) -> None:
        """Wait for boxes or not."""
        self._aligner.set_boxes(boxes)

    def on_packet(self, placed: Placed[TimedPacket]) -> None:
        """Take a packet, in any thread."""
        self._aligner.put(placed)

    def on_result(self, result: Result) -> None:
        """Take a result: packets up to it go to the file."""
        self._aligner.on_result(result)

    def on_status(self, status: CameraStatus) -> None:
        """Wait no longer where no result is to be expected soon."""
        self._aligner.on_status(status)

    def bytes_in(self, segment: int) -> int:
        """Return the size of a segment's file."""
        return self._writer.bytes_in(segment)

    async def aclose(self, deadline: float) -> None:
        """Write what is there and complete the file."""
        self._aligner.release_all()
        await self._writer.aclose(deadline)

    def _release(self, placed: Placed[TimedPacket], detections: sv.Detections) -> None:
        item = placed.item
        if item.packet.medium is Medium.VIDEO:
            self._writer.offer(Placed(placed.segment, placed.at, TimedBoxes(detections, item.time)))
        self._writer.offer(Placed(placed.segment, placed.at, item))

    def _open(self, first: Placed[TimedPacket | TimedBoxes]) -> SoftSink:
        return SoftSink(self._course.files.main(first.segment), self._course.camera, PartialFile)

    def _written(self, item: TimedPacket | TimedBoxes) -> None:
        if isinstance(item, TimedPacket):
            self._aligner.release(item.packet)
