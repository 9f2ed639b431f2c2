"""Webcams and other cameras of this machine, through OpenCV: ``0``, ``Logitech?size=1280x720&fps=30&format=mjpg``."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import cv2

from livevision.errors import SourceUnavailable, UsageError
from livevision.frame import Frame
from livevision.pictures import ArrayPicture
from livevision.sources.devices import backend, number_of
from livevision.sources.options import nearest, read_options, read_rate, read_size
from livevision.sources.reader import Demand, SourceInfo
from livevision.sources.standing import Standing, StandingPicture
from livevision.sources.timestamps import Timestamps
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Image

# OpenCV writes to stderr about every device that is not there; what it means is said in our own words.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

logger = logging.getLogger(__name__)

_FASTEST = 1000.0
FORMATS = {
    "mjpg": "MJPG",
    "yuyv": "YUYV",
    "uyvy": "UYVY",
    "nv12": "NV12",
    "i420": "YU12",
}
"""What ``format=`` takes, and its four letters in the driver's language."""


@dataclass(frozen=True, slots=True)
class WebcamOptions:
    """Which camera, by number or by (part of) its name, and what it is asked for; None leaves that to the camera."""

    device: int | str
    size: tuple[int, int] | None = None
    fps: float | None = None
    format: str | None = None
    """One of :data:`FORMATS`."""

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"camera {self.device}"


def parse_webcam(device: int | str, query: str) -> WebcamOptions:
    """Understand ``?size=WxH&fps=F&format=mjpg`` behind a webcam.  Raises UsageError."""
    given = read_options(query, ("size", "fps", "format"), say("a webcam"))
    pixels = given.get("format", "").lower().replace("mjpeg", "mjpg") or None
    if pixels is not None and pixels not in FORMATS:
        raise UsageError(
            say(
                "unknown format {pixels!r} of a webcam{hint}; there are {known}",
                pixels=pixels,
                hint=nearest(pixels, FORMATS),
                known=", ".join(FORMATS),
            )
        )
    return WebcamOptions(
        device,
        read_size(given["size"]) if "size" in given else None,
        read_rate(given["fps"]) if "fps" in given else None,
        pixels,
    )


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
    """A :class:`FrameReader` of one device.  One that is known by its name is looked for anew: numbers change."""

    def __init__(
        self,
        options: WebcamOptions,
        generation: int,
        open_capture: Callable[[int, int], Device] = _open_device,
        find: Callable[[int | str], int] = number_of,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = options
        self._generation = generation
        self._open_capture = open_capture
        self._find = find
        self._clock = clock
        self._interrupted = threading.Event()
        self._device: Device | None = None
        self._next_index = 0

    def __repr__(self) -> str:
        return f"<WebcamReader {self._options.device} {'open' if self._device else 'closed'}>"

    def open(self) -> SourceInfo:
        """Open the device.  Raises SourceUnavailable: it may be plugged in, or given free, later."""
        device = self._open_capture(self._find(self._options.device), backend())
        self._device = device
        if not device.isOpened():
            raise SourceUnavailable(
                say(
                    "No camera {camera} found. Is it plugged in, or used by another program?",
                    camera=self._options.device,
                )
            )
        self._ask(device)
        # The newest picture, not one of four that the driver kept.  Not every backend has this; none minds the wish.
        device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        fps = device.get(cv2.CAP_PROP_FPS)
        known = 0 < fps <= _FASTEST
        self._timestamps = Timestamps(1 / fps if known else 1 / 30)
        self._standing = StandingPicture(self._options.label, fps if known else None)
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
        captured = self._clock()
        if (standing := self._standing.take(image, captured)) is not Standing.NO:
            raise SourceUnavailable(self._stands(standing))
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

    def _ask(self, device: Device) -> None:
        wanted = self._options
        # In this order: the format decides which sizes there are, and the size which rates.
        if wanted.format is not None:
            device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*FORMATS[wanted.format]))
        if wanted.size is not None:
            device.set(cv2.CAP_PROP_FRAME_WIDTH, wanted.size[0])
            device.set(cv2.CAP_PROP_FRAME_HEIGHT, wanted.size[1])
        if wanted.fps is not None:
            device.set(cv2.CAP_PROP_FPS, wanted.fps)
        given = int(device.get(cv2.CAP_PROP_FRAME_WIDTH)), int(device.get(cv2.CAP_PROP_FRAME_HEIGHT))
        if wanted.size is not None and given != wanted.size:
            logger.warning("%s has no %dx%d; it gives %dx%d.", f"C{wanted.label[1:]}", *wanted.size, *given)

    def _stands(self, standing: Standing) -> str:
        camera = self._options.device
        if standing is Standing.GONE:
            return say("Camera {camera} gives its last picture again and again. Was it unplugged?", camera=camera)
        return say("Camera {camera} gives the same picture again and again; it is opened anew.", camera=camera)

    def _silence(self) -> str:
        camera = self._options.device
        if self._next_index == 0:
            return say("Camera {camera} gives no picture. Is it used by another program?", camera=camera)
        return say("Camera {camera} stopped giving pictures. Was it unplugged?", camera=camera)
