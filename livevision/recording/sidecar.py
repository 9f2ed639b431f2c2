"""NAME.detections.jsonl: what was found, beside the recording that it was found in, written line by line.

The first line says where everything comes from: :mod:`livevision.recording.sidecar_header`.  Each further line is one
result::

    {
        "t": 12.48,
        "pts": 100.2,
        "generation": 0,
        "wall": 1700000000.1,
        "inference_ms": 31.5,
        "objects": [{"class": "car", "class_id": 2, "confidence": 0.913, "box": [10.0, 20.5, 110.0, 80.0], "track": 7}],
    }

``t`` is the time in the recording in seconds and increases; ``box`` is x1, y1, x2, y2 in pixels of the full-size
picture.  An object may also have ``keypoints``, a list of [x, y, confidence], ``corners`` of an oriented box, a list of
four [x, y], and ``mask``, a list of polygons, each x, y, x, y, ….
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from livevision.recording.line_file import LineFile
from livevision.recording.sidecar_header import header_line
from livevision.recording.sidecar_objects import objects_of

if TYPE_CHECKING:
    from pathlib import Path

    import supervision as sv

    from livevision.frame import Result
    from livevision.recording.sidecar_header import SidecarHeader

SUFFIX = ".detections.jsonl"
LONGEST_LINE = 1 << 20
"""Bytes.  What would be longer is written without masks and keypoints; longer lines are not read."""

_Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class TimedDetections:
    """A result on its way to a sidecar, without its picture."""

    time: float
    """In the file, in seconds."""
    pts: float
    generation: int
    wall: float
    inference: float
    """Seconds that the detector took."""
    detections: sv.Detections

    @classmethod
    def of(cls, result: Result, time: float) -> TimedDetections:
        """Take what is needed of a result that belongs at ``time`` in the file."""
        frame = result.frame
        return cls(time, frame.pts, frame.generation, frame.wall, result.finished - result.started, result.detections)


def sidecar_path(recording: Path) -> Path:
    """Return where the detections of a recording are: ``a.detections.jsonl`` for ``a.mkv`` and ``a.annotated.mp4``.

    Also while it is being written, as ``a.partial.mkv``.
    """
    stem = recording.stem.removesuffix(".partial").removesuffix(".annotated")
    return recording.with_name(stem + SUFFIX)


class SidecarSink:
    """Writes results to a new file, each line at once and in one piece: a killed program loses the last one at most.

    Blocking; a sink of a ThreadedWriter, which makes, uses and closes it in its thread.  Raises RecordingError.
    """

    def __init__(self, path: Path, header: SidecarHeader) -> None:
        self.path = path
        self._last: float | None = None
        self._file = LineFile(path)
        self._file.append(header_line(header))

    def write(self, item: TimedDetections) -> None:
        """Append a result; one that is not later than the one before is left out."""
        if self._last is not None and item.time <= self._last:
            return
        self._last = item.time
        self._file.append(result_line(item))

    def close(self) -> None:
        """Close the file.  Idempotent."""
        self._file.close()


def result_line(item: TimedDetections) -> bytes:
    """Return the line of one result."""
    result: _Json = {
        "t": round(item.time, 4),
        "pts": round(item.pts, 4),
        "generation": item.generation,
        "wall": round(item.wall, 3),
        "inference_ms": round(item.inference * 1000, 1),
        "objects": objects_of(item.detections),
    }
    line = _line(result)
    if len(line) > LONGEST_LINE:
        slim = [
            {key: value for key, value in thing.items() if key not in {"mask", "keypoints"}}
            for thing in result["objects"]
        ]
        line = _line(result | {"objects": slim})
    return line


def _line(value: _Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"
