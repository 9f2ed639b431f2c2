"""A picture into the tensor that a model wants, and the way back for its boxes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fit(Enum):
    """How a picture of any shape comes into the model's rectangle."""

    LETTERBOX = "centred, edges filled"
    TOP_LEFT = "at the top left, rest filled"
    STRETCH = "stretched"


class Channels(Enum):
    """The order of colours."""

    RGB = "RGB"
    BGR = "BGR"


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a family wants its pictures: ``(pixels × scale − mean) ÷ std``, channel by channel."""

    fit: Fit = Fit.LETTERBOX
    channels: Channels = Channels.RGB
    scale: float = 1 / 255
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    fill: int = 114
    """What empty edges are filled with."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Where a picture went in the model's rectangle.  Sizes are (width, height)."""

    picture: tuple[int, int]
    model: tuple[int, int]
    scale: tuple[float, float]
    """Model pixels per picture pixel, horizontally and vertically."""
    offset: tuple[float, float]
    """Model pixels left of and above the picture."""
