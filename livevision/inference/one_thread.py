"""One thread for blocking work that must not overlap, and its orderly end."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from livevision.priority import give_way

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class OneThread:
    """Runs calls one after the other in a thread called ``name``, which starts with the first one, and gives way.

    A caller that is cancelled gives up waiting: what is being done is finished, what had not begun is left out.
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name, initializer=give_way)
        self._last: Future[None] | None = None

    def __repr__(self) -> str:
        return f"<OneThread {'closed' if self.is_closed else 'open'}>"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is run."""
        return self._last is not None

    async def run(self, call: Callable[[], T]) -> T:
        """Do ``call`` there and return, or raise, what it does.

        StopIteration, which a future does not take, comes as RuntimeError.
        """
        return await asyncio.wrap_future(self._executor.submit(_done, call))

    async def aclose(self) -> None:
        """Wait for what is being done, without holding up the loop, and end the thread.  May be called twice."""
        if self._last is None:
            self._last = self._executor.submit(_nothing)
            self._executor.shutdown(wait=False)
        # Shielded: the future is shared by all callers, and a cancelled one must not take it from the others.
        await asyncio.shield(asyncio.wrap_future(self._last))
        # The thread has run its last job: joining takes microseconds.
        self._executor.shutdown(wait=True)


def _done(call: Callable[[], T]) -> T:
    try:
        return call()
    except StopIteration as error:
        raise RuntimeError("StopIteration") from error


def _nothing() -> None:
    pass
