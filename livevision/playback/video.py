"""One video file, read from any place on: the keyframe at or before a time, and every picture after it."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import av.error

from livevision.errors import SourceUnusable
from livevision.frame import Frame
from livevision.playback.picture_index import PictureIndex, declared_end, is_needed, is_rough
from livevision.sources.decoding import UprightPictures, describe, packets, video_stream
from livevision.sources.packet_times import seconds_of
from livevision.sources.protocols import LOCAL_FILE
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

SAME = 1e-4
"""Seconds within which two times are the same picture's."""
_USUAL_INTERVAL = 0.04
_MOST_THREADS = 4
"""Each decodes a picture of its own, which waits in memory."""
_FIRST_STEP_BACK = 1.0
_LONGEST_LOOK = 5.0
"""Seconds that may be spent to find the end of a file that does not say where it is."""
_TAIL = 3.0
"""Seconds before the end that are read to find it exactly."""
_LOOKED_AT = 50
"""Packets that are looked at to find a keyframe again."""


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What is known of a file once its first picture is decoded; times are seconds as the file has them."""

    size: tuple[int, int]
    """Width and height of the pictures as they are shown."""
    start: float
    """Of the first picture."""
    end: float
    """Of the last picture, as far as the file says."""
    interval: float
    """Usual seconds between two pictures."""


class Video:
    """Pictures of one file, in order from wherever :meth:`seek` went.

    Where a group of pictures begins with some that need the group before, the decoder leaves those out.

    Blocking; belongs to one thread, except for ``interrupt``.  Raises SourceUnusable where nothing can be read.
    """

    def __init__(self, path: Path) -> None:
        self.keyframes_only = False
        """Leave everything else out, to catch up.  Once it is off, complete pictures begin with the next keyframe."""
        self.skipped = 0
        """Packets left out for that."""
        self._path = path
        self._interrupted = threading.Event()
        self._container: InputContainer | None = None
        self._stream: VideoStream | None = None
        self._packets: Iterator[Packet[VideoStream]] = iter(())
        self._decoded: deque[Frame] = deque()
        self._last: float | None = None
        self._has_gap = False
        self._interval = _USUAL_INTERVAL
        self._index = 0
        self._start = 0.0
        self._marks_keyframes = True
        self._keyframes: PictureIndex | None = None
        self._count = 0  # of the picture that comes next, where pictures are counted

    def __repr__(self) -> str:
        return f"<Video {self._path.name!r} {'open' if self._container else 'closed'}>"

    def open(self) -> tuple[VideoInfo, Frame]:
        """Open the file and return what it is, and its first picture, behind which reading goes on."""
        self._begin()
        container, stream = self._opened()
        declared = describe(container, stream)
        self._interval = 1 / declared.fps if declared.fps else _USUAL_INTERVAL
        if is_needed(container.format.name):
            name, size = container.format.name, container.size
            self._keyframes = PictureIndex(self._all_packets(), name, self._interval, size)
            end: float | None = self._keyframes.end
            self._wind_back(stream)
        else:
            end = declared_end(container, stream)
        if end is None:
            end = self._found_end()
            self._begin()
        elif is_rough(container.format.name):
            end = self._looked_up_end(end)
            self._begin()
        first = self.read()
        if first is None:
            raise SourceUnusable(say("{path}: no picture in it could be decoded.", path=self._path.name))
        self._start = first.pts
        return VideoInfo(first.size, first.pts, max(first.pts, end - self._interval), self._interval), first

    def seek(self, seconds: float) -> None:
        """Go to a keyframe at or before a time; :meth:`read` returns it next."""
        container, stream = self._opened()
        if self._keyframes is not None and self._keyframes.counts:
            if not self._to_indexed(self._keyframes, max(seconds, self._start) + SAME):
                self._begin()
            return
        aim, step = max(seconds, self._start), _FIRST_STEP_BACK
        while self._marks_keyframes and stream.time_base:
            try:
                container.seek(round(aim / stream.time_base), stream=stream)
            except av.error.FFmpegError:
                break
            self._begin_pass()
            keyframe = self._to_keyframe()
            if self._interrupted.is_set() or (keyframe is not None and keyframe <= max(seconds, self._start) + SAME):
                return
            if aim <= self._start:
                self._marks_keyframes = keyframe is not None
                break
            # An index in decoding times takes a keyframe for earlier than it is, and the end of a file may be missing.
            aim, step = max(aim - step, self._start), 2 * step
        # It cannot be wound back, or marks no keyframes: from the beginning, then.
        self._begin()

    def read(self) -> Frame | None:
        """Return the next picture, None at the end; what is damaged is left out."""
        while True:
            if self._decoded:
                return self._decoded.popleft()
            packet = self._next_packet()
            if packet is None:
                return None
            if packet.is_keyframe:
                self._has_gap = False
            elif packet.size and (self._has_gap or self.keyframes_only):
                if not self._has_gap:
                    self._empty_decoder()
                self._has_gap = True
                self.skipped += 1
                continue
            try:
                self._take(packet.decode())
            except av.error.EOFError:
                return None
            except av.error.FFmpegError:
                continue

    def interrupt(self) -> None:
        """Let reading end soon; from any thread."""
        self._interrupted.set()

    def close(self) -> None:
        """Close the file.  Idempotent."""
        self._packets = iter(())
        self._decoded.clear()
        container, self._container, self._stream = self._container, None, None
        if container is not None:
            container.close()

    def _begin(self) -> None:
        """Open the file, anew if need be."""
        self.close()
        try:
            # Absolute: FFmpeg takes what stands before a colon for a protocol.
            self._container = av.open(str(self._path.absolute()), "r", options=LOCAL_FILE)
        except av.error.FFmpegError as error:
            raise self._unusable(error) from None
        self._stream = video_stream(self._container, self._path.name)
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.thread_count = min(_MOST_THREADS, (os.cpu_count() or 1) + 1)
        self._upright = UprightPictures(self._stream, self._stream.codec_context)
        self._begin_pass()

    def _begin_pass(self) -> None:
        container, stream = self._opened()
        self._decoded.clear()
        self._last = None
        self._has_gap = False
        self._count = 0
        self._packets = packets(container, stream, self._interrupted)

    def _wind_back(self, stream: VideoStream) -> None:
        """Go to the beginning, opened anew only if need be: FFmpeg remembers what it has seen."""
        container, _ = self._opened()
        if self._keyframes is not None and not self._keyframes.counts and stream.time_base:
            with suppress(av.error.FFmpegError):
                container.seek(round(self._keyframes.start / stream.time_base), stream=stream)
                self._begin_pass()
                return
        self._begin()

    def _to_indexed(self, index: PictureIndex, seconds: float) -> bool:
        """Go to the keyframe before a time by the byte where it is; False where it is not found there."""
        keyframe = index.before(seconds)
        if keyframe is None:
            return False
        container, _ = self._opened()
        try:
            container.seek(keyframe.position, unsupported_byte_offset=True)
        except av.error.FFmpegError:
            return False
        self._begin_pass()
        # The place is that of the block that was read: a piece of the picture before may come first.
        for _ in range(_LOOKED_AT):
            packet = self._next_packet()
            if packet is None:
                return False
            if packet.is_keyframe and packet.size == keyframe.size:
                self._packets = _chain(packet, self._packets)
                self._count = keyframe.number
                return True
        return False

    def _all_packets(self) -> Iterator[Packet[VideoStream]]:
        while (packet := self._next_packet()) is not None:
            yield packet

    def _to_keyframe(self) -> float | None:
        """Skip to the next keyframe, which is read next, and return its time; None at the end."""
        while (packet := self._next_packet()) is not None:
            if packet.is_keyframe and packet.size:
                self._packets = _chain(packet, self._packets)
                seconds = seconds_of(packet)
                return seconds if seconds is not None else _decoding_time(packet)
        return None

    def _next_packet(self) -> Packet[VideoStream] | None:
        try:
            return next(self._packets, None)
        except av.error.FFmpegError as error:
            raise self._unusable(error) from None

    def _empty_decoder(self) -> None:
        """Take what it holds back before something is left out."""
        _, stream = self._opened()
        with suppress(av.error.FFmpegError):
            self._take(stream.codec_context.decode(None))
        stream.codec_context.flush_buffers()

    def _take(self, pictures: list[av.VideoFrame]) -> None:
        for picture in pictures:
            seconds = self._time_of(picture)
            self._last = seconds
            self._index += 1
            moment = time.monotonic(), time.time()
            self._decoded.append(Frame(self._index, 0, seconds, *moment, self._upright.of(picture)))

    def _time_of(self, picture: av.VideoFrame) -> float:
        _, stream = self._opened()
        # Not picture.time: what comes out of an emptied decoder has no time base of its own.
        ticks, base = picture.pts, stream.time_base
        seconds = None if ticks is None or base is None else float(ticks * base)
        if self._keyframes is not None and self._keyframes.counts:
            seconds = self._count * self._interval
            self._count += 1
        if self._last is None:
            return seconds or 0.0
        if seconds is None:
            return self._last + self._interval
        return max(seconds, self._last + SAME / 10)

    def _found_end(self) -> float:
        latest, give_up = 0.0, time.monotonic() + _LONGEST_LOOK
        while (packet := self._next_packet()) is not None and time.monotonic() < give_up:
            latest = max(latest, seconds_of(packet) or 0.0)
        return latest + self._interval

    def _looked_up_end(self, declared: float) -> float:
        """Read the last pictures' times, where what a file says of its end is an estimate."""
        container, stream = self._opened()
        if not stream.time_base:
            return declared
        try:
            container.seek(round(max(0.0, declared - _TAIL) / stream.time_base), stream=stream)
        except av.error.FFmpegError:
            return declared
        self._begin_pass()
        found = self._found_end() - self._interval
        return found + self._interval if abs(found - declared) < _TAIL else declared

    def _opened(self) -> tuple[InputContainer, VideoStream]:
        if self._container is None or self._stream is None:
            raise RuntimeError("not open")
        return self._container, self._stream

    def _unusable(self, error: av.error.FFmpegError) -> SourceUnusable:
        name = self._path.name
        if isinstance(error, av.error.InvalidDataError | av.error.EOFError):
            return SourceUnusable(
                say("{name} is not a video, or is damaged. Try to play it in a video player.", name=name)
            )
        return SourceUnusable(say("{name} could not be read: {reason}.", name=name, reason=error.strerror))


def _decoding_time(packet: Packet[VideoStream]) -> float:
    """Return when a packet is to be decoded, in seconds, for one that does not say when it is shown."""
    return float((packet.dts or 0) * packet.time_base) if packet.time_base else 0.0


def _chain(first: Packet[VideoStream], rest: Iterator[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
    yield first
    yield from rest
