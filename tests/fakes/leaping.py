"""An event loop that leaps over every wait: what takes seconds is over at once, and lasts as long by its clock.

No machine is too busy for it.  What is waited for has to happen on the loop: threads know nothing of its leaps.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class LeapingLoop(asyncio.SelectorEventLoop):
    """The time of ``loop.time()`` stands still while something is to be done, and leaps to the next thing when not."""

    def __init__(self) -> None:
        self._now = 1000.0
        super().__init__(_LeapingSelector(self.leap))

    def time(self) -> float:
        """Return seconds."""
        return self._now

    def leap(self, seconds: float) -> None:
        """Let time pass; from a task or callback it is as if that had taken so long."""
        self._now += seconds


class _LeapingSelector(selectors.DefaultSelector):
    def __init__(self, leap: Callable[[float], None]) -> None:
        super().__init__()
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(timeout if timeout is None else 0)
        if not ready and timeout:
            self._leap(timeout)
        return ready


def leaping(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test on a loop of its own that leaps over every wait."""

    @functools.wraps(test)
    def run(*args: Any, **named: Any) -> None:
        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            runner.run(test(*args, **named))

    return run
