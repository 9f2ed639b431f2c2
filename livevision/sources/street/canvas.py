"""Painting outlines with smooth edges on a premultiplied BGRA array, in metres or pixels."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias, cast

import cv2
import numpy as np

from livevision.frame import Image
from livevision.sources.street.shapes import Outline, Point

Colour: TypeAlias = tuple[int, int, int, int]
"""Blue, green, red, opacity."""

_SHIFT = 4  # fractional bits in cv2's coordinates


def colour(code: str) -> Colour:
    """Return the colour of a ``#rrggbb`` code."""
    return int(code[5:7], 16), int(code[3:5], 16), int(code[1:3], 16), 255


@lru_cache(maxsize=4096)
def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return ``a`` with a ``share`` of ``b`` in it."""
    return cast("Colour", tuple(round(p + (q - p) * share) for p, q in zip(a, b, strict=True)))


BLACK = colour("#14161c")
WHITE = colour("#fbfaf5")


def darker(base: Colour, share: float) -> Colour:
    """Return ``base`` in the shade."""
    return mix(base, BLACK, share)


def lighter(base: Colour, share: float) -> Colour:
    """Return ``base`` in the light."""
    return mix(base, WHITE, share)


class Canvas:
    """Paints on ``image``, a ``(h, w, 4)`` premultiplied BGRA array; not thread-safe.

    A point (x, y) is painted at pixel ``origin + scale * (x, y)``; with a negative y scale, y points up.
    """

    def __init__(self, image: Image, scale: Point, origin: Point) -> None:
        self.image = image
        self._scale = np.array(scale)
        self._origin = np.array(origin)
        self._fixed_scale, self._fixed_origin = self._scale * (1 << _SHIFT), self._origin * (1 << _SHIFT)

    def fill(self, points: Outline, paint: Colour) -> None:
        """Fill an outline."""
        cv2.fillPoly(self.image, [self._fixed(points)], paint, lineType=cv2.LINE_AA, shift=_SHIFT)

    def stroke(self, points: Outline, paint: Colour, width: float, *, closed: bool = False) -> None:
        """Draw a line ``width`` wide, at least one pixel."""
        thick = max(1, round(width * abs(float(self._scale[0]))))
        cv2.polylines(self.image, [self._fixed(points)], closed, paint, thick, cv2.LINE_AA, _SHIFT)

    def grade(self, points: Outline, top: Colour, bottom: Colour) -> None:
        """Fill an outline with a gradient from its highest to its lowest row."""
        found = self._mask(points, 0)
        if found is None:
            return
        roi, mask = found
        over = np.empty_like(roi)
        over[:] = np.linspace(top, bottom, roi.shape[0]).astype(np.uint8)[:, None]
        _blend(roi, over, mask * np.float32(1 / 255))

    def glaze(self, points: Outline, paint: Colour, opacity: float, softness: float = 0.0) -> None:
        """Lay a translucent colour over what is painted already; ``softness`` blurs its edge."""
        found = self._mask(points, softness)
        if found is None:
            return
        roi, mask = found
        over = np.empty_like(roi)
        over[:] = paint
        weight = mask * np.float32(opacity / 255)
        if paint[3] and self.image.shape[2] == 4:
            # Only what is there takes the glaze: a gloss does not spill over the edge of a car.
            weight *= roi[..., 3] * np.float32(1 / 255)
        _blend(roi, over, weight)

    def text(self, words: str, centre: Point, height: float, paint: Colour) -> None:
        """Write ``words`` in capitals ``height`` high around ``centre``."""
        face = cv2.FONT_HERSHEY_TRIPLEX
        pixels = height * abs(float(self._scale[1]))
        thick = max(1, round(pixels / 14))
        size = cv2.getFontScaleFromHeight(face, max(4, round(pixels)), thick)
        (width, tall), _ = cv2.getTextSize(words, face, size, thick)
        x, y = self._origin + self._scale * centre
        cv2.putText(
            self.image, words, (round(x - width / 2), round(y + tall / 2)), face, size, paint, thick, cv2.LINE_AA
        )

    def region(self, points: Outline) -> Image | None:
        """Return the writable part of the picture around an outline, None where it lies outside."""
        found = self._bounds(points, 0)
        return None if found is None else self.image[found[1] : found[3], found[0] : found[2]]

    def _fixed(self, points: Outline) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        # Not rounded: a sixteenth of a pixel is fine enough.
        return np.asarray(points * self._fixed_scale + self._fixed_origin, dtype=np.float64).astype(np.int32)

    def _bounds(self, points: Outline, margin: int) -> tuple[int, int, int, int] | None:
        pixels = points * self._scale + self._origin
        low = np.floor(pixels.min(0)).astype(int) - margin - 1
        high = np.ceil(pixels.max(0)).astype(int) + margin + 2
        x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
        x1, y1 = min(self.image.shape[1], int(high[0])), min(self.image.shape[0], int(high[1]))
        return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def _mask(self, points: Outline, softness: float) -> tuple[Image, Image] | None:
        sigma = softness * abs(float(self._scale[0]))
        bounds = self._bounds(points, math.ceil(2.5 * sigma))
        if bounds is None:
            return None
        x0, y0, x1, y1 = bounds
        roi = self.image[y0:y1, x0:x1]
        # A soft mask needs no detail: it is drawn small, which makes wide blurs cheap.
        step = max(1, int(sigma / 1.7))
        mask = np.zeros((-(-(y1 - y0) // step), -(-(x1 - x0) // step)), np.uint8)
        local = (points * self._scale + self._origin - (x0, y0)) / step
        fixed = np.rint(local * (1 << _SHIFT)).astype(np.int32)
        cv2.fillPoly(mask, [fixed], 255, lineType=cv2.LINE_AA, shift=_SHIFT)
        if sigma:
            mask = cast("Image", cv2.GaussianBlur(mask, (0, 0), max(0.3, sigma / step)))
        if step > 1:
            mask = cast("Image", cv2.resize(mask, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR))
        return roi, mask


def _blend(roi: Image, over: Image, weight: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    cv2.blendLinear(over, roi, weight, 1 - weight, roi)
