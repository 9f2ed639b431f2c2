"""Pictures as small as they can be without looking different."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from livevision.ui import theme

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

_COLOURS, _EXACT = 256, 48
"""Of a palette, and how many of them are those of the theme, and those that most of a window has."""
_SAMPLE = 40_000
_SMALL = 120_000
"""Bytes up to which a picture keeps all its colours: one without a street."""
_LEAST_PSNR = 30.0
"""Decibels; what dithering adds, too, which no eye sees at these sizes."""


def save(png: bytes, path: Path) -> None:
    """Write a PNG with a palette where that looks the same, and compressed as well as possible."""
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    exact = io.BytesIO()
    whole.save(exact, "PNG", optimize=True)
    if exact.tell() <= _SMALL:
        path.write_bytes(exact.getvalue())
        return
    few = _few_colours(np.asarray(whole), whole)
    (few if _psnr(whole, few.convert("RGB")) >= _LEAST_PSNR else whole).save(path, optimize=True)


def _few_colours(pixels: npt.NDArray[np.uint8], whole: Image.Image) -> Image.Image:
    colours = _palette(pixels)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours.flatten().tolist())
    numbers = np.array(whole.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG))
    # Plain areas stay as they are: dithering takes another colour here and there, which is seen, and hard to compress.
    for number, colour in enumerate(colours[:_EXACT]):
        numbers[(pixels == colour).all(axis=2)] = number
    few = Image.fromarray(numbers)
    few.putpalette(colours.flatten().tolist())
    return few


def _palette(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return colours, ``(n, 3)``: first those of plain areas as they are, then those that are nearest to the rest."""
    colours, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    signs = [getattr(theme, name).getRgb()[:3] for name in theme.NAMES]
    plain = np.array([*signs, *colours[np.argsort(counts)[len(signs) - _EXACT :]]], np.uint8)
    # Small things in colours of their own count, too: less than their pixels' number tells between them.
    chance = np.sqrt(counts) / np.sqrt(counts).sum()
    sample = np.random.default_rng(1).choice(colours, _SAMPLE, p=chance).astype(np.float32)
    until = (cv2.TERM_CRITERIA_MAX_ITER, 12, 0.0)
    cv2.setRNGSeed(1)
    wanted = min(_COLOURS - _EXACT, len(colours))
    _, _, rest = cv2.kmeans(sample, wanted, None, until, 1, cv2.KMEANS_PP_CENTERS)
    return np.concatenate([plain, rest.round().astype(np.uint8)])


def _psnr(one: Image.Image, other: Image.Image) -> float:
    difference = np.asarray(one, np.float32) - np.asarray(other, np.float32)
    return float(10 * np.log10(255**2 / max(1e-9, float(np.mean(difference**2)))))
