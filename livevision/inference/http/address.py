"""Addresses of inference servers, as a user types them (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from yarl import URL

from livevision.errors import UsageError
from livevision.sources.address import split_account
from livevision.sources.options import nearest
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Collection

NAMES = ("roboflow", "kserve", "deepstack", "torchserve", "huggingface", "json")
"""The formats that there are, known without importing them."""
ALIASES = {"codeproject": "deepstack", "triton": "kserve", "hf": "huggingface"}
"""Other names of the same formats."""
KEY_PARAMETER = "api_key"
"""What carries a key in an address."""

_PARTS = re.compile(r"([a-z][a-z0-9-]*)(?:\+([a-z]*))?://(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_UNFIT = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a model is.  Its ``repr`` has no secret in it."""

    format: str
    """The wire format's name."""
    url: URL = field(repr=False)
    """With the query, without account and key."""
    name: str
    """What it is called on the screen: as it was typed, without account, query and key."""
    account: str | None = field(default=None, repr=False)
    """``user:password``, as they are; None without."""
    key: str | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """Host and port, for the screen; the usual port is left out."""
        return _place(self.url)


def parse_server_address(address: str, formats: Collection[str]) -> ServerAddress:
    """Take an address like ``kserve+http://user:password@gpu1:8000/yolo`` apart.

    Raises UsageError for what can be no address of a server; its message has no secret in it.
    """
    found = _PARTS.fullmatch(address.strip())
    if found is None:
        raise UsageError(say("this is no address of an inference server: {form}", form=_form(formats)))
    typed, transport, rest = found[1].lower(), (found[2] or "").lower(), found[3]
    kind = ALIASES.get(typed, typed)
    if typed in {"http", "https"}:
        # As it is asked most often: a plain URL, of which nobody can say what it speaks.
        raise UsageError(
            say("{typed}:// does not say what the server speaks: {form}", typed=typed, form=_form(formats))
        )
    if kind not in formats:
        raise UsageError(
            say(
                "no server speaks {typed!r}{hint}: {form}",
                typed=typed,
                hint=nearest(typed, (*formats, *ALIASES)),
                form=_form(formats),
            )
        )
    if transport not in {"http", "https"}:
        raise UsageError(
            say("{typed}:// needs to say how to get there: {typed}+http://… or {typed}+https://…", typed=typed)
        )
    scheme = f"{typed}+{transport}"
    try:
        bare, login = split_account(f"{scheme}://{rest}")
    except UsageError:  # it can be read in two ways
        raise _unusable(scheme) from None
    url = _parse(f"{transport}://{bare.removeprefix(f'{scheme}://')}", scheme)
    key = url.query.get(KEY_PARAMETER) or None
    url = url.without_query_params(KEY_PARAMETER)
    name = f"{typed}+{transport}://{_place(url)}{url.raw_path}".rstrip("/")
    return ServerAddress(kind, url, name, unquote(login) if login else None, key)


def _place(url: URL) -> str:
    host = f"[{url.host}]" if ":" in (url.host or "") else f"{url.host}"
    return host if url.is_default_port() else f"{host}:{url.port}"


def _parse(text: str, scheme: str) -> URL:
    if _UNFIT.search(text):
        raise UsageError(
            say(
                "this {scheme}:// address has a blank or a control character in it; write a blank as %20", scheme=scheme
            )
        )
    try:
        url = URL(text).with_fragment(None)
        valid = bool(url.host) and url.user is None and 0 < (url.port or 0) < 65536
    except ValueError:
        valid = False
    if not valid:
        raise _unusable(scheme)
    return url


def _unusable(scheme: str) -> UsageError:
    # Without the text: what follows // may be anything, a password that has a / or # in it, too.
    return UsageError(
        say(
            "this {scheme}:// address has no host and port that can be: it looks like {scheme}://host:8000/…; "
            "write : / @ # ? and % in a password as %3A %2F %40 %23 %3F and %25",
            scheme=scheme,
        )
    )


def _form(formats: Collection[str]) -> str:
    return say("it looks like {known}", known=", ".join(f"{each}+http://host:port/…" for each in sorted(formats)))
