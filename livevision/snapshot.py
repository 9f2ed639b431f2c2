"""The picture of this moment as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

from livevision.errors import RecordingError
from livevision.overlay import Overlay
from livevision.sources.reader import Demand
from livevision.timing import fresh_detections

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus


class LatestSeen:
    """A camera's newest picture and newest result, kept for whoever asks."""

    wants = Demand.KEYFRAMES

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.result: Result | None = None

    def on_frame(self, frame: Frame) -> None:
        """Keep the newest picture."""
        self.frame = frame

    def on_result(self, result: Result) -> None:
        """Keep the newest result."""
        self.result = result

    def on_status(self, status: CameraStatus) -> None:
        """Nothing to keep."""


def save_snapshot(frame: Frame, result: Result | None, path: Path) -> Path:
    """Write ``frame`` at full size, with the boxes that belong on it, as PNG; from a worker thread.

    Raises RecordingError where ``path`` cannot be written, and never overwrites.
    """
    image = frame.bgr().copy()
    detections = fresh_detections(frame, result)
    if detections is not None:
        Overlay().draw(image, detections, frame.size)
    encoded, png = cv2.imencode(path.suffix, image)
    if not encoded:
        raise RecordingError(f"Cannot write {path.name}: the picture could not be coded. Try another file type.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(png.tobytes())
    except OSError as error:
        raise RecordingError(f"Cannot write {path}: {error.strerror}. Choose another folder.") from error
    return path
