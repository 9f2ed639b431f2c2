"""A server that answers each connection with what a test says, word for word, however wrong that is."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self


class OddServer:
    """Calls ``answer(request)`` for each request of each connection, one at a time, and sends what it returns.

    None ends the connection, also as the last part of an answer: what is returned may be an iterable of bytes, too, so
    that one that never ends is a generator's work.
    """

    def __init__(self, answer: Callable[[bytes], object]) -> None:
        self._answer = answer
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self.sent = 0
        self.heard = b""  # what came while an answer was being sent
        self._thread = threading.Thread(target=self._serve, name="odd server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._ended.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                connection = self._listener.accept()[0]
                with connection, suppress(OSError):
                    connection.settimeout(0.05)
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        request = b""
        while not self._ended.is_set():
            try:
                chunk = connection.recv(4096)
            except TimeoutError:
                continue
            request += chunk
            if not chunk:
                return
            if not request.endswith(b"\r\n\r\n"):
                continue
            answer = self._answer(request)
            request = b""
            if answer is None:
                return
            for part in [answer] if isinstance(answer, bytes) else answer:
                if self._ended.is_set() or part is None:
                    return
                connection.settimeout(2)
                connection.sendall(part)
                if not isinstance(answer, bytes):
                    connection.settimeout(0)
                    with suppress(BlockingIOError):
                        self.heard += connection.recv(4096)
                connection.settimeout(0.05)
                self.sent += len(part)


def rtsp_answer(request: bytes, body: bytes = b"", status: str = "200 OK", head: str = "") -> bytes:
    """An answer as RTSP wants it."""
    number = next((line for line in request.split(b"\r\n") if line.lower().startswith(b"cseq")), b"CSeq: 0").decode()
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return f"RTSP/1.0 {status}\r\n{number}\r\n{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body
