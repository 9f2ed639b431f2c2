"""A camera's own encoded packets, beside its decoded pictures: for recordings in original quality, and pre-roll."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from livevision.pictures.geometry import AS_STORED, DisplayGeometry

if TYPE_CHECKING:
    from fractions import Fraction

    from livevision.sources.reader import FrameReader, OpenReader


class Medium(Enum):
    """What a packet holds."""

    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """What a container must know of a stream to hold its packets.  Equal ones can share a file."""

    codec: str
    """FFmpeg's name: h264, hevc, mjpeg, aac, pcm_alaw."""
    extradata: bytes = field(default=b"", repr=False)
    """Parameter sets and the like, as FFmpeg has them; empty where they travel with the packets."""
    width: int = 0
    """Of the pictures as they are stored, in pixels, and so is ``height``; see :attr:`displayed_size`."""
    height: int = 0
    fps: float | None = None
    """Declared pictures per second, where the source says."""
    sample_rate: int = 0
    channels: int = 0
    geometry: DisplayGeometry = AS_STORED
    """Which way up pictures are displayed, and how wide their pixels are, whoever says so: container or stream."""
    coded_aspect: Fraction | None = None
    """What the packets themselves say of how wide a pixel is; None for square ones."""

    @property
    def displayed_size(self) -> tuple[int, int]:
        """Width and height of the upright picture with square pixels, which boxes are in pixels of."""
        return self.geometry.displayed_size((self.width, self.height))


@dataclass(frozen=True, slots=True)
class MediaFormat:
    """What one connection sends: a picture, and sound where the camera has a microphone."""

    video: StreamFormat
    audio: StreamFormat | None = None
    unrecorded: str = ""
    """What sound there is that no file holds, as people call it: G.726.  Empty where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedPacket:
    """One packet: a whole picture, or some sound.  Times are seconds on the clock that ``Frame.pts`` is on."""

    medium: Medium
    data: bytes = field(repr=False)
    pts: float
    dts: float
    """When it is to be decoded; increasing within a medium.  Equal to ``pts`` where nothing is reordered."""
    is_keyframe: bool
    """True for all sound."""
    generation: int
    captured: float
    """When it came, in monotonic seconds."""
    wall: float
    """The time of day then (:func:`time.time`)."""


class PacketSink(Protocol):
    """Whoever wants packets.  Called in the capture thread, in order; must return at once and raise nothing."""

    def on_format(self, media: MediaFormat, generation: int) -> None:
        """Take what comes from now on: before the first packet of a generation, and when a camera changes its size."""

    def on_packet(self, packet: EncodedPacket) -> None:
        """Take one packet."""


@runtime_checkable
class PacketSource(Protocol):
    """A :class:`FrameReader` that has encoded packets to give."""

    def tap(self, sink: PacketSink) -> None:
        """Send everything there; called before ``open``.  Nothing is decoded less or later for it."""


def tapped(open_reader: OpenReader, sink: PacketSink) -> OpenReader:
    """Return what opens the same source with its packets going to ``sink``; one without packets is left as it is.

    A reader that hangs and is given up may send a packet while its successor is at work: of an older generation.
    """

    def open_tapped(generation: int) -> FrameReader:
        reader = open_reader(generation)
        if isinstance(reader, PacketSource):
            reader.tap(sink)
        return reader

    return open_tapped
