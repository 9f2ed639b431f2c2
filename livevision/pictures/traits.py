"""What is special about a decoded picture, to be said where a source is described."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from av.video.reformatter import ColorTrc

if TYPE_CHECKING:
    from livevision.pictures.forms import DecodedPicture

_LIGHT = {int(ColorTrc.SMPTE2084): "PQ", int(ColorTrc.ARIB_STD_B67): "HLG"}


@dataclass(frozen=True, slots=True)
class PictureTraits:
    """How a picture is stored, where that is not as it is shown."""

    stored: tuple[int, int] = (0, 0)
    """Width and height as it is stored."""
    pixel_aspect: str = ""
    """Width of a pixel by its height, ``16:11``; empty for square ones."""
    turned: int = 0
    """By how many degrees it is turned clockwise to be shown."""
    mirrored: bool = False
    """Whether it is mirrored, left to right, after that."""
    interlaced: bool = False
    hdr: str = ""
    """``PQ`` or ``HLG``; empty for ordinary light."""
    bits: int = 8
    """Of a sample."""


def traits_of(picture: DecodedPicture) -> PictureTraits:
    """Return what is special about a picture."""
    decoded, geometry = picture.decoded, picture.geometry
    aspect = geometry.pixel_aspect or Fraction(1)
    turned, mirrored = geometry.turn
    return PictureTraits(
        (decoded.width, decoded.height),
        "" if aspect == 1 else f"{aspect.numerator}:{aspect.denominator}",
        turned,
        mirrored,
        bool(decoded.interlaced_frame),
        _LIGHT.get(decoded.color_trc, ""),
        max((component.bits for component in decoded.format.components), default=8),
    )
