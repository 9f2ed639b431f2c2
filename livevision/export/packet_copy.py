"""A section of a file copied packet by packet: original quality, with sound, at the speed of the disk."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import av
import av.error
from av.video.stream import VideoStream

from livevision.errors import LivevisionError
from livevision.export.section_packets import SectionPackets, decoding_time_of
from livevision.pictures.geometry import sensible
from livevision.recording.failure import recording_error
from livevision.recording.mux_streams import aspect_writer, copy_stream
from livevision.recording.partial import PartialFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.packet import Packet

    from livevision.export.section import Section
    from livevision.recording.mux_streams import AspectWriter

_FORMATS = {".mp4": "mp4", ".mkv": "matroska"}
_AT_ONCE = 0.05
"""Seconds of work between two looks at whether it is still wanted."""


class PacketCopy:
    """Copies from the keyframe at or before a section to its end.  Blocking; used by one thread at a time.

    The file is called ``NAME.partial.mp4`` until it is complete.  Raises SourceUnusable and RecordingError.
    """

    def __init__(self, recording: Path, section: Section, target: Path, started: float | None) -> None:
        self.pictures = 0
        self.path = target
        """Where the file is to be; once complete, where it is."""
        self._source = SectionPackets(recording, section)
        self.start = self._source.start
        """Time in the recording of the first picture."""
        self._length = max(section.end - self.start, 1e-3)
        self._packets = iter(self._source)
        try:
            with self._explained():
                self._file = PartialFile(target)
        except LivevisionError:
            self._source.close()
            raise
        self._container = av.open(self._file, "w", format=_FORMATS[target.suffix.lower()])
        try:
            with self._explained():
                self._tracks = {stream.index: copy_stream(self._container, stream) for stream in self._source.streams}
                self._rewritten = self._aspect_writer()
        except LivevisionError:
            self.discard()
            raise
        self._container.metadata["title"] = target.stem.encode(errors="replace").decode()
        if started is not None:
            self._container.metadata["creation_time"] = datetime.fromtimestamp(started + self.start, UTC).isoformat()

    def work(self) -> float | None:
        """Copy on for a moment; return how much is done, 0 to 1, or None when all is."""
        until = time.monotonic() + _AT_ONCE
        for packet in self._packets:
            done = (decoding_time_of(packet) - self.start) / self._length
            with self._explained():
                self._write(packet)
            if time.monotonic() > until:
                return min(1.0, max(0.0, done))
        return None

    def complete(self) -> None:
        """Write the index and give the file its name."""
        try:
            with self._explained():
                self._container.close()
                if self._file.error is None:
                    self.path = self._file.complete()
            if self._file.error is not None:
                raise recording_error(self.path, self._file.error)
            self._source.close()
        except LivevisionError:
            self.discard()
            raise

    def discard(self) -> None:
        """Leave nothing behind.  Idempotent."""
        self._source.close()
        with suppress(av.error.FFmpegError, OSError):
            self._container.close()
        if not self._file.closed:
            self._file.discard()

    def _write(self, packet: Packet[Any]) -> None:
        index = packet.stream_index
        shift = round(self.start / packet.time_base)
        if packet.pts is not None:
            packet.pts -= shift
        if packet.dts is not None:
            packet.dts -= shift
        is_picture = index == self._source.video.index
        base = packet.time_base
        for each in self._rewritten.rewrite(packet) if is_picture and self._rewritten is not None else (packet,):
            each.stream, each.time_base = self._tracks[index], base
            self._container.mux(each)
        self.pictures += is_picture

    def _aspect_writer(self) -> AspectWriter | None:
        video = self._source.video
        aspect = sensible(video.sample_aspect_ratio) if isinstance(video, VideoStream) else None
        return aspect_writer(self._container, self._tracks[video.index], aspect)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except LivevisionError:
            raise
        except Exception as error:
            raise recording_error(self.path, error) from error
