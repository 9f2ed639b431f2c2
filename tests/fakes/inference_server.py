"""An inference server on 127.0.0.1 that behaves as well, or as badly, as a test says.

Runs in a thread of its own, as a real one runs on another machine: what it does costs the loop under test nothing.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from typing import Self

_HOLD = 60.0
"""Seconds that a hung answer hangs, if nobody ends it before."""
_SETTLING = 0.01
HUNDRED_MB = 100 << 20


def closed_port() -> int:
    """A port at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def boxes(*found: tuple[float, float, float, float], confidence: float = 0.9) -> bytes:
    """What :class:`tests.fakes.inference_wire.TinyFormat` reads."""
    return json.dumps({"boxes": [[*box, confidence] for box in found]}).encode()


@dataclass
class Behaviour:
    """How each request is answered.  Change it at any time."""

    body: bytes = field(default_factory=lambda: boxes((10, 20, 110, 220)))
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    latency: float = 0.0
    one_at_a_time: bool = False
    """Takes ``latency`` for each request after the other."""
    hangs: bool = False
    """Takes the request, and says nothing."""
    hangs_after: int | None = None
    """Says so many bytes of the body, and then nothing."""
    cut_after: int | None = None
    """Says so many bytes of the body, and hangs up."""
    drip: float | None = None
    """Seconds between one byte and the next."""
    flood: int | None = None
    """So many bytes of blanks, in chunks, as fast as they are taken."""
    zipped: bytes | None = None
    """Sent as it is, and said to be gzip."""
    answer: Callable[[bytes], bytes] | None = None
    """Makes the body out of the request's."""
    reply: Callable[[bytes], tuple[int, bytes]] | None = None
    """The same, and the status, too."""


def gzip_bomb(size: int = HUNDRED_MB) -> bytes:
    return gzip.compress(bytes(size), 1)


class InferenceServer:
    """Answers every path.  ``with`` starts and stops it."""

    def __init__(self, behaviour: Behaviour | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour or Behaviour()
        self.requests: list[tuple[str, str]] = []
        """Method and path with query."""
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.in_progress = 0
        self.most_in_progress = 0
        self.abandoned = 0
        """Requests whose asker went away."""
        self.sent = 0
        """Bytes of floods and drips."""
        self._transports: set[int] = set()
        self._kept: list[object] = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="inference server")

    @property
    def connections(self) -> int:
        """How many were made so far."""
        return len(self._transports)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def behave(self, **changes: object) -> None:
        """Answer well from now on, but for what is said here."""
        self.behaviour = Behaviour(**changes)  # type: ignore[arg-type]

    def hang_up(self) -> None:
        """Close all connections, used or idle."""

        def close() -> None:
            for transport in self._kept:
                transport.abort()  # type: ignore[attr-defined]

        self._loop.call_soon_threadsafe(close)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._turn = asyncio.Lock()
        server = web.Server(self._handle, keepalive_timeout=_HOLD, handler_cancellation=True)
        runner = web.ServerRunner(server, shutdown_timeout=0.05)
        await runner.setup()
        site = web.SockSite(runner, self._listener, ssl_context=self._tls)
        await site.start()
        self._ready.set()
        await self._stop.wait()
        await asyncio.sleep(_SETTLING)  # connections that are just being accepted
        await runner.cleanup()
        await asyncio.sleep(_SETTLING)  # and those that are just being closed
        self._listener.close()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport is not None and id(request.transport) not in self._transports:
            self._transports.add(id(request.transport))
            self._kept.append(request.transport)  # so that no other one gets its number
        self.in_progress += 1
        self.most_in_progress = max(self.most_in_progress, self.in_progress)
        try:
            body = await request.content.read()  # request.read() takes one megabyte only
            self.requests.append((request.method, str(request.rel_url)))
            self.headers.append(dict(request.headers))
            self.bodies.append(body)
            return await self._answer(request, self.behaviour, body)
        except asyncio.CancelledError:
            self.abandoned += 1
            raise
        finally:
            self.in_progress -= 1

    async def _answer(self, request: web.BaseRequest, how: Behaviour, body: bytes) -> web.StreamResponse:
        if how.hangs:
            await asyncio.sleep(_HOLD)
        if how.latency:
            async with self._turn if how.one_at_a_time else nullcontext():
                await asyncio.sleep(how.latency)
        content = how.body if how.answer is None else how.answer(body)
        headers, status = dict(how.headers), how.status
        if how.reply is not None:
            status, content = how.reply(body)
        if how.zipped is not None:
            headers["Content-Encoding"], content = "gzip", how.zipped
        response = web.StreamResponse(status=status, headers=headers)
        if how.flood is not None:
            return await self._flood(request, response, how.flood)
        response.content_length = content_length = int(headers.get("Content-Length", len(content)))
        await response.prepare(request)
        if how.drip is not None:
            for position in range(len(content)):
                await response.write(content[position : position + 1])
                self.sent += 1
                await asyncio.sleep(how.drip)
        stop_at = how.hangs_after if how.cut_after is None else how.cut_after
        with suppress(ConnectionError):
            await response.write(content[: stop_at or content_length])
        if how.hangs_after is not None:
            await asyncio.sleep(_HOLD)
        if how.cut_after is not None:
            assert request.transport is not None
            request.transport.close()
        return response

    async def _flood(self, request: web.BaseRequest, response: web.StreamResponse, size: int) -> web.StreamResponse:
        response.enable_chunked_encoding()
        await response.prepare(request)
        blanks = b" " * (1 << 16)
        with suppress(ConnectionError):
            for _ in range(size // len(blanks)):
                await response.write(blanks)
                self.sent += len(blanks)
        return response


def wait_until(condition: Callable[[], bool], seconds: float = 45.0) -> None:
    """For tests without a loop."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "did not happen in time"
        time.sleep(0.005)
