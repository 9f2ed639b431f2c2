"""Streams of a container into which packets go as they are: PyAV copies them from a stream that it has read.

So the few bytes are made here that a Matroska file begins with, and PyAV reads them: the one way to hand over a
codec's extradata without an encoder.  Element names and numbers are those of RFC 9559.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import av
from av.bitstream import BitStreamFilterContext
from av.video.stream import VideoStream

from livevision.pictures.geometry import sensible
from livevision.sources.packets import Medium, StreamFormat
from livevision.sources.parameter_sets import are_complete

if TYPE_CHECKING:
    from fractions import Fraction

    from av.container import OutputContainer
    from av.stream import Stream

_CODEC_IDS = {
    "h264": "V_MPEG4/ISO/AVC",
    "hevc": "V_MPEGH/ISO/HEVC",
    "av1": "V_AV1",
    "vp8": "V_VP8",
    "vp9": "V_VP9",
    "mjpeg": "V_MJPEG",
    "mpeg4": "V_MPEG4/ISO/ASP",
    "mpeg2video": "V_MPEG2",
    "mpeg1video": "V_MPEG1",
    "aac": "A_AAC",
    "ac3": "A_AC3",
    "eac3": "A_EAC3",
    "flac": "A_FLAC",
    "mp2": "A_MPEG/L2",
    "mp3": "A_MPEG/L3",
    "opus": "A_OPUS",
    "vorbis": "A_VORBIS",
    "pcm_s16be": "A_PCM/INT/BIG",
    "pcm_s16le": "A_PCM/INT/LIT",
}
"""What Matroska calls the codecs that can be recorded as they are, by FFmpeg's name."""
_BITS = {"pcm_s16be": 16, "pcm_s16le": 16}
_VIDEO, _AUDIO = 1, 2
_ASPECT_FILTERS = {"h264": "h264_metadata", "hevc": "hevc_metadata"}
"""What writes the shape of pixels into the packets themselves, by codec."""


def can_hold(codec: str) -> bool:
    """Say whether packets of this codec can be recorded as they are."""
    return codec in _CODEC_IDS


def add_stream(container: OutputContainer, medium: Medium, form: StreamFormat) -> Stream:
    """Add a stream for packets of this kind.  Raises ValueError where the container or we do not know the codec."""
    if not can_hold(form.codec):
        raise ValueError(f"{form.codec} is of no kind that can be recorded as it is")
    with av.open(io.BytesIO(_header(medium, form)), "r", format="matroska") as template:
        stream = container.add_stream_from_template(template.streams[0], opaque=True)
    if isinstance(stream, VideoStream):
        stream.set_display_matrix(form.geometry.matrix)
        _describe(container, stream, form.geometry.pixel_aspect)
    return stream


def copy_stream(container: OutputContainer, source: Stream) -> Stream:
    """Add a stream for the packets of ``source``, which are displayed as they are there."""
    stream = container.add_stream_from_template(source)
    if isinstance(source, VideoStream) and isinstance(stream, VideoStream):
        _describe(container, stream, sensible(source.sample_aspect_ratio))
    return stream


class AspectWriter:
    """Writes the shape of pixels into the packets of ``stream``; one that is damaged stays as it is."""

    def __init__(self, stream: VideoStream, filter_name: str, aspect: Fraction) -> None:
        described = f"{filter_name}=sample_aspect_ratio={aspect.numerator}/{aspect.denominator}"
        self._filter = BitStreamFilterContext(described, stream, stream)

    def rewrite(self, packet: av.Packet[Any]) -> list[av.Packet[Any]]:
        """Return what to write in place of a packet, which is used up; without its stream and time base."""
        data, times = bytes(packet), (packet.pts, packet.dts, packet.duration, packet.is_keyframe)
        try:
            return self._filter.filter(packet)
        except av.FFmpegError:
            same: av.Packet[Any] = av.Packet(data)
            same.pts, same.dts, same.duration, same.is_keyframe = times
            return [same]


def aspect_writer(container: OutputContainer, stream: Stream, aspect: Fraction | None) -> AspectWriter | None:
    """Return what writes the shape of pixels into packets, where the container has no place for it that we can fill.

    FFmpeg writes a Matroska file's display size from a field that PyAV does not reach.  None where it is not needed,
    or the codec has no place for it either.
    """
    if aspect is None or container.format.name != "matroska" or not isinstance(stream, VideoStream):
        return None
    name = _ASPECT_FILTERS.get(stream.codec_context.codec.canonical_name)
    return AspectWriter(stream, name, aspect) if name is not None else None


def _describe(container: OutputContainer, stream: VideoStream, aspect: Fraction | None) -> None:
    context = stream.codec_context
    if aspect is not None:
        context.sample_aspect_ratio = aspect
    is_hevc_in_mp4 = container.format.name == "mp4" and context.codec.canonical_name == "hevc"
    if is_hevc_in_mp4 and are_complete("hevc", context.extradata or b""):
        # What Apple's players want; FFmpeg's usual name is for parameter sets that are in the packets only.
        context.codec_tag = "hvc1"


def _header(medium: Medium, form: StreamFormat) -> bytes:
    ebml = _element(0x1A45DFA3, _element(0x4282, b"matroska") + _number(0x4287, 4) + _number(0x4285, 2))
    return ebml + _element(0x18538067, _info() + _element(0x1654AE6B, _track(medium, form)) + _cluster())


def _info() -> bytes:
    return _element(0x1549A966, _number(0x2AD7B1, 1_000_000) + _element(0x4D80, b"-") + _element(0x5741, b"-"))


def _cluster() -> bytes:
    return _element(0x1F43B675, _number(0xE7, 0))  # an empty one: the reader wants to have seen where they begin


def _track(medium: Medium, form: StreamFormat) -> bytes:
    kind = _VIDEO if medium is Medium.VIDEO else _AUDIO
    return _element(
        0xAE,
        _number(0xD7, 1)  # TrackNumber
        + _number(0x73C5, 1)  # TrackUID
        + _number(0x83, kind)
        + _element(0x86, _CODEC_IDS[form.codec].encode())
        + (_element(0x63A2, form.extradata) if form.extradata else b"")
        + (_picture(form) if medium is Medium.VIDEO else _sound(form)),
    )


def _picture(form: StreamFormat) -> bytes:
    return _element(0xE0, _number(0xB0, form.width) + _number(0xBA, form.height))


def _sound(form: StreamFormat) -> bytes:
    bits = _number(0x6264, _BITS[form.codec]) if form.codec in _BITS else b""
    rate = _element(0xB5, struct.pack(">d", form.sample_rate))
    return _element(0xE1, rate + _number(0x9F, form.channels) + bits)


def _number(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _element(name: int, content: bytes) -> bytes:
    # The length always in 8 bytes, of which the first says so.
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (1 << 56 | len(content)).to_bytes(8, "big") + content
