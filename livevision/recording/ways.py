"""The two ways to record: from the packets that a camera sends, or, where it sends none, from its frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from livevision.failures import all_of
from livevision.recording.encoding_feed import EncodingFeed
from livevision.recording.frame_feed import FrameFeed
from livevision.recording.kind import Kind
from livevision.recording.lanes.annotated_frames import AnnotatedFramesLane
from livevision.recording.lanes.annotated_packets import AnnotatedPacketsLane
from livevision.recording.lanes.clean import CleanLane
from livevision.recording.lanes.sidecar import SidecarLane
from livevision.recording.lanes.soft import SoftLane
from livevision.recording.packet_feed import PacketFeed, suffix_for
from livevision.recording.remux import can_remux, encoded_remark, sound_remark
from livevision.sources.reader import Demand
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.frame import Frame
    from livevision.recording.aligner import Boxes
    from livevision.recording.lanes.lane import Course, FrameLane, Lane, PacketLane
    from livevision.recording.packet_ring import PacketRing
    from livevision.recording.recorder import RecordedCamera
    from livevision.recording.stopwatch import Stopwatch


_NO_PREROLL = say("no pre-roll: this source gives pictures, not packets")
_NOTED = 5.0
"""Seconds of a recording during which that is said."""


class Way(Protocol):
    """How a camera's pictures come to the lanes."""

    wants: Demand
    media_lanes: Sequence[Lane]
    """The one that leads first."""
    lanes: Sequence[Lane]
    """All of them."""

    @property
    def dropped(self) -> int:
        """Pictures that were lost before the lanes."""

    @property
    def left(self) -> int:
        """Pictures that are still on their way to them."""

    @property
    def note(self) -> str:
        """What the operator is to know."""

    @property
    def remark(self) -> str:
        """What is to be said of the files once they are complete."""

    @property
    def has_failed(self) -> bool:
        """Whether nothing is recorded any more."""

    def on_frame(self, frame: Frame) -> None:
        """Take a frame."""

    async def aclose(self, deadline: float) -> None:
        """Take no more, and close the lanes."""


def choose_way(course: Course, camera: RecordedCamera, boxes: Boxes, stopwatch: Stopwatch) -> Way:
    """Begin to record, once a camera has sent something."""
    ring = camera.packets
    sidecar = SidecarLane(course, camera.describe)
    if ring is not None and ring.media is not None and can_remux(ring.media):
        return _FromPackets(course, _packet_lanes(course, camera, boxes), sidecar, stopwatch, ring)
    return _FromFrames(course, camera, boxes, sidecar, stopwatch)


def _packet_lanes(course: Course, camera: RecordedCamera, boxes: Boxes) -> list[PacketLane]:
    match course.plan.kind:
        case Kind.ANNOTATED:
            return [AnnotatedPacketsLane(course, camera.draw, boxes)]
        case Kind.CLEAN:
            return [CleanLane(course)]
        case Kind.BOTH:
            return [CleanLane(course), AnnotatedPacketsLane(course, camera.draw, boxes)]
        case Kind.SOFT:
            return [SoftLane(course, boxes)]


class _FromPackets:
    wants = Demand.KEYFRAMES
    dropped = left = 0

    def __init__(
        self,
        course: Course,
        lanes: Sequence[PacketLane],
        sidecar: SidecarLane,
        stopwatch: Stopwatch,
        ring: PacketRing,
    ) -> None:
        self.media_lanes: Sequence[Lane] = tuple(lanes)
        self.lanes: Sequence[Lane] = (*lanes, sidecar)
        kind, media = course.plan.kind, ring.media
        has_sound = media is not None and kind is not Kind.ANNOTATED
        clean = Kind.CLEAN if kind is Kind.BOTH else kind
        self.remark = sound_remark(media, suffix_for(clean, media)) if media is not None and has_sound else ""
        self._detach = ring.attach(PacketFeed(course, lanes, stopwatch), course.plan.preroll)

    def __repr__(self) -> str:
        return f"<from packets, {list(self.media_lanes)}>"

    @property
    def note(self) -> str:
        # Said, but not for ever: again when the recording ends.
        begins = self.media_lanes[0].progress.seconds < _NOTED
        return _note_of(self.media_lanes) or (self.remark if begins else "")

    @property
    def has_failed(self) -> bool:
        return all(lane.has_failed for lane in self.media_lanes)

    def on_frame(self, frame: Frame) -> None:
        """Leave it: the packets are enough."""

    async def aclose(self, deadline: float) -> None:
        self._detach()
        await _close(self.lanes, deadline)


class _FromFrames:
    wants = Demand.EVERY_FRAME

    def __init__(
        self,
        course: Course,
        camera: RecordedCamera,
        boxes: Boxes,
        sidecar: SidecarLane,
        stopwatch: Stopwatch,
    ) -> None:
        kind = course.plan.kind
        encoded: list[PacketLane] = []
        drawn: list[FrameLane] = []
        if kind in (Kind.CLEAN, Kind.BOTH):
            encoded.append(CleanLane(course))
        if kind is Kind.SOFT:
            encoded.append(SoftLane(course, boxes))
        if kind in (Kind.ANNOTATED, Kind.BOTH):
            drawn.append(AnnotatedFramesLane(course, camera.draw, boxes))
        self._drawn = tuple(drawn)
        self.media_lanes: Sequence[Lane] = (*encoded, *drawn)
        self.lanes: Sequence[Lane] = (*encoded, *drawn, sidecar)
        self._encoding = EncodingFeed(course, encoded) if encoded else None
        takers: list[FrameLane | EncodingFeed] = [*drawn, *([self._encoding] if self._encoding else [])]
        suffix = ".mkv" if kind is Kind.SOFT else ".mp4"
        self._feed = FrameFeed(course, takers, self.media_lanes[0], stopwatch, suffix)
        self._wants_preroll = course.plan.preroll > 0
        media = camera.packets.media if camera.packets is not None else None
        self.remark = encoded_remark(media) if media is not None and encoded else ""

    def __repr__(self) -> str:
        return f"<from frames, {list(self.media_lanes)}>"

    @property
    def dropped(self) -> int:
        return self._encoding.dropped if self._encoding else 0

    @property
    def left(self) -> int:
        return self._encoding.left if self._encoding else 0

    @property
    def note(self) -> str:
        note = _note_of(self.media_lanes) or (self._encoding.note if self._encoding else "")
        # Said, but not for ever.
        if note or self.media_lanes[0].progress.seconds >= _NOTED:
            return note
        return _NO_PREROLL if self._wants_preroll else self.remark

    @property
    def has_failed(self) -> bool:
        if self._encoding is not None and self._encoding.has_failed:
            return all(lane.has_failed for lane in self._drawn)
        return all(lane.has_failed for lane in self.media_lanes)

    def on_frame(self, frame: Frame) -> None:
        self._feed.on_frame(frame)

    async def aclose(self, deadline: float) -> None:
        if self._encoding is not None:
            await self._encoding.aclose(deadline)
        await _close(self.lanes, deadline)


def _note_of(lanes: Sequence[Lane]) -> str:
    return next((lane.note for lane in lanes if lane.note), "")


async def _close(lanes: Sequence[Lane], deadline: float) -> None:
    await all_of("closing a recording", (lane.aclose(deadline) for lane in lanes))
