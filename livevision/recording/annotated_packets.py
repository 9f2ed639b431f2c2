"""Packets with their boxes: decoded, drawn on and encoded anew, all of it in the writer's thread."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av

from livevision.frame import Frame
from livevision.pictures import DecodedPicture, DisplayGeometry
from livevision.pictures.geometry import matrix_of
from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import supervision as sv
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

    from livevision.recording.remux import TimedPacket
    from livevision.sources.packets import StreamFormat

_TICK = Fraction(1, 1_000_000)
_MOST_KNOWN = 512
"""Packets whose pictures may still come out of the decoder; more than any holds back."""
_DECODERS = {"av1": "libdav1d"}
"""Where FFmpeg's decoder of the codec's own name needs hardware."""


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedPacket:
    """A picture still encoded, and what was found in it."""

    timed: TimedPacket
    detections: sv.Detections


class AnnotatedPacketsSink:
    """Writes packets that begin with a keyframe to ``mp4``, which is open, as pictures with their boxes."""

    def __init__(self, mp4: AnnotatedMp4, video: StreamFormat) -> None:
        self._mp4 = mp4
        self._index = 0
        self._known: dict[int, AnnotatedPacket] = {}
        self._geometry = video.geometry
        codec = _DECODERS.get(video.codec, video.codec)
        context = cast("VideoCodecContext", av.CodecContext.create(codec, "r"))
        context.extradata = video.extradata or None
        # Several cameras record at once, beside what decodes for the window.
        context.thread_count = 1
        self._decoder = context

    @property
    def path(self) -> Path:
        """Where the file is to be; once closed, where it is."""
        return self._mp4.path

    @property
    def bytes_written(self) -> int:
        """Size of the file so far; from any thread."""
        return self._mp4.bytes_written

    @property
    def frames(self) -> int:
        """How many pictures are in it; from any thread."""
        return self._mp4.frames

    def write(self, item: AnnotatedPacket) -> None:
        """Decode a packet, and write the pictures that come out: those of earlier packets where B-frames are sorted."""
        packet = cast("av.Packet[VideoStream]", av.Packet(item.timed.packet.data))
        packet.pts, packet.dts = _ticks(item.timed.packet.pts), _ticks(item.timed.packet.dts)
        packet.time_base = _TICK
        packet.is_keyframe = item.timed.packet.is_keyframe
        while len(self._known) >= _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[packet.pts] = item
        self._decode(packet)

    def close(self) -> None:
        """Write what is still in the decoder, and complete the file."""
        try:
            self._decode(None)
        finally:
            self._mp4.close()

    def _decode(self, packet: av.Packet[VideoStream] | None) -> None:
        try:
            pictures: Iterable[av.VideoFrame] = self._decoder.decode(packet)
        except av.FFmpegError:
            return  # A damaged picture is not the end of a recording.
        for picture in pictures:
            item = self._known.pop(picture.pts, None) if picture.pts is not None else None
            # What comes in front of the first keyframe looks back at pictures that are not in the file.
            if item is not None and item.timed.time >= 0:
                self._write(picture, item)

    def _write(self, picture: av.VideoFrame, item: AnnotatedPacket) -> None:
        packet = item.timed.packet
        # A container's matrix is not in its packets; a stream's own is with each picture.
        geometry = DisplayGeometry(matrix_of(picture) or self._geometry.matrix, self._geometry.pixel_aspect)
        upright = DecodedPicture(picture, geometry)
        frame = Frame(self._index, packet.generation, packet.pts, packet.captured, packet.wall, upright)
        self._index += 1
        self._mp4.write(AnnotatedFrame(frame, item.detections, item.timed.time))


def _ticks(seconds: float) -> int:
    return round(seconds / _TICK)
