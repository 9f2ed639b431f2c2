"""What can be wrong with a server, in an operator's words."""

from __future__ import annotations

import os
import re
import ssl
import time
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING

import aiohttp

from livevision.errors import DetectorUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livevision.inference.http.limits import Limits

_EXCERPT = 100
"""Characters of a server's own words that are shown."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, and those that change the direction of the text around them."""
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]{0,200}>", re.DOTALL | re.IGNORECASE)
"""An error page is HTML; its words are what counts."""


class Cause(Enum):
    """Whose turn it is."""

    SERVER = "server"
    """Nobody's but the server's: it is away, busy or broken."""
    KEY = "key"
    """The operator's: the server wants to know who asks."""


class ServerTrouble(DetectorUnavailable):
    """A request that brought nothing.  ``wish`` is how many seconds the server wants to be left alone, if it said."""

    def __init__(self, message: str, cause: Cause = Cause.SERVER, wish: float | None = None) -> None:
        super().__init__(message, 0.0)
        self.cause = cause
        self.wish = wish

    def again(self) -> ServerTrouble:
        """Return the same without its traceback, for somebody else who waited."""
        return ServerTrouble(str(self), self.cause, self.wish)


def trouble_with(place: str, error: Exception, limits: Limits) -> ServerTrouble:
    """Return what to say of an exception of aiohttp's or of the operating system's.

    Nothing of its own text is used that could have an address in it: a query may carry a key.
    """
    match error:
        case aiohttp.ConnectionTimeoutError():
            words = f"does not answer (no connection within {limits.connect:g} s)"
        case aiohttp.SocketTimeoutError():
            words = f"took longer than {limits.read:g} s to answer"
        case TimeoutError():
            words = f"took longer than {limits.total:g} s to answer in full"
        case aiohttp.ClientConnectorDNSError():
            words = "cannot be found: no name server knows it; check how it is written, and the network"
        case aiohttp.ClientConnectorCertificateError():
            reason = getattr(error.certificate_error, "verify_message", "") or "certificate not accepted"
            words = f"cannot be trusted ({reason}); let SSL_CERT_FILE name the certificate that it should have"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            words = "does not answer in TLS; is it http:// instead of https://?"
        case aiohttp.ClientConnectorError():
            words = f"does not answer ({_reason(error)})"
        case aiohttp.ServerDisconnectedError() | ConnectionError():
            words = "closed the connection instead of answering"
        case OSError():
            words = f"does not answer ({_reason(error)})"
        case aiohttp.ClientPayloadError():
            words = "broke off in the middle of its answer"
        case aiohttp.ClientResponseError():
            words = "does not speak HTTP, or not well"
        case _:
            words = f"could not be asked ({type(error).__name__})"
    return ServerTrouble(f"server {place} {words}")


def trouble_of_status(place: str, status: str, headers: Mapping[str, str], excerpt: str) -> ServerTrouble:
    """Return what to say of a status like ``503 Service Unavailable`` that is no success.

    ``excerpt`` is what the server said about it, cleaned.
    """
    wish = read_retry_after(headers.get("Retry-After"))
    said = f": {excerpt}" if excerpt else ""
    match status[:3]:
        case "401" | "403":
            return ServerTrouble(f"server {place} wants another API key ({status}){said}", Cause.KEY, wish)
        case "429":
            return ServerTrouble(f"server {place} is asked too often ({status}){said}", wish=wish)
        case "301" | "302" | "303" | "307" | "308":
            # Not followed: the key would go along to whoever is there.
            return ServerTrouble(f"server {place} redirects ({status}); use the address that it redirects to")
    return ServerTrouble(f"server {place} answered {status}{said}", wish=wish)


def clean_excerpt(body: bytes) -> str:
    """Return the first words of a server's answer, fit for one line on the screen."""
    text = _TAG.sub(" ", body[:4096].decode("utf-8", "replace"))
    text = " ".join(_CONTROL.sub(" ", text).split())
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1].rstrip()}…"


def read_retry_after(value: str | None, now: float | None = None) -> float | None:
    """Return the seconds of a ``Retry-After`` header, which has seconds or a date (RFC 9110, section 10.2.3).

    None where there is none, or one that makes no sense.  ``now`` is :func:`time.time`.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
        return max(0.0, then.timestamp() - (time.time() if now is None else now))
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _reason(error: OSError) -> str:
    # The text of an exception has an address in it, and differs from system to system.
    if isinstance(getattr(error, "os_error", error), ConnectionRefusedError):
        return "connection refused"
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "no connection"
