"""What is exported, and what the file is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.recording.naming import free_path
from livevision.recording.sidecar import sidecar_path
from livevision.wording import say

if TYPE_CHECKING:
    from pathlib import Path

_CONTAINERS = (".mp4", ".mkv")


class ExportKind(Enum):
    """What the file shows."""

    CLEAN = "clean"
    """The recording's own packets with their sound, beginning at the keyframe at or before the section."""
    ANNOTATED = "annotated"
    """Exactly the section, encoded anew with the boxes drawn in; without sound."""


@dataclass(frozen=True, slots=True)
class Section:
    """From one picture to another, both of them included: their times in the recording, in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was written."""

    path: Path
    sidecar: Path | None
    start: float
    """Time in the recording of the first picture: for a clean copy, of the keyframe that it begins with."""
    pictures: int


def suggested_path(recording: Path, section: Section, kind: ExportKind) -> Path:
    """Return a free name beside the recording: ``door_00-12.5_00-34.0.mp4``, or ``….annotated.mp4``.

    Looks at the disk: call it from a worker thread.
    """
    stem = recording.stem.removesuffix(".annotated")
    whole = recording.with_name(f"{stem}_{_written(section.start)}_{_written(section.end)}.mp4")
    if kind is ExportKind.CLEAN:
        return free_path(whole.with_suffix(suffix_for(recording)))
    free = free_path(whole)
    return free.with_name(f"{free.stem}.annotated.mp4")


def suffix_for(recording: Path) -> str:
    """Return the suffix of a clean copy: the recording's own, or Matroska's, which holds everything."""
    suffix = recording.suffix.lower()
    return suffix if suffix in _CONTAINERS else ".mkv"


def check_section(recording: Path, section: Section, target: Path) -> None:
    """Raise UsageError where a section cannot be written to ``target`` with its detections beside it.

    Nothing that exists is ever overwritten.
    """
    if section.end < section.start:
        raise UsageError(say("The section ends before it begins; set the marks again"))
    if target.resolve() == recording.resolve():
        raise UsageError(say("{target} would be read and written at once; choose another name", target=target))
    if not target.parent.is_dir():
        raise UsageError(say("There is no folder {folder}; create it, or choose another", folder=target.parent))
    for path in (target, sidecar_path(target)):
        if path.exists() or path.is_symlink():
            raise UsageError(say("{path} exists already; choose another name, or remove it first", path=path))


def _written(seconds: float) -> str:
    minutes, rest = divmod(max(0.0, seconds), 60)
    hours, minutes = divmod(int(minutes), 60)
    short = f"{minutes:02}-{rest:04.1f}"
    return f"{hours}-{short}" if hours else short
