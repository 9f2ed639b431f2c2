"""Grey pictures of more than 8 bits: thermal cameras use a small part of the range, which is spread to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

if TYPE_CHECKING:
    from livevision.frame import Image

    Deep: TypeAlias = np.ndarray[Any, np.dtype[np.uint16]]

_NARROW = 1 / 8
"""Share of the range: pictures that use less of it are spread, others are shown as they are."""
_LEAST = 64
"""Levels of 65,536 that are spread at the most, so that noise is not made a picture."""
_TAILS = (0.1, 99.9)
"""Percentiles that become black and white: single hot pixels count for nothing."""
_LOOKED_AT = 256
"""Lines and columns that are looked at, of each."""


def spread_of(deep: Deep, bits: int) -> tuple[float, float]:
    """Return which levels of a picture become black and white."""
    whole = float((1 << bits) - 1)
    rows, columns = (max(1, side // _LOOKED_AT) for side in deep.shape[:2])
    low, high = map(float, np.percentile(deep[::rows, ::columns], _TAILS))
    if high - low >= whole * _NARROW:
        return 0.0, whole
    least = _LEAST * whole / 65_535
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    return low, high


def eight_bits(deep: Deep, spread: tuple[float, float]) -> Image:
    """Return the picture with 8 bits, the levels of ``spread`` from black to white."""
    low, high = spread
    levels = np.clip((np.arange(65_536, dtype=np.float32) - low) * (255 / max(high - low, 1e-6)), 0, 255)
    return cast("Image", (levels + 0.5).astype(np.uint8)[deep])
