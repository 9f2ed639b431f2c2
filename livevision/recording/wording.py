"""What there is to say about recordings, in the operator's words (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.wording import joined, say

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
    lost = say("{count} dropped", count=progress.dropped) if progress.dropped else ""
    parts = (clock(progress.seconds), size(progress.bytes), lost, progress.words)
    return joined(" · ", (part for part in parts if part))


def ended(progress: RecordingProgress) -> str:
    """Write how a recording ended: ``Recorded 01:07 to A.mp4 and A.annotated.mp4, 2 pictures dropped``."""
    if not progress.paths:
        return say("Nothing was recorded: no picture came")
    files: str
    *others, files = [str(path) for path in progress.paths]
    if len(others) >= _MOST_PATHS:
        others = [others[0], say("{count} more", count=len(others) - 1)]
    if others:
        files = say("{files} and {last}", files=joined(", ", others), last=files)
    length = clock(progress.seconds)
    recorded = say("Recorded {length} to {files}", length=length, files=files)
    if progress.dropped:
        recorded = say(
            "Recorded {length} to {files}, {count} pictures dropped", length=length, files=files, count=progress.dropped
        )
    return say("{recorded}; {remark}", recorded=recorded, remark=progress.remark) if progress.remark else recorded
