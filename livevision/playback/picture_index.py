"""Where a file ends, and where the keyframes are of one without an index, or without times at all."""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import av

from livevision.sources.decoding import WITHOUT_TIMES
from livevision.sources.packet_times import seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_WITHOUT_INDEX = frozenset({"dhav"})
"""Formats that FFmpeg winds back only to where it has been, and whose end it knows to the second."""
_ROUGH = frozenset({"mpeg", "mpegts", "flv"})
"""Formats whose end FFmpeg estimates, some pictures too early or too late."""
_DURATION = re.compile(r"(\d{1,6}):(\d\d):(\d\d(?:\.\d+)?)")
_HEVC_SLICES = range(32)
_SKIPPED = (8, 9)
"""Slices of HEVC pictures that come behind a keyframe, are shown before it, and cannot be decoded from it on."""
_LONGEST_LOOK = 5.0
"""Seconds that are spent on a file; what is not reached by then is found by reading on."""


def declared_end(container: InputContainer, stream: VideoStream) -> float | None:
    """Return what a file says of its end, in seconds; None where it says nothing."""
    # Matroska writes it as a tag of each stream; what it says of the whole file includes the sound.
    if tag := _DURATION.fullmatch(stream.metadata.get("DURATION", "")):
        return int(tag[1]) * 3600 + int(tag[2]) * 60 + float(tag[3])
    if stream.duration and stream.time_base:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base)
    if container.duration and container.duration > 0:
        return ((container.start_time or 0) + container.duration) / av.time_base
    return None


def is_needed(form: str) -> bool:
    """Say whether files of a format, by FFmpeg's name, cannot be wound back by time."""
    return form in WITHOUT_TIMES or form in _WITHOUT_INDEX


def is_rough(form: str) -> bool:
    """Say whether what is known of the end of a file of this format is an estimate."""
    return form in _ROUGH


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A picture at which decoding can begin."""

    seconds: float
    number: int
    """How many pictures come before it."""
    position: int
    """Byte of the file at which, or shortly behind which, its packet begins."""
    size: int
    """Bytes of its packet, by which it is found again."""


class PictureIndex:
    """The keyframes of a file.

    Blocking, for 5 seconds at the most: ``packets`` are all of the file.  Those of a format without times are counted,
    ``interval`` seconds each.
    """

    def __init__(self, packets: Iterable[Packet[VideoStream]], form: str, interval: float, size: int) -> None:
        self.counts = form in WITHOUT_TIMES
        """Whether a picture's time is its number."""
        self.end = 0.0
        """Behind the last picture, in seconds; estimated where not all of the file was read in time."""
        self._keyframes: list[Keyframe] = []
        give_up, count, first, position, latest = time.monotonic() + _LONGEST_LOOK, 0, 0.0, 0, 0.0
        is_whole, follows = True, False
        for packet in packets:
            if not packet.size:
                continue
            stamp = None if self.counts else seconds_of(packet)
            seconds = first + count * interval if stamp is None else stamp
            first = seconds if count == 0 else first
            latest = max(latest, seconds)
            position = packet.pos if packet.pos is not None else position
            if packet.is_keyframe and packet.pos is not None:
                self._keyframes.append(Keyframe(seconds, count, position, packet.size))
                follows = form == "hevc"
            elif follows and _is_skipped(packet):
                # It is shown before the keyframe, whose number is one higher for it.
                late = self._keyframes[-1]
                self._keyframes[-1] = replace(late, seconds=late.seconds + interval, number=late.number + 1)
            else:
                follows = False
            count += 1
            if time.monotonic() > give_up:
                is_whole = False
                break
        self.start = first
        """Of the first picture."""
        self.end = latest + interval
        if not is_whole and position:
            self.end = first + (self.end - first) * size / position

    def before(self, seconds: float) -> Keyframe | None:
        """Return the last keyframe at or before a time, as far as is known."""
        at = bisect_right(self._keyframes, seconds, key=lambda keyframe: keyframe.seconds)
        return self._keyframes[at - 1] if at else None


def _is_skipped(packet: Packet[VideoStream]) -> bool:
    data = bytes(packet)
    at = data.find(b"\0\0\1")
    while 0 <= at < len(data) - 4:
        kind = data[at + 3] >> 1 & 63
        if kind in _HEVC_SLICES:
            return kind in _SKIPPED
        at = data.find(b"\0\0\1", at + 3)
    return False
