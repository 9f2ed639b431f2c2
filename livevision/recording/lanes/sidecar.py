"""Detections beside a recording: one line a result, and rows for a spreadsheet where they are wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from livevision.recording.file_clock import Moment
from livevision.recording.plan import DetectionFiles
from livevision.recording.segmented import FilesProgress, Placed, SegmentWriter
from livevision.recording.sidecar import SUFFIX, SidecarSink, TimedDetections
from livevision.recording.sidecar_csv import SUFFIX as CSV_SUFFIX
from livevision.recording.sidecar_csv import CsvSink

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.frame import Frame, Result
    from livevision.recording.aligner import Boxes
    from livevision.recording.lanes.lane import Course
    from livevision.recording.segments import Place
    from livevision.recording.sidecar_header import SidecarHeader
    from livevision.sources.status import CameraStatus

_MOST_QUEUED = 2000


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    detections: TimedDetections
    header: SidecarHeader


class SidecarLane:
    """A lane of results.  ``describe`` says, on the event loop, where they come from when a file begins."""

    note = ""

    def __init__(self, course: Course, describe: Callable[[], SidecarHeader]) -> None:
        self._course = course
        self._describe = describe
        self._header: tuple[int, SidecarHeader] | None = None
        self._writer: SegmentWriter[_Found] = SegmentWriter(
            f"{course.camera} detections", self._open, _MOST_QUEUED, course.fail
        )

    def __repr__(self) -> str:
        return f"<SidecarLane {self._writer!r}>"

    @property
    def progress(self) -> FilesProgress:
        """How far its files are."""
        return self._writer.progress

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""
        return self._writer.has_failed

    def set_boxes(self, boxes: Boxes) -> None:
        """Nothing waits here."""

    def on_result(self, result: Result) -> None:
        """Take a result; one of before the recording is left out."""
        frame = result.frame
        at = self._course.time_of(frame) if self._course.segments.has_begun else -1.0
        if at < 0:
            return
        place = self._course.segments.place_of(Moment(frame.generation, frame.pts), at)
        detections = TimedDetections.of(result, place.time)
        self._writer.offer(Placed(place.segment, at, _Found(detections, self._header_of(place, frame))))

    def on_status(self, status: CameraStatus) -> None:
        """Nothing waits here."""

    def bytes_in(self, segment: int) -> int:
        """Return 0: it never leads."""
        return 0

    async def aclose(self, deadline: float) -> None:
        """Write what is there and complete the file."""
        await self._writer.aclose(deadline)

    def _header_of(self, place: Place, first: Frame) -> SidecarHeader:
        if self._header is None or self._header[0] != place.segment:
            started = datetime.fromtimestamp(first.wall - place.time, UTC).astimezone()
            header = replace(self._describe(), size=first.size, started=started.isoformat(timespec="milliseconds"))
            self._header = place.segment, header
        return self._header[1]

    def _open(self, first: Placed[_Found]) -> _DetectionsFiles:
        files, segment = self._course.files, first.segment
        header = replace(first.item.header, files=files.media(segment), drawn_in=files.drawn_in(segment))
        lines = SidecarSink(files.beside(segment, SUFFIX), header)
        if self._course.plan.detections is DetectionFiles.JSON_LINES:
            return _DetectionsFiles(lines, None)
        try:
            return _DetectionsFiles(lines, CsvSink(files.beside(segment, CSV_SUFFIX)))
        except Exception:
            lines.close()
            raise


class _DetectionsFiles:
    """The lines and, where they are wanted, the rows."""

    bytes_written = 0
    frames = 0

    def __init__(self, lines: SidecarSink, rows: CsvSink | None) -> None:
        self._sinks: tuple[SidecarSink | CsvSink, ...] = (lines,) if rows is None else (lines, rows)

    @property
    def path(self) -> Path:
        return self._sinks[0].path

    def write(self, item: _Found) -> None:
        for sink in self._sinks:
            sink.write(item.detections)

    def close(self) -> None:
        for sink in self._sinks:
            sink.close()
