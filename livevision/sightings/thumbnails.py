"""Small pictures of single objects, cut out of a camera's picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livevision.frame import Image, Result
    from livevision.overlay import PrivacyMask

    Box = tuple[float, float, float, float]

LONGEST_SIDE = 96
"""Pixels."""
_MARGIN = 0.08
"""Of a box's sides, around it: models cut hair and hands off, and a thing is known by where it stands."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that is to have a picture, and where on the camera's picture it is."""

    number: int
    box: Box
    """x1, y1, x2, y2 in pixels of the full-size picture."""


def thumbnails(result: Result, wanted: Iterable[Wanted], mask: PrivacyMask) -> list[tuple[int, Image]]:
    """Return pictures by the entries' numbers, ``(h, w, 3)`` BGR, read-only, at most 96 pixels a side.

    ``mask``, which was told of this result, hides on them whoever must not be seen.  A box without a pixel on the
    picture gives none.  From a worker thread; 0.1 ms each where the picture is converted already.
    """
    frame = result.frame
    image = frame.bgr()
    if mask.active:
        image = mask.hide(image.copy(), frame.size, (frame.generation, frame.pts))
    pictures = []
    for each in wanted:
        part = _cut(image, each.box)
        if part.size:
            pictures.append((each.number, _small(part)))
    return pictures


def _cut(image: Image, box: Box) -> Image:
    height, width = image.shape[:2]
    x1, y1, x2, y2 = box
    across, down = (x2 - x1) * _MARGIN, (y2 - y1) * _MARGIN
    left, top = max(0, math.floor(x1 - across)), max(0, math.floor(y1 - down))
    return image[top : max(0, min(height, math.ceil(y2 + down))), left : max(0, min(width, math.ceil(x2 + across)))]


def _small(part: Image) -> Image:
    height, width = part.shape[:2]
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # A copy in any case: a view would keep the whole picture.
    small = part.copy() if scale == 1 else np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    small.flags.writeable = False
    return small
