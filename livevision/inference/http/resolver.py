"""Names of servers to numbers, in threads of our own.

asyncio's getaddrinfo, and so aiohttp's resolver, uses the loop's default executor: in the window's loop a pool of
QThreads with an unbounded queue, in which a name server that does not answer would hold up whatever else is there.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver

if TYPE_CHECKING:
    from aiohttp.abc import ResolveResult

_THREADS = 2
"""A name that is not answered holds one for up to 30 s, and cannot be interrupted."""


class Resolver(AbstractResolver):
    """Asks the operating system.  Shared by all endpoints of one loop."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="http names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``.  Raises OSError."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, _look_up, host, port, family)

    async def close(self) -> None:
        """Look up nothing more.  A look-up under way is left to end by itself: it cannot be interrupted."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    # AI_ADDRCONFIG: no IPv6 addresses for a computer that has none itself.
    found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return [
        {"hostname": host, "host": _with_scope(address), "port": port, "family": kind, "proto": proto, "flags": numeric}
        for kind, _type, proto, _name, address in found
    ]


def _with_scope(address: tuple[object, ...]) -> str:
    # A link-local IPv6 address means nothing without the interface that it is reached by.
    host, scope = str(address[0]), address[3] if len(address) > 3 else 0
    return f"{host}%{scope}" if scope and "%" not in host else host
