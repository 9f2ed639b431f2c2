"""The picture of this moment as a file, and with its boxes as another."""

from __future__ import annotations

import io
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as PillowImage
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from livevision.errors import RecordingError, UsageError
from livevision.overlay import Drawing, OverlayStyle
from livevision.recording.failure import explained
from livevision.recording.partial import publish
from livevision.sources.reader import Demand
from livevision.timing import fresh_detections
from livevision.wording import say

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.frame import Frame, Image, Result
    from livevision.sources.status import CameraStatus

_SOFTWARE = "livevision"
_PNG_EFFORT = 3
"""Of zlib's 9: half the time of Pillow's 6, and hardly bigger."""
_JPEG_QUALITY = 92
"""Above it, Pillow's guide says, files grow and the pictures hardly get better (it advises against more than 95)."""


class SnapshotFormat(Enum):
    """The kind of file, by its suffix."""

    PNG = ".png"
    JPEG = ".jpg"


class LatestSeen:
    """A camera's newest picture and newest result, kept for whoever asks, and how pictures of them are drawn."""

    wants = Demand.KEYFRAMES

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.result: Result | None = None
        self.drawing = Drawing(OverlayStyle())
        """Set anew with the camera's style; knows from the results where those are who must not be seen."""

    def on_frame(self, frame: Frame) -> None:
        """Keep the newest picture."""
        self.frame = frame

    def on_result(self, result: Result) -> None:
        """Keep the newest result."""
        self.result = result
        self.drawing.note(result)

    def on_status(self, status: CameraStatus) -> None:
        """Nothing to keep."""


def save_snapshot(frame: Frame, result: Result | None, path: Path, camera: str, drawing: Drawing) -> Path:
    """Write ``frame`` at full size as the camera sent it, and beside it as :func:`annotated_path` with its boxes.

    Who must not be seen is hidden in both.  The second only where there are boxes that belong on the frame.  ``path``
    ends in .png or .jpg.  Both files know when the picture was taken, and by which camera.  From a worker thread.

    Returns where the clean picture is: ``path``, or with a number where that was taken; nothing is overwritten, and
    no half-written file has the name of a whole one.  Raises UsageError for another suffix, and RecordingError.
    """
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UsageError(
            say("{path}: snapshots are PNG or JPEG files; name it {stem}.png", path=path.name, stem=path.stem)
        )
    moment = frame.generation, frame.pts
    detections = fresh_detections(frame, result)
    image = drawing.hide(frame.bgr().copy(), detections, frame.size, moment)
    clean = _save(image, frame.wall, camera or path.stem, path)
    if detections is not None and len(detections):
        drawn = drawing.draw(image, detections, frame.size, moment)
        _save(drawn, frame.wall, camera or path.stem, annotated_path(clean))
    return clean


def annotated_path(clean: Path) -> Path:
    """Return the name of the picture with boxes that belongs to a clean one: ``NAME.annotated.png``."""
    return clean.with_name(f"{clean.stem}.annotated{clean.suffix}")


def _save(image: Image, wall: float, camera: str, path: Path) -> Path:
    data = _encoded(image, wall, camera, path.suffix.lower())
    growing = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            growing.write_bytes(data)
            return publish(growing, path)
        finally:
            growing.unlink(missing_ok=True)
    except OSError as error:
        what, advice = explained(error)
        raise RecordingError(
            say("Cannot write {path}: {what}; {advice}", path=path, what=what, advice=advice)
        ) from error


def _encoded(image: Image, wall: float, camera: str, suffix: str) -> bytes:
    taken = datetime.fromtimestamp(wall).astimezone()
    picture = PillowImage.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
    file = io.BytesIO()
    if suffix == ".png":
        text = PngInfo()
        # The keywords of the PNG specification; iTXt, as names of cameras may have any letter.
        text.add_itxt("Title", camera)
        text.add_itxt("Creation Time", taken.isoformat(timespec="milliseconds"))
        text.add_itxt("Software", _SOFTWARE)
        picture.save(file, "PNG", compress_level=_PNG_EFFORT, pnginfo=text, exif=_exif(taken, camera))
    else:
        picture.save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0, exif=_exif(taken, camera))
    return file.getvalue()


def _exif(taken: datetime, camera: str) -> PillowImage.Exif:
    """Say when and by what, as cameras do (CIPA DC-008: local time, its fraction and its offset, each by itself)."""
    exif = PillowImage.Exif()
    exif[Base.ImageDescription] = camera.encode()
    exif[Base.Software] = _SOFTWARE
    exif[Base.DateTime] = f"{taken:%Y:%m:%d %H:%M:%S}"
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    details[Base.SubsecTimeOriginal] = f"{taken.microsecond // 1000:03}"
    details[Base.OffsetTimeOriginal] = taken.isoformat()[-6:]
    return exif
