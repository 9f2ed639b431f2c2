"""A camera with a real RTSP server and a network of its own, both of which can be spoilt."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from enum import Enum
from typing import TYPE_CHECKING

from tests.fakes.rtsp import RtspServer
from tests.fakes.throttle import Proxy

if TYPE_CHECKING:
    from typing import Self


class Fault(Enum):
    """What can happen to a camera."""

    STALL = "the network passes nothing on"
    CUT = "connections are reset"
    HANG = "the server stops answering"
    CRASH = "the server dies"
    NARROW = "the network is too narrow"
    SLOW = "the network is slow and uneven"
    NOISE = "bytes are lost"


FAULTS = tuple(Fault)
NARROW = 12_000 / 8
"""Bytes a second, where the pictures need four times as much."""


class FaultyCamera:
    """An RTSP camera, 640x360 with 25 pictures a second; ``url`` leads through the network that is spoilt."""

    def __init__(self, *arguments: str) -> None:
        self._server = _Server("--size", "640x360", "--fps", "25", "--clock", *arguments)
        self._stack = ExitStack()
        self._port = 0
        self.url = ""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._server.stop)
            self._server.start()
            self._port = self._server.port
            self._proxy = stack.enter_context(Proxy(self._port))
            self.url = f"rtsp://127.0.0.1:{self._proxy.port}/live"
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exc: object) -> None:
        # A server that is stopped would not end.
        self._server.signal(signal.SIGCONT)
        self._stack.close()

    def suffer(self, fault: Fault) -> None:
        """Let it happen, until :meth:`heal`."""
        match fault:
            case Fault.STALL:
                self._proxy.stall()
            case Fault.CUT:
                self._proxy.cut()
            case Fault.HANG:
                self._server.signal(signal.SIGSTOP)
            case Fault.CRASH:
                self._server.kill()
            case Fault.NARROW:
                self._proxy.throttle(NARROW)
            case Fault.SLOW:
                self._proxy.delay(0.2, 0.05)
            case Fault.NOISE:
                self._proxy.drop_bytes(0.01)

    def heal(self) -> None:
        """Make everything as it should be."""
        self._proxy.resume()
        self._proxy.throttle(None)
        self._proxy.delay(0.0)
        self._proxy.drop_bytes(0.0)
        self._server.signal(signal.SIGCONT)
        if not self._server.is_running:
            self._server.start("--port", str(self._port))


class _Server(RtspServer):
    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
