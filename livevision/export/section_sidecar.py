"""The detections of a section, cut out of those of the whole recording; blocking."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from livevision.errors import SourceUnusable
from livevision.playback.video import SAME
from livevision.recording.line_file import LineFile
from livevision.recording.sidecar import LONGEST_LINE, sidecar_path
from livevision.recording.sidecar_header import header_line, read_header
from livevision.recording.sidecar_objects import objects_of
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import supervision as sv

    from livevision.export.section import Section
    from livevision.recording.recorded import Recorded
    from livevision.recording.sidecar_header import SidecarHeader

_OF_ITS_FRAME = ("pts", "wall", "inference_ms")


def write_section_sidecar(source: Path, section: Section, recorded: Recorded, target: Path) -> Path:
    """Write what ``source`` says of a section to the sidecar of the recording ``target``, and return where.

    Its results stay as they are, at their times in the new file.  Where the section begins and ends between two
    results it gets what lies between them, as it is drawn there.  Raises SourceUnusable and RecordingError.
    """
    path = sidecar_path(target)
    try:
        with source.open("rb") as lines:
            header = read_header(lines.readline(LONGEST_LINE), source.name)
            file = LineFile(path)
            try:
                file.append(header_line(_of_section(header, section, target)))
                for result in _cut(lines, section, recorded):
                    file.append(json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            finally:
                file.close()
    except OSError as error:
        raise SourceUnusable(
            say("{name} could not be read: {reason}.", name=source.name, reason=error.strerror)
        ) from None
    return path


def started_at(header: SidecarHeader) -> datetime | None:
    """Return the time of day at file time 0, in the zone of the recording; None where it is not known."""
    try:
        return datetime.fromisoformat(header.started) if header.started else None
    except ValueError:
        return None


def _of_section(header: SidecarHeader, section: Section, target: Path) -> SidecarHeader:
    began = started_at(header)
    started = (began + timedelta(seconds=section.start)).isoformat() if began else header.started
    return replace(header, started=started, files=(target.name,))


def _cut(lines: Any, section: Section, recorded: Recorded) -> Iterator[dict[str, Any]]:
    before: dict[str, Any] | None = None
    latest = section.start - 1
    while line := lines.readline(LONGEST_LINE):
        result = _understood(line)
        if result is None:
            continue
        if result["t"] < section.start - SAME:
            before = result
        elif result["t"] > section.end + SAME:
            if before is not None and latest < section.end - SAME:
                yield _between(before, section.end, section, recorded.detections_at(section.end))
            return
        else:
            if before is not None and latest < section.start and result["t"] > section.start + SAME:
                yield _between(before, section.start, section, recorded.detections_at(section.start))
            before, latest = result, result["t"]
            yield result | {"t": max(0.0, round(latest - section.start, 4))}


def _between(like: dict[str, Any], seconds: float, section: Section, detections: sv.Detections) -> dict[str, Any]:
    of_the_recording = {key: value for key, value in like.items() if key not in _OF_ITS_FRAME}
    return of_the_recording | {"t": round(seconds - section.start, 4), "objects": objects_of(detections)}


def _understood(line: bytes) -> dict[str, Any] | None:
    try:
        result = json.loads(line)
        return result if isinstance(result["t"], int | float) and isinstance(result["objects"], list) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
