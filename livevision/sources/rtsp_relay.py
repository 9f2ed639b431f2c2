"""Between FFmpeg and an RTSP camera: logs in where FFmpeg cannot, and takes note of what the camera answered.

FFmpeg knows digests with MD5 only, and of a refusal it says neither the number nor what was asked for.  It is led to a
port of this machine instead, where each of its requests is passed on, with the login that the camera wants.
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from livevision.sources.digest import Account, Challenge, parse_challenge, strongest

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_HEADER = 1 << 16
_MOST_BODY = 1 << 20
_CHUNK = 1 << 16
_GRACE = 0.5
"""Seconds in which the camera may answer that a session is over."""
_MOST_PENDING = 64
_UNAUTHORIZED = 401
_INTERLEAVED = 0x24
_LENGTH = re.compile(rb"^content-length:\s*(\d{1,9})", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(rb"^cseq:\s*(\d{1,9})", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"RTSP/\d\.\d (\d{3}) ?([^\r\n]{0,100})")
_CHALLENGE = re.compile(rb"^www-authenticate:([^\r\n]*)\r?\n", re.IGNORECASE | re.MULTILINE)
_LOGIN = re.compile(rb"^authorization:[^\r\n]*\r?\n", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Answered:
    """What the camera answered last, except that all was well."""

    status: int = 0
    unknown: frozenset[str] = frozenset()
    """The algorithms of the digests that it asks for, where none of them is known."""
    logged_in: bool = False
    """Whether user name and password were sent."""


class RtspRelay:
    """One connection to the camera at ``url``, for which ``local_url`` stands; two threads until :meth:`close`.

    It is refused with OSError where nobody answers within ``timeout`` seconds.  A login is sent only where the camera
    asks for one that FFmpeg cannot give: a wrong password is not sent again, for that may lock the account.
    """

    def __init__(self, url: str, timeout: float) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self._account = Account(unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._camera = socket.create_connection((host, parts.port or 554), timeout)
        self._camera.settimeout(None)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(timeout)
        self.port: int = self._listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        self._there = f"rtsp://{shown}{f':{parts.port}' if parts.port else ''}".encode()
        self._here = f"rtsp://127.0.0.1:{self.port}".encode()
        self.local_url = self._here.decode() + parts.path + (f"?{parts.query}" if parts.query else "")
        self.answered = Answered()
        self._player: socket.socket | None = None
        self._sending = threading.Lock()  # to the camera, and of what follows
        self._pending: dict[int, bytes] = {}
        self._challenge: Challenge | None = None
        self._uses = 0
        self._nonce = secrets.token_hex(8)
        self._up = threading.Thread(target=self._pass_requests, name=f"RTSP relay to {host}", daemon=True)
        self._down = threading.Thread(target=self._pass_answers, name=f"RTSP relay from {host}", daemon=True)
        self._up.start()

    def __repr__(self) -> str:
        return f"<RtspRelay {self._there.decode()!r} {self.answered}>"

    def close(self) -> None:
        """End both connections, once the camera has heard what was sent last; within a second."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._up.join(_GRACE)
        if self._down.ident is not None:
            self._down.join(_GRACE)
        for end in (self._player, self._camera):
            if end is not None:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._up.join()
        if self._down.ident is not None:
            self._down.join()
        for end in (self._listener, self._player, self._camera):
            if end is not None:
                end.close()

    # In the thread for requests.

    def _pass_requests(self) -> None:
        with suppress(OSError):
            self._player = self._listener.accept()[0]
            self._player.settimeout(None)
            self._down.start()
            for message in _messages(self._player):
                with self._sending:
                    self._camera.sendall(message if message[0] == _INTERLEAVED else self._request(message))
        with suppress(OSError):
            self._camera.shutdown(socket.SHUT_WR)

    def _request(self, message: bytes) -> bytes:
        message = _LOGIN.sub(b"", message.replace(self._here, self._there, 1))
        if found := _NUMBER.search(message):
            if len(self._pending) >= _MOST_PENDING:
                self._pending.pop(next(iter(self._pending)))
            self._pending[int(found[1])] = message
        return self._with_login(message)

    def _with_login(self, message: bytes) -> bytes:
        if self._challenge is None or self._account is None:
            return message
        line, end, rest = message.partition(b"\r\n")
        method, uri = [*line.decode("latin-1").split(" "), ""][:2]
        self._uses += 1
        login = self._account.answer(self._challenge, method, uri, self._uses, self._nonce)
        return line + end + f"Authorization: {login}\r\n".encode() + rest

    # In the thread for answers.

    def _pass_answers(self) -> None:
        player = self._player
        assert player is not None
        with suppress(OSError):
            for message in _messages(self._camera):
                if message[0] == _INTERLEAVED:
                    player.sendall(message)
                elif not self._was_taken(message):
                    player.sendall(_CHALLENGE.sub(b"", message))  # FFmpeg has nothing to answer it with
        with suppress(OSError):
            player.shutdown(socket.SHUT_WR)

    def _was_taken(self, message: bytes) -> bool:
        """Take note of an answer; say whether a request was sent again because of it."""
        found, number = _STATUS.match(message), _NUMBER.search(message)
        if found is None or number is None:
            return False
        with self._sending:
            request = self._pending.pop(int(number[1]), None)
            if (status := int(found[1])) < 300:
                return False
            self.answered.status = status
            if status != _UNAUTHORIZED or request is None or self._account is None:
                return False
            challenges = [parse_challenge(each.decode("latin-1")) for each in _CHALLENGE.findall(message)]
            digests = [each.algorithm for each in challenges if each.algorithm]
            chosen = strongest(challenges)
            self.answered.unknown = frozenset() if chosen else frozenset(digests)
            stale = chosen is not None and chosen.parameters.get("stale", "").lower() == "true"
            # Of several digests FFmpeg answers the last.
            if chosen is None or digests[-1:] in ([], ["MD5"]) or (self._challenge is not None and not stale):
                return False
            self._challenge, self._uses = chosen, 0
            self.answered.logged_in = True
            self._camera.sendall(self._with_login(request))
            return True


def _messages(end: socket.socket) -> Iterator[bytes]:
    """Yield messages and interleaved packets, each whole; ends with the connection, and where nonsense comes."""
    buffer = bytearray()
    while chunk := end.recv(_CHUNK):
        buffer += chunk
        while length := _length_of(buffer):
            if length > len(buffer):
                break
            yield bytes(buffer[:length])
            del buffer[:length]
        if len(buffer) > _MOST_HEADER + _MOST_BODY:
            return


def _length_of(buffer: bytearray) -> int:
    """Return how long the message is with which ``buffer`` begins; 0 while that is not known."""
    if not buffer:
        return 0
    if buffer[0] == _INTERLEAVED:
        return 4 + int.from_bytes(buffer[2:4], "big") if len(buffer) >= 4 else 0
    head = buffer.find(b"\r\n\r\n", 0, _MOST_HEADER)
    if head < 0:
        return 0
    found = _LENGTH.search(buffer[: head + 2])
    return head + 4 + min(int(found[1]) if found else 0, _MOST_BODY)
