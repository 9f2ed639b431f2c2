"""Which way an RTSP camera's pictures come: the one that was asked for, or the other when nothing arrives by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.sources.address import Address, Transport
from livevision.sources.stream import StreamReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.sources.reader import SourceInfo

_OTHER = {Transport.TCP: Transport.UDP, Transport.UDP: Transport.TCP}


class TransportChoice:
    """An ``OpenReader`` of an RTSP camera that changes the transport after an attempt by which no picture came.

    It begins with the address's own, or with TCP.  Once a picture has come the choice is made for good: a camera that
    reboots is not asked for what it cannot do.  Called from one capture thread at a time.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._next = address.transport or Transport.TCP
        self._is_proved = False

    def __repr__(self) -> str:
        return f"<TransportChoice {self._address.name!r}, next is {self._next.value}>"

    def __call__(self, generation: int) -> StreamReader:
        """Return the reader of the next attempt."""
        transport = self._next
        if not self._is_proved:
            # Unless this attempt proves it.
            self._next = _OTHER[transport]
        return _ProvingReader(self._address, generation, transport, self._prove)

    def _prove(self, transport: Transport) -> None:
        self._next, self._is_proved = transport, True


class _ProvingReader(StreamReader):
    """Says by which transport a first picture came; opening ends with it."""

    def __init__(
        self, address: Address, generation: int, transport: Transport, prove: Callable[[Transport], None]
    ) -> None:
        super().__init__(address.url, address.name, generation, transport)
        self._proving = (prove, transport)

    def open(self) -> SourceInfo:
        info = super().open()
        prove, transport = self._proving
        prove(transport)
        return info
