"""Whether anybody answers at a network address; cheap enough to ask every second."""

from __future__ import annotations

import socket
from dataclasses import dataclass

_TIMEOUT = 0.5
_OPTIONS = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answering:
    """Asks ``host:port``, with or without a greeting to which an answer must come.

    A machine accepts connections for a program that hangs, too; only an answer shows that it runs.  No user name and
    no password is sent, so asking cannot lock an account.
    """

    host: str
    port: int
    greeting: bytes = b""

    def __call__(self) -> bool:
        """Return within about a second, and as soon as there is an answer; from any thread but the event loop's."""
        try:
            with socket.create_connection((self.host, self.port), _TIMEOUT) as connection:
                if not self.greeting:
                    return True
                connection.settimeout(_TIMEOUT)
                connection.sendall(self.greeting)
                return bool(connection.recv(1))
        except (OSError, ValueError):
            # ValueError: a name that is none, such as one with an empty label.
            return False


def answering(source: str, address: tuple[str, int] | None) -> Answering | None:
    """Return what tells whether ``source`` answers at its host and port; None for a source that has no address."""
    if address is None:
        return None
    # RTSP allows everybody to ask for the methods; of other protocols the connection must do.
    return Answering(*address, _OPTIONS if source.strip().lower().startswith("rtsp://") else b"")
