"""One server: a session with keep-alive, bounds on time, size and number, and words for what goes wrong."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp

from livevision.inference.http.body import Body, encode_form
from livevision.inference.http.complaint import complaint_of
from livevision.inference.http.limits import Limits
from livevision.inference.http.plain_text import sentence
from livevision.inference.http.trouble import ServerTrouble, trouble_of_status, trouble_with
from livevision.inference.http.wire import Answer
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiohttp.abc import AbstractResolver
    from yarl import URL

    from livevision.inference.http.wire import Request

_EXCERPT_BYTES = 16_384
"""So much of an error page is read: some repeat the whole picture."""
_LONGEST_REASON = 60
_EXCERPT_PATIENCE = 1.0
"""Seconds for that."""


class Endpoint:
    """Asks one server, for all detectors that are there.  On one event loop.

    Redirects are not followed, cookies not kept, proxies not used, and certificates checked.  ``redact`` takes secrets
    out of what a server says.
    """

    def __init__(
        self,
        place: str,
        resolver: AbstractResolver,
        redact: Callable[[str], str],
        limits: Limits | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.place = place
        """Host and port, for the screen."""
        self._limits = limits or Limits()
        self.redact = redact
        """Takes secrets out of a text."""
        self.patience = self._limits.read
        """Seconds that an answer may take to begin."""
        self._turn = asyncio.Semaphore(self._limits.in_flight)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._limits.in_flight, keepalive_timeout=self._limits.keep_alive, resolver=resolver
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity", "User-Agent": "livevision", **(headers or {})},
            # Proxies out of the environment would be looked up in the loop's default executor.
            trust_env=False,
            timeout=aiohttp.ClientTimeout(
                total=self._limits.total, connect=self._limits.connect, sock_read=self._limits.read
            ),
        )

    def __repr__(self) -> str:
        return f"<Endpoint {self.place} {'closed' if self._session.closed else 'open'}>"

    async def post(self, request: Request) -> Answer:
        """Send a picture, once, and return the answer.  Raises ServerTrouble."""
        headers, body = dict(request.headers), request.body
        if not isinstance(body, bytes):
            headers["Content-Type"], body = encode_form(body)
        return await self._ask("POST", request.url, headers, Body(body))

    async def get(self, url: URL, headers: Mapping[str, str] | None = None) -> Answer:
        """Read a small document.  Raises ServerTrouble."""
        return await self._ask("GET", url, dict(headers or {}), None)

    async def aclose(self) -> None:
        """Close all connections.  May be called twice."""
        await self._session.close()

    async def _ask(self, method: str, url: URL, headers: dict[str, str], body: Body | None) -> Answer:
        await self._wait_for_turn()
        try:
            async with self._session.request(
                method, url, headers=headers, data=body, allow_redirects=False
            ) as response:
                if 200 <= response.status < 300:
                    return Answer(await self._read(response), response.headers)
                raise await self._refusal(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # ValueError: a header that cannot be sent, or an answer that aiohttp could not take apart.
            raise trouble_with(self.place, error, self._limits) from error
        finally:
            self._turn.release()

    async def _wait_for_turn(self) -> None:
        try:
            async with asyncio.timeout(self._limits.turn):
                await self._turn.acquire()
        except TimeoutError:
            raise ServerTrouble(
                say(
                    "server {place} has {count} pictures to answer already; ask it for fewer cameras",
                    place=self.place,
                    count=self._limits.in_flight,
                )
            ) from None

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        """Return the body, unpacked, as long as it is not too much; stop reading as soon as it is."""
        most = self._limits.answer
        if (response.content_length or 0) > most:
            raise self._too_much()
        body = bytearray()
        async for portion in response.content.iter_any():
            body += portion
            if len(body) > most:
                raise self._too_much()
        return bytes(body)

    async def _refusal(self, response: aiohttp.ClientResponse) -> ServerTrouble:
        excerpt = bytearray()
        with suppress(TimeoutError, aiohttp.ClientError):  # the status is known, which is what counts
            async with asyncio.timeout(_EXCERPT_PATIENCE):
                while len(excerpt) < _EXCERPT_BYTES and (more := await response.content.read(_EXCERPT_BYTES)):
                    excerpt += more
        body = self.redact(excerpt[:_EXCERPT_BYTES].decode("utf-8", "replace")).encode()
        status = self.redact(sentence(f"{response.status} {response.reason or ''}", _LONGEST_REASON))
        # Again: what JSON writes with escapes is only a secret when it is read.
        return trouble_of_status(self.place, status, response.headers, self.redact(complaint_of(body)), body)

    def _too_much(self) -> ServerTrouble:
        return ServerTrouble(
            say(
                "server {place} answered more than {most} MB, and was cut off",
                place=self.place,
                most=self._limits.answer >> 20,
            )
        )
