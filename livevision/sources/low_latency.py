"""RTSP without FFmpeg's parser: each picture the moment that its last piece has arrived.

With ``noparse`` the demuxer yields NAL units and fragments as they come, :mod:`access_units` makes whole pictures of
them, and a decoder of our own takes these.  It sorts B-frames by itself, so nothing but the codec decides whether this
way can be gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext

from livevision.sources.access_units import AccessUnits
from livevision.sources.decoding import packets
from livevision.sources.late_parameters import LateParameters
from livevision.sources.nal_units import SYNTAXES

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    from livevision.sources.access_units import AccessUnit
    from livevision.sources.tap import SoundTap

OPTIONS = {
    "fflags": "noparse+nofillin",
    # The session description has said all that is needed.  Probing for half a second costs as much, and what was
    # probed: often the keyframe with which cameras begin.
    "probesize": "32",
    "analyzeduration": "1",
}
_FAULTY = 25
"""Faulty pictures that make the way unreliable, unless as many as this times ten in a row are fine."""


def is_possible(stream: VideoStream) -> bool:
    """Say whether the codec is one whose pictures can be put together here."""
    return stream.codec_context.name in SYNTAXES


def decoder(stream: VideoStream) -> VideoCodecContext:
    """Return a decoder that gives each picture back at once."""
    context = cast("VideoCodecContext", av.CodecContext.create(stream.codec_context.name, "r"))
    context.extradata = stream.codec_context.extradata
    # Frame threads hold back a picture each, and slice threads gain nothing at the sizes of cameras.
    context.thread_count = 1
    context.flags |= Flags.low_delay
    return context


class WholePictures:
    """Yields packets of one whole picture each; what there is of ``sound`` goes there.

    ``is_unreliable`` is set when this stream's pictures again and again turned out to have been put together wrongly,
    ``has_begun`` with the first piece of the first one, which may be waiting for the rest.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        interrupted: threading.Event,
        sound: SoundTap | None = None,
    ) -> None:
        self.is_unreliable = self.has_begun = False
        self._container = container
        self._stream = stream
        self._interrupted = interrupted
        self._sound = sound
        codec = stream.codec_context.name
        self._units = AccessUnits(SYNTAXES[codec])
        self._late = LateParameters(codec, stream.codec_context.extradata or b"")
        self._seen_faults = 0
        self._faulty = self._fine = 0

    def __iter__(self) -> Iterator[Packet[VideoStream]]:
        for packet in packets(self._container, self._stream, self._interrupted, self._sound):
            if packet.size:
                self.has_begun = True
                for unit in self._units.feed(bytes(packet), packet.pts):
                    yield from map(self._packet, self._late.mend(unit))
        for unit in self._units.flush():
            yield self._packet(unit)

    def _packet(self, unit: AccessUnit) -> Packet[VideoStream]:
        self._judge()
        packet = cast("Packet[VideoStream]", av.Packet(unit.data))
        packet.pts = unit.pts
        if self._stream.time_base:
            packet.time_base = self._stream.time_base
        packet.is_keyframe = unit.keyframe
        return packet

    def _judge(self) -> None:
        if self._units.faults == self._seen_faults:
            self._fine += 1
            if self._fine >= 10 * _FAULTY:
                self._faulty = 0
            return
        self._seen_faults = self._units.faults
        self._fine = 0
        self._faulty += 1
        self.is_unreliable = self.is_unreliable or self._faulty >= _FAULTY
