"""A clock that can be read back from a picture, which tells how old what is seen is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.errors import UsageError
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.frame import Image

BITS = 32
CELL = 16
"""Width and height of a bit, pixels."""

WIDTH = BITS * CELL
"""Width of the bar code, and of the narrowest picture that can have one."""

_EDGE = 4  # of a cell, left out when reading: compression smears edges
_CLEAR = 48  # a cell must be this far from the middle grey


def stamp(image: Image, ms: int) -> None:
    """Draw ``ms`` (milliseconds of :func:`time.time`, modulo 2**32) into the top left corner of ``image``, in place.

    32 cells of 16 by 16 pixels in one row, the lowest bit first; white is 1, black is 0.
    Raises UsageError for a picture too small.
    """
    if image.shape[1] < WIDTH or image.shape[0] < CELL:
        raise UsageError(
            say(
                "the clock needs a picture at least {width} pixels wide, not {given}: "
                "choose a larger size or leave the clock off",
                width=WIDTH,
                given=image.shape[1],
            )
        )
    bits = ms % (1 << BITS) >> np.arange(BITS) & 1
    image[:CELL, :WIDTH] = np.repeat(bits.astype(np.uint8) * 255, CELL)[None, :, None]


def read(image: Image) -> int | None:
    """Return the milliseconds that :func:`stamp` drew, or None where no clock can be made out.

    ``image`` is ``(h, w, 3)`` BGR or RGB in its original size; compression does no harm.
    """
    if image.shape[1] < WIDTH or image.shape[0] < CELL:
        return None
    cells = image[_EDGE : CELL - _EDGE, :WIDTH].reshape(CELL - 2 * _EDGE, BITS, CELL, -1)
    level = cells[:, :, _EDGE:-_EDGE].mean(axis=(0, 2, 3))
    if np.any(np.abs(level - 127.5) < _CLEAR):
        return None
    return int(np.sum((level > 127.5).astype(np.uint64) << np.arange(BITS, dtype=np.uint64)))
