"""Where a reader's packets branch off: beginning with a keyframe, each kind of stream announced before it comes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from livevision.pictures.geometry import AS_STORED, sensible
from livevision.sources.adts import audio_specific_config, bare_frame
from livevision.sources.decoding import sound_stream, unrecorded_sound
from livevision.sources.packet_times import DecodingTimes, SoundTimes, reorder_depth
from livevision.sources.packets import EncodedPacket, MediaFormat, Medium, PacketSink, StreamFormat
from livevision.sources.parameter_sets import travels_apart, updated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

    from livevision.pictures import DecodedPicture
    from livevision.sources.reader import SourceInfo
    from livevision.sources.timestamps import Timestamps

_USUAL_FPS = 25.0
_AAC = "aac"
_MOST_HELD = 64 << 20
"""Bytes of packets that wait for the first picture to be decoded."""


class Tap:
    """Hands one reader's packets to a sink; used in the capture thread only.

    Nothing is handed over before :meth:`open`: a connection out of which no picture can be made leaves no trace.
    """

    def __init__(self, sink: PacketSink, generation: int) -> None:
        self._sink = sink
        self._generation = generation
        self._decoding = DecodingTimes(1 / _USUAL_FPS)
        self._held: list[tuple[MediaFormat, EncodedPacket]] | None = []
        self._held_bytes = 0
        self._geometry = AS_STORED
        self._video: StreamFormat | None = None
        self._audio: StreamFormat | None = None
        self._unrecorded = ""
        self._media: MediaFormat | None = None  # of what comes; None while a keyframe is waited for
        self._last: MediaFormat | None = None
        self._announced: MediaFormat | None = None

    def connect(
        self, container: InputContainer, stream: VideoStream, info: SourceInfo, pictures: Timestamps
    ) -> SoundTap | None:
        """Take note of what the source is, before the first packet of each connection or pass.

        Return where its sound goes, if there is any; ``pictures`` is the clock that it is put on.
        """
        sound = sound_stream(container)
        # The decoder's name is another one for some codecs.
        codec = stream.codec_context.codec.canonical_name
        self._video = StreamFormat(codec, stream.codec_context.extradata or b"", info.width, info.height, info.fps)
        self._audio = sound_format(sound) if sound is not None else None
        self._unrecorded = unrecorded_sound(container)
        if self._last is None:
            self._decoding = DecodingTimes(1 / (info.fps or _USUAL_FPS))
        self._media = None
        return SoundTap(sound, self, SoundTimes(pictures)) if sound is not None else None

    def open(self, first: float) -> None:
        """Hand over what came so far, and everything as it comes from now on.

        ``first`` is the time of the first picture that could be decoded: it begins with the keyframe for that.
        """
        held, self._held = self._held or [], None
        if self._last is not None:
            # Which way up it is displayed is known only now that a picture is decoded.
            of = {media: self._displayed(media) for media, _ in held}
            held = [(of[media], packet) for media, packet in held]
            self._media = of.get(self._media, self._media) if self._media else None
            self._last = of.get(self._last, self._last)
        keyframes = (at for at, (_, packet) in enumerate(held) if _begins_before(packet, first))
        for media, packet in held[max(keyframes, default=0) :]:
            self._hand_over(media, packet)

    def shown(self, pictures: Sequence[DecodedPicture]) -> None:
        """Take note of how the pictures of the stream are displayed, before the packet that they came out of."""
        if pictures:
            self._geometry = pictures[-1].geometry

    def picture(self, packet: Packet[VideoStream], pts: float, context: VideoCodecContext, captured: float) -> None:
        """Take a packet, a whole picture, that has just been given to the decoder ``context``."""
        dts = self._decoding.next(pts, reorder_depth(context))
        data = bytes(packet)
        if packet.is_keyframe:
            self._begin_group(data, context)
        if self._media is not None:
            self._take(EncodedPacket(Medium.VIDEO, data, pts, dts, packet.is_keyframe, *self._moment(captured)))

    def sound(self, data: bytes, pts: float, captured: float) -> None:
        """Take some sound; what comes before the first keyframe is left out."""
        if self._media is not None:
            self._take(EncodedPacket(Medium.AUDIO, data, pts, pts, True, *self._moment(captured)))

    def _moment(self, captured: float) -> tuple[int, float, float]:
        return self._generation, captured, time.time()

    def _begin_group(self, keyframe: bytes, context: VideoCodecContext) -> None:
        if self._video is None:
            return
        extradata = self._video.extradata
        if not travels_apart(self._video.codec, extradata):
            extradata = updated(self._video.codec, extradata, keyframe)
            if not extradata:
                return  # nobody could decode it
        # By now the decoder has seen the keyframe, and knows its size.
        width, height = context.width or self._video.width, context.height or self._video.height
        self._video = replace(
            self._video,
            extradata=extradata,
            width=width,
            height=height,
            geometry=self._geometry,
            coded_aspect=sensible(context.sample_aspect_ratio),
        )
        media = MediaFormat(self._video, self._audio, self._unrecorded)
        self._media = self._last = self._last if media == self._last else media

    def _displayed(self, media: MediaFormat) -> MediaFormat:
        return replace(media, video=replace(media.video, geometry=self._geometry))

    def _take(self, packet: EncodedPacket) -> None:
        assert self._media is not None
        if self._held is None:
            self._hand_over(self._media, packet)
            return
        self._held.append((self._media, packet))
        self._held_bytes += len(packet.data)
        if self._held_bytes > _MOST_HELD:
            self._held.clear()
            self._held_bytes = 0
            self._media = None

    def _hand_over(self, media: MediaFormat, packet: EncodedPacket) -> None:
        if media is not self._announced:
            self._announced = media
            self._sink.on_format(media, self._generation)
        self._sink.on_packet(packet)


class SoundTap:
    """Takes the sound of a connection out of its packets."""

    def __init__(self, stream: AudioStream, tap: Tap, times: SoundTimes) -> None:
        self.stream = stream
        self._tap = tap
        self._times = times
        self._has_headers = stream.codec_context.codec.canonical_name == _AAC and not stream.codec_context.extradata
        self._config = sound_format(stream).extradata

    def take(self, packet: Packet[AudioStream]) -> None:
        """Pass a packet on; one without a time or content is left out."""
        if packet.pts is None or not packet.time_base:
            return
        data = bare_frame(bytes(packet), self._config) if self._has_headers else bytes(packet)
        if data:
            arrived = time.monotonic()
            self._tap.sound(data, self._times.next(float(packet.pts * packet.time_base), arrived), arrived)


def sound_format(stream: AudioStream) -> StreamFormat:
    """Return what a container must know of the sound."""
    context = stream.codec_context
    codec, rate, channels = context.codec.canonical_name, context.sample_rate, context.layout.nb_channels
    extradata = context.extradata or b""
    if codec == _AAC and not extradata:
        extradata = audio_specific_config(rate, channels)
    return StreamFormat(codec, extradata, sample_rate=rate, channels=channels)


def _begins_before(packet: EncodedPacket, seconds: float) -> bool:
    return packet.medium is Medium.VIDEO and packet.is_keyframe and packet.pts <= seconds
