"""Addresses of network cameras: taken apart, made fit for FFmpeg, and named without their secrets (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote, unquote_to_bytes

from livevision.errors import UsageError
from livevision.sources.options import nearest
from livevision.wording import say

PORTS: dict[str, int | None] = {
    "rtsp": 554,
    "rtsps": 322,
    "http": 80,
    "https": 443,
    "rtmp": 1935,
    "rtmps": 443,
    "udp": None,
}
"""The schemes that can be read, and their usual ports; UDP has none."""

_FORM = say(
    "It looks like rtsp://user:password@host:554/path; "
    "write : / @ # ? and % in a password as %3A %2F %40 %23 %3F and %25."
)
_PARTS = re.compile(r"([a-z][a-z0-9+.-]*)://(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"(\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[^\s:/?#@\[\]\\]+)(?::(\d{1,5}))?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_END_OF_AUTHORITY = re.compile(r"[/?#]")


class Transport(Enum):
    """How the pictures of an RTSP camera travel."""

    TCP = "tcp"
    """Inside the connection: nothing is lost on the way, and firewalls let it through."""
    UDP = "udp"
    """Beside it: never late, but what is lost on the way stays lost.  Some old cameras know nothing else."""


@dataclass(frozen=True, slots=True)
class Address:
    """A network source.  Its ``repr`` has no secret in it."""

    scheme: str
    host: str
    """Name or number, IPv6 without its brackets; empty where any sender will do (``udp://:1234``)."""
    port: int
    url: str = field(repr=False)
    """For FFmpeg: without our own options, user name and password percent-encoded."""
    name: str
    """Host and path, fit to be shown and logged."""
    transport: Transport | None = None
    """The transport that was asked for; None where nothing was said."""


def is_address(source: str) -> bool:
    """Say whether ``source`` is written as an address, of whatever scheme; ``file://`` is none."""
    found = _PARTS.fullmatch(source.strip())
    return found is not None and found[1].lower() != "file"


def scheme_of(source: str) -> str:
    """Return what stands before ``://``, in lower case."""
    return source.strip().partition("://")[0].lower()


def parse_address(source: str) -> Address:
    """Take an address apart.  Raises UsageError, whose message has no secret in it.

    A password may be written as it is as long as it can be told from the rest: up to the last ``@`` before the host.
    Where it could be read in two ways, percent-encoding is asked for instead of guessing: a wrong guess would send
    half of the password to a stranger's name server.
    """
    found = _PARTS.fullmatch(source.strip())
    scheme = found[1].lower() if found else ""
    if found is None or scheme not in PORTS:
        known = ", ".join(f"{scheme}://" for scheme in PORTS)
        raise UsageError(
            say(
                "{scheme}:// cannot be read{hint}; known are {known}.",
                scheme=scheme,
                hint=nearest(scheme, PORTS),
                known=known,
            )
        )
    if _CONTROL.search(source.strip()):
        raise UsageError(
            say(
                "This {scheme}:// source has a line break or another control character in it. Type it anew.",
                scheme=scheme,
            )
        )
    account, rest = _split_account(scheme, found[2])
    end = _END_OF_AUTHORITY.search(rest)
    authority, path = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    host, port = _host_and_port(scheme, authority)
    path, transport = _take_transport(path) if scheme in {"rtsp", "rtsps"} else (path, None)
    login = "" if account is None else f"{_encoded(account)}@"
    # udp://@group:port means "listen there", with nobody's name before the @.
    url = f"{scheme}://{login}{authority}{path}"
    return Address(scheme, host, port, url, _name(scheme, authority, path), transport)


def split_account(source: str) -> tuple[str, str | None]:
    """Return an address without its account, and that account as it was written; None where it has none.

    Raises UsageError where the address can be read in two ways.
    """
    found = _PARTS.fullmatch(source.strip())
    if found is None or not is_address(source):
        return source.strip(), None
    account, rest = _split_account(found[1].lower(), found[2])
    return f"{found[1]}://{rest}", account


def name_of(source: str) -> str:
    """Return what an address is called on the screen, right or wrong.  Never has an account or a query in it."""
    try:
        return parse_address(source).name
    except UsageError:
        rest = _CONTROL.sub("", source.strip().partition("://")[2])
        # In doubt everything up to the last @ of all is secret: a password may have / ? # and @ in it.
        rest = rest.rpartition("@")[2]
        shown = re.split(r"[?#]", rest, maxsplit=1)[0].rstrip("/")
        # Whoever forgot the @ has the password where the port should be.
        host, slash, path = shown.partition("/")
        valid = _HOST.fullmatch(host)
        return f"{host}{slash}{path}" if valid else scheme_of(source)


def _split_account(scheme: str, rest: str) -> tuple[str | None, str]:
    """Split ``user:password`` from what follows its ``@``; None where there is no account."""
    end = _END_OF_AUTHORITY.search(rest)
    authority, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    if not _has_account(tail):
        account, at, host = authority.rpartition("@")
        return (account if at else None), f"{host}{tail}"
    # There is an @ behind the first / ? or #: part of the path, or of a password that was written as it is?
    if "@" not in authority and ":" not in rest[: rest.rindex("@")]:
        return None, rest
    account, _, host = rest.rpartition("@")
    earlier = [_END_OF_AUTHORITY.split(part, maxsplit=1)[0] for part in account.split("@")[1:]]
    if any(_HOST.fullmatch(part) for part in (authority.rpartition("@")[2], *earlier)):
        raise UsageError(
            say("The address of {address} can be read in two ways. {form}", address=_masked(scheme, rest), form=_FORM)
        )
    return account, host


def _has_account(tail: str) -> bool:
    # An @ in a query is the value of a parameter, as in ?mail=a@b.
    path, mark, query = tail.partition("?")
    return "@" in path or (bool(mark) and "@" in query and ("=" not in query.partition("@")[0] or not path))


def _host_and_port(scheme: str, authority: str) -> tuple[str, int]:
    if scheme == "udp" and authority.startswith(":"):
        authority = f"0.0.0.0{authority}"
    found = _HOST.fullmatch(authority)
    port = int(found[2]) if found and found[2] else PORTS[scheme]
    if scheme == "udp" and found and port is None:
        raise UsageError(say("udp://{host} has no port. Write the one to listen on: udp://{host}:1234.", host=found[1]))
    if not found or not port or port > 65535:
        raise UsageError(
            say(
                "The address of {address} has no valid host or port. {form}",
                address=_masked(scheme, authority),
                form=_FORM,
            )
        )
    return found[1].strip("[]"), port


def _take_transport(path: str) -> tuple[str, Transport | None]:
    """Take ``transport=…`` out of the query; everything else belongs to the camera and stays as it is."""
    before, mark, query = path.partition("?")
    kept, transport = [], None
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name.lower() != "transport":
            kept.append(part)
            continue
        try:
            transport = Transport(value.lower())
        except ValueError:
            known = tuple(transport.value for transport in Transport)
            raise UsageError(
                say("unknown transport{hint}; there are {known}", hint=nearest(value, known), known=", ".join(known))
            ) from None
    rest = "&".join(kept)
    return before + (mark + rest if rest else ""), transport


def _encoded(account: str) -> str:
    user, colon, password = account.partition(":")
    # Unquoted first: what was percent-encoded already means the same.
    return colon.join(quote(unquote_to_bytes(part), safe="") for part in (user, password)[: 1 + len(colon)])


def _name(scheme: str, authority: str, path: str) -> str:
    usual = PORTS[scheme]
    host = authority.removesuffix(f":{usual}") if usual else f"{scheme}://{authority}"
    return host + re.split(r"[?#]", path, maxsplit=1)[0].rstrip("/")


def _masked(scheme: str, rest: str) -> str:
    """Name a broken address by what is surely no secret of it."""
    host = re.split(r"[/?#]", rest.rpartition("@")[2], maxsplit=1)[0]
    return host if _HOST.fullmatch(host) else say("this {scheme}:// source", scheme=scheme)
