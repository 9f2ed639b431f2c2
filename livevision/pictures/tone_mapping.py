"""High dynamic range on ordinary screens: PQ and HLG pictures (ITU-R BT.2100) become BT.709 ones of 8 bits.

Diffuse white, 203 cd/m² (ITU-R BT.2408), and what is darker look as in an ordinary picture, as on a screen with a gamma
of 2.4 (ITU-R BT.1886); what is brighter is compressed.  Tables and one matrix: 50 ns a pixel.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import cv2
import numpy as np
from av.video.reformatter import ColorTrc

if TYPE_CHECKING:
    from livevision.frame import Image

    Table: TypeAlias = np.ndarray[Any, np.dtype[np.float32]]

TRANSFERS = frozenset({int(ColorTrc.SMPTE2084), int(ColorTrc.ARIB_STD_B67)})
"""Of the pictures that are meant: PQ and HLG."""

_WHITE = 203.0
"""cd/m² of diffuse white."""
_PEAK = 1000.0 / _WHITE
"""The brightest that is told apart, in units of white; HLG's nominal peak, and what most films are made for."""
_KNEE = 0.6
"""Light, in units of white, up to which nothing is compressed."""
_GAMMA = 2.4
_STEPS = 4096
_HLG_GAMMA = 1.2
# BT.2020's primaries in BT.709's; red, green, blue (ITU-R BT.2407).
_TO_BT709 = np.array(
    [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]], np.float32
)
_LUMINANCE = np.array([[0.2627, 0.6780, 0.0593]], np.float32)


def tone_mapped(deep: np.ndarray[Any, np.dtype[np.uint16]], transfer: int) -> Image:
    """Return the 8-bit BGR form of a 16-bit BGR picture in BT.2020 with this ``transfer``."""
    if transfer == ColorTrc.ARIB_STD_B67:
        light = _hlg_light()[deep]
        luminance = cv2.transform(light, _LUMINANCE[:, ::-1])
        light *= cv2.pow(luminance, _HLG_GAMMA - 1)[..., np.newaxis]
        light *= _PEAK
    else:
        light = _pq_light()[deep]
    light = cv2.transform(light, _TO_BT709[::-1, ::-1])
    np.clip(light, 0, _PEAK, out=light)
    # The root spends the steps of the table where the eye sees them.
    cv2.sqrt(light, light)
    light *= (_STEPS - 1) / _PEAK**0.5
    return _levels()[light.astype(np.uint16)]


@cache
def _pq_light() -> Table:
    """Return light in units of white for each of 65,536 levels of PQ (SMPTE ST 2084)."""
    signal = np.linspace(0, 1, 65_536) ** (32 / 2523)
    m1, c1, c2, c3 = 1305 / 8192, 107 / 128, 2413 / 128, 2392 / 128
    light = (np.maximum(signal - c1, 0) / (c2 - c3 * signal)) ** (1 / m1)
    return (light * 10_000 / _WHITE).astype(np.float32)


@cache
def _hlg_light() -> Table:
    """Return light of the scene, 0 to 1, for each of 65,536 levels of HLG (ARIB STD-B67)."""
    signal = np.linspace(0, 1, 65_536)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12).astype(np.float32)


@cache
def _levels() -> Image:
    """Return the level of 8 bits for each step of light."""
    light = np.linspace(0, 1, _STEPS) ** 2 * _PEAK
    above = (light - _KNEE) / (1 - _KNEE)
    most = (_PEAK - _KNEE) / (1 - _KNEE)
    compressed = _KNEE + (1 - _KNEE) * above * (1 + above / most**2) / (1 + above)
    light = np.where(light <= _KNEE, light, compressed)
    return cast("Image", np.round(255 * np.clip(light, 0, 1) ** (1 / _GAMMA)).astype(np.uint8))
