"""User names and passwords of cameras on their way: into the keyring once they work, out of it when they are needed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from livevision.credentials import Vault, join, split
from livevision.disk_threads import DiskThreads
from livevision.errors import UsageError
from livevision.redaction import MASK, Redactor
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState
from livevision.url_secrets import concealed, hidden, lacks_secret, revealed
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.credentials import KeyringBackend
    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus

logger = logging.getLogger(__name__)

_PATIENCE = 3.0
"""Seconds for a keyring to answer; one that waits for somebody to unlock it must not keep a camera from opening."""


class Accounts:
    """Completes addresses with what the keyring knows, and keeps what turned out to work.  On one event loop."""

    def __init__(self, redactor: Redactor, find_backend: Callable[[], KeyringBackend | None] | None = None) -> None:
        self._redactor = redactor
        # The keyring blocks, and may wait for its operator: a thread that nobody else needs.
        self._keyring = DiskThreads("keyring")
        self._vault = Vault(self._keyring, find_backend)

    @property
    def notice(self) -> str:
        """One sentence for the operator when passwords do not last; empty while they do."""
        return self._vault.notice

    async def complete(self, address: str, owner: str = "") -> str:
        """Return the address of a camera or model with its account and the secrets of its query, as far as known.

        ``owner`` is the id of the camera, as two of them may differ in nothing but their secrets.  Raises UsageError
        where a secret is missing that is only masked in the address.
        """
        bare, given = concealed(address), split(address)[1]
        account, kept = given, None
        try:
            async with asyncio.timeout(_PATIENCE):
                if lacks_secret(address):
                    kept = await self._vault.find(_query_key(bare, owner)) or await self._vault.find(_query_key(bare))
                account = given or await self._vault.find(bare)
        except TimeoutError:
            logger.warning("The keyring does not answer; unlock it, and open the camera again")
        complete = revealed(address, kept)
        if lacks_secret(complete):
            raise UsageError(
                say(
                    "The secret in {address} is not known on this computer any more; "
                    "add it anew with the real value in place of {mask}",
                    address=bare,
                    mask=MASK,
                )
            )
        complete = complete if account is None else join(complete, account)
        self._redactor.learn(complete, account)
        return complete

    async def keep(self, address: str, owner: str = "") -> None:
        """Keep the account in ``address`` and the secrets of its query, if there are any, for the next time."""
        bare, given = concealed(address), split(address)[1]
        if given is not None:
            await self._vault.keep(bare, given)
        if (secrets := hidden(address)) is not None:
            await self._vault.keep(_query_key(bare), secrets)
            if owner:
                await self._vault.keep(_query_key(bare, owner), secrets)

    async def find_key(self, host: str) -> str | None:
        """Return the key of an inference server, ``gpu1:9001``, where the keyring knows one."""
        try:
            async with asyncio.timeout(_PATIENCE):
                account = await self._vault.find(f"inference://{host}")
        except TimeoutError:
            return None
        return account.password if account else None

    async def aclose(self) -> None:
        """Keep what is being kept, and stop asking.  An unlock prompt that nobody answers is left alone."""
        await self._keyring.aclose(_PATIENCE)


def _query_key(bare: str, owner: str = "") -> str:
    """Return what the secrets of a query are kept under: beside the account, which has the address itself."""
    return f"query+{bare}#{owner}" if owner else f"query+{bare}"


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
