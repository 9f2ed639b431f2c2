"""The login that a web camera wants and FFmpeg cannot give: a digest with another algorithm than MD5."""

from __future__ import annotations

import http.client
import secrets
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlsplit, urlunsplit

from livevision.sources.digest import Account, parse_challenge, strongest

SINGLE_FORMATS = "mpjpeg,mjpeg,mpegts,flv,matroska,mov"
"""What may be read with a login of our own: no playlist, for its segments would get the login, wherever they are."""


@dataclass(frozen=True, slots=True)
class WebLogin:
    """How to ask for the address with the login that was found out."""

    url: str
    """The address without user name and password."""
    algorithms: frozenset[str]
    header: str
    """The ``Authorization`` line, for one request; empty where none of the algorithms is known."""


def web_login(url: str, timeout: float) -> WebLogin | None:
    """Ask what login ``url`` wants, without giving one; None where FFmpeg can give it, or nobody answers.

    Blocks for ``timeout`` seconds at most at each step.
    """
    parts = urlsplit(url)
    if not parts.username or not parts.hostname:
        return None
    context = ssl.create_default_context()
    context.check_hostname = False  # as FFmpeg does: cameras sign themselves, and nothing secret is sent here
    context.verify_mode = ssl.CERT_NONE
    place = (parts.hostname, parts.port)
    connection = (
        http.client.HTTPSConnection(*place, timeout=timeout, context=context)
        if parts.scheme == "https"
        else http.client.HTTPConnection(*place, timeout=timeout)
    )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        lines = answer.headers.get_all("WWW-Authenticate", [])
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    challenges = [parse_challenge(line) for line in lines]
    digests = [each.algorithm for each in challenges if each.algorithm]
    # Of several digests FFmpeg answers the last.
    if answer.status != HTTPStatus.UNAUTHORIZED or digests[-1:] in ([], ["MD5"]):
        return None
    header, chosen = "", strongest(challenges)
    if chosen is not None:
        account = Account(unquote(parts.username), unquote(parts.password or ""))
        header = f"Authorization: {account.answer(chosen, 'GET', path, 1, secrets.token_hex(8))}\r\n"
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return WebLogin(bare, frozenset(digests), header)
