"""The newest frame, handed from a thread to a task."""

from __future__ import annotations

import asyncio
import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """A hand-off of depth one: the newest item wins, and what it replaces is counted in ``dropped``.

    :meth:`put` may be called from any thread and never waits; :meth:`get` belongs to the one task that consumes.
    Created on the event loop that consumes.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._item: T | None = None
        self._ready = asyncio.Event()
        self._wake_up_sent = False
        self._closed = False
        self.dropped = 0

    def __repr__(self) -> str:
        state = "closed" if self._closed else "empty" if self._item is None else "full"
        return f"<LatestSlot {state}, {self.dropped} dropped>"

    def put(self, item: T) -> None:
        """Offer ``item``; a waiting :meth:`get` returns it or a newer one.  After :meth:`close`, does nothing."""
        with self._lock:
            if self._closed:
                return
            if self._item is not None:
                self.dropped += 1
            self._item = item
            wake_up = not self._wake_up_sent
            self._wake_up_sent = True
            # Inside the lock: close() on the loop's thread must not come between the check and the call.
            if wake_up:
                self._loop.call_soon_threadsafe(self._ready.set)

    async def get(self) -> T:
        """Wait for an item that nobody has taken yet, the newest there is."""
        while True:
            await self._ready.wait()
            with self._lock:
                item, self._item = self._item, None
                self._ready.clear()
                self._wake_up_sent = False
            if item is not None:
                return item

    def take(self) -> T | None:
        """Return what :meth:`get` would return without waiting, or None; on the event loop."""
        with self._lock:
            item, self._item = self._item, None
        return item

    def close(self) -> None:
        """Take nothing more, so that a late thread does not call into a loop that is going away."""
        with self._lock:
            self._closed = True
            self._item = None
