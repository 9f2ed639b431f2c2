"""What there is to say about recordings, in the operator's words (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livevision.recording.recorder import RecordingProgress

_MOST_PATHS = 4


def clock(seconds: float) -> str:
    """Write a recording's length: ``01:07``, ``1:02:07``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def size(count: int) -> str:
    """Write a file's size: ``640 KB``, ``12.3 MB``, ``1.4 GB``."""
    if count < 1_000_000:
        return f"{count / 1000:.0f} KB"
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{count / 1_000_000_000:.1f} GB"


def under_way(progress: RecordingProgress) -> str:
    """Write how far a recording is: ``01:07 · 12.3 MB · 2 dropped · closing, 35 left``."""
    lost = f"{progress.dropped} dropped" if progress.dropped else ""
    parts = (clock(progress.seconds), size(progress.bytes), lost, progress.words)
    return " · ".join(part for part in parts if part)


def ended(progress: RecordingProgress) -> str:
    """Write how a recording ended: ``Recorded 01:07 to A.mp4 and A.annotated.mp4, 2 pictures dropped``."""
    if not progress.paths:
        return "Nothing was recorded: no picture came"
    *others, last = [str(path) for path in progress.paths]
    if len(others) >= _MOST_PATHS:
        others = [others[0], f"{len(others) - 1} more"]
    files = f"{', '.join(others)} and {last}" if others else last
    lost = f", {progress.dropped} pictures dropped" if progress.dropped else ""
    return f"Recorded {clock(progress.seconds)} to {files}{lost}"
