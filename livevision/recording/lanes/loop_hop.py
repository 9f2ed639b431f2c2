"""From a thread to the event loop: in order, and never so much at once that the picture stops."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_AT_ONCE = 0.003
"""Seconds that the loop is kept busy in one go: a pre-roll comes all at once."""


class LoopHop(Generic[T]):
    """Hands what is put in, from any thread, to ``take`` on the event loop.  Whoever puts sees to the bounds."""

    def __init__(self, take: Callable[[T], None]) -> None:
        self._take = take
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._items: deque[T] = deque()
        self._is_called = False

    @property
    def waiting(self) -> int:
        """How many items are on their way."""
        return len(self._items)

    def put(self, item: T) -> None:
        """Send an item; returns at once."""
        with self._lock:
            self._items.append(item)
            calls, self._is_called = not self._is_called, True
        if calls:
            self._loop.call_soon_threadsafe(self._some)

    def flush(self) -> None:
        """Hand over all there is, now; on the event loop."""
        while self._items:
            self._take(self._items.popleft())

    def _some(self) -> None:
        end = time.perf_counter() + _AT_ONCE
        while self._items and time.perf_counter() < end:
            self._take(self._items.popleft())
        with self._lock:
            self._is_called = bool(self._items)
            goes_on = self._is_called
        if goes_on:
            self._loop.call_soon(self._some)
