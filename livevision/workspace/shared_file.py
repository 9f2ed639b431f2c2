"""A document in a file that other windows of the app may read and write, too.  Blocking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from livevision.errors import SettingsError
from livevision.wording import say
from livevision.workspace.codec import MOST_BYTES, BrokenSettings, NewerSettings, checked, dumps, loads, plain
from livevision.workspace.file import SettingsFile
from livevision.workspace.merge import merged
from livevision.workspace.settings import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

D = TypeVar("D", bound=Document)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[D]):
    """What was read."""

    document: D
    notice: str = ""
    """What the operator has to know: in the first line what to do, below what is wrong.  Empty while all is well."""


class SharedFile(Generic[D]):
    """Remembers what was last read and written here, so that only what has changed since is put over the file.

    For one thread at a time.
    """

    def __init__(self, path: Path, kind: type[D], now: Callable[[], datetime]) -> None:
        self._file = SettingsFile(path)
        self._kind = kind
        self._now = now
        self._base: dict[str, Any] = {}
        """What this window knows: what the others have changed since is not in it."""
        self._parsed: tuple[bytes, dict[str, Any]] = b"", {}
        """What was last in the file, as text and understood: that takes most of the time of a write."""

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._file.path

    def read(self) -> D:
        """Return what the file says, or defaults where there is none.

        Raises SettingsError where it is broken, newer or cannot be read, and leaves it as it is.
        """
        try:
            return self._read()
        except BrokenSettings as error:
            raise SettingsError(
                say("{path} was not understood. Mend it and start again.\n{error}", path=self.path, error=error)
            ) from error

    def load(self) -> Loaded[D]:
        """Return what the file says, or defaults where that is nothing that can be used; never raises.

        A broken file is kept aside, one that is newer or cannot be read is left as it is.
        """
        try:
            return Loaded(self._read())
        except BrokenSettings as broken:
            return self._load_broken(broken)
        except SettingsError as error:
            return Loaded(self._kind(), error.text)

    def write(self, document: D) -> str:
        """Put what has changed in ``document`` over what is in the file, and return what the operator has to know.

        Raises SettingsError, and leaves the file as it is.
        """
        mine = plain(document)
        notice = ""
        with self._file.locked():
            text = self._file.read()
            theirs = None
            if text is not None:
                try:
                    theirs = self._parsed[1] if text == self._parsed[0] else plain(self._understood(text))
                except BrokenSettings as error:
                    notice = self._keep_aside(error)
            result = mine if theirs is None else self._kind.bounded(merged(self._base, mine, theirs))
            if result != theirs:
                self._write(result)
        self._base = mine
        return notice

    def replace(self, document: D) -> None:
        """Write ``document`` over what is there, whatever it is.  Raises SettingsError."""
        with self._file.locked():
            self._write(plain(document))
        self._base = plain(document)

    def _load_broken(self, broken: BrokenSettings) -> Loaded[D]:
        try:
            with self._file.locked():
                # Once more, for another window may have dealt with it just now.
                try:
                    return Loaded(self._read())
                except BrokenSettings as still:
                    return Loaded(self._kind(), self._keep_aside(still))
        except SettingsError:
            return Loaded(
                self._kind(),
                say(
                    "{path} was not understood, cannot be renamed here, and stays as it is. Mend it; until then "
                    "changes are not saved.\n{error}",
                    path=self.path,
                    error=broken,
                ),
            )

    def _read(self) -> D:
        text = self._file.read()
        document = self._kind() if text is None else self._understood(text)
        self._base = plain(document)
        return document

    def _understood(self, text: bytes) -> D:
        try:
            return loads(text, self._kind)
        except NewerSettings as error:
            raise SettingsError(
                say(
                    "{path} is left alone, and changes are not saved: {error}. Start the newer one, or move "
                    "the file away.",
                    path=self.path,
                    error=error,
                )
            ) from error

    def _keep_aside(self, error: BrokenSettings) -> str:
        aside = self._file.set_aside(self._now())
        return say(
            "{path} was not understood and is now called {name}. Mend it and give it its name back, "
            "or go on with new settings.\n{error}",
            path=self.path.name,
            name=aside.name,
            error=error,
        )

    def _write(self, data: dict[str, Any]) -> None:
        try:
            checked(data, self._kind)
        except SettingsError as error:
            # Each window had something that may be, but not both together: more cameras than there may be, for one.
            raise SettingsError(
                say("{path} could not be written: {error}. Remove something.", path=self.path, error=error)
            ) from error
        text = dumps(data)
        if len(text) > MOST_BYTES:
            raise SettingsError(
                say("{path} could not be written: it would be too large. Remove something.", path=self.path)
            )
        self._file.write(text)
        self._parsed = text, data
