"""What can go wrong with a recording, in the operator's words."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import av

from livevision.errors import RecordingError
from livevision.wording import say

if TYPE_CHECKING:
    from pathlib import Path

_EXPLAINED = {
    errno.ENOSPC: (say("the disk is full"), say("make room or choose another disk")),
    errno.EDQUOT: (say("your quota of the disk is used up"), say("make room or choose another disk")),
    errno.EFBIG: (say("the file is as big as this disk allows"), say("choose another disk")),
    errno.EACCES: (say("no permission to write there"), say("choose another folder")),
    errno.EPERM: (say("no permission to write there"), say("choose another folder")),
    errno.EROFS: (say("the disk is read-only"), say("choose another folder")),
    errno.EEXIST: (say("it exists already"), say("choose another name")),
    errno.ENOENT: (say("there is no such folder"), say("create it or choose another")),
    errno.ENOTDIR: (say("there is no such folder"), say("create it or choose another")),
    errno.ENAMETOOLONG: (say("the name is too long"), say("choose a shorter one")),
    errno.EIO: (say("the disk reports an error"), say("check the disk, and choose another")),
    errno.ENODEV: (say("the disk is gone"), say("connect it again or choose another")),
    errno.ENXIO: (say("the disk is gone"), say("connect it again or choose another")),
    errno.ESTALE: (say("the network drive is gone"), say("connect it again or choose another")),
}
"""What went wrong and what to try."""


def explained(error: Exception) -> tuple[str, str]:
    """Say what went wrong, and what to try."""
    if isinstance(error, OSError | av.FFmpegError):
        return _EXPLAINED.get(error.errno or 0, (error.strerror or str(error), say("try another folder")))
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return what, say("try again, and report this if it comes back")


def recording_error(path: Path, error: Exception) -> RecordingError:
    """Say in one line what went wrong with a recording, and what to try."""
    if isinstance(error, RecordingError):
        return error
    what, advice = explained(error)
    return RecordingError(say("Cannot record {path}: {what}; {advice}", path=path, what=what, advice=advice))
