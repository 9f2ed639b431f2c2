"""Recorded files, at the pace at which they were taken or as fast as they can be read."""

from __future__ import annotations

import threading
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

import av
import av.error

from livevision.errors import SourceUnusable
from livevision.sources.decoding import FrameMaker, decode, describe, video_stream
from livevision.sources.pacing import Pacer
from livevision.sources.protocols import LOCAL_FILE
from livevision.sources.timestamps import Timestamps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer

    from livevision.frame import Frame
    from livevision.sources.reader import Demand, SourceInfo


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
        self._pictures: Iterator[av.VideoFrame] = iter(())
        self._pacer = Pacer()

    def __repr__(self) -> str:
        return f"<FileReader {self._path.name!r} {'open' if self._container else 'closed'}>"

    def open(self) -> SourceInfo:
        """Open the file and decode its first picture.  Raises SourceUnusable."""
        info = self._begin()
        first = self._next_picture()
        if first is None and not self._interrupted.is_set():
            raise SourceUnusable(f"{self._path.name}: no picture in it could be decoded.")
        if first is not None:
            self._pictures = _chain(first, self._pictures)
            # Only the picture itself knows whether it is to be turned.
            if first.rotation % 180:
                info = replace(info, width=first.height, height=first.width)
        self._timestamps = Timestamps(1 / info.fps if info.fps else 1 / 25)
        self._frames = FrameMaker(self._generation, self._timestamps)
        return info

    def read(self) -> Frame | None:
        """Return the next picture when it is due; None at the end.  Raises SourceUnusable."""
        decoded = self._next_picture()
        if decoded is None and self._at_end is AtEnd.LOOP and not self._interrupted.is_set():
            self._begin()
            self._timestamps.begin_again()
            decoded = self._next_picture()
        if decoded is None:
            return None
        pts = self._frames.stamp(decoded.time)
        if self._pace is Pace.REAL_TIME:
            self._pacer.hold(pts, self._interrupted)
        return None if self._interrupted.is_set() else self._frames.make(decoded, pts)

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
        self._pictures = decode(self._container, stream, self._interrupted)
        return describe(self._container, stream)

    def _next_picture(self) -> av.VideoFrame | None:
        try:
            return next(self._pictures, None)
        except av.error.FFmpegError as error:
            raise _unusable(error, self._path.name) from None


def _unusable(error: av.error.FFmpegError, name: str) -> SourceUnusable:
    if isinstance(error, av.error.InvalidDataError | av.error.EOFError):
        return SourceUnusable(f"{name} is not a video, or is damaged. Try to play it in a video player.")
    return SourceUnusable(f"{name} could not be read: {error.strerror}.")


def _chain(first: av.VideoFrame, rest: Iterator[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    yield first
    yield from rest
