"""Coroutines started from menus and keys: owned, awaited at the end, their errors shown."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from livevision.errors import LivevisionError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

logger = logging.getLogger(__name__)


class Background:
    """Owns the tasks that an operator's clicks start."""

    def __init__(self, show_error: Callable[[str], None]) -> None:
        self._show_error = show_error
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """Whether everything that was started is done."""
        return not self._tasks

    def start(self, work: Coroutine[object, object, object], name: str) -> None:
        """Run ``work``; a livevision error becomes a message, any other is logged too."""
        task = asyncio.create_task(self._run(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A task that is cancelled before its first step leaves its work unawaited.
        task.add_done_callback(lambda _: work.close())

    async def aclose(self) -> None:
        """Cancel what is still running and wait for it."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, work: Coroutine[object, object, object], name: str) -> None:
        try:
            await work
        except LivevisionError as error:
            self._show_error(str(error))
        except Exception as error:
            logger.exception("%s failed", name)
            self._show_error(f"{name} failed: {error}")
