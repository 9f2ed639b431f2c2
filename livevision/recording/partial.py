"""Files that grow: new ones only, each write whole or not at all, and under another name until they are complete."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from livevision.recording.naming import free_path, numbered, partial_path

if TYPE_CHECKING:
    from pathlib import Path

_FAR_AWAY = 1 << 60
"""Where Windows locks a byte: beyond every file's end, as nobody could read a byte that is locked there."""


class NewFile:
    """A file that did not exist, for PyAV to write to, without a buffer of its own, so that nothing is lost in a kill.

    A write that fails leaves the file as it was before; after it nothing more is written, so that what is there
    stays playable.  FFmpeg takes a negative number for an error; it complains to stderr of exceptions.
    Blocking; belongs to one thread, except for ``size``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        """Where it is."""
        self.size = 0
        self.error: OSError | None = None
        """Why nothing more is written."""
        self._raw = path.open("xb", buffering=0)

    def __repr__(self) -> str:
        state = "failed" if self.error else "closed" if self.closed else "open"
        return f"<{type(self).__name__} {self.path.name} {state}, {self.size} bytes>"

    @property
    def closed(self) -> bool:
        """Whether it is completed, closed or discarded."""
        return self._raw.closed

    def write(self, data: bytes) -> int:
        """Write all of ``data``; a negative error number, and nothing written, where that is not possible."""
        if self.error is not None:
            return -(self.error.errno or errno.EIO)
        start = self._raw.tell()
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._raw.write(rest) :]
        except OSError as error:
            self.error = error
            self._take_back(start)
            return -(error.errno or errno.EIO)
        self.size = max(self.size, start + len(data))
        return len(data)

    def seek(self, offset: int, whence: int) -> int:
        """Go somewhere, as :meth:`io.IOBase.seek` does."""
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        """Say where we are."""
        return self._raw.tell()

    def complete(self) -> Path:
        """Close the file, which is whole, and return where it is now.  Raises OSError.

        One that could not be written to its end is only closed.
        """
        self.close()
        return self.path

    def discard(self) -> None:
        """Close and remove the file: there is nothing in it.  Raises OSError."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the file as it is.  Idempotent."""
        self._raw.close()

    def _take_back(self, start: int) -> None:
        try:
            if start == self.size:
                self._raw.truncate(start)
        except OSError:
            pass  # The write has failed, which is what is told; the end of the file may be damaged.


class PartialFile(NewFile):
    """The same under the name ``NAME.partial.mp4``, locked, until it is complete and becomes ``NAME.mp4``.

    So a file without ``.partial`` is always a whole one, and one with it that nobody holds a lock on is the rest of a
    recording whose program was killed (:mod:`livevision.recording.repair`).  An empty partial file that nobody writes
    is a name kept free by :func:`reserve`, and is taken.
    """

    def __init__(self, path: Path) -> None:
        self._wanted = path
        if path.exists() or path.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        place = partial_path(path)
        # Unlike "xb", this opens a reserved name; never what lies at the end of a link.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        raw = os.fdopen(os.open(place, flags, 0o666), "r+b", buffering=0)
        try:
            lock(raw.fileno())
            taken = os.fstat(raw.fileno()).st_size > 0
        except BlockingIOError:
            taken = True
        except OSError:
            # A network drive without locks.
            taken = os.fstat(raw.fileno()).st_size > 0
        if taken:
            raw.close()
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place))
        self.path = place
        self.size = 0
        self.error = None
        self._raw = raw

    def complete(self) -> Path:
        """Close the file and give it its name, numbered where that has been taken meanwhile.  Raises OSError.

        One that could not be written to its end stays a partial file, to be repaired when there is room.
        """
        if self.error is not None:
            self.close()
            return self.path
        if sys.platform == "win32":
            self.close()  # It could not be renamed while open.
        try:
            self.path = publish(self.path, self._wanted)
        finally:
            self.close()  # Elsewhere the lock is kept until it has its name, so that nobody repairs it meanwhile.
        return self.path


def reserve(wanted: Path) -> Path:
    """Keep a name for a recording that begins soon: ``wanted``, or with a number; makes its folder.

    The name is free of other recordings' companions, too: sidecars, annotated copies, other containers.  It is held
    by an empty partial file, which :class:`PartialFile` takes over.  Blocking: call it from a worker thread.
    Raises OSError.
    """
    wanted.parent.mkdir(parents=True, exist_ok=True)
    while True:
        path = free_path(wanted)
        try:
            partial_path(path).open("xb").close()
        except FileExistsError:
            continue  # Another recording was quicker.
        return path


def release(wanted: Path) -> None:
    """Give back a name kept by :func:`reserve`; one under which somebody has begun to write stays.

    Blocking.  Raises nothing: what cannot be removed now is at the next start, as an empty recording.
    """
    place = partial_path(wanted)
    try:
        with place.open("r+b") as file:
            lock(file.fileno())
            is_empty = os.fstat(file.fileno()).st_size == 0
            if is_empty and sys.platform != "win32":
                place.unlink()  # While it is locked, so that nobody takes it meanwhile.
        if is_empty and sys.platform == "win32":
            place.unlink()
    except OSError:
        pass  # Given its name, being written, or on a drive that is gone.


def publish(partial: Path, wanted: Path) -> Path:
    """Give ``partial`` the name ``wanted``, or with a number where that is taken.  Returns it.  Raises OSError.

    Never over another file, also if both want the name at the same moment: the name is taken by an empty file first,
    which the rename then replaces.
    """
    for path in numbered(wanted):
        try:
            path.open("xb").close()
        except FileExistsError:
            continue
        try:
            partial.replace(path)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError("there is always another number")


def lock(descriptor: int) -> None:
    """Lock a file for as long as it is open in this process.

    Raises BlockingIOError where another one has, and another OSError where the drive knows no locks.
    """
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _FAR_AWAY, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(errno.EAGAIN, "locked") from error
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
