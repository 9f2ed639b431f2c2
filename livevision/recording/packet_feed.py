"""From a camera's packets to the lanes: gives each its time and its file, and begins files at keyframes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.recording.file_clock import Moment
from livevision.recording.kind import Kind
from livevision.recording.remux import TimedPacket, container_for
from livevision.recording.segmented import Placed
from livevision.sources.packets import Medium

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.recording.lanes.lane import Course, PacketLane
    from livevision.recording.stopwatch import Stopwatch
    from livevision.sources.packets import EncodedPacket, MediaFormat


def suffix_for(kind: Kind, media: MediaFormat) -> str:
    """Return the suffix of the main file."""
    if kind is Kind.SOFT:
        return ".mkv"
    return ".mp4" if kind is Kind.ANNOTATED else container_for(media)


class PacketFeed:
    """A PacketSink; the first of ``lanes`` leads.  Called in the capture thread, once attached to a PacketRing."""

    def __init__(self, course: Course, lanes: Sequence[PacketLane], stopwatch: Stopwatch) -> None:
        self._course = course
        self._lanes = tuple(lanes)
        self._stopwatch = stopwatch
        self._media: MediaFormat | None = None

    def on_format(self, media: MediaFormat, generation: int) -> None:
        """Take what comes from now on."""
        self._media = media

    def on_packet(self, packet: EncodedPacket) -> None:
        """Pass a packet on to all lanes."""
        media, course = self._media, self._course
        if media is None or self._stopwatch.is_over(packet.captured):
            return
        at = course.time_of(packet)
        if packet.medium is Medium.VIDEO and packet.is_keyframe:
            self._begin_if_due(packet, at, media)
        # By order and not by time: what follows a keyframe cannot be decoded without it.
        begin = course.segments.newest
        placed = Placed(begin.segment, at, TimedPacket(media, packet, at - begin.time))
        for lane in self._lanes:
            lane.on_packet(placed)

    def _begin_if_due(self, keyframe: EncodedPacket, at: float, media: MediaFormat) -> None:
        segments = self._course.segments
        written = self._lanes[0].bytes_in(segments.newest.segment) if segments.has_begun else 0
        if segments.begin_if_due(Moment(keyframe.generation, keyframe.pts), at, written, media):
            suffix = suffix_for(self._course.plan.kind, media)
            self._course.files.begin(segments.newest.segment, keyframe.wall, suffix)
