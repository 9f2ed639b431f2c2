"""Models on servers, by their addresses: what the registry turns to."""

from __future__ import annotations

import asyncio
import importlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from livevision.inference.http.address import ALIASES, parse_server_address
from livevision.inference.http.keys import Keys
from livevision.redaction import NAMED_SECRET, Redactor
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from yarl import URL

    from livevision.inference.http.address import ServerAddress
    from livevision.inference.http.detector import HttpDetector
    from livevision.inference.http.endpoints import Endpoints
    from livevision.inference.http.limits import Limits
    from livevision.inference.http.wire import WireFormat
    from livevision.inference.options import ModelOptions

_ROOM = "livevision.inference.http"
TRANSPORTS = ("http", "https")


@dataclass(frozen=True, slots=True)
class Formats:
    """The wire formats that there are, by the name that an address begins with."""

    makers: Mapping[str, Callable[[URL, str | None, ModelOptions], WireFormat]]
    """Each is called with the server's address without key and account, the key, and the options."""
    key_variables: Mapping[str, str] = field(default_factory=dict)
    """The environment variable that usually has the key."""


class HttpModels:
    """Loads detectors that are servers, and owns their connections and threads.  On one event loop.

    ``find_key`` asks the keyring for the key of a host and port; ``learn_secret`` is told every key before it is used.
    aiohttp and the formats are imported when they are first needed, off the loop.
    """

    def __init__(
        self,
        find_key: Callable[[str], Awaitable[str | None]],
        learn_secret: Callable[[str], None],
        formats: Formats | None = None,
        environment: Mapping[str, str] = os.environ,
        limits: Limits | None = None,
    ) -> None:
        self._find_key = find_key
        self._learn_secret = learn_secret
        self._formats = formats
        self._environment = environment
        self._limits = limits
        self._redactor = Redactor()  # for what servers say: they like to repeat the key that they were given
        self._endpoints: Endpoints | None = None

    def __repr__(self) -> str:
        return f"<HttpModels {self._endpoints or 'none yet'}>"

    def schemes(self) -> tuple[str, ...]:
        """Return what addresses may begin with: ``kserve+http``, ``kserve+https`` and so on."""
        names = [*self._known().makers, *(alias for alias, name in ALIASES.items() if name in self._known().makers)]
        return tuple(f"{name}+{transport}" for name in names for transport in TRANSPORTS)

    async def load(self, address: str, options: ModelOptions) -> HttpDetector:
        """Return a detector, whether or not its server is there by now; close it with its ``aclose``.

        Raises UsageError for an address or a key that can be none.
        """
        await _import(f"{_ROOM}.endpoints", f"{_ROOM}.detector", *([] if self._formats else [f"{_ROOM}.formats"]))
        from livevision.inference.http.detector import HttpDetector
        from livevision.inference.http.endpoints import Endpoints

        formats = self._known()
        server = parse_server_address(address, formats.makers)
        keys = Keys(formats.key_variables, self._find_key, self._learn, self._environment)
        self._learn_secrets(server)
        key = await keys.key_for(server)
        wire = formats.makers[server.format](server.url, key, options)
        if self._endpoints is None:
            self._endpoints = Endpoints(self._redactor.redact, self._limits)
        lease = self._endpoints.lease(server)
        hint = say("; set {variable}", variable=keys.variable_for(server))
        return HttpDetector(server.name, wire, lease, options.in_flight, hint)

    async def aclose(self) -> None:
        """Close all connections, whoever still has a detector, and end the threads.  May be called twice."""
        endpoints, self._endpoints = self._endpoints, None
        if endpoints is not None:
            await endpoints.aclose()

    def _known(self) -> Formats:
        if self._formats is None:
            found: Any = importlib.import_module(f"{_ROOM}.formats")
            self._formats = Formats(found.FORMATS, found.KEY_VARIABLES)
        return self._formats

    def _learn(self, secret: str) -> None:
        self._redactor.learn_secret(secret)
        self._learn_secret(secret)

    def _learn_secrets(self, server: ServerAddress) -> None:
        """Learn the password, and what else is one in the query: servers repeat it with or without its name."""
        password = (server.account or "").partition(":")[2]
        named = (match[2] for match in NAMED_SECRET.finditer(str(server.url)))
        for secret in (password, *(unquote(each) for each in named)):
            if secret:
                self._learn(secret)


async def _import(*names: str) -> None:
    """Import modules in a thread: they bring a web client and OpenCV along, a quarter of a second."""
    import sys

    missing = [name for name in names if name not in sys.modules]
    if missing:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix="http import") as thread:
            for name in missing:
                await loop.run_in_executor(thread, importlib.import_module, name)
