"""Keeps settings and their file alike: saves soon after a change, and lets other windows of the app do the same."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from livevision.errors import SettingsError
from livevision.workspace.settings import Document
from livevision.workspace.shared_file import SharedFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path

D = TypeVar("D", bound=Document)
T = TypeVar("T")

SAVED_WITHIN = 0.7
"""Seconds from a change until it is written: what changes quickly, such as a slider, is written once."""


class Store(Generic[D]):
    """One document and its file.  Belongs to one event loop.

    Files are read and written in ``run_in``, which has one thread and may serve several stores.

    :meth:`load` first, then :meth:`save` whenever something has changed, and :meth:`aclose` at the end.  What another
    window has written meanwhile is kept: only what was changed here, since it was last saved here, is put over it.
    """

    def __init__(
        self,
        path: Path,
        kind: type[D],
        run_in: Executor,
        delay: float = SAVED_WITHIN,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.path = path
        self._file = SharedFile(path, kind, now)
        self._kind = kind
        self._run_in = run_in
        self._delay = delay
        self._now = now
        self._wanted: D | None = None
        """What is to be in the file."""
        self._saved: D | None = None
        """What is in it, as far as this window is concerned."""
        self._saver: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self.notice = ""
        """What the operator has to know; empty while all is well.  Its first line says what to do."""

    def __repr__(self) -> str:
        return f"<Store {self.path} {'saved' if self._wanted is self._saved else 'to be saved'}>"

    @property
    def is_behind(self) -> bool:
        """Whether there is something that is not in the file, or not yet."""
        return self._wanted is not self._saved

    async def load(self) -> D:
        """Return what the file says, or defaults where there is none.

        A file that is broken is kept aside, one that is newer or cannot be read is left as it is; ``notice`` says so,
        and the defaults are returned.
        """
        loaded = await self._run(self._file.load)
        self.notice = loaded.notice
        self._wanted = self._saved = loaded.document
        return loaded.document

    async def load_named(self) -> D:
        """Return what a file says that the user named, or defaults where there is none.

        Raises SettingsError where it is broken, newer or cannot be read, and leaves it as it is: the user will mend it.
        """
        self._wanted = self._saved = await self._run(self._file.read)
        return self._saved

    def save(self, document: D) -> None:
        """Write ``document`` soon, and return at once; what fails is in ``notice``, and tried again later."""
        self._wanted = document
        if self._saver is None or self._saver.done():
            self._saver = asyncio.create_task(self._save_soon(), name=f"save {self.path.name}")

    async def flush(self) -> None:
        """Write now what is not written yet.  What fails is in ``notice``."""
        if self._wanted is None or (self._wanted is self._saved and (self._saver is None or self._saver.done())):
            return
        self._hurry.set()
        try:
            self.save(self._wanted)
            if self._saver is not None:
                # Whoever gives up waiting does not stop the writing.
                await asyncio.shield(self._saver)
        finally:
            self._hurry.clear()

    async def aclose(self) -> None:
        """Write what is not written yet, and end.  May be called twice."""
        await self.flush()

    async def save_as(self, path: Path, document: D) -> Store[D]:
        """Write ``document`` to ``path``, over whatever is there, and return the store of that file.

        What was changed before is written here first.  The caller goes on with the new store and closes this one.
        Raises SettingsError.
        """
        await self.flush()
        other = Store(path, self._kind, self._run_in, self._delay, self._now)
        await other._run(lambda: other._file.replace(document))
        other._wanted = other._saved = document
        return other

    async def _save_soon(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._delay):
                await self._hurry.wait()
        while (wanted := self._wanted) is not None and wanted is not self._saved:
            try:
                self.notice = await self._run(partial(self._file.write, wanted))
            except SettingsError as error:
                self.notice = error.text
                return
            self._saved = wanted

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._run_in, work)
