"""Requests in flight, a bounded number of them: for live pictures the newest answers, for files all in order."""

from __future__ import annotations

import asyncio
import statistics
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from livevision.errors import DetectorError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_TYPICAL_OF = 9
"""How many answers say how long one typically takes."""
_PAUSE = 1.0
"""Seconds before the next request after a failure that does not say how long to wait (``retry_in``)."""


class LiveWindow(Generic[Answer]):
    """At most ``most`` requests in flight; what is answered is perishable.

    An answer, or a failure, that comes after a newer answer is late: it is dropped and counted, never told.  Requests
    are started at least (typical latency ÷ ``most``) apart, so that answers come evenly and not in bursts.  Nothing is
    tried again: after a failure nothing is started for as long as it says, and then the newest is::

        async with LiveWindow(publish, failed, detector.max_in_flight) as window:
            while True:
                await window.room()
                frame = await newest.get()
                window.start(infer(frame))

    ``publish`` and ``failed`` are called on the event loop; what they raise ends the ``async with``, as in a TaskGroup.
    Leaving it cancels what is in flight and waits until that is over.
    """

    def __init__(
        self, publish: Callable[[Answer], None], failed: Callable[[Exception], None] = lambda error: None, most: int = 1
    ) -> None:
        self.most = most
        """May be changed at any time."""
        self.late = 0
        """Answers and failures so far that came after a newer answer."""
        self._publish = publish
        self._failed = failed
        self._tasks: set[asyncio.Task[None]] = set()
        self._group = asyncio.TaskGroup()
        self._changed = asyncio.Event()
        self._latencies: deque[float] = deque(maxlen=_TYPICAL_OF)
        self._number = 0
        self._published = 0
        self._started = self._resume = -float("inf")

    def __repr__(self) -> str:
        return f"<LiveWindow {self.in_flight} of {self.most} in flight, {self.late} late>"

    @property
    def in_flight(self) -> int:
        """How many requests are not answered yet."""
        return len(self._tasks)

    async def __aenter__(self) -> Self:
        """Allow requests."""
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *exc_info: Any) -> None:
        """Cancel what is in flight and wait until that is over."""
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(*exc_info)

    async def room(self) -> None:
        """Wait until another request may be started."""
        while (wait := self._wait()) != 0:
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._changed.wait()

    def start(self, request: Coroutine[Any, Any, Answer]) -> asyncio.Task[None]:
        """Run a request; its answer is published unless a newer one was.  Done when that is over, or given up."""
        self._number += 1
        self._started = asyncio.get_running_loop().time()
        name = f"request {self._number}"
        task = self._group.create_task(self._run(request, self._number, self._started), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def _run(self, request: Coroutine[Any, Any, Answer], number: int, started: float) -> None:
        try:
            answer = await request
        except Exception as error:
            if number < self._published:
                self.late += 1
                return
            self._resume = asyncio.get_running_loop().time() + (
                error.retry_in if isinstance(error, DetectorError) else _PAUSE
            )
            self._failed(error)
            return
        self._latencies.append(asyncio.get_running_loop().time() - started)
        if number < self._published:
            self.late += 1
            return
        self._published = number
        self._resume = -float("inf")
        self._publish(answer)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._changed.set()

    def _wait(self) -> float | None:
        """Return in how many seconds a request may be started; None where that depends on an answer."""
        if len(self._tasks) >= self.most:
            return None
        return max(0.0, max(self._started + self._apart(), self._resume) - asyncio.get_running_loop().time())

    def _apart(self) -> float:
        # With one at a time they are apart anyway, and waiting for the typical end of a quick one would waste it.
        if self.most == 1 or not self._latencies:
            return 0.0
        return statistics.median(self._latencies) / self.most


class OrderedWindow(Generic[Item, Answer]):
    """At most ``most`` requests in flight; every answer counts and comes out in the order of the requests.

    ``async with`` it: leaving cancels what is in flight and waits until that is over.  Whoever starts a request while
    it :attr:`is_full` has not taken the oldest answer first: that is what holds a quick reader back.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._number = 0
        self._window: deque[tuple[Item, asyncio.Task[Answer]]] = deque()

    def __repr__(self) -> str:
        return f"<OrderedWindow {len(self)} of {self._most} in flight>"

    def __len__(self) -> int:
        """How many were started and not taken."""
        return len(self._window)

    @property
    def is_full(self) -> bool:
        """Whether the oldest answer is to be taken first."""
        return len(self._window) >= self._most

    async def __aenter__(self) -> Self:
        """Allow requests."""
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Cancel what is in flight and wait until that is over."""
        tasks = [task for _, task in self._window]
        self._window.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def start(self, item: Item, request: Coroutine[Any, Any, Answer]) -> None:
        """Run a request about ``item``."""
        if self.is_full:
            request.close()
            raise RuntimeError(f"{self!r} has no room: take the oldest first")
        self._number += 1
        self._window.append((item, asyncio.create_task(request, name=f"request {self._number}")))

    async def oldest(self) -> tuple[Item, Answer]:
        """Wait for the oldest answer and take it; raises what its request did.  IndexError where there is none."""
        item, task = self._window[0]
        answer = await task
        self._window.popleft()
        return item, answer
