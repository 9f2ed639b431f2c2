"""The cameras that are plugged into this machine, with the names that their makers gave them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
from cv2_enumerate_cameras import enumerate_cameras

from livevision.errors import SourceUnavailable
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_MSMF, "darwin": cv2.CAP_AVFOUNDATION}
"""What OpenCV reads webcams with, by :data:`sys.platform`."""
_NAMES = {cv2.CAP_V4L2: "V4L2", cv2.CAP_MSMF: "Media Foundation", cv2.CAP_AVFOUNDATION: "AVFoundation"}


@dataclass(frozen=True, slots=True)
class LocalCamera:
    """A camera of this machine."""

    number: int
    """What opens it; may change when it is plugged in again."""
    name: str
    path: str
    """Where the system keeps it; empty where it does not say."""
    backend: str
    """What reads it."""

    def line(self) -> str:
        """Say it in one line."""
        return (
            f"{self.number}  {self.name or 'without a name'}  ({self.backend}{f', {self.path}' if self.path else ''})"
        )


def backend() -> int:
    """Return the number by which OpenCV knows this system's way of reading webcams."""
    return BACKENDS.get(sys.platform, cv2.CAP_ANY)


def local_cameras() -> tuple[LocalCamera, ...]:
    """List the cameras of this machine by number.  Takes milliseconds; opens none of them."""
    try:
        found = enumerate_cameras(backend())
    except (OSError, NotImplementedError, RuntimeError):
        return ()
    reads = _NAMES.get(backend(), "OpenCV")
    cameras = (LocalCamera(camera.index, camera.name or "", camera.path or "", reads) for camera in found)
    return tuple(sorted(cameras, key=lambda camera: camera.number))


def find_by_name(name: str, cameras: Iterable[LocalCamera]) -> LocalCamera | None:
    """Return the camera that is called ``name``, or in whose name it occurs; the first where several are."""
    wanted = name.strip().casefold()
    near = [camera for camera in cameras if wanted and wanted in camera.name.casefold()]
    exact = [camera for camera in near if camera.name.casefold() == wanted]
    return next(iter(exact or near), None)


def number_of(device: int | str, cameras: Callable[[], Iterable[LocalCamera]] = local_cameras) -> int:
    """Return the number that opens ``device`` right now.  Raises SourceUnavailable where none has that name."""
    if isinstance(device, int):
        return device
    camera = find_by_name(device, cameras())
    if camera is None:
        raise SourceUnavailable(
            say("No camera called {device} found. Is it plugged in? See livevision cameras.", device=device)
        )
    return camera.number


def advice_without_cameras(platform: str = sys.platform) -> str:
    """Say what to check when there is none."""
    if platform == "linux":
        return say(
            "Is it plugged in, and does `ls /dev/video*` show it? In a virtual machine or container it must be handed "
            "through (for Docker: --device /dev/video0)."
        )
    if platform == "darwin":
        return say("Is it plugged in? System Settings > Privacy & Security > Camera must allow it to this terminal.")
    return say("Is it plugged in? Settings > Privacy > Camera must allow it to desktop apps.")
