"""Making a part of a picture unrecognisable, so that nothing brings it back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from livevision.overlay.privacy import Concealment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Image

BLOCKS = 6
"""How many colours are left along a part's shorter side.

12 would still be too many for a face that fills its box: McPherson, Shokri and Shmatikov, "Defeating Image Obfuscation
with Deep Learning", 2016, name people from mosaics in which a person guesses nothing.
"""
_MOST_BLOCKS = 15
"""The same along the longer side: somebody of whom the picture's border leaves a strip is not cut into finer ones."""
_LEAST_BLOCK = 3.0
"""Pixels: a tenth of a thumbnail has no more than a few, and they would be left as they are."""
_COLOUR = (60, 60, 60)


def conceal(image: Image, boxes: NDArray[np.number[Any]], how: Concealment) -> None:
    """Conceal these parts, ``(n, 4)`` in pixels of ``image``, in place.  Equally strong at every size of picture.

    What is left of a part are the means of at most a few dozen blocks; BLUR only joins them smoothly.  Their size is
    that of the whole part's, also where the picture's border cuts it: of a shoulder no more is seen than of a person.
    """
    height, width = image.shape[:2]
    for box in boxes.tolist():
        left, top = max(0, math.floor(box[0])), max(0, math.floor(box[1]))
        right, bottom = min(width, math.ceil(box[2]) + 1), min(height, math.ceil(box[3]) + 1)
        if right > left and bottom > top:
            part = image[top:bottom, left:right]
            short, long = sorted((box[2] - box[0], box[3] - box[1]))
            block = max(_LEAST_BLOCK, short / BLOCKS, long / _MOST_BLOCKS)
            part[...] = _COLOUR if how is Concealment.FILL else _coarse(part, how, block)


def conceal_all(image: Image, how: Concealment) -> None:
    """Conceal the whole picture."""
    height, width = image.shape[:2]
    conceal(image, np.array([(0.0, 0.0, width, height)]), how)


def _coarse(part: Image, how: Concealment, block: float) -> Image:
    height, width = part.shape[:2]
    few = max(1, int(width / block)), max(1, int(height / block))
    # The mean of all pixels of a block, each of which is in one block only: nothing else is known of them afterwards.
    means = cv2.resize(np.ascontiguousarray(part), few, interpolation=cv2.INTER_AREA)
    smooth = cv2.INTER_LINEAR if how is Concealment.BLUR else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(means, (width, height), interpolation=smooth), np.uint8).reshape(part.shape)
