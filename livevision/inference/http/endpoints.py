"""The servers in use: each has one session, however many cameras ask it."""

from __future__ import annotations

import asyncio
import base64
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from livevision.inference.http.client import Endpoint
from livevision.inference.http.limits import Limits
from livevision.inference.http.resolver import Resolver

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from concurrent.futures import Executor

    from yarl import URL

    from livevision.inference.http.address import ServerAddress
    from livevision.inference.http.wire import Answer, Request

T = TypeVar("T")

_CODERS = max(2, min(4, os.cpu_count() or 1))
"""Threads that code pictures and read answers: 4 do 600 pictures of 720p a second, and models want cores, too."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One detector's share in an endpoint.  ``give_back`` closes the endpoint with the last one."""

    endpoint: Endpoint
    executor: Executor
    give_back: Callable[[], Awaitable[None]]

    async def get(self, url: URL, headers: Mapping[str, str] | None = None) -> Answer:
        """Read a small document.  Raises ServerTrouble."""
        return await self.endpoint.get(url, headers)

    async def post(self, request: Request) -> Answer:
        """Send a picture, once, and return the answer.  Raises ServerTrouble."""
        return await self.endpoint.post(request)

    async def work(self, job: Callable[[], T]) -> T:
        """Run ``job`` in one of the threads that code pictures."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, job)


class Endpoints:
    """Opens endpoints when they are first needed, and closes them when nobody needs them any more.

    On one event loop.  ``redact`` takes secrets out of what servers say.
    """

    def __init__(self, redact: Callable[[str], str], limits: Limits | None = None) -> None:
        self._redact = redact
        self._limits = limits or Limits()
        self._resolver = Resolver()
        self._executor = ThreadPoolExecutor(_CODERS, thread_name_prefix="http encode")
        self._open: dict[tuple[str, str | None], Endpoint] = {}
        self._users: dict[Endpoint, int] = {}

    def __repr__(self) -> str:
        shares = ", ".join(f"{endpoint.place} ({users})" for endpoint, users in self._users.items())
        return f"<Endpoints {shares or 'none'}>"

    def lease(self, address: ServerAddress) -> Lease:
        """Return a share in the endpoint that an address leads to."""
        key = (str(address.url.origin()), address.account)
        endpoint = self._open.get(key)
        if endpoint is None:
            endpoint = Endpoint(address.place, self._resolver, self._redact, self._limits, _login(address.account))
            self._open[key] = endpoint
        self._users[endpoint] = self._users.get(endpoint, 0) + 1
        returned = False

        async def give_back() -> None:
            nonlocal returned
            if not returned and endpoint in self._users:
                returned = True
                await self._give_back(key, endpoint)

        return Lease(endpoint, self._executor, give_back)

    async def aclose(self) -> None:
        """Close all endpoints and end the threads, whoever still has a share.  May be called twice."""
        endpoints = [*self._users]
        self._open.clear()
        self._users.clear()
        for endpoint in endpoints:
            await endpoint.aclose()
        await self._resolver.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _give_back(self, key: tuple[str, str | None], endpoint: Endpoint) -> None:
        self._users[endpoint] -= 1
        if not self._users[endpoint]:
            del self._users[endpoint], self._open[key]
            await endpoint.aclose()


def _login(account: str | None) -> dict[str, str]:
    if account is None:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(account.encode()).decode()}"}
