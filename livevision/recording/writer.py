"""A bounded queue and the one thread that empties it into a sink: a file, mostly."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from livevision.errors import RecordingError
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

_log = logging.getLogger(__name__)

_CLOSING_PATIENCE = 5.0
"""Seconds beyond the deadline for the write in progress and the closing, before a hanging disk is given up."""
_TELL_EVERY = 0.5
"""Seconds between two messages while closing."""


class Sink(Protocol[T_contra]):
    """Where items go.  Made, used and closed by the writer's thread only, so it may block."""

    def write(self, item: T_contra) -> None:
        """Keep one item.  The first error ends the writing."""

    def close(self) -> None:
        """Complete what was written; called once, also after a failed write."""


class ThreadedWriter(Generic[T]):
    """Writes items in the order given, in a thread named ``writer NAME``; made and closed on the event loop.

    ``open_sink`` is called first thing in the thread.  Live recording uses :meth:`offer`, which never waits, from any
    thread: packets come from the capture thread.  File processing uses :meth:`put`, which waits for room.  The first
    error of opening, writing or closing ends the writing: it is kept in ``error`` and handed to ``on_failure`` once,
    on the event loop.  What was not written, for whatever reason, is counted in ``dropped``.
    """

    def __init__(
        self,
        name: str,
        open_sink: Callable[[], Sink[T]],
        capacity: int,
        on_failure: Callable[[Exception], None] = lambda error: None,
    ) -> None:
        self.name = name
        self.error: Exception | None = None
        self.dropped = 0
        self.written = 0
        self._open_sink = open_sink
        self._capacity = capacity
        self._on_failure = on_failure
        self._loop = asyncio.get_running_loop()
        # Guards the queue, the counters and the flags; never held while the sink works, so the loop may take it.
        self._changed = threading.Condition()
        self._queue: deque[T] = deque()
        self._accepting = True
        self._listening = True  # false once nobody on the loop waits for the thread any more
        self._room_wanted = False
        self._room = asyncio.Event()
        self._finished = asyncio.Event()
        # A daemon: a disk that never answers must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name=f"writer {name}", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        state = "failed" if self.error else "finished" if self._finished.is_set() else "open"
        state = "closing" if state == "open" and not self._accepting else state
        return f"<ThreadedWriter {self.name!r} {state}, {self.written} written, {self.dropped} dropped>"

    @property
    def queued(self) -> int:
        """How many items wait to be written."""
        return len(self._queue)

    def offer(self, item: T) -> bool:
        """Queue ``item`` if there is room; never waits, from any thread.  False: it was dropped, and counted.

        Items of one thread keep their order; those of several are written as they came.
        """
        with self._changed:
            return self._append(item) or self._drop(1)

    async def put(self, item: T) -> bool:
        """Queue ``item``, waiting for room.  False: dropped, because the writer failed (see ``error``) or closed.

        On the event loop only, and meant for one task at a time: several that wait are not served in order.
        """
        while True:
            with self._changed:
                if self._append(item):
                    return True
                if not self._accepting:
                    return self._drop(1)
                self._room.clear()
                self._room_wanted = True
            await self._room.wait()

    async def aclose(self, deadline: float | None, tell: Callable[[str], None] = lambda words: None) -> None:
        """Write what is queued for at most ``deadline`` seconds (None: all of it), drop and count the rest, close.

        Where it takes longer than half a second, ``tell`` gets a line for the operator, again whenever it has changed.
        Returns when the thread is gone; an error of closing is in ``error`` by then.  May be called again, and at the
        same time.  When cancelled, the rest is dropped at once and the thread ends by itself.
        """
        with self._changed:
            self._accepting = False
            self._changed.notify()
        self._room.set()
        try:
            await self._drain(deadline, tell)
        finally:
            self._drop_queue()
        if not await self._wait_finished(_CLOSING_PATIENCE):
            self._give_up()
        elif self._listening:
            # Its last act was to tell us: this takes no time.
            self._thread.join()

    async def _drain(self, deadline: float | None, tell: Callable[[str], None]) -> None:
        end = math.inf if deadline is None else self._loop.time() + deadline
        told = ""
        while (left := min(_TELL_EVERY, end - self._loop.time())) > 0:
            if await self._wait_finished(left):
                return
            words = say("{name}: closing", name=self.name)
            if self.queued:
                words = say("{name}: {count} still to be written", name=self.name, count=self.queued)
            if words != told:
                tell(words)
                told = words

    async def _wait_finished(self, seconds: float | None) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._finished.wait()
        except TimeoutError:
            return False
        return True

    def _append(self, item: T) -> bool:
        if not self._accepting or len(self._queue) >= self._capacity:
            return False
        self._queue.append(item)
        self._changed.notify()
        return True

    def _drop(self, count: int) -> bool:
        self.dropped += count
        return False

    def _drop_queue(self) -> None:
        with self._changed:
            self._drop(len(self._queue))
            self._queue.clear()

    def _give_up(self) -> None:
        with self._changed:
            if not self._listening:
                return
            self._listening = False
            told, self.error = (
                self.error,
                self.error
                or RecordingError(
                    say(
                        "{name}: the disk does not answer, so the end of the recording may be missing; check the disk",
                        name=self.name,
                    )
                ),
            )
        if told is None:
            self._on_failure(self.error)
        self._finished.set()

    # What follows runs in the thread.

    def _run(self) -> None:
        try:
            self._write_all()
        except Exception as error:
            self._fail(error)
        finally:
            self._tell(self._finished.set)

    def _write_all(self) -> None:
        sink = self._open_sink()
        try:
            while (item := self._next()) is not None:
                sink.write(item)
                del item  # pictures are big: do not keep one while waiting for the next
                self.written += 1
        except BaseException:
            try:
                sink.close()
            except Exception:
                _log.debug("%s: closing after a failed write failed too", self.name, exc_info=True)
            with self._changed:
                self._drop(1)
            raise
        sink.close()

    def _next(self) -> T | None:
        with self._changed:
            while not self._queue and self._accepting:
                self._changed.wait()
            if not self._queue:
                return None
            item = self._queue.popleft()
            room_wanted, self._room_wanted = self._room_wanted, False
        if room_wanted:
            self._tell(self._room.set)
        return item

    def _fail(self, error: Exception) -> None:
        with self._changed:
            self._accepting = False
            self.error = self.error or error
        self._drop_queue()
        self._tell(self._room.set)
        self._tell(lambda: self._on_failure(error))

    def _tell(self, callback: Callable[[], None]) -> None:
        # Under the lock, so that nothing is told to a loop whose owner has stopped listening.
        with self._changed:
            if not self._listening:
                return
            try:
                self._loop.call_soon_threadsafe(callback)
            except RuntimeError:
                _log.debug("%s: the event loop is gone", self.name)
