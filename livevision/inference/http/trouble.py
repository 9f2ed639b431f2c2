"""What can be wrong with a server, in an operator's words."""

from __future__ import annotations

import os
import ssl
import time
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING

import aiohttp

from livevision.errors import DetectorUnavailable
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livevision.inference.http.limits import Limits


class Cause(Enum):
    """Whose turn it is."""

    SERVER = "server"
    """Nobody's but the server's: it is away, busy or broken."""
    SLOW = "slow"
    """The server's, too: it has the picture, and did not answer in time."""
    KEY = "key"
    """The operator's: the server wants to know who asks."""
    PICTURE = "picture"
    """The next picture's: the server is there, and its model failed with this one."""
    REQUEST = "request"
    """The operator's where no picture was ever answered: what is sent is not what the server takes.  Else as above."""


class ServerTrouble(DetectorUnavailable):
    """A request that brought nothing.

    ``wish`` is how many seconds the server wants to be left alone, if it said; ``body`` the beginning of an error page,
    and ``status`` what it came with, as ``404``.
    """

    def __init__(
        self,
        message: str,
        cause: Cause = Cause.SERVER,
        wish: float | None = None,
        body: bytes = b"",
        status: str = "",
    ) -> None:
        super().__init__(message, 0.0)
        self.status = status
        self.cause = cause
        self.wish = wish
        self.body = body

    @property
    def is_about_address(self) -> bool:
        """Whether there is nothing at the address, or nothing for pictures, however they are sent."""
        return self.status in {"404", "405"}

    def again(self) -> ServerTrouble:
        """Return the same without its traceback, for somebody else who waited."""
        return ServerTrouble(self.text, self.cause, self.wish, self.body, self.status)


def trouble_with(place: str, error: Exception, limits: Limits) -> ServerTrouble:
    """Return what to say of an exception of aiohttp's or of the operating system's.

    Nothing of its own text is used that could have an address in it: a query may carry a key.
    """
    cause = Cause.SERVER
    match error:
        case aiohttp.ConnectionTimeoutError():
            words = say(
                "server {place} does not answer (no connection within {seconds:g} s)",
                place=place,
                seconds=limits.connect,
            )
        case aiohttp.SocketTimeoutError():
            cause = Cause.SLOW
            words = say("server {place} took longer than {seconds:g} s to answer", place=place, seconds=limits.read)
        case TimeoutError():
            cause = Cause.SLOW
            words = say(
                "server {place} took longer than {seconds:g} s to answer in full", place=place, seconds=limits.total
            )
        case aiohttp.ClientConnectorDNSError():
            words = say(
                "server {place} cannot be found: no name server knows it; check how it is written, and the network",
                place=place,
            )
        case aiohttp.ClientConnectorCertificateError():
            reason = getattr(error.certificate_error, "verify_message", "") or say("certificate not accepted")
            words = say(
                "server {place} cannot be trusted ({reason}); "
                "let SSL_CERT_FILE name the certificate that it should have",
                place=place,
                reason=reason,
            )
        case aiohttp.ClientSSLError() | ssl.SSLError():
            words = say("server {place} does not answer in TLS; is it http:// instead of https://?", place=place)
        case aiohttp.ClientConnectorError():
            words = say("server {place} does not answer ({reason})", place=place, reason=_reason(error))
        case aiohttp.ServerDisconnectedError() | ConnectionError():
            words = say("server {place} closed the connection instead of answering", place=place)
        case OSError():
            words = say("server {place} does not answer ({reason})", place=place, reason=_reason(error))
        case aiohttp.ClientPayloadError():
            words = say("server {place} broke off in the middle of its answer", place=place)
        case aiohttp.ClientResponseError():
            words = say("server {place} does not speak HTTP, or not well", place=place)
        case _:
            words = say("server {place} could not be asked ({kind})", place=place, kind=type(error).__name__)
    return ServerTrouble(words, cause)


def trouble_of_status(
    place: str, status: str, headers: Mapping[str, str], complaint: str, body: bytes = b""
) -> ServerTrouble:
    """Return what to say of a status like ``503 Service Unavailable`` that is no success.

    ``complaint`` is what the server said about it in one sentence, and ``body`` the beginning of how it said so.
    """
    wish = read_retry_after(headers.get("Retry-After"))
    said = f": {complaint}" if complaint and complaint.casefold() not in status.casefold() else ""
    match status[:3]:
        case "401" | "403":
            return ServerTrouble(
                say("server {place} wants another API key ({status}){said}", place=place, status=status, said=said),
                Cause.KEY,
                wish,
            )
        case "429":
            return ServerTrouble(
                say("server {place} is asked too often ({status}){said}", place=place, status=status, said=said),
                wish=wish,
            )
        case "301" | "302" | "303" | "307" | "308":
            # Not followed: the key would go along to whoever is there.
            return ServerTrouble(
                say(
                    "server {place} redirects ({status}); use the address that it redirects to",
                    place=place,
                    status=status,
                )
            )
    cause = _cause(status, body) if wish is None else Cause.SERVER
    words = say("server {place} answered {status}{said}", place=place, status=status, said=said)
    return ServerTrouble(words, cause, wish, body, status[:3])


def _cause(status: str, body: bytes) -> Cause:
    # TorchServe says 503 for whatever its model raises, in JSON; a balancer without a server behind it says it, too,
    # as a page or a line of text.
    if status[:3] == "500" or (status[:3] == "503" and body.lstrip()[:1] == b"{"):
        return Cause.PICTURE
    return Cause.REQUEST if status[:3] in {"400", "404", "405", "406", "413", "415", "422"} else Cause.SERVER


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
        return say("connection refused")
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else say("no connection")
