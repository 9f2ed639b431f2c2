"""Recorded files, at the pace at which they were taken or as fast as they can be read."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

import av
import av.error

from livevision.errors import SourceUnusable
from livevision.sources.decoding import FrameMaker, UprightPictures, describe, packets, video_stream
from livevision.sources.pacing import Pacer
from livevision.sources.packet_times import PictureClock, reorder_depth
from livevision.sources.protocols import LOCAL_FILE
from livevision.sources.tap import Tap
from livevision.sources.timestamps import Timestamps
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from livevision.frame import Frame
    from livevision.pictures import DecodedPicture
    from livevision.sources.packets import PacketSink
    from livevision.sources.reader import Demand, SourceInfo
    from livevision.sources.tap import SoundTap


logger = logging.getLogger(__name__)

_ONE_THREAD_IS_ENOUGH = 1920 * 1088
"""Pixels of a picture up to which a core decodes it in 5 ms; waking others for parts of it costs more than it saves."""

_Stamped: TypeAlias = "tuple[DecodedPicture, float]"
"""A picture and its time in seconds."""


class Pace(Enum):
    """How fast a file is read."""

    REAL_TIME = "real time"
    """As it was taken: pictures come when their time stamps say so."""
    EVERY_FRAME = "every frame"
    """As fast as it can be decoded."""


class AtEnd(Enum):
    """What happens when a file is over."""

    STOP = "stop"
    LOOP = "loop"


class FileReader:
    """A :class:`FrameReader` of one recorded file."""

    def __init__(self, path: Path, generation: int, pace: Pace = Pace.REAL_TIME, at_end: AtEnd = AtEnd.STOP) -> None:
        self._path = path
        self._generation = generation
        self._pace = pace
        self._at_end = at_end
        self._interrupted = threading.Event()
        self._container: InputContainer | None = None
        self._pictures: Iterator[_Stamped] = iter(())
        self._pacer = Pacer()
        self._clock = PictureClock(Timestamps(1 / 25))
        self._frames = FrameMaker(generation, self._clock.timestamps)
        self._tap: Tap | None = None

    def __repr__(self) -> str:
        return f"<FileReader {self._path.name!r} {'open' if self._container else 'closed'}>"

    def tap(self, sink: PacketSink) -> None:
        """Send the packets there, those of sound included; before :meth:`open`.

        They come when they are read, which is up to a few pictures before these are due.
        """
        self._tap = Tap(sink, self._generation)

    def open(self) -> SourceInfo:
        """Open the file and decode its first picture.  Raises SourceUnusable."""
        info = self._begin()
        first = self._next_picture()
        if first is None and not self._interrupted.is_set():
            if _is_animated_webp(self._path):
                raise SourceUnusable(
                    say(
                        "{path} is an animated WebP, which cannot be read here; save it as GIF or MP4.",
                        path=self._path.name,
                    )
                )
            raise SourceUnusable(say("{path}: no picture in it could be decoded.", path=self._path.name))
        if first is not None:
            self._pictures = _chain(first, self._pictures)
            picture, pts = first
            # Only the picture itself knows whether it is to be turned.
            info = replace(info, width=picture.size[0], height=picture.size[1])
            if self._tap is not None:
                self._tap.open(pts)
        return info

    def read(self) -> Frame | None:
        """Return the next picture when it is due; None at the end.  Raises SourceUnusable."""
        stamped = self._next_picture()
        if stamped is None and self._at_end is AtEnd.LOOP and not self._interrupted.is_set():
            self._begin()
            self._clock.begin_again()
            stamped = self._next_picture()
        if stamped is None:
            return None
        picture, pts = stamped
        if self._pace is Pace.REAL_TIME:
            self._pacer.hold(pts, self._interrupted)
        return None if self._interrupted.is_set() else self._frames.make(picture, pts)

    def want(self, demand: Demand) -> None:
        """Every picture is read at its own pace anyway: nothing to save."""

    def interrupt(self) -> None:
        """End the wait for the next picture; from any thread."""
        self._interrupted.set()

    def close(self) -> None:
        """Close the file."""
        self._pictures = iter(())
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def _begin(self) -> SourceInfo:
        # Opened anew for each round: not every format can be wound back.
        self.close()
        name = self._path.name
        # Absolute: FFmpeg takes what stands before a colon for a protocol, and recorders write 12:30.mp4.
        path = str(self._path.absolute())
        try:
            self._container = av.open(path, "r", options=LOCAL_FILE)
        except av.error.FFmpegError as error:
            raise _unusable(error, name) from None
        stream = video_stream(self._container, name)
        if self._pace is Pace.EVERY_FRAME:
            # Threads that decode several pictures at once delay each of them, which is of no matter here.
            stream.thread_type = "AUTO"
        elif stream.codec_context.width * stream.codec_context.height <= _ONE_THREAD_IS_ENOUGH:
            stream.codec_context.thread_count = 1
        info = describe(self._container, stream)
        self._clock.timestamps.interval = 1 / info.fps if info.fps else 1 / 25
        sound = None
        if self._tap is not None:
            sound = self._tap.connect(self._container, stream, info, self._clock.timestamps)
        self._pictures = self._decode(self._container, stream, sound)
        return info

    def _decode(self, container: InputContainer, stream: VideoStream, sound: SoundTap | None) -> Iterator[_Stamped]:
        """Yield the pictures in order; what is damaged is left out."""
        damaged = 0
        upright = UprightPictures(stream, stream.codec_context)
        for packet in packets(container, stream, self._interrupted, sound):
            pts = self._clock.stamp(packet, reorder_depth(stream.codec_context)) if packet.size else None
            try:
                pictures = [upright.of(decoded) for decoded in packet.decode()]
            except av.error.EOFError:
                break
            except av.error.FFmpegError:
                damaged += 1
                continue
            if self._tap is not None:
                self._tap.shown(pictures)
                if pts is not None:
                    self._tap.picture(packet, pts, stream.codec_context, time.monotonic())
            for picture in pictures:
                yield picture, self._clock.time_of(picture.decoded)
        if damaged:
            logger.debug("%s: %d damaged packets were left out", self._path.name, damaged)

    def _next_picture(self) -> _Stamped | None:
        try:
            return next(self._pictures, None)
        except av.error.FFmpegError as error:
            raise _unusable(error, self._path.name) from None


def _unusable(error: av.error.FFmpegError, name: str) -> SourceUnusable:
    if isinstance(error, av.error.InvalidDataError | av.error.EOFError):
        return SourceUnusable(say("{name} is not a video, or is damaged. Try to play it in a video player.", name=name))
    return SourceUnusable(say("{name} could not be read: {reason}.", name=name, reason=error.strerror))


def _is_animated_webp(path: Path) -> bool:
    # RFC 9649, 2.7: RIFF, size, WEBP, then a chunk VP8X whose flags say so.
    with suppress(OSError), path.open("rb") as file:
        head = file.read(21)
        return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and len(head) == 21 and bool(head[20] & 2)
    return False


def _chain(first: _Stamped, rest: Iterator[_Stamped]) -> Iterator[_Stamped]:
    yield first
    yield from rest
