"""Webcams and other cameras of this machine, through OpenCV."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import cv2

from livevision.errors import SourceUnavailable
from livevision.frame import Frame
from livevision.pictures import ArrayPicture
from livevision.sources.reader import Demand, SourceInfo
from livevision.sources.timestamps import Timestamps

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Image

# OpenCV writes to stderr about every device that is not there; what it means is said in our own words.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

_BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_MSMF, "darwin": cv2.CAP_AVFOUNDATION}
_FASTEST = 1000.0


class Device(Protocol):
    """What is used of :class:`cv2.VideoCapture`."""

    def isOpened(self) -> bool: ...  # noqa: D102, N802
    def read(self) -> tuple[bool, Image]: ...  # noqa: D102
    def get(self, prop: int, /) -> float: ...  # noqa: D102
    def set(self, prop: int, value: float, /) -> bool: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102


def _open_device(index: int, backend: int) -> Device:
    return cast("Device", cv2.VideoCapture(index, backend))


def device_name(index: int, devices: Path = Path("/sys/class/video4linux")) -> str | None:
    """Return what the maker calls camera ``index``; None where the system does not say."""
    try:
        return (devices / f"video{index}" / "name").read_text(encoding="utf-8", errors="replace").strip() or None
    except OSError:
        return None


class WebcamReader:
    """A :class:`FrameReader` of one device, by its number."""

    def __init__(self, index: int, generation: int, open_capture: Callable[[int, int], Device] = _open_device) -> None:
        self._index = index
        self._generation = generation
        self._open_capture = open_capture
        self._interrupted = threading.Event()
        self._device: Device | None = None
        self._next_index = 0

    def __repr__(self) -> str:
        return f"<WebcamReader {self._index} {'open' if self._device else 'closed'}>"

    def open(self) -> SourceInfo:
        """Open the device.  Raises SourceUnavailable: it may be plugged in, or given free, later."""
        device = self._open_capture(self._index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
        self._device = device
        if not device.isOpened():
            raise SourceUnavailable(f"No camera {self._index} found. Is it plugged in, or used by another program?")
        # The newest picture, not one of four that the driver kept.  Not every backend has this; none minds the wish.
        device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        fps = device.get(cv2.CAP_PROP_FPS)
        known = 0 < fps <= _FASTEST
        self._timestamps = Timestamps(1 / fps if known else 1 / 30)
        return SourceInfo(
            width=int(device.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height=int(device.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            fps=fps if known else None,
            codec="raw",
        )

    def read(self) -> Frame | None:
        """Wait for the device's next picture; None after an interrupt.  Raises SourceUnavailable when none comes."""
        device = self._device
        if device is None or self._interrupted.is_set():
            return None
        came, image = device.read()
        if self._interrupted.is_set():
            return None
        if not came:
            raise SourceUnavailable(self._silence())
        captured = time.monotonic()
        frame = Frame(
            self._next_index,
            self._generation,
            self._timestamps.next(captured),
            captured,
            time.time(),
            ArrayPicture(image),
        )
        self._next_index += 1
        return frame

    def want(self, demand: Demand) -> None:
        """Every picture is sent by the device anyway: nothing to save."""

    def interrupt(self) -> None:
        """End reading with the next picture, or when the driver gives up waiting for one; from any thread."""
        self._interrupted.set()

    def close(self) -> None:
        """Give the device free."""
        device, self._device = self._device, None
        if device is not None:
            device.release()

    def _silence(self) -> str:
        if self._next_index == 0:
            return f"Camera {self._index} gives no picture. Is it used by another program?"
        return f"Camera {self._index} stopped giving pictures. Was it unplugged?"
