"""Which colour an object has, and which letters can be read on it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import supervision as sv

from livevision.overlay.style import ColourBy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from livevision.overlay.style import OverlayStyle

# Okabe and Ito's colours, which people with any colour vision can tell apart, without their black.
_COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
_ORANGE, _SKY, _GREEN, _YELLOW, _BLUE, _VERMILION, _PURPLE = range(len(_COLOURS))
_UNSURE = len(_COLOURS)
_GREY = "#9AA0A6"
"""Of an object of which the tracker is not sure yet."""

# What is often seen together gets different colours; any other name gets the one that its letters add up to.
_WELL_KNOWN = {
    "person": _ORANGE,
    "face": _PURPLE,
    "moving": _SKY,
    "car": _SKY,
    "bicycle": _GREEN,
    "motorcycle": _VERMILION,
    "bus": _YELLOW,
    "truck": _BLUE,
    "dog": _PURPLE,
    "cat": _YELLOW,
}

DARK = sv.Color.from_hex("#101418")
_READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3 (level AA)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of objects by index, and of the letters on each."""

    ground: sv.ColorPalette
    text: sv.ColorPalette


def palette_of(style: OverlayStyle) -> Palette:
    """Return the colours that a style uses."""
    shades = [style.colour] if style.colour_by is ColourBy.ONE else [*_COLOURS, _GREY]
    ground = sv.ColorPalette.from_hex(shades)
    return Palette(ground, sv.ColorPalette([letters_on(colour) for colour in ground.colors]))


_PALETTE = sv.ColorPalette.from_hex(list(_COLOURS))


def class_colour(class_name: str) -> sv.Color:
    """Return the colour that a class has everywhere: the same for a name, whichever model says it."""
    return _PALETTE.by_idx(_class_index(class_name))


def colour_indices(
    style: OverlayStyle, names: Iterable[str], trackers: NDArray[np.integer[Any]] | None
) -> NDArray[np.int_]:
    """Return which of the palette's colours each object has, ``(n,)``."""
    classes = np.array([_class_index(name) for name in names], dtype=np.int_)
    if style.colour_by is ColourBy.ONE:
        return np.zeros_like(classes)
    if style.colour_by is ColourBy.IDENTITY and trackers is not None:
        return np.where(trackers < 0, _UNSURE, trackers % len(_COLOURS)).astype(np.int_)
    return classes


def letters_on(ground: sv.Color) -> sv.Color:
    """Return dark or white, whichever stands out more, or else black.  The contrast is always 4.5 and more."""
    for dark in (DARK, sv.Color.BLACK):
        best = max((sv.Color.WHITE, dark), key=lambda letters: contrast(letters, ground))
        if contrast(best, ground) >= _READABLE:
            break
    return best


def contrast(one: sv.Color, other: sv.Color) -> float:
    """Return WCAG 2's contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: sv.Color) -> float:
    parts = (part / 255 for part in (colour.r, colour.g, colour.b))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _class_index(class_name: str) -> int:
    name = class_name.casefold()
    return _WELL_KNOWN.get(name, zlib.crc32(name.encode()) % len(_COLOURS))
