"""What can go wrong with a recording, in the operator's words."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import av

from livevision.errors import RecordingError

if TYPE_CHECKING:
    from pathlib import Path

_EXPLAINED = {
    errno.ENOSPC: ("the disk is full", "make room or choose another disk"),
    errno.EDQUOT: ("your quota of the disk is used up", "make room or choose another disk"),
    errno.EFBIG: ("the file is as big as this disk allows", "choose another disk"),
    errno.EACCES: ("no permission to write there", "choose another folder"),
    errno.EPERM: ("no permission to write there", "choose another folder"),
    errno.EROFS: ("the disk is read-only", "choose another folder"),
    errno.EEXIST: ("it exists already", "choose another name"),
    errno.ENOENT: ("there is no such folder", "create it or choose another"),
    errno.ENOTDIR: ("there is no such folder", "create it or choose another"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
    errno.EIO: ("the disk reports an error", "check the disk, and choose another"),
    errno.ENODEV: ("the disk is gone", "connect it again or choose another"),
    errno.ENXIO: ("the disk is gone", "connect it again or choose another"),
    errno.ESTALE: ("the network drive is gone", "connect it again or choose another"),
}
"""What went wrong and what to try."""


def explained(error: Exception) -> tuple[str, str]:
    """Say what went wrong, and what to try."""
    if isinstance(error, OSError | av.FFmpegError):
        return _EXPLAINED.get(error.errno or 0, (error.strerror or str(error), "try another folder"))
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return what, "try again, and report this if it comes back"


def recording_error(path: Path, error: Exception) -> RecordingError:
    """Say in one line what went wrong with a recording, and what to try."""
    if isinstance(error, RecordingError):
        return error
    what, advice = explained(error)
    return RecordingError(f"Cannot record {path}: {what}; {advice}")
