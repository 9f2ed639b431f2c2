"""Threads for what may wait for a disk: few, bounded, and left behind where a disk never answers."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Executor, Future
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from livevision.errors import RecordingError
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds for a disk to answer; one that has to start turning takes ten."""
_CLOSING_PATIENCE = 5.0
_MOST_WAITING = 64
"""Calls that wait for a free thread; more are refused, as the disk does not answer."""
_POLL = 0.02


class DiskThreads(Executor):
    """An executor whose threads are daemons: a network share that hangs keeps neither pictures nor quitting waiting.

    Unlike a ThreadPoolExecutor it is not waited for when the program ends.  With one thread, calls are done in order.
    """

    def __init__(self, name: str, threads: int = 1, patience: float = PATIENCE) -> None:
        self._name = name
        self._most = threads
        self._patience = patience
        # Guards everything below; never held while a call is done.
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._threads: set[threading.Thread] = set()
        self._idle = 0
        self._closed = False

    def __repr__(self) -> str:
        return f"<DiskThreads {self._name!r} {len(self._threads)} threads, {len(self._waiting)} waiting>"

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Do a call as soon as a thread is free.  Raises RecordingError where too many wait, RuntimeError if closed."""
        future: Future[T] = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError(f"{self._name}: cannot do anything after it was closed")
            if len(self._waiting) >= _MOST_WAITING:
                raise RecordingError(say("The disk does not answer; check it"))
            self._waiting.append((future, partial(fn, *args, **kwargs)))
            if self._idle < len(self._waiting) and len(self._threads) < self._most:
                number = len(self._threads)
                thread = threading.Thread(target=self._work, name=f"{self._name} {number}", daemon=True)
                self._threads.add(thread)
                thread.start()
            self._changed.notify()
        return future

    async def ask(self, place: Path | str, call: Callable[[], T], patience: float | None = None) -> T:
        """Return what a call about ``place`` returns.  Raises RecordingError where there is no answer in time."""
        try:
            async with asyncio.timeout(self._patience if patience is None else patience):
                return await asyncio.get_running_loop().run_in_executor(self, call)
        except TimeoutError:
            raise RecordingError(say("The disk of {folder} does not answer; check it", folder=place)) from None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls, and do those that wait unless they are cancelled.  ``wait`` waits without end."""
        with self._changed:
            self._closed = True
            dropped = list(self._waiting) if cancel_futures else []
            if cancel_futures:
                self._waiting.clear()
            threads = list(self._threads)
            self._changed.notify_all()
        for future, _ in dropped:
            future.cancel()
        for thread in threads if wait else ():
            thread.join()

    async def aclose(self, deadline: float = _CLOSING_PATIENCE) -> bool:
        """Do what waits for at most ``deadline`` seconds, and leave the rest behind.  False: something was left."""
        self.shutdown(wait=False)
        loop = asyncio.get_running_loop()
        give_up = loop.time() + deadline
        while self._threads:
            if loop.time() >= give_up:
                break
            await asyncio.sleep(_POLL)
        is_done = not self._threads
        self.shutdown(wait=False, cancel_futures=True)
        return is_done

    def _work(self) -> None:
        try:
            while (work := self._next()) is not None:
                future, call = work
                if future.set_running_or_notify_cancel():
                    _do(future, call)
                del work, future, call
        finally:
            with self._changed:
                self._threads.discard(threading.current_thread())

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        with self._changed:
            while not self._waiting:
                if self._closed:
                    return None
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
            return self._waiting.popleft()


async def off_loop(what: str, call: Callable[[], T]) -> T:
    """Do one call that may wait for a disk, in a thread of its own; cancelled, it is left behind."""
    threads = DiskThreads(what)
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, call)
    finally:
        threads.shutdown(wait=False)


def _do(future: Future[T], call: Callable[[], T]) -> None:
    try:
        result = call()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
