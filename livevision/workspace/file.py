"""One file of settings on the disk: read within bounds, written as a whole or not at all, kept aside when broken.

Everything here blocks.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from livevision.errors import SettingsError
from livevision.recording.naming import free_path
from livevision.wording import say
from livevision.workspace.codec import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_PATIENCE = 2.0
"""Seconds for another window to finish writing; it needs milliseconds."""


class SettingsFile:
    """A file that several windows of the app may read and write.  Raises SettingsError, with the path in its words."""

    def __init__(self, path: Path) -> None:
        self._path = path.expanduser().absolute()

    def __repr__(self) -> str:
        return f"<SettingsFile {self._path}>"

    @property
    def path(self) -> Path:
        """Where it is; where a link leads to, for a link is to stay one."""
        try:
            return self._path.resolve()
        except (OSError, RuntimeError):  # links in a circle
            return self._path

    def read(self) -> bytes | None:
        """Return what is in it, at most a little more than is allowed; None where there is no file."""
        try:
            # A pipe would never end, or never begin.
            if not stat.S_ISREG(self.path.stat().st_mode):
                raise SettingsError(say("{path} could not be read: it is no file. Choose another one.", path=self.path))
            with self.path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SettingsError(
                say("{path} could not be read: {reason}. Check its permissions.", path=self.path, reason=_reason(error))
            ) from error

    def write(self, text: bytes) -> None:
        """Replace it at once, for its owner's eyes only; whenever the computer stops, there is the old or the new one.

        To be called within :meth:`locked`.
        """
        path = self.path
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            self._sweep(path)
            try:
                _write_new(temporary, text)
                temporary.replace(path)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
            _sync_folder(path.parent)
        except OSError as error:
            raise self._not_written(error) from error

    def set_aside(self, when: datetime) -> Path:
        """Rename it to ``NAME.broken-2026-11-22_14-05-09.toml`` and return that path.  Within :meth:`locked`."""
        path = self.path
        aside = free_path(path.with_name(f"{path.stem}.broken-{when:%Y-%m-%d_%H-%M-%S}{path.suffix}"))
        try:
            path.rename(aside)
        except OSError as error:
            raise self._not_written(error) from error
        return aside

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other windows from writing meanwhile; makes the folder if there is none."""
        path = self.path
        lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE, mode=0o600, thread_local=False)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise self._not_written(say("another window of livevision does not stop writing it")) from error
        except OSError as error:
            raise self._not_written(error) from error
        try:
            yield
        finally:
            lock.release()

    def _sweep(self, path: Path) -> None:
        """Remove what a killed program has left; nobody else is writing now."""
        for left in path.parent.glob(f".{_literally(path.name)}.????????.tmp"):
            with suppress(OSError):
                left.unlink()

    def _not_written(self, cause: OSError | str) -> SettingsError:
        return SettingsError(
            say(
                "{path} could not be written: {reason}. Changes last until livevision is closed; check the "
                "permissions of its folder, and the space.",
                path=self.path,
                reason=_reason(cause),
            )
        )


def _literally(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _write_new(path: Path, text: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk, too, where a folder can be opened; the file is whole either way."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(cause: OSError | ValueError | str) -> str:
    if isinstance(cause, str):
        return cause
    return getattr(cause, "strerror", None) or str(cause)
