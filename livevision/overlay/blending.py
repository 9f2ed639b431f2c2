"""Painting that lets the picture shine through, in no more of it than is touched."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from livevision.frame import Image

_SOLID = np.uint32(0xFF000000)

Rect: TypeAlias = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels; the last two are the first ones outside."""


def around(points: ArrayLike, margin: int, image: Image) -> Rect:
    """Return the part of ``image`` that holds all ``points``, ``(…, 2)``, and a margin; it may be empty."""
    height, width = image.shape[:2]
    flat = np.asarray(points, np.float64).reshape(-1, 2)
    low = np.floor(flat.min(axis=0)) - margin
    high = np.ceil(flat.max(axis=0)) + margin + 1
    left, top = int(np.clip(low[0], 0, width)), int(np.clip(low[1], 0, height))
    return left, top, int(np.clip(high[0], left, width)), int(np.clip(high[1], top, height))


def cut(image: Image, rect: Rect) -> Image:
    """Return a view of this part."""
    left, top, right, bottom = rect
    return image[top:bottom, left:right]


def with_channels(image: Image, channels: int) -> Image:
    """Return a BGR picture as BGRA if it is to have 4 channels, and as it is if 3."""
    return cast("Image", cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)) if channels == 4 else image


def make_solid(image: Image) -> None:
    """Set the alpha of a BGRA picture to 255: OpenCV sets it to 0 where it draws in a BGR colour."""
    if image.shape[2] == 4:
        pixels = image.view("<u4")
        pixels |= _SOLID


@contextmanager
def translucent(image: Image, rect: Rect, opacity: float) -> Iterator[None]:
    """Let what is painted within ``rect`` meanwhile cover only ``opacity`` of what was there."""
    part = cut(image, rect)
    if opacity >= 1 or part.size == 0:
        yield
        return
    before = part.copy()
    yield
    part[...] = cv2.addWeighted(np.ascontiguousarray(part), opacity, before, 1 - opacity, 0)
