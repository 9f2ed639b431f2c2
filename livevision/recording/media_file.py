"""A file of encoded packets: MP4 or Matroska that plays even if the program is killed, for original quality."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING

import av
from av.stream import Disposition

from livevision.recording.failure import recording_error
from livevision.recording.mux_streams import add_stream, aspect_writer
from livevision.recording.partial import NewFile
from livevision.sources.packets import EncodedPacket, MediaFormat, Medium, StreamFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from av.container import OutputContainer
    from av.stream import Stream

    from livevision.recording.mux_streams import AspectWriter

SUBTITLES = "Detections"
"""What players call the subtitle track."""
_FRAGMENT = 0.5
"""Seconds of a fragment or cluster: what a kill may cost, besides what waits to be interleaved."""
_INTERLEAVE = 0.2
"""Seconds that one stream waits for another that is silent."""
_USUAL_INTERVAL = 0.04
_LONGEST_INTERVAL = 1.0
"""Seconds that a packet is shown for where none follows."""
_BUFFER = 4 << 20
"""More than half a second of video: a fragment goes to the file in one piece, or not at all."""

_COMMON = {"flush_packets": "1", "max_interleave_delta": str(round(_INTERLEAVE * 1e6))}
_FORMATS = {
    ".mp4": "mp4",
    ".mkv": "matroska",
}
_OPTIONS = {
    ".mp4": _COMMON
    | {
        # Fragments while recording, a plain MP4 with one index once closed.  The header comes with the first fragment,
        # because by then it is known by how much B-frames have to be moved, which no player would do without it.
        "movflags": "hybrid_fragmented+delay_moov+default_base_moof",
        "frag_duration": str(round(_FRAGMENT * 1e6)),
    },
    ".mkv": _COMMON | {"cluster_time_limit": str(round(_FRAGMENT * 1e3))},
}
_VIDEO_TIME_BASE = Fraction(1, 90_000)
_MATROSKA_TIME_BASE = Fraction(1, 1000)


class MediaFile:
    """Writes packets as they are to a new file whose suffix says what it is.  Blocking; belongs to one thread.

    The file is created at once, by ``new_file``, and never over one that exists.  Every method raises RecordingError.
    """

    def __init__(self, path: Path, title: str = "", new_file: Callable[[Path], NewFile] = NewFile) -> None:
        self.path = path
        """Where the file is to be; once closed, where it is."""
        self.media: MediaFormat | None = None
        """What is in it; None before :meth:`begin`."""
        self._title = title
        self._suffix = path.suffix.lower()
        try:
            self._file = new_file(path)
        except OSError as error:
            raise recording_error(path, error) from error
        self._container: OutputContainer | None = None
        self._tracks: dict[Medium, _Track] = {}
        self._events: _Events | None = None

    @property
    def bytes_written(self) -> int:
        """Size of the file so far; from any thread."""
        return self._file.size

    def begin(self, media: MediaFormat, started: float, subtitles: str | None = None) -> None:
        """Take what the packets are of, the time of day at file time 0, and the header of a subtitle track."""
        with self._explained():
            container = self._container = av.open(
                self._file, "w", format=_FORMATS[self._suffix], options=_OPTIONS[self._suffix], buffer_size=_BUFFER
            )
            # A name may have come from a file system that allows any bytes.
            container.metadata["title"] = self._title.encode(errors="replace").decode()
            container.metadata["creation_time"] = datetime.fromtimestamp(started, UTC).isoformat()
            self._add(container, Medium.VIDEO, media.video)
            if media.audio is not None:
                self._add(container, Medium.AUDIO, media.audio)
            if subtitles is not None:
                self._events = _Events(container, subtitles)
            self.media = media

    def write(self, packet: EncodedPacket, time: float) -> None:
        """Write a packet whose picture or sound is at ``time`` seconds in the file; times that go back are mended."""
        with self._explained():
            if self._container is None:
                raise RuntimeError("write() before begin()")
            for each in self._tracks[packet.medium].packets(packet, time):
                self._container.mux(each)

    def write_event(self, event: str, start: float, end: float) -> None:
        """Write an event of the subtitle track: ``Layer,Style,Name,…,Text``, shown from ``start`` to ``end``."""
        with self._explained():
            if self._container is None or self._events is None:
                raise RuntimeError("write_event() without subtitles")
            self._container.mux(self._events.packet(event, start, end))

    def close(self) -> None:
        """Write what is left, and the index; a file without packets is removed.  Idempotent."""
        if self._file.closed:
            return
        try:
            with self._explained():
                if self._container is None:
                    self._file.discard()
                    return
                self._container.close()
                self.path = self._file.complete()
        finally:
            self._file.close()

    def _add(self, container: OutputContainer, medium: Medium, form: StreamFormat) -> None:
        time_base = _MATROSKA_TIME_BASE
        if self._suffix == ".mp4":
            time_base = _VIDEO_TIME_BASE if medium is Medium.VIDEO else Fraction(1, form.sample_rate)
        stream = add_stream(container, medium, form)
        stream.time_base = time_base
        aspect = form.geometry.pixel_aspect
        written = aspect_writer(container, stream, aspect) if aspect != form.coded_aspect else None
        self._tracks[medium] = _Track(stream, time_base, written)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise recording_error(self.path, self._file.error or error) from error


class _Track:
    """Makes packets for one stream of the container."""

    def __init__(self, stream: Stream, time_base: Fraction, rewritten: AspectWriter | None) -> None:
        self._stream = stream
        self._time_base = time_base
        self._rewritten = rewritten
        self._interval = round(_USUAL_INTERVAL / time_base)
        self._last: int | None = None

    def packets(self, encoded: EncodedPacket, time: float) -> list[av.Packet[Stream]]:
        """Return a packet that is later than the one before, whatever its times are."""
        dts = round((time - (encoded.pts - encoded.dts)) / self._time_base)
        if self._last is not None:
            dts = max(dts, self._last + 1)
            self._interval = min(dts - self._last, round(_LONGEST_INTERVAL / self._time_base))
        self._last = dts
        packet: av.Packet[Stream] = av.Packet(encoded.data)
        packet.stream = self._stream
        packet.time_base = self._time_base
        packet.dts = dts
        packet.pts = max(round(time / self._time_base), dts)
        packet.duration = self._interval
        packet.is_keyframe = encoded.is_keyframe
        if self._rewritten is None:
            return [packet]
        rewritten = self._rewritten.rewrite(packet)
        for each in rewritten:
            each.stream, each.time_base = self._stream, self._time_base
        return rewritten


class _Events:
    """The subtitle track, in the form in which Matroska holds Advanced SubStation Alpha."""

    def __init__(self, container: OutputContainer, header: str) -> None:
        stream = container.add_stream("ass")
        stream.codec_context.subtitle_header = header.encode()
        stream.metadata["title"] = SUBTITLES
        stream.disposition = Disposition.default
        stream.time_base = _MATROSKA_TIME_BASE
        self._stream = stream
        self._number = count()
        self._last = 0

    def packet(self, event: str, start: float, end: float) -> av.Packet[Stream]:
        """Return an event, which is not before the one before it."""
        self._last = max(self._last, round(start / _MATROSKA_TIME_BASE))
        packet: av.Packet[Stream] = av.Packet(f"{next(self._number)},{event}".encode())
        packet.stream = self._stream
        packet.time_base = _MATROSKA_TIME_BASE
        packet.pts = packet.dts = self._last
        packet.duration = max(1, round(end / _MATROSKA_TIME_BASE) - self._last)
        packet.is_keyframe = True
        return packet
