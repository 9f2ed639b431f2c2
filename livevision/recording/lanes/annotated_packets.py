"""Annotated recording of a camera that sends packets: they wait for their boxes instead of pictures, 100 times as big.

So the pre-roll has its boxes, too, and the picture in the window and that in the file need not be decoded at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.annotated_packets import AnnotatedPacket, AnnotatedPacketsSink
from livevision.recording.lanes.aligned_lane import AlignedLane
from livevision.recording.lanes.annotated_frames import open_annotated
from livevision.recording.lanes.packet_aligner import PacketAligner
from livevision.recording.segmented import Placed, SegmentWriter
from livevision.sources.packets import Medium

if TYPE_CHECKING:
    import supervision as sv

    from livevision.recording.aligner import Boxes
    from livevision.recording.annotated import AnnotatedMp4, Draw
    from livevision.recording.lanes.lane import Course
    from livevision.recording.remux import TimedPacket


class AnnotatedPacketsLane(AlignedLane[AnnotatedPacket]):
    """A lane of packets that are decoded, drawn on and encoded.  ``draw`` is called in the writer's thread."""

    def __init__(self, course: Course, draw: Draw, boxes: Boxes) -> None:
        self._course = course
        self._draw = draw
        self._mp4: AnnotatedMp4 | None = None  # the newest; set in the writer's thread
        self._aligner = PacketAligner(self._release, boxes, course.plan.preroll)
        self._writer: SegmentWriter[AnnotatedPacket] = SegmentWriter(
            course.camera, self._open, self._aligner.most, course.fail, self._written
        )
        super().__init__(self._aligner, self._writer)

    @property
    def refused(self) -> int:
        """Pictures for which there was no room."""
        return self._aligner.dropped

    @property
    def note(self) -> str:
        """Why another encoder is used than was asked for."""
        return "" if self._mp4 is None else self._mp4.note

    def on_packet(self, placed: Placed[TimedPacket]) -> None:
        """Take a packet, in any thread."""
        if placed.item.packet.medium is Medium.VIDEO:
            self._aligner.put(placed)

    def _release(self, placed: Placed[TimedPacket], detections: sv.Detections) -> None:
        self._writer.offer(Placed(placed.segment, placed.at, AnnotatedPacket(placed.item, detections)))

    def _open(self, first: Placed[AnnotatedPacket]) -> AnnotatedPacketsSink:
        self._mp4 = open_annotated(self._course, first.segment, self._draw)
        return AnnotatedPacketsSink(self._mp4, first.item.timed.media.video)

    def _written(self, item: AnnotatedPacket) -> None:
        self._aligner.release(item.timed.packet)
