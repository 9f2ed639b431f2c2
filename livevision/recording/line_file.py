"""A text file that grows by whole lines, of which a killed program loses the last one at most."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from livevision.recording.failure import recording_error

if TYPE_CHECKING:
    from pathlib import Path


class LineFile:
    """A new file, never over one that exists.  Blocking; raises RecordingError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            # Of the folder's name, not of the file's.
            raise recording_error(path, NotADirectoryError(errno.ENOTDIR, error.strerror)) from error
        except OSError as error:
            raise recording_error(path, error) from error
        try:
            # No buffer: what is written is with the system at once.
            self._raw = path.open("xb", buffering=0)
        except OSError as error:
            raise recording_error(path, error) from error

    def append(self, lines: bytes) -> None:
        """Write whole lines in one piece."""
        rest = memoryview(lines)
        try:
            while rest:
                rest = rest[self._raw.write(rest) :]
        except OSError as error:
            raise recording_error(self.path, error) from error

    def close(self) -> None:
        """Close the file.  Idempotent."""
        self._raw.close()
