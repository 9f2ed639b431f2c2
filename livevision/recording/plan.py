"""What is to be recorded, and how: everything an operator may choose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from livevision.errors import UsageError
from livevision.recording.encoders import DEFAULT_ENCODING, Encoding
from livevision.recording.kind import Kind
from livevision.recording.segments import Segmenting
from livevision.recording.template import DEFAULT_TEMPLATE, NameTemplate, parse_template
from livevision.wording import say

PREROLL = 10.0
"""Seconds from before the button was pressed that a recording begins with, where nothing else is said."""

_TIMES = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_SIZES = {"kb": 10**3, "mb": 10**6, "gb": 10**9}
_SHORTEST, _SMALLEST = 1.0, 10**5


class DetectionFiles(Enum):
    """What is written beside the media files."""

    JSON_LINES = "jsonl"
    WITH_CSV = "jsonl and csv"


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """How a camera is recorded."""

    folder: Path
    """Of all recordings; made where there is none."""
    kind: Kind = Kind.ANNOTATED
    template: NameTemplate = field(default_factory=lambda: parse_template(DEFAULT_TEMPLATE))
    encoding: Encoding = DEFAULT_ENCODING
    """Of what is encoded anew."""
    preroll: float = PREROLL
    """Seconds; where a camera sends packets, and as far as they are remembered."""
    segmenting: Segmenting = field(default_factory=Segmenting)
    duration: float | None = None
    """Seconds after which it ends, counted from when it was asked for and there was a picture; None: when stopped."""
    detections: DetectionFiles = DetectionFiles.JSON_LINES


def parse_segmenting(text: str) -> Segmenting:
    """Understand ``10m``, ``90s``, ``1h`` as a length and ``500MB``, ``2GB`` as a size.  Raises UsageError."""
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([a-z]+)", text.strip().lower())
    if match:
        number, unit = float(match[1].replace(",", ".")), match[2]
        if unit in _TIMES and number * _TIMES[unit] >= _SHORTEST:
            return Segmenting(seconds=number * _TIMES[unit])
        if unit in _SIZES and number * _SIZES[unit] >= _SMALLEST:
            return Segmenting(bytes=round(number * _SIZES[unit]))
    raise UsageError(
        say("{text}: say how long or how large each file may be, from 1 s or 100 kB on, as in 10m or 500MB", text=text)
    )
