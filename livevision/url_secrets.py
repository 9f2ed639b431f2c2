"""Addresses without their secrets, as files hold them, and with them again (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from livevision.credentials import Credentials
from livevision.errors import UsageError
from livevision.redaction import MASK, NAMED_SECRET
from livevision.sources.address import is_address, split_account

if TYPE_CHECKING:
    import re

_QUERY = "query"
"""The user name under which the secrets of a query are kept: they belong to nobody by name."""


def concealed(address: str) -> str:
    """Return ``address`` without user name, password, and the secrets of its query or path.

    ``rtsp://me:pw@camera/1?token=abc`` becomes ``rtsp://camera/1?token=•••``: what is left says where the secret was,
    so that :func:`revealed` can put it back.  What is no network address, such as a path, comes back as it is.
    """
    if not is_address(address):
        return address
    return NAMED_SECRET.sub(rf"\g<1>{MASK}", _without_account(address))


def hidden(address: str) -> Credentials | None:
    """Return the secrets that :func:`concealed` takes out of a query or path, for the keyring; None for none.

    To be kept under the concealed address.  The account before the ``@`` is none of them: it has its own entry.
    """
    if not is_address(address):
        return None
    found = [match[2] for match in NAMED_SECRET.finditer(_without_account(address))]
    known = [secret for secret in found if secret != MASK]
    return Credentials(_QUERY, "&".join(quote(secret, safe="") for secret in known)) if known else None


def revealed(address: str, kept: Credentials | None) -> str:
    """Return a concealed ``address`` with the secrets that were :func:`hidden`; as it is where they are not known."""
    secrets = [unquote(secret) for secret in kept.password.split("&")] if kept and kept.password else []
    rest = iter(secrets)

    def reveal(found: re.Match[str]) -> str:
        return found[1] + (next(rest, MASK) if found[2] == MASK else found[2])

    return NAMED_SECRET.sub(reveal, address) if is_address(address) else address


def lacks_secret(address: str) -> bool:
    """Say whether a secret is missing in ``address``, so that the operator has to be asked for it."""
    return is_address(address) and any(match[2] == MASK for match in NAMED_SECRET.finditer(address))


def _without_account(address: str) -> str:
    try:
        return split_account(address)[0]
    except UsageError:
        # It can be read in two ways, and no camera was opened by it.  In doubt everything before the last @ is secret.
        scheme, _, rest = address.strip().partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"
