"""A network that misbehaves: a TCP proxy on loopback that stalls, delays, throttles, drops bytes and cuts."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_CHUNK = 16384
_KERNEL = 65536
"""Bytes that sockets hold, small enough that a stall is felt by the sender, as behind a real router."""
_IN_FLIGHT = 1 << 20
"""Bytes that a delayed direction holds at most."""
_POLL = 0.1
_NO_LINGER = struct.pack("ii", 1, 0)


class Proxy:
    """Passes connections to ``upstream_port`` of this machine on, as well or badly as it is told.

    ``port`` is where clients connect to.  What is told holds for all connections, present and future.  From any thread.
    """

    def __init__(self, upstream_port: int) -> None:
        self._upstream_port = upstream_port
        self._flowing = threading.Event()
        self._flowing.set()
        self._closed = threading.Event()
        self._rate: float | None = None
        self._delay = (0.0, 0.0)
        self._dropped = 0.0
        self._lock = threading.Lock()
        self._connections: list[_Connection] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_POLL)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="proxy")
        self._thread.start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> None:
        self.close()

    def stall(self) -> None:
        """Pass nothing on until :meth:`resume`; connections stay open, and senders notice when buffers are full."""
        self._flowing.clear()

    def resume(self) -> None:
        """Pass on again what is waiting, as fast as it goes."""
        self._flowing.set()

    def throttle(self, bytes_per_second: float | None) -> None:
        """Pass on no more than this, in each direction; None for as much as there is."""
        self._rate = bytes_per_second

    def delay(self, seconds: float, jitter: float = 0.0) -> None:
        """Hold everything back for this long, give or take ``jitter``; the order stays."""
        self._delay = (seconds, jitter)

    def drop_bytes(self, fraction: float) -> None:
        """Lose this part of what the server says, in lumps of up to a kilobyte."""
        self._dropped = fraction

    def cut(self) -> None:
        """Reset all connections; new ones are accepted."""
        with self._lock:
            connections, self._connections = self._connections, []
        for connection in connections:
            connection.reset()

    def close(self) -> None:
        """End everything and wait for the threads."""
        self._closed.set()
        self._flowing.set()
        self._thread.join()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client = self._listener.accept()[0]
            except TimeoutError:
                continue
            upstream = socket.socket()
            upstream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _KERNEL)
            try:
                upstream.connect(("127.0.0.1", self._upstream_port))
            except OSError:
                upstream.close()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                client.close()
                continue
            with self._lock:
                self._connections.append(_Connection(self, client, upstream))

    def fate(self, chunk: bytes, from_server: bool) -> tuple[bytes, float]:
        """Return what becomes of a chunk that arrives now, and when it is due."""
        seconds, jitter = self._delay
        if from_server and self._dropped and random.random() < self._dropped * len(chunk) / 512:
            at = random.randrange(len(chunk))
            chunk = chunk[:at] + chunk[at + random.randint(1, 1024) :]
        return chunk, time.monotonic() + max(0.0, random.uniform(seconds - jitter, seconds + jitter))

    def pass_on(self, chunk: bytes, target: socket.socket, ended: threading.Event) -> None:
        """Send a chunk at the rate that is allowed, when things flow."""
        rest = memoryview(chunk)
        while rest and not ended.is_set():
            if not self._flowing.wait(_POLL):
                continue
            rate = self._rate
            try:
                sent = target.send(rest if rate is None else rest[: max(1, int(rate / 50))])
            except TimeoutError:
                continue
            rest = rest[sent:]
            if rate is not None:
                ended.wait(sent / rate)


class _Connection:
    """One client's connection, with a pair of threads for each direction."""

    def __init__(self, proxy: Proxy, client: socket.socket, upstream: socket.socket) -> None:
        self._proxy = proxy
        self._sockets = (client, upstream)
        for end in self._sockets:
            end.settimeout(_POLL)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        for source, target in ((client, upstream), (upstream, client)):
            way = _Way()
            for run in (self._receive, self._send):
                thread = threading.Thread(target=run, args=(source, target, way), name="proxy connection")
                thread.start()
                self._threads.append(thread)

    def reset(self) -> None:
        """End both sides as a crash does, and wait for the threads."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        for end in self._sockets:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            end.close()

    def _receive(self, source: socket.socket, _target: socket.socket, way: _Way) -> None:
        with suppress(OSError):
            while chunk := self._chunk_of(source):
                chunk, due = self._proxy.fate(chunk, source is self._sockets[1])
                if chunk:
                    way.put(chunk, due, self._ended)
        way.put(b"", time.monotonic(), self._ended)

    def _chunk_of(self, source: socket.socket) -> bytes:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                return source.recv(_CHUNK)
        return b""

    def _send(self, _source: socket.socket, target: socket.socket, way: _Way) -> None:
        with suppress(OSError):
            while (chunk := way.get(self._ended)) is not None:
                self._proxy.pass_on(chunk, target, self._ended)
        if not self._ended.is_set():
            # One side has gone: so does the other.
            for end in self._sockets:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


class _Way:
    """What is under way in one direction: a bounded queue of chunks and when each is due."""

    def __init__(self) -> None:
        self._chunks: deque[tuple[bytes, float]] = deque()
        self._held = 0
        self._changed = threading.Condition()

    def put(self, chunk: bytes, due: float, ended: threading.Event) -> None:
        with self._changed:
            while self._held > _bound(due) and not ended.is_set():
                self._changed.wait(_POLL)
            self._chunks.append((chunk, due))
            self._held += len(chunk)
            self._changed.notify_all()

    def get(self, ended: threading.Event) -> bytes | None:
        """Return the next chunk when it is due, None at the end."""
        with self._changed:
            while not self._chunks:
                if ended.is_set():
                    return None
                self._changed.wait(_POLL)
            chunk, due = self._chunks.popleft()
            self._held -= len(chunk)
            self._changed.notify_all()
        ended.wait(max(0.0, due - time.monotonic()))
        return chunk or None


def _bound(due: float) -> int:
    # What is only passed through shall not pile up here: a stall is to be felt by the sender.
    return _IN_FLIGHT if due > time.monotonic() + 0.001 else _KERNEL
