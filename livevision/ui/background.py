"""Coroutines started from menus and keys: owned, awaited at the end, their errors shown."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from livevision.errors import LivevisionError
from livevision.ui.translation import told

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

logger = logging.getLogger(__name__)


class Background:
    """Owns the tasks that an operator's clicks start."""

    def __init__(self, show_error: Callable[[str], None]) -> None:
        self._show_error = show_error
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def idle(self) -> bool:
        """Whether everything that was started is done."""
        return not self._tasks

    def start(self, work: Coroutine[object, object, object], name: str) -> None:
        """Run ``work``; a livevision error becomes a message, any other is logged too.

        ``name`` stands on the screen where it fails: in the operator's language.
        """
        if self._is_closed:
            # There is nobody left who would wait for it.
            work.close()
            return
        task = asyncio.create_task(self._run(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A task that is cancelled before its first step leaves its work unawaited.
        task.add_done_callback(lambda _: work.close())

    async def aclose(self) -> None:
        """Cancel what is still running and wait for it."""
        self._is_closed = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, work: Coroutine[object, object, object], name: str) -> None:
        try:
            await work
        except LivevisionError as error:
            self._show_error(told(error.text))
        except Exception as error:
            logger.exception("%s failed", name)
            words = QCoreApplication.translate("Background", "{name} failed: {error}")
            self._show_error(words.format(name=name, error=error))
