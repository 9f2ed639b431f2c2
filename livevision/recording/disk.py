"""How much room there is for recordings: what it means (pure), and who looks."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOW = 2_000_000_000
"""Bytes free below which the operator is warned."""
FULL = 500_000_000
"""Bytes free below which a recording is closed while that is still possible."""
_FULL_SECONDS = 60.0
"""Or as many seconds of what is recorded, if that is more."""
_EVERY = 5.0
_PATIENCE = 4.0
"""Seconds for an answer: a network drive that is gone may never give one."""


class DiskState(Enum):
    """Whether recording can begin, or go on."""

    OK = "ok"
    LOW = "low"
    """It goes on, and the operator is warned."""
    FULL = "full"
    """Close the files while they can be closed properly."""
    GONE = "gone"
    """The folder, or the disk that it was on, is not there any more."""
    SILENT = "silent"
    """The disk does not answer; recording goes on until the writer gives up."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a disk answered."""

    free: int
    """Bytes that may be written."""
    device: int
    """Which disk it was."""
    has_folder: bool = True
    """Whether the folder is there, and not only those above it."""


@dataclass(frozen=True, slots=True)
class DiskReport:
    """How it stands."""

    state: DiskState
    words: str = ""
    """For the operator; nothing where all is well."""
    reason: str = ""
    """The same within a sentence, where nothing can be recorded."""
    free: int | None = None
    """Bytes, where known."""

    @property
    def may_record(self) -> bool:
        """Whether a recording may begin or go on."""
        return self.state not in (DiskState.FULL, DiskState.GONE)


def judge(room: Room, bytes_per_second: float) -> DiskReport:
    """Say what ``room`` means for recordings that together write ``bytes_per_second``."""
    full = max(FULL, int(_FULL_SECONDS * bytes_per_second))
    free = f"{room.free / 1e9:.1f}"
    if room.free < full:
        return DiskReport(
            DiskState.FULL,
            say("The disk is full ({free} GB free); make room or choose another disk", free=free),
            say("the disk is full ({free} GB free); make room or choose another disk", free=free),
            room.free,
        )
    # A fast recording must be warned of, too, before it is closed.
    if room.free < max(LOW, 2 * full):
        words = say("The disk is nearly full ({free} GB free); make room soon", free=free)
        return DiskReport(DiskState.LOW, words, free=room.free)
    return DiskReport(DiskState.OK, free=room.free)


def look(folder: Path) -> Room:
    """Ask the disk that ``folder`` is on, or will be on once it is made.  Blocking.  Raises OSError."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return Room(shutil.disk_usage(place).free, place.stat().st_dev, place == folder.absolute())


class DiskGuard:
    """Looks after the disk of one folder: once before recording, every 5 s while.  Belongs to the event loop.

    The disk is asked in a thread of its own, at most one at a time, which is left behind if the disk never answers.
    ``look`` and the times may be handed in.
    """

    def __init__(
        self,
        folder: Path,
        look: Callable[[Path], Room] = look,
        every: float = _EVERY,
        patience: float = _PATIENCE,
    ) -> None:
        self.folder = folder
        self.report = DiskReport(DiskState.OK)
        """The newest."""
        self._look = look
        self._every = every
        self._patience = patience
        self._seen: Room | None = None
        self._asking: asyncio.Future[Room] | None = None

    def __repr__(self) -> str:
        return f"<DiskGuard {self.folder} {self.report.state.value}>"

    async def check(self, bytes_per_second: float = 0.0) -> DiskReport:
        """Look now; takes at most 4 s.  Never raises for what a disk does."""
        self.report = await self._check(bytes_per_second)
        return self.report

    async def watch(self, bytes_per_second: Callable[[], float], tell: Callable[[DiskReport], None]) -> None:
        """Check every 5 s, for ever, and ``tell`` whenever the state has changed."""
        told = self.report.state
        while True:
            report = await self.check(bytes_per_second())
            if report.state is not told:
                told = report.state
                tell(report)
            await asyncio.sleep(self._every)

    async def _check(self, bytes_per_second: float) -> DiskReport:
        if self._asking is None:
            self._asking = self._ask()
        asking = self._asking
        try:
            async with asyncio.timeout(self._patience):
                room = await asyncio.shield(asking)
        except TimeoutError:
            # The question stays, so that there is never more than one.
            words = say("The disk of {folder} does not answer; check it", folder=self.folder)
            return DiskReport(DiskState.SILENT, words)
        except OSError as error:
            self._asking = None
            folder, reason = self.folder, error.strerror
            return DiskReport(
                DiskState.GONE,
                say("Cannot look at {folder}: {reason}; check the disk", folder=folder, reason=reason),
                say("cannot look at {folder}: {reason}; check the disk", folder=folder, reason=reason),
            )
        self._asking = None
        # The place where a disk was connected shows what is below it: another disk, perhaps with much room.
        seen = self._seen
        if seen is not None and (room.device != seen.device or room.has_folder < seen.has_folder):
            words = say("{folder} is gone; connect its disk again or choose another folder", folder=self.folder)
            return DiskReport(DiskState.GONE, words, words)
        self._seen = room
        return judge(room, bytes_per_second)

    def _ask(self) -> asyncio.Future[Room]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Room] = loop.create_future()

        def ask() -> None:
            try:
                room: Room | OSError = self._look(self.folder)
            except OSError as error:
                room = error
            with suppress(RuntimeError):  # The loop has ended: nobody asks any more.
                loop.call_soon_threadsafe(settle, room)

        def settle(room: Room | OSError) -> None:
            if answer.cancelled():
                return
            if isinstance(room, OSError):
                answer.set_exception(room)
                answer.exception()  # Noted: whoever asked may have gone.
            else:
                answer.set_result(room)

        # A daemon: a disk that never answers must not keep the program from ending.
        threading.Thread(target=ask, name=f"disk {os.fspath(self.folder)}", daemon=True).start()
        return answer
