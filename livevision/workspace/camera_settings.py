"""What is set up for one camera."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from pydantic import Field

from livevision.inference.options import Device
from livevision.workspace.recording_settings import RecordingSettings
from livevision.workspace.settings import MOST_CLASSES, Address, Id, Name, Plain, Settings, Share, Word

Timing = Literal["live", "aligned", "as-they-come"]
MonitorStyle = Literal["compact", "full", "off"]
ClassNames = Annotated[tuple[Name, ...], Field(max_length=MOST_CLASSES)]
_Pixels = Annotated[int, Field(ge=32, le=8192)]
_TilePixels = Annotated[int, Field(ge=64, le=8192)]


def new_id() -> str:
    """Return an id that no other camera has."""
    return secrets.token_hex(4)


class TileSettings(Settings):
    """Cutting big pictures into tiles, so that small objects are found."""

    width: _TilePixels
    """Of a tile, in pixels of the full-size picture."""
    height: _TilePixels
    """As the width."""
    overlap: float = Field(default=0.2, ge=0, le=0.8)
    """Share of a tile that its neighbour has, too."""


class ModelSettings(Settings):
    """How a model is run; what does not concern a model is ignored by it."""

    device: Device = Device.AUTO
    """What runs an ONNX file."""
    image_size: tuple[_Pixels, _Pixels] | None = None
    """Width and height of an ONNX model's picture, where it leaves them free."""
    layout: Word | None = None
    """What a model's outputs mean, where it is not recognised."""
    tiles: TileSettings | None = None
    """Left out: the picture as a whole."""
    jpeg_quality: int = Field(default=85, ge=1, le=100)
    """Of pictures sent to a server."""
    longest_side: int = Field(default=1280, ge=0, le=16384)
    """Of pictures sent to a server, in pixels; 0 sends them as they are."""
    in_flight: int = Field(default=4, ge=1, le=64)
    """Pictures of this camera on their way to a server at once."""


class FilterSettings(Settings):
    """Which detections are wanted."""

    confidence: Share = 0.25
    """The least, 0 to 1."""
    class_confidences: dict[Name, Share] = Field(default={}, max_length=MOST_CLASSES)
    """The least for single classes."""
    classes: ClassNames | None = None
    """Names of those wanted; left out: all."""
    iou: Share | None = None
    """Overlap from which the less sure of two boxes of a class goes; left out: as the model's family has it."""
    most: int = Field(default=300, ge=1, le=10_000)
    """The surest so many are kept."""
    least_side_px: float = Field(default=0, ge=0, le=16384)
    """Boxes with a shorter side go; pixels of the full-size picture."""


class PrivacySettings(Settings):
    """Whom nobody may recognise."""

    classes: ClassNames = ()
    """Names of the classes that are hidden."""
    style: Literal["blur", "pixelate"] = "blur"
    """How."""


class ViewSettings(Settings):
    """How a camera's picture is shown."""

    rotate: Literal[0, 90, 180, 270] = 0
    """Degrees, clockwise."""
    mirror: bool = False
    """Left and right changed, after turning."""
    fit: Literal["fit", "fill"] = "fit"
    """The whole picture with bars beside it, or a tile without bars and the picture cut."""
    boxes: bool = True
    """Whether boxes are shown."""
    monitor: MonitorStyle | None = None
    """The FPSMonitor; left out: as in the preferences."""


class CameraSettings(Settings):
    """One camera."""

    id: Id
    """The same as long as there is this camera, whatever becomes of its name and address: :func:`new_id`."""
    source: Address = Field(min_length=1, repr=False)
    """0 for a webcam, rtsp://…, a file, synthetic:street.  Passwords are in the keyring, not in files."""
    name: Name = ""
    """Empty: named after its source."""
    at_end: Literal["stop", "loop"] = "stop"
    """What a recorded file does at its end."""
    model: Address | None = Field(default=None, repr=False)
    """motion, FILE.onnx, the address of a server, or package.module:factory; left out: none.  Nothing is imported
    because of what stands here: see :mod:`livevision.workspace.python_models`."""
    model_options: ModelSettings = ModelSettings()
    filter: FilterSettings = FilterSettings()
    tracker: Word = ""
    """How objects get their identities: the name of a tracker, or off.  Empty: the usual one."""
    timing: Timing = "live"
    """Whether pictures wait for their boxes."""
    overlay: dict[Word, Plain] = Field(default={}, max_length=64)
    """How boxes look, in the words of :mod:`livevision.overlay`, which checks them."""
    privacy: PrivacySettings | None = None
    """Left out: as in the preferences."""
    recording: RecordingSettings = RecordingSettings()
    view: ViewSettings = ViewSettings()
