"""Reading pictures out of a container with PyAV: what streams and files have in common."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, cast

import av
import av.error
import av.logging
from av.audio.stream import AudioStream
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from livevision.errors import SourceUnusable
from livevision.frame import Frame
from livevision.pictures import DecodedPicture, DisplayGeometry
from livevision.pictures.geometry import PixelAspect, matrix_of
from livevision.sources.reader import SourceInfo
from livevision.wording import say

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext

    from livevision.sources.read_ahead import ReadAhead
    from livevision.sources.tap import SoundTap
    from livevision.sources.timestamps import Timestamps

logger = logging.getLogger(__name__)

# FFmpeg's log callback takes the GIL from FFmpeg's own threads and deadlocks.
av.logging.set_level(None)

_NOT_VIDEO = frozenset({"tty"})
"""Formats in which FFmpeg "sees" video where nobody means it: plain text, drawn letter by letter."""
WITHOUT_TIMES = frozenset(
    {
        "h264",
        "hevc",
        "vvc",
        "m4v",
        "mpegvideo",
        "mjpeg",
        "jpeg_pipe",
        "h261",
        "h263",
        "vc1",
        "dirac",
        "cavsvideo",
        "obu",
    }
)
"""Formats that are pictures one after the other, and nothing else; FFmpeg claims that each has 25 a second."""
_COVERS = Disposition.attached_pic | Disposition.timed_thumbnails
_STILLS = frozenset({"mjpeg", "png", "bmp", "gif", "webp", "tiff"})
"""What covers and previews are coded as; films of some cameras, too."""
_PREVIEW = 10
"""A film has at least so many times as many pictures as its preview."""
_SOUND = frozenset(
    {"aac", "ac3", "eac3", "flac", "mp2", "mp3", "opus", "vorbis", "pcm_alaw", "pcm_mulaw", "pcm_s16be", "pcm_s16le"}
)
"""What recordings can hold without coding it anew."""
_SOUND_NAMES = {
    "adpcm_g722": "G.722",
    "g723_1": "G.723.1",
    "adpcm_g726": "G.726",
    "adpcm_g726le": "G.726",
    "g729": "G.729",
    "aac_latm": "AAC-LATM",
    "amr_nb": "AMR",
    "amr_wb": "AMR-WB",
}
_UNNAMED_SOUND = "of a kind that is not known here"
_DAMAGED_IN_A_ROW = 100
"""Reads that may fail one after the other before a source counts as broken."""
_FASTEST = 1000.0
"""Declared rates above this are a time base that was mistaken for a rate."""


def video_stream(container: InputContainer, name: str) -> VideoStream:
    """Return the stream to show.  Raises SourceUnusable, about ``name``, where there is none that can be decoded."""
    if container.format.name in _NOT_VIDEO:
        raise SourceUnusable(say("{name} is not a video.", name=name))
    stream = _film(container)
    if stream is None:
        if container.streams.video:
            raise SourceUnusable(say("{name} has no video in it, only the picture of a cover.", name=name))
        raise SourceUnusable(say("{name} has no video in it.", name=name))
    # mypy takes it for always set, but it is None where FFmpeg was built without the decoder.
    if getattr(stream, "codec_context", None) is None:
        raise SourceUnusable(say("{name} has video of a kind that cannot be decoded here.", name=name))
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    return stream


def _film(container: InputContainer) -> VideoStream | None:
    """Return the stream that is meant to be watched: no cover, and no preview beside a film."""
    films = [stream for stream in container.streams.video if not stream.disposition & _COVERS]
    best = container.streams.best("video")
    chosen = next((stream for stream in films if stream is best or stream.index == getattr(best, "index", -1)), None)
    if chosen is None or _is_coded_as_stills(chosen):
        moving = [stream for stream in films if not _is_coded_as_stills(stream)]
        least = _PREVIEW * _pictures_of(chosen) if chosen is not None else 0
        chosen = max((each for each in moving if _pictures_of(each) >= least), key=_pictures_of, default=chosen)
    return chosen or next(iter(films), None)


def _is_coded_as_stills(stream: VideoStream) -> bool:
    context = getattr(stream, "codec_context", None)
    return context is not None and context.codec.canonical_name in _STILLS


def _pictures_of(stream: VideoStream) -> float:
    """Return how many pictures a stream has, in the file or in a second: to compare those of one container."""
    return float(stream.frames or stream.average_rate or 0)


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the sound to record, and have it read, too; None where there is none, or of a kind that no file holds.

    Called after :func:`video_stream`, which leaves everything else out.
    """
    stream = container.streams.best("audio")
    if not isinstance(stream, AudioStream) or getattr(stream, "codec_context", None) is None:
        return None
    context = stream.codec_context
    if context.codec.canonical_name not in _SOUND or not (context.sample_rate and context.layout.nb_channels):
        return None
    stream.discard = Discard.default
    return stream


def unrecorded_sound(container: InputContainer) -> str:
    """Return what people call the sound that no file holds; empty where there is none, or it can be recorded."""
    sounds = container.streams.audio
    if not sounds or sound_stream(container) is not None:
        return ""
    context = getattr(container.streams.best("audio") or sounds[0], "codec_context", None)
    if context is None:
        return _UNNAMED_SOUND
    name: str = context.codec.canonical_name
    return _SOUND_NAMES.get(name, name.replace("_", " ").upper())


def describe(container: InputContainer, stream: VideoStream) -> SourceInfo:
    """Return what the container says of the stream."""
    coded, declared = stream.codec_context.framerate, stream.average_rate or stream.guessed_rate
    rate = coded if container.format.name in WITHOUT_TIMES else declared
    fps = float(rate) if rate and 0 < rate <= _FASTEST else None
    duration = container.duration / av.time_base if container.duration and container.duration > 0 else None
    return SourceInfo(
        width=stream.codec_context.width,
        height=stream.codec_context.height,
        fps=fps,
        codec=stream.codec_context.name,
        duration=duration,
        frames=stream.frames or None,
    )


def packets(
    container: InputContainer | ReadAhead,
    stream: VideoStream,
    interrupted: threading.Event,
    sound: SoundTap | None = None,
) -> Iterator[Packet[VideoStream]]:
    """Yield what the demuxer finds, until the end or an interrupt; damage in the container is left out.

    What there is of ``sound`` goes there.  Raises the av error of a connection or disk that is lost.
    """
    in_a_row = 0
    streams = (stream,) if sound is None else (stream, sound.stream)
    while True:
        try:
            for packet in container.demux(*streams):
                if interrupted.is_set():
                    return
                in_a_row = 0
                if sound is not None and packet.stream_index == sound.stream.index:
                    sound.take(cast("Packet[AudioStream]", packet))
                else:
                    yield cast("Packet[VideoStream]", packet)
        except (av.error.InvalidDataError, av.error.BlockingIOError):
            # What follows is usually fine, but takes a new demuxing generator.
            in_a_row += 1
            if in_a_row > _DAMAGED_IN_A_ROW:
                raise
        else:
            return


def decode(container: InputContainer, stream: VideoStream, interrupted: threading.Event) -> Iterator[av.VideoFrame]:
    """Yield the pictures of the stream in order, until its end or an interrupt; what is damaged is left out.

    Raises the av error of a connection or disk that is lost.
    """
    damaged = 0
    for packet in packets(container, stream, interrupted):
        try:
            yield from packet.decode()
        except av.error.EOFError:
            break
        except av.error.FFmpegError:
            damaged += 1
    if damaged:
        logger.debug("%d damaged packets were left out", damaged)


class UprightPictures:
    """Makes upright pictures with square pixels of those that ``context`` decodes of ``stream``.

    One for each connection or pass.
    """

    def __init__(self, stream: VideoStream, context: VideoCodecContext) -> None:
        self._context = context
        self._aspect = PixelAspect(stream.sample_aspect_ratio)

    def of(self, decoded: av.VideoFrame) -> DecodedPicture:
        """Return the picture that was decoded last, or one of the same packet."""
        aspect = self._aspect.now(self._context.sample_aspect_ratio)
        return DecodedPicture(decoded, DisplayGeometry(matrix_of(decoded), aspect))


class FrameMaker:
    """Makes the frames of one generation out of decoded pictures."""

    def __init__(self, generation: int, timestamps: Timestamps) -> None:
        self._generation = generation
        self._timestamps = timestamps
        self._index = 0

    def stamp(self, raw: float | None) -> float:
        """Return the ``pts`` of the picture that comes next."""
        return self._timestamps.next(raw)

    def make(
        self, picture: DecodedPicture, pts: float, skipped: int = 0, behind: float = 0.0, delay: float = 0.0
    ) -> Frame:
        """Return the frame of a picture that is handed over now; the other arguments are as in :class:`Frame`."""
        now, wall = time.monotonic(), time.time()
        frame = Frame(self._index, self._generation, pts, now, wall, picture, skipped, behind, delay)
        self._index += 1
        return frame
