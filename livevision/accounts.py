"""User names and passwords of cameras on their way: into the keyring once they work, out of it when they are needed."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from livevision.credentials import Credentials, Vault, join, split
from livevision.redaction import Redactor
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.credentials import KeyringBackend
    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus

_PATIENCE = 3.0
"""Seconds for a keyring to answer; one that waits for somebody to unlock it must not keep a camera from opening."""


class Accounts:
    """Completes addresses with what the keyring knows, and keeps what turned out to work.  On one event loop."""

    def __init__(self, redactor: Redactor, find_backend: Callable[[], KeyringBackend | None] | None = None) -> None:
        self._redactor = redactor
        # The keyring blocks, and may wait for its operator: a thread that nobody else needs.
        self._keyring = ThreadPoolExecutor(1, thread_name_prefix="keyring")
        self._vault = Vault(self._keyring, find_backend)

    @property
    def notice(self) -> str:
        """One sentence for the operator when passwords do not last; empty while they do."""
        return self._vault.notice

    async def complete(self, address: str) -> str:
        """Return the address of a network camera with its account, if it has one or the keyring knows it."""
        bare, given = split(address)
        account = given or await self._find(bare)
        if account is None:
            return address
        complete = join(bare, account)
        self._redactor.learn(complete, account)
        return complete

    async def keep(self, address: str) -> None:
        """Keep the account in ``address``, if there is one, for the next time."""
        bare, given = split(address)
        if given is not None:
            await self._vault.keep(bare, given)

    async def find_key(self, host: str) -> str | None:
        """Return the key of an inference server, ``gpu1:9001``, where the keyring knows one."""
        account = await self._find(f"inference://{host}")
        return account.password if account else None

    def close(self) -> None:
        """Stop asking.  An unlock prompt that nobody answers is left alone."""
        self._keyring.shutdown(wait=False, cancel_futures=True)

    async def _find(self, bare: str) -> Credentials | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._vault.find(bare)
        except TimeoutError:
            return None


class WhenLive:
    """A subscriber that does something once, the first time that its camera is live."""

    wants = Demand.KEYFRAMES

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do
        self._done = False

    def on_frame(self, frame: Frame) -> None:
        """Nothing to do."""

    def on_result(self, result: Result) -> None:
        """Nothing to do."""

    def on_status(self, status: CameraStatus) -> None:
        """Do it."""
        if status.state is CameraState.LIVE and not self._done:
            self._done = True
            self._do()
