"""From what is typed into the fields of a network camera to one address, and back (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from livevision.credentials import Credentials, join, split
from livevision.sources.address import PORTS, Transport, is_address, scheme_of

WITH_TRANSPORTS = frozenset({"rtsp", "rtsps"})
"""The schemes whose pictures can come in two ways."""
_USUAL = "rtsp"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields.  Its ``repr`` has no secret in it."""

    address: str = field(repr=False)
    """May have a password in it, where nobody has taken it out yet."""
    user: str = ""
    password: str = field(default="", repr=False)
    transport: Transport | None = None
    """None for whichever works."""

    def taken_apart(self) -> Typed:
        """Return the same with the account and the transport of the address in fields of their own.

        An address that can be read in two ways stays as it is, for the registry to refuse.
        """
        bare, account = split(self.address)
        bare, transport = _take_transport(bare)
        return Typed(
            bare,
            self.user if account is None else account.user,
            self.password if account is None else account.password,
            transport or self.transport,
        )

    def source(self) -> str:
        """Return the address to open, its account percent-encoded; empty where there is none yet.

        Without a scheme it is taken for RTSP: what people read off a camera is ``192.168.1.20/stream1``.
        """
        typed = self.taken_apart()
        if not typed.address or typed.address.lower() in {f"{scheme}://" for scheme in PORTS}:
            return ""
        if not is_address(typed.address):
            typed = Typed(f"{_USUAL}://{self.address.strip()}", self.user, self.password, self.transport).taken_apart()
        address = typed.address
        if typed.transport is not None and scheme_of(address) in WITH_TRANSPORTS:
            address += f"{'&' if '?' in address else '?'}transport={quote(typed.transport.value)}"
        if typed.user or typed.password:
            return join(address, Credentials(typed.user, typed.password))
        return address


def _take_transport(address: str) -> tuple[str, Transport | None]:
    """Take a valid ``transport=…`` out of an RTSP address; one that is not known is left for the registry to refuse."""
    before, mark, query = address.partition("?")
    if not mark or scheme_of(address) not in WITH_TRANSPORTS:
        return address, None
    kept, transport = [], None
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name.lower() == "transport" and value.lower() in {way.value for way in Transport}:
            transport = Transport(value.lower())
        else:
            kept.append(part)
    return before + (f"?{'&'.join(kept)}" if kept else ""), transport
