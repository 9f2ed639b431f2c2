"""The packets of a section, pictures and sound, from the keyframe at or before it on; blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import av.error
from av.stream import Discard

from livevision.errors import SourceUnusable
from livevision.playback.video import SAME
from livevision.sources.decoding import WITHOUT_TIMES, video_stream
from livevision.sources.protocols import LOCAL_FILE
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.packet import Packet
    from av.stream import Stream

    from livevision.export.section import Section

_FIRST_STEP_BACK = 1.0


class SectionPackets:
    """Opens a file and finds where its section begins.  Raises SourceUnusable."""

    def __init__(self, recording: Path, section: Section) -> None:
        self.name = recording.name
        self._section = section
        try:
            self._container = av.open(str(recording.absolute()), "r", options=LOCAL_FILE)
        except av.error.FFmpegError as error:
            raise self._unusable(error) from None
        try:
            self._check_times()
            self.video: Stream = video_stream(self._container, self.name)
            self.streams = (self.video, *self._container.streams.audio[:1])
            for stream in self.streams:
                stream.discard = Discard.default
            self._first = self._keyframe()
        except BaseException:
            self.close()
            raise
        self.start = time_of(self._first)
        """Time in the recording of the keyframe."""

    def __iter__(self) -> Iterator[Packet[Any]]:
        """Yield what belongs to the section in the order of the file, once; their times are the recording's."""
        yield self._first
        end, over, held = self._section.end + SAME, set[int](), list[Any]()
        for packet in self._demuxed():
            index, seconds, decoded = packet.stream_index, time_of(packet), decoding_time_of(packet)
            if decoded > end:
                over.add(index)
                if len(over) == len(self.streams):
                    return
            elif index != self.video.index:
                if self.start <= seconds <= end:
                    yield packet
            elif seconds > end:
                held.append(packet)  # Goes along only if a picture of the section needs it.
            elif seconds >= self.start - SAME:
                yield from held
                held.clear()
                yield packet

    def close(self) -> None:
        """Close the file.  Idempotent."""
        self._container.close()

    def _check_times(self) -> None:
        if self._container.format.name in WITHOUT_TIMES:
            raise SourceUnusable(
                say("{name} has no times in it, so no part can be copied. Export it with boxes.", name=self.name)
            )

    def _keyframe(self) -> Packet[Any]:
        """Go to the last keyframe that is shown at or before the section, and return it."""
        start, base = self._section.start, self.video.time_base
        aim, step = start, _FIRST_STEP_BACK
        while base is not None:
            try:
                self._container.seek(round(aim / base), stream=self.video)
            except av.error.FFmpegError as error:
                raise self._unusable(error) from None
            first = next((each for each in self._demuxed() if self._begins(each)), None)
            if first is not None and (time_of(first) <= start + SAME or aim <= 0):
                return first
            if aim <= 0:
                break
            aim, step = max(0.0, aim - step), 2 * step
        raise SourceUnusable(
            say("{name}: there is no keyframe to begin with. Export it with boxes instead.", name=self.name)
        )

    def _begins(self, packet: Packet[Any]) -> bool:
        return packet.stream_index == self.video.index and packet.is_keyframe

    def _demuxed(self) -> Iterator[Packet[Any]]:
        try:
            for packet in self._container.demux(*self.streams):
                if packet.size and packet.time_base:
                    yield packet
        except av.error.FFmpegError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: av.error.FFmpegError) -> SourceUnusable:
        return SourceUnusable(say("{name} could not be read: {reason}.", name=self.name, reason=error.strerror))


def time_of(packet: Packet[Any]) -> float:
    """Return when a packet's picture or sound is due, in seconds."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    return float((stamp or 0) * packet.time_base)


def decoding_time_of(packet: Packet[Any]) -> float:
    """Return when a packet is to be decoded, in seconds."""
    stamp = packet.dts if packet.dts is not None else packet.pts
    return float((stamp or 0) * packet.time_base)
