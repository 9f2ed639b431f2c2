"""Annotated recording of a camera that sends packets: they wait for their boxes instead of pictures, 100 times as big.

So the pre-roll has its boxes, too, and the picture in the window and that in the file need not be decoded at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.annotated_packets import AnnotatedPacket, AnnotatedPacketsSink
from livevision.recording.lanes.annotated_frames import open_annotated
from livevision.recording.lanes.packet_aligner import PacketAligner
from livevision.recording.segmented import FilesProgress, Placed, SegmentWriter
from livevision.sources.packets import Medium

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Result
    from livevision.recording.aligner import Boxes
    from livevision.recording.annotated import AnnotatedMp4, Draw
    from livevision.recording.lanes.lane import Course
    from livevision.recording.remux import TimedPacket
    from livevision.sources.status import CameraStatus


class AnnotatedPacketsLane:
    """A lane of packets that are decoded, drawn on and encoded.  ``draw`` is called in the writer's thread."""

    def __init__(self, course: Course, draw: Draw, boxes: Boxes) -> None:
        self._course = course
        self._draw = draw
        self._mp4: AnnotatedMp4 | None = None  # the newest; set in the writer's thread
        self._aligner = PacketAligner(self._release, boxes, course.plan.preroll)
        self._writer: SegmentWriter[AnnotatedPacket] = SegmentWriter(
            course.camera, self._open, self._aligner.most, course.fail, self._written
        )

    def __repr__(self) -> str:
        return f"<AnnotatedPacketsLane {self._aligner.waiting} waiting, {self._writer!r}>"

    @property
    def progress(self) -> FilesProgress:
        """How far its files are."""
        return self._writer.progress.plus(self._aligner.dropped, self._aligner.waiting)

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""
        return self._writer.has_failed

    @property
    def note(self) -> str:
        """Why another encoder is used than was asked for."""
        return "" if self._mp4 is None else self._mp4.note

    def set_boxes(self, boxes: Boxes) -> None:
        """Wait for boxes or not."""
        self._aligner.set_boxes(boxes)

    def on_packet(self, placed: Placed[TimedPacket]) -> None:
        """Take a packet, in any thread."""
        if placed.item.packet.medium is Medium.VIDEO:
            self._aligner.put(placed)

    def on_result(self, result: Result) -> None:
        """Take a result: packets up to it go on."""
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
        self._writer.offer(Placed(placed.segment, placed.at, AnnotatedPacket(placed.item, detections)))

    def _open(self, first: Placed[AnnotatedPacket]) -> AnnotatedPacketsSink:
        self._mp4 = open_annotated(self._course, first.segment, self._draw)
        return AnnotatedPacketsSink(self._mp4, first.item.timed.media.video)

    def _written(self, item: AnnotatedPacket) -> None:
        self._aligner.release(item.timed.packet)
