"""NAME.detections.csv: the same detections as in the sidecar for a spreadsheet, one row an object."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import supervision as sv
from supervision.detection.tools.csv_sink import BASE_HEADER

from livevision.recording.line_file import LineFile

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.recording.sidecar import TimedDetections

SUFFIX = ".detections.csv"

_COLUMNS = (*BASE_HEADER, "class_name", "generation", "pts", "time")
"""As ``sv.CSVSink`` orders them: its own, then all others by name.  ``time`` is that in the file, in seconds."""


class CsvSink:
    """Writes results to a new CSV file with the columns of ``sv.CSVSink``; the rows of a result go there at once.

    Not ``sv.CSVSink`` itself, which writes over a file that exists, and keeps the last rows in memory, where a killed
    program loses them.  Blocking; a sink of a ThreadedWriter.  Raises RecordingError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = LineFile(path)
        self._file.append(_csv([_COLUMNS]))

    def write(self, item: TimedDetections) -> None:
        """Append the objects of a result."""
        found = item.detections
        when = {"generation": item.generation, "pts": round(item.pts, 4), "time": round(item.time, 4)}
        rows = sv.CSVSink.parse_detection_data(found, {"class_name": [""] * len(found), **found.data, **when})
        if rows:
            self._file.append(_csv([[row[column] for column in _COLUMNS] for row in rows]))

    def close(self) -> None:
        """Close the file.  Idempotent."""
        self._file.close()


def _csv(rows: object) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()
