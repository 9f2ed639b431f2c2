"""A private virtual screen whose pixels can be read many times a second."""

from __future__ import annotations

import mmap
import os
import select
import shutil
import socket
import struct
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from livevision.frame import Image

START_TIMEOUT = 15.0
"""Seconds for Xvfb to say which display it serves; it takes 0.1 on a quiet machine."""


class Xvfb:
    """An Xvfb of our own on a free display number, 24 bits deep, without a pointer in its pictures.

    The server keeps its pixels in a file that is mapped here, so that reading them costs one copy and no tool.
    Raises FileNotFoundError where Xvfb is not installed and RuntimeError where it does not start.
    """

    def __init__(self, size: tuple[int, int] = (1280, 800)) -> None:
        self.size = size
        self._folder = Path(tempfile.mkdtemp(prefix="livevision-xvfb-", dir=_memory_folder()))
        self._process: subprocess.Popen[bytes] | None = None
        self._client: _Client | None = None
        try:
            self.display = self._start()
            self._client = _Client(self.display)
            self._pixels: np.ndarray | None = _map_pixels(self._folder / "Xvfb_screen0")
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        state = "closed" if self._process is None else f"display {self.display}"
        return f"<Xvfb {state}, {self.size[0]}x{self.size[1]}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def environment(self) -> dict[str, str]:
        """Return this process's environment, changed so that a Qt program opens its window here."""
        environment = {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        # The last two are what importing OpenCV leaves behind: they would lead to the Qt 5 inside it.
        for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
            environment.pop(name, None)
        return environment

    def screenshot(self) -> Image:
        """Return what the screen shows as a ``(h, w, 3)`` BGR array; takes about a millisecond at 1280x800.

        No drawing request is half done in it: the server serves nobody else meanwhile.
        """
        if self._pixels is None or self._client is None:
            raise RuntimeError("the virtual screen is closed")
        with self._client.server_grabbed():
            return cv2.cvtColor(self._pixels, cv2.COLOR_BGRA2BGR)

    def close(self) -> None:
        """End the server and remove its files; may be called twice."""
        self._pixels = None
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> str:
        reading, writing = os.pipe()
        width, height = self.size
        picture = ["-screen", "0", f"{width}x{height}x24", "-fbdir", str(self._folder), "-nocursor", "-dpi", "96"]
        with os.fdopen(reading, "rb") as answer, (self._folder / "log").open("wb") as log:
            try:
                self._process = subprocess.Popen(
                    ["Xvfb", "-displayfd", str(writing), *picture, "-noreset", "-nolisten", "tcp"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=(writing,),
                )
            finally:
                os.close(writing)
            ready, _, _ = select.select([answer], [], [], START_TIMEOUT)
            number = answer.readline().strip() if ready else b""
        if not number:
            reason = (self._folder / "log").read_text(errors="replace").strip()
            raise RuntimeError(f"Xvfb did not start: {reason or f'no answer within {START_TIMEOUT:.0f} s'}")
        return f":{number.decode()}"


class _Client:
    """The few words of the X protocol that make the server pause for a reading."""

    _SETUP = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)
    _GRAB_SERVER = struct.pack("<BxH", 36, 1)
    _UNGRAB_SERVER = struct.pack("<BxH", 37, 1)
    _GET_INPUT_FOCUS = struct.pack("<BxH", 43, 1)
    _REPLY = 1

    def __init__(self, display: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.settimeout(START_TIMEOUT)
            self._socket.connect(f"/tmp/.X11-unix/X{display[1:]}")
            self._introduce()
        except BaseException:
            self.close()
            raise

    def _introduce(self) -> None:
        self._socket.sendall(self._SETUP)
        accepted, _, _, _, words = struct.unpack("<BBHHH", self._receive(8))
        reason = self._receive(4 * words)
        if accepted != 1:
            raise RuntimeError(f"Xvfb refused a connection: {reason!r}")

    @contextmanager
    def server_grabbed(self) -> Iterator[None]:
        """Nobody else's requests are served inside."""
        # The focus is of no interest: its reply says that the grab has happened.
        self._socket.sendall(self._GRAB_SERVER + self._GET_INPUT_FOCUS)
        while self._receive(32)[0] != self._REPLY:
            pass  # an event that every client gets, such as a new keyboard mapping
        try:
            yield
        finally:
            self._socket.sendall(self._UNGRAB_SERVER)

    def close(self) -> None:
        with suppress(OSError):
            self._socket.close()

    def _receive(self, count: int) -> bytes:
        received = b""
        while len(received) < count:
            part = self._socket.recv(count - len(received))
            if not part:
                raise RuntimeError("Xvfb closed the connection")
            received += part
        return received


def _map_pixels(path: Path) -> np.ndarray:
    """Map an XWD file that its server keeps up to date as a ``(h, w, 4)`` array of blue, green, red and nothing."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    header = struct.unpack(">25I", mapped[:100])
    header_size, width, height = header[0], header[4], header[5]
    byte_order, bits_per_pixel, bytes_per_line, colours = header[7], header[11], header[12], header[19]
    if byte_order != 0 or bits_per_pixel != 32:
        raise RuntimeError(f"Xvfb keeps pixels as {bits_per_pixel} bits in byte order {byte_order}, which is new here")
    start = header_size + 12 * colours
    return np.ndarray((height, width, 4), np.uint8, mapped, start, (bytes_per_line, 4, 1))


def _memory_folder() -> str | None:
    # In memory where there is such a place: a disk would be kept busy writing every picture.
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
