"""How a model is to be run: what a user may choose beside the model itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Device(Enum):
    """What runs an ONNX file: the best that is there, or one that the user wants."""

    AUTO = "auto"
    TENSORRT = "tensorrt"
    CUDA = "cuda"
    COREML = "coreml"
    OPENVINO = "openvino"
    DIRECTML = "directml"
    CPU = "cpu"


@dataclass(frozen=True, slots=True)
class Tiles:
    """Cutting a big picture into overlapping tiles, so that small objects are found."""

    width: int
    height: int
    overlap: float = 0.2
    """Share of a tile that it has in common with its neighbour, 0 to below 1."""


@dataclass(frozen=True, slots=True)
class Jpeg:
    """How pictures travel to a server."""

    quality: int = 85
    """1 to 100."""
    longest_side: int | None = 1280
    """Larger pictures are made smaller before they are sent; None sends them as they are."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """All of it; what does not concern a model is ignored by it."""

    device: Device = Device.AUTO
    image_size: tuple[int, int] | None = None
    """Width and height of an ONNX model's input, where it leaves them free; None for the family's usual size."""
    layout: str | None = None
    """The name of a layout, where it is not recognised."""
    tiles: Tiles | None = None
    jpeg: Jpeg = field(default_factory=Jpeg)
    in_flight: int = 4
    """Pictures of one camera that may be on their way to a server at once."""
