"""Of boxes of one class that overlap, only the surest is kept: non-maximum suppression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from livevision.inference.layouts.layout import Array

CANDIDATES = 3000
"""Only the surest so many are looked at: a picture full of noise must not take seconds."""


class Overlap(Protocol):
    """How much objects have in common."""

    def __call__(self, one: int, others: Array) -> Array:
        """Return the IoU of object number ``one`` with each of the numbers ``others``; NaN where there is none."""


def suppress(overlap: Overlap, confidence: Array, class_id: Array, iou: float, most: int) -> Array:
    """Return the indices of the objects to keep, the surest first, at most ``most``.

    One goes when its overlap with a surer one of its class is above ``iou``.  What is no box (NaN, inverted) neither
    suppresses nor is suppressed: it is counted elsewhere.
    """
    waiting = surest(confidence, CANDIDATES)
    kept: list[int] = []
    with np.errstate(all="ignore"):
        while len(waiting) and len(kept) < most:
            first, waiting = int(waiting[0]), waiting[1:]
            kept.append(first)
            covered = (overlap(first, waiting) > iou) & (class_id[waiting] == class_id[first])
            waiting = waiting[~covered]
    return np.array(kept, np.intp)


def upright(boxes: Array) -> Overlap:
    """Return the overlap of upright boxes, ``(n, 4)`` x1, y1, x2, y2."""
    areas = _areas(boxes)

    def overlap(one: int, others: Array) -> Array:
        rivals, mine = boxes[others], boxes[one]
        width = np.minimum(rivals[:, 2], mine[2]) - np.maximum(rivals[:, 0], mine[0])
        height = np.minimum(rivals[:, 3], mine[3]) - np.maximum(rivals[:, 1], mine[1])
        common = np.maximum(width, 0) * np.maximum(height, 0)
        shares: Array = common / (areas[others] + areas[one] - common)
        return shares

    return overlap


def _areas(boxes: Array) -> Array:
    with np.errstate(all="ignore"):
        sides = boxes[:, 2:] - boxes[:, :2]
        areas: Array = np.where((sides > 0).all(axis=1), sides[:, 0] * sides[:, 1], np.nan)
    return areas


def surest(confidence: Array, most: int) -> Array:
    """Return the indices of the ``most`` highest, the surest first; equal ones in their order."""
    return np.argsort(-confidence, kind="stable")[:most]
