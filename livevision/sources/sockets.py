"""Ending a connection that a library made and waits on: finding its socket among this process's own (Linux).

FFmpeg waits for seconds on a connection on which nothing comes, and for ever on one on which nonsense comes.  A socket
that is shut down wakes it with the end of the stream, safely at any time: unlike closing, that leaves the descriptor
to its owner.  Where only what comes in is shut down, its owner can still say goodbye.
"""

from __future__ import annotations

import os
import socket
import stat
import threading
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import TypeAlias

_DESCRIPTORS = Path("/proc/self/fd")
_Peer: TypeAlias = tuple[str, int]


class Ending(Enum):
    """What of a connection is ended."""

    INPUT = socket.SHUT_RD
    """Reading returns at once; something can still be sent, such as that a session is over."""
    BOTH = socket.SHUT_RDWR


class Connection:
    """The one connection to ``host:port`` that is about to be made.

    Where it cannot be told from others that are made to the same place at the same time, and on other systems,
    nothing is ever shut down, and the library's own timeout has to do.
    """

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._peers = _addresses(host, port, socket.AI_NUMERICHOST)
        self._before = frozenset(_connected())
        self._inode: int | None = None
        with _lock:
            _unclaimed.add(self)

    def claim(self) -> None:
        """Find it, now that it has been made; may ask a name server."""
        self._peers = self._peers or _addresses(self._host, self._port)
        with _lock:
            self._find()

    def shut_down(self, ending: Ending = Ending.BOTH) -> None:
        """End it if it is known; from any thread, and without waiting."""
        with _lock:
            if not any(other is not self and other._port == self._port for other in _unclaimed):
                # It may not be made yet, and what is new would be another's.
                self._find()
            inode = self._inode
        if inode is not None:
            _shut_down(inode, ending)

    def send(self, data: bytes) -> None:
        """Send a few bytes if it is known and has room; only from the thread in which its owner sends, too."""
        with _lock:
            inode = self._inode
        if inode is not None:
            for descriptor in _descriptors():
                _look(descriptor, inode, data)

    def forget(self) -> None:
        """Its owner has closed it."""
        with _lock:
            _unclaimed.discard(self)
            _claimed.discard(self._inode)
            self._inode = None
            self._peers = frozenset()

    def _find(self) -> None:
        if self._inode is not None:
            return
        new = [
            inode
            for inode, peer in _connected().items()
            if peer in self._peers and inode not in self._before and inode not in _claimed
        ]
        if len(new) == 1:
            self._inode = new[0]
            _claimed.add(self._inode)
            _unclaimed.discard(self)


_lock = threading.Lock()
_claimed: set[int | None] = set()
"""The inodes of all connections that have been found and not been forgotten."""
_unclaimed: set[Connection] = set()


def _addresses(host: str, port: int, flags: int = 0) -> frozenset[_Peer]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, ValueError):
        return frozenset()
    return frozenset((str(address[0]), int(address[1])) for *_, address in found)


def _connected() -> dict[int, _Peer]:
    """Return the inodes of this process's connected TCP sockets, and where each leads."""
    return {inode: peer for descriptor in _descriptors() for inode, peer in _look(descriptor, None)}


def _shut_down(inode: int, ending: Ending) -> None:
    for descriptor in _descriptors():
        _look(descriptor, inode, ending)


def _descriptors() -> list[int]:
    try:
        return [int(entry.name) for entry in _DESCRIPTORS.iterdir()]
    except OSError:
        return []  # another system


def _look(descriptor: int, wanted: int | None, act: Ending | bytes = Ending.BOTH) -> list[tuple[int, _Peer]]:
    # Other threads close and open descriptors all the time: only one of our own surely stays what it is.
    with suppress(OSError):
        copy = os.dup(descriptor)
        found = os.fstat(copy)
        if not stat.S_ISSOCK(found.st_mode):
            os.close(copy)
            return []
        with socket.socket(fileno=copy) as end:
            if found.st_ino == wanted and isinstance(act, Ending):
                end.shutdown(act.value)
            elif found.st_ino == wanted and isinstance(act, bytes):
                end.send(act, socket.MSG_DONTWAIT)
            if end.family in (socket.AF_INET, socket.AF_INET6):
                host, port = end.getpeername()[:2]
                return [(found.st_ino, (host, port))]
    return []
