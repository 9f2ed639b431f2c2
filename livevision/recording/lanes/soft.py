"""Soft recording: packets wait for their boxes, which go to the file beside them as subtitles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.lanes.aligned_lane import AlignedLane
from livevision.recording.lanes.packet_aligner import PacketAligner
from livevision.recording.partial import PartialFile
from livevision.recording.remux import TimedPacket
from livevision.recording.segmented import Placed, SegmentWriter
from livevision.recording.soft import SoftSink, TimedBoxes
from livevision.sources.packets import Medium

if TYPE_CHECKING:
    import supervision as sv

    from livevision.recording.aligner import Boxes
    from livevision.recording.lanes.lane import Course


class SoftLane(AlignedLane["TimedPacket | TimedBoxes"]):
    """A lane of packets and boxes."""

    note = ""

    def __init__(self, course: Course, boxes: Boxes) -> None:
        self._course = course
        self._aligner = PacketAligner(self._release, boxes, course.plan.preroll)
        self._writer: SegmentWriter[TimedPacket | TimedBoxes] = SegmentWriter(
            f"{course.camera} soft", self._open, 2 * self._aligner.most, course.fail, self._written
        )
        super().__init__(self._aligner, self._writer)

    @property
    def refused(self) -> int:
        """Pictures for which there was no room."""
        return self._aligner.dropped

    def on_packet(self, placed: Placed[TimedPacket]) -> None:
        """Take a packet, in any thread."""
        self._aligner.put(placed)

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
