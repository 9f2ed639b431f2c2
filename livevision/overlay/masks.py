"""Masks, their outlines and their halos, each in no more of the picture than it covers.

Supervision's annotators need masks of the picture's size and go through all of it: for 20 objects at 1280×720 masks
take 4 ms (dense ones 38) and halos 48, here 2 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
import supervision as sv

from livevision.overlay.colours import DARK
from livevision.overlay.style import Annotator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Image
    from livevision.overlay.colours import Palette
    from livevision.overlay.gauge import Gauge
    from livevision.overlay.placed import Placed
    from livevision.overlay.style import OverlayStyle

_Mask: TypeAlias = "NDArray[np.uint8]"
"""``(h, w)``, 255 where the object is."""
_Piece: TypeAlias = tuple[_Mask, tuple[int, int], tuple[int, int, int]]
"""A mask in the picture's pixels, where its left upper corner is, and its colour, BGR."""

_OPACITY = 0.45
_HALO_OPACITY = 0.8


class Masks:
    """Draws ``detections.mask``, dense or compact, of any size; nothing where there are none."""

    def __init__(self, style: OverlayStyle, palette: Palette, gauge: Gauge) -> None:
        self._palette = palette.ground
        line = gauge.line(style.thickness)
        self._line, self._rim = gauge.stroke(line), gauge.stroke(line + 2)
        self._reach = gauge.part(36, style.thickness, 4)
        ways: dict[Annotator, Callable[[Image, _Piece], None]] = {
            Annotator.MASK: self._fill,
            Annotator.HALO: self._halo,
            Annotator.POLYGON: self._outline,
        }
        self._ways = [way for annotator, way in ways.items() if annotator in style.annotators]

    def draw(self, image: Image, placed: Placed) -> None:
        """Draw those of all objects, large ones first, so that small ones lie on them."""
        if placed.source.mask is None or not self._ways:
            return
        pieces: list[_Piece] = [
            (mask, corner, self._palette.by_idx(int(placed.colours[row])).as_bgr())
            for row, mask, corner in _pieces(placed)
        ]
        pieces.sort(key=lambda piece: piece[0].size, reverse=True)
        for way in self._ways:
            for piece in pieces:
                way(image, piece)

    def _fill(self, image: Image, piece: _Piece) -> None:
        part, mask = _overlap(image, piece)
        if part.size:
            shades = np.arange(256)[:, None] * (1 - _OPACITY) + np.array(_for(part, piece[2])) * _OPACITY
            tinted = cv2.LUT(np.ascontiguousarray(part), shades.round().astype(np.uint8)[None])
            cv2.copyTo(tinted, mask, part)

    def _outline(self, image: Image, piece: _Piece) -> None:
        mask, corner, colour = piece
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=corner)
        cv2.polylines(image, contours, True, DARK.as_bgr(), self._rim)
        cv2.polylines(image, contours, True, colour, self._line)

    def _halo(self, image: Image, piece: _Piece) -> None:
        mask, (x, y), colour = piece
        reach = self._reach
        wide = cv2.copyMakeBorder(mask, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=(0.0,))
        spread = cv2.dilate(wide, np.ones((reach, reach), np.uint8))
        glow = np.asarray(cv2.blur(spread, (reach, reach)), np.uint8)
        glow[wide > 0] = 0
        part, alpha = _overlap(image, (glow, (x - reach, y - reach), colour))
        if part.size:
            weight = alpha * np.float32(_HALO_OPACITY / 255)
            above = np.empty_like(part)
            above[...] = _for(part, colour)
            part[...] = cv2.blendLinear(above, np.ascontiguousarray(part), weight, 1 - weight)


def _for(image: Image, colour: tuple[int, int, int]) -> tuple[int, ...]:
    """Return a colour with as many channels as the picture has."""
    return (*colour, 255)[: image.shape[2]]


def _pieces(placed: Placed) -> Iterator[tuple[int, _Mask, tuple[int, int]]]:
    corner, scale = np.array(placed.window[:2]), np.array(placed.scale)
    for row, (whole, place, extent) in enumerate(_crops(placed.source)):
        mask, origin, size = _near(whole, place, extent, placed)
        low = np.round((origin - corner) * scale).astype(int)
        high = np.round((origin + size - corner) * scale).astype(int)
        width, height = np.maximum(high - low, 1).tolist()
        if mask.size:
            scaled = cv2.resize(mask.view(np.uint8) * 255, (width, height), interpolation=cv2.INTER_NEAREST)
            yield row, np.asarray(scaled, np.uint8), (int(low[0]), int(low[1]))


def _near(
    mask: NDArray[np.bool_], origin: NDArray[np.float64], size: NDArray[np.float64], placed: Placed
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Return no more of a mask than can be seen and as much around it: one close up would fill gigabytes."""
    corner, extent = np.array(placed.window[:2]), np.array(placed.window[2:])
    first = np.floor(np.clip(corner - extent - origin, 0, size)).astype(int)
    last = np.ceil(np.clip(corner + 2 * extent - origin, 0, size)).astype(int)
    part = np.ascontiguousarray(mask[first[1] : last[1], first[0] : last[0]])
    return part, origin + first, np.array(part.shape[::-1], float)


def _crops(detections: sv.Detections) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]]:
    """Yield each object's mask, cut out, with its place and its size in pixels of the frame."""
    masks = detections.mask
    if isinstance(masks, sv.CompactMask):
        for row, box in enumerate(detections.xyxy):
            crop = np.ascontiguousarray(masks.crop(row))
            here, size = masks.offsets[row].astype(float), np.array(crop.shape[::-1], float)
            # It was cut out at its box; where that was moved since, the mask goes with it.
            if (np.abs(box[2:] - box[:2] - size) <= 2 + 0.1 * size).all():
                moved = box[:2] - here
                here = here + np.where(np.abs(moved) < 1, 0, moved)
            yield crop, here, size
        return
    for mask in () if masks is None else masks:
        dense = np.ascontiguousarray(mask, dtype=bool)
        x, y, width, height = cv2.boundingRect(dense.view(np.uint8))
        cropped = np.ascontiguousarray(dense[y : y + height, x : x + width])
        yield cropped, np.array((x, y), float), np.array((width, height), float)


def _overlap(image: Image, piece: _Piece) -> tuple[Image, _Mask]:
    """Return the part of the picture under a mask, and the part of the mask over the picture."""
    mask, (x, y), _ = piece
    left, top = max(0, -x), max(0, -y)
    part = image[max(0, y) : max(0, y + mask.shape[0]), max(0, x) : max(0, x + mask.shape[1])]
    return part, np.ascontiguousarray(mask[top : top + part.shape[0], left : left + part.shape[1]])
