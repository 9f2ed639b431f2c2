"""The one loop for Qt's events and asyncio's callbacks."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from qasync import QEventLoop

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context

    from PySide6.QtWidgets import QApplication


class EventLoop(QEventLoop):  # type: ignore[misc]  # qasync has no types
    """qasync's; what is to be called soon waits in a queue of its own.

    qasync starts and ends a timer of Qt's for each callback.  A picture takes eight of them to the screen, and there
    this was a sixth of all that the loop did.
    """

    def __init__(self, application: QApplication) -> None:
        # Before the base is made: it may want something called already.
        self._soon: deque[asyncio.Handle] = deque()
        self._turn = QTimer()
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._call_those_waiting)
        super().__init__(application)

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """Call it when the loop comes round, after what was to be called before."""
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        if not self._turn.isActive():
            self._turn.start(0)
        return handle

    def close(self) -> None:
        """Release everything; what still waits is not called."""
        super().close()
        self._turn.stop()
        self._soon.clear()

    def _call_those_waiting(self) -> None:
        # Those of now only: between this turn and the next, Qt paints and takes what the operator does.
        for _ in range(len(self._soon)):
            if not self._soon:
                return  # a menu that one of them opened has a loop of its own, which called the rest
            handle = self._soon.popleft()
            if self._soon and not self._turn.isActive():
                self._turn.start(0)
            if not handle.cancelled():
                handle._run()
