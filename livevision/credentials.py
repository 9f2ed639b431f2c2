"""User names and passwords: out of addresses, into the keyring of the operating system, and back."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import quote, unquote

from livevision.errors import UsageError
from livevision.sources.address import split_account
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

logger = logging.getLogger(__name__)

SERVICE = "livevision"
"""What the keyring files all entries under."""

_ADDRESS = re.compile(r"\s*([a-z][a-z0-9+.-]*)://(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_NO_KEYRING = say(
    "There is no keyring on this computer that could keep passwords: they are forgotten when livevision is closed."
)
_KEYRING_FAILED = say("The keyring of this computer refused: new passwords are forgotten when livevision is closed.")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account of a camera, as it is typed: nothing in it is percent-encoded."""

    user: str
    password: str = field(default="", repr=False)


def split(address: str) -> tuple[str, Credentials | None]:
    """Return ``address`` without the user name and password in it, and these; None where it has none.

    A password may be percent-encoded or written as it is, even with ``@ : / ? #`` in it.  An address that can be read
    in two ways comes back as it is, for the registry to refuse: a wrong guess would send half of the password to a
    stranger's name server.
    """
    try:
        bare, account = split_account(address)
    except UsageError:
        return address.strip(), None
    return bare, None if account is None else _parse(account)


def join(address: str, credentials: Credentials | None) -> str:
    """Return ``address`` with ``credentials`` in it, percent-encoded, in place of any that it had."""
    match = _ADDRESS.fullmatch(split(address)[0])
    if match is None or match[1].lower() == "file" or credentials is None:
        return address
    return f"{match[1]}://{_user_info(credentials)}@{match[2]}"


def possible_passwords(address: str) -> Iterator[str]:
    """Yield what could be meant as the password in ``address``, however it is read; not percent-decoded.

    More than :func:`split` sees: what must not be shown includes what may have been read wrongly.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or match[1].lower() == "file":
        return
    for at in re.finditer("@", match[2]):
        _user, colon, password = match[2][: at.start()].partition(":")
        if colon:
            yield password


class KeyringBackend(Protocol):
    """What is used of a backend of the package ``keyring``.  Every call may block, and raise anything."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what was kept, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget it; raises where there is none."""


T = TypeVar("T")


class Vault:
    """Keeps credentials by the address that they belong to, in the keyring where there is one that works.

    Belongs to one event loop.  A keyring is asked in ``run_in``, for it may wait for the operator to unlock it: give it
    an executor with one thread that nothing else needs.  Without a keyring, credentials live as long as the vault.
    ``find_backend`` is called there once, at first use.
    """

    def __init__(self, run_in: Executor, find_backend: Callable[[], KeyringBackend | None] | None = None) -> None:
        self._run_in = run_in
        self._find_backend = find_backend or usual_backend
        self._opening = asyncio.Lock()
        self._opened = False
        self._backend: KeyringBackend | None = None
        self._session: dict[str, Credentials] = {}
        self.notice = ""
        """One sentence for the operator when passwords do not last; empty while they do."""

    def __repr__(self) -> str:
        return f"<Vault {'lasting' if self.is_lasting else 'for this session'}>"

    @property
    def is_lasting(self) -> bool:
        """Whether what is kept outlives the app, as far as is known: False before :meth:`open`."""
        return self._opened and not self.notice

    async def open(self) -> None:
        """Find out whether there is a keyring; unlocks nothing.  Every other method does it first by itself."""
        async with self._opening:
            if not self._opened:
                self._backend = await self._ask(self._find_backend)
                self.notice = "" if self._backend else _NO_KEYRING
                self._opened = True

    async def keep(self, address: str, credentials: Credentials) -> None:
        """Keep ``credentials`` for ``address``; what it has in it itself does not matter."""
        await self.open()
        key = split(address)[0]
        self._session[key] = credentials
        backend = self._backend
        if backend is None:
            return
        try:
            await self._ask(lambda: backend.set_password(SERVICE, key, _user_info(credentials)))
        except Exception as error:  # a backend may be anybody's plug-in
            self._give_up(error)

    async def find(self, address: str) -> Credentials | None:
        """Return what was kept for ``address``, or None."""
        await self.open()
        key = split(address)[0]
        backend = self._backend
        if key in self._session or backend is None:
            return self._session.get(key)
        try:
            kept = await self._ask(lambda: backend.get_password(SERVICE, key))
        except Exception as error:  # as above
            self._give_up(error)
            return None
        if kept is not None:
            self._session[key] = _parse(kept)
        return self._session.get(key)

    async def forget(self, address: str) -> None:
        """Forget what was kept for ``address``, if anything was."""
        await self.open()
        key = split(address)[0]
        self._session.pop(key, None)
        backend = self._backend
        if backend is None:
            return
        try:
            if await self._ask(lambda: backend.get_password(SERVICE, key)) is not None:
                await self._ask(lambda: backend.delete_password(SERVICE, key))
        except Exception as error:  # as above
            self._give_up(error)

    async def _ask(self, question: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._run_in, question)

    def _give_up(self, error: Exception) -> None:
        # Its message is not logged: nobody knows what a backend puts into it.
        logger.warning("%s (%s)", _KEYRING_FAILED, type(error).__name__)
        self.notice = _KEYRING_FAILED


def usual_backend() -> KeyringBackend | None:
    """Return the keyring of this desktop, or None where there is none.  Blocks: it looks around on D-Bus."""
    # Looks for plug-ins when it is imported, which is none of the window's business before it is shown.
    import keyring
    from keyring.backends import fail, null

    try:
        backend = keyring.get_keyring()
    except Exception as error:  # a broken plug-in or configuration file
        logger.warning("The keyring could not be used (%s)", type(error).__name__)
        return None
    return None if isinstance(backend, (fail.Keyring, null.Keyring)) else backend


def _parse(user_info: str) -> Credentials:
    user, _, password = user_info.partition(":")
    # Bytes that are no UTF-8 survive the way there and back.
    return Credentials(unquote(user, errors="surrogateescape"), unquote(password, errors="surrogateescape"))


def _user_info(credentials: Credentials) -> str:
    # The colon is there even with an empty password: without it FFmpeg answers a camera's question with nothing.
    return f"{_quote(credentials.user)}:{_quote(credentials.password)}"


def _quote(text: str) -> str:
    return quote(text, safe="", errors="surrogateescape")
