"""The picture of this moment as a file, and with its boxes as another."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as PillowImage
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from livevision.errors import RecordingError, UsageError
from livevision.overlay import Overlay, OverlayStyle, PrivacyMask
from livevision.recording.failure import explained
from livevision.recording.partial import publish
from livevision.sources.reader import Demand
from livevision.timing import fresh_detections
from livevision.wording import say

if TYPE_CHECKING:
    from pathlib import Path

    import supervision as sv

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


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture that may be kept, what was found in it, how that is drawn, and what of it must not be seen."""

    frame: Frame
    detections: sv.Detections | None
    """None where nothing is known of this picture."""
    style: OverlayStyle
    mask: PrivacyMask


class LatestSeen:
    """A camera's newest picture and newest result, kept for whoever asks, and who is hidden in them."""

    wants = Demand.KEYFRAMES

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.result: Result | None = None
        self._style = OverlayStyle()
        self._mask = PrivacyMask(self._style.hidden.for_files)

    @property
    def style(self) -> OverlayStyle:
        """How objects are drawn, and who is hidden; may be set at any time."""
        return self._style

    @style.setter
    def style(self, style: OverlayStyle) -> None:
        self._style = style
        self._mask.privacy = style.hidden.for_files

    def on_frame(self, frame: Frame) -> None:
        """Keep the newest picture."""
        self.frame = frame

    def on_result(self, result: Result) -> None:
        """Keep the newest result."""
        self.result = result
        self._mask.observe(result)

    def on_status(self, status: CameraStatus) -> None:
        """Nothing to keep."""

    def latest(self) -> Seen | None:
        """Return what a snapshot of this moment shows; None before the first picture.

        Where somebody is to be hidden it is the newest picture that the model has looked at.
        """
        frame, result = self.frame, self.result
        if frame is None:
            return None
        detections = fresh_detections(frame, result)
        if self._mask.waits and result is not None and detections is not None:
            frame = result.frame
        return Seen(frame, detections, self._style, self._mask)


def save_snapshot(seen: Seen, path: Path, camera: str) -> Path:
    """Write a picture at full size as the camera sent it, and beside it as :func:`annotated_path` with its boxes.

    Who must not be seen is hidden in both.  The second only where there are boxes that belong on the picture.  ``path``
    ends in .png or .jpg.  Both files know when the picture was taken, and by which camera.  From a worker thread.

    Returns where the clean picture is: ``path``, or with a number where that was taken; nothing is overwritten, and
    no half-written file has the name of a whole one.  Raises UsageError for another suffix, and RecordingError.
    """
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UsageError(
            say("{path}: snapshots are PNG or JPEG files; name it {stem}.png", path=path.name, stem=path.stem)
        )
    frame, detections = seen.frame, seen.detections
    moment = frame.generation, frame.pts
    image = seen.mask.hide(frame.bgr().copy(), frame.size, moment)
    clean = _save(image, frame.wall, camera or path.stem, path)
    if detections is not None and len(detections):
        drawn = Overlay(seen.style).draw(image, detections, frame.size, moment)
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
