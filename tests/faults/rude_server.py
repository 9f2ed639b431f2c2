"""A server that says what no server should, on a real socket."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    Answer = Callable[[bytes], Iterator[bytes]]

_POLL = 0.1
_BETWEEN_PICTURES = 0.02


class RudeServer:
    """Answers each request (all up to an empty line) with what ``answer`` yields, then waits for the next.

    ``port`` is where it listens; ``connections`` counts who came.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._closed = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_POLL)
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End all connections and wait for the threads.  May be called twice."""
        self._closed.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name="rude server")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closed.is_set():
            with suppress(TimeoutError):
                connection = self._listener.accept()[0]
                self.connections += 1
                self._run(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(_POLL)
            heard = b""
            while not self._closed.is_set():
                with suppress(TimeoutError):
                    more = connection.recv(4096)
                    if not more:
                        return
                    heard += more
                while b"\r\n\r\n" in heard:
                    request, _, heard = heard.partition(b"\r\n\r\n")
                    for part in self._answer(request):
                        self._send(connection, part)

    def _send(self, connection: socket.socket, part: bytes) -> None:
        rest = memoryview(part)
        while rest and not self._closed.is_set():
            with suppress(TimeoutError):
                rest = rest[connection.send(rest) :]


def rtsp_head(request: bytes, *lines: str) -> bytes:
    """The beginning of a proper answer, without the empty line."""
    number = re.search(rb"CSeq: *(\d+)", request, re.IGNORECASE)
    head = ["RTSP/1.0 200 OK", f"CSeq: {int(number[1]) if number else 1}", *lines]
    return "".join(f"{line}\r\n" for line in head).encode()


def without_media(request: bytes) -> Iterator[bytes]:
    """A camera that has nothing to show."""
    if request.startswith(b"DESCRIBE"):
        sdp = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=nothing\r\nt=0 0\r\n"
        yield rtsp_head(request, "Content-Type: application/sdp", f"Content-Length: {len(sdp)}")
        yield f"\r\n{sdp}".encode()
    else:
        yield rtsp_head(request, "Public: OPTIONS, DESCRIBE, SETUP, PLAY") + b"\r\n"


def endless_rtsp_header(request: bytes) -> Iterator[bytes]:
    """A hundred megabytes before the end of a header."""
    yield rtsp_head(request) + b"X-Filler: "
    yield from _hundred_megabytes()


def endless_http_header(_request: bytes) -> Iterator[bytes]:
    """The same on the web."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=x\r\nX-Filler: "
    yield from _hundred_megabytes()


def _hundred_megabytes() -> Iterator[bytes]:
    for _ in range(1600):
        yield b"a" * (1 << 16)
    yield b"\r\n\r\n"


def broken_mjpeg(jpegs: list[bytes]) -> Answer:
    """Pictures between boundaries that are wrong in every way, for ever."""
    seps = (
        b"--x\r\nContent-Type: image/jpeg\r\n\r\n",  # no length
        b"\r\n--x\r\nContent-Length: 12\r\nContent-Type: image/jpeg\r\n\r\n",  # a wrong one
        b"--y\r\n\r\n",  # another's boundary
        b"\r\n--x\r\ngarbage\r\n\x00\xff\r\n--x\r\nContent-Type: image/jpeg\r\n\r\n",
    )

    def answer(_request: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=x\r\n\r\n"
        # Twenty good ones to begin with, as a camera does that is about to break.
        for jpeg in jpegs:
            yield f"--x\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n".encode() + jpeg + b"\r\n"
            time.sleep(_BETWEEN_PICTURES)
        for number in range(400):
            yield seps[number % len(seps)] + jpegs[number % len(jpegs)] + b"\r\n"

    return answer
