"""How likely a box is that of a tracked object: near to where it is expected, for the time that has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from trackers.utils.iou import BaseIoU

if TYPE_CHECKING:
    from livevision.association import Floats

_REACH = 0.3
"""How far a box may lie from where it is expected, in lengths of its longer side: what detectors are unsure by."""
_CHANGE = 1.2
"""Lengths more for each second: how much an object may brake, accelerate or turn."""
_FASTEST = 2.5
"""The same for an object whose speed is not known yet: a car passing by makes 2 lengths a second."""
_MOST_ACROSS = 0.5
"""How many of all these lengths may be up or down: what moves fast does so along the ground."""
_MOST_GROWTH = 2.0
"""How many times as wide or high an object may become."""
_SAME = 0.5
"""Pixels within which a box that a tracker expects is the one that it was told."""


class Nearness(BaseIoU):
    """What trackers are given in the place of IoU, which is 0 as soon as an object moves by more than its own width.

    Results of a slow model are a second apart, and a car is two lengths further by then.  Set ``seconds`` before each
    update.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        """Since the last update."""
        self.unknown: Floats = np.empty((0, 4))
        """``(n, 4)`` boxes of the last update whose objects' speeds cannot be known yet."""

    def _compute(self, boxes_1: Floats, boxes_2: Floats) -> Floats:
        """Return ``(n, m)``: 1 for a box that is just as expected, 0 for one that cannot be the object's."""
        sizes = [np.maximum(boxes[:, 2:] - boxes[:, :2], 1.0) for boxes in (boxes_1, boxes_2)]
        missed = np.abs((boxes_1[:, None, :2] + boxes_1[:, None, 2:] - boxes_2[:, :2] - boxes_2[:, 2:]) / 2)
        missed /= np.maximum.outer(sizes[0].max(axis=1), sizes[1].max(axis=1))[..., None]
        is_new = (np.abs(boxes_1[:, None] - self.unknown).max(axis=-1) < _SAME).any(axis=1)
        reach = (_REACH + self.seconds * np.where(is_new, _FASTEST, _CHANGE))[:, None]
        distance = np.hypot(missed[..., 0], missed[..., 1]) / reach
        distance = np.maximum(distance, missed[..., 1] / np.minimum(reach, _MOST_ACROSS))
        # The side that changed less: a walker's box is as wide as the step is, and the border cuts boxes off.
        growth = np.abs(np.log(sizes[0])[:, None] - np.log(sizes[1])).min(axis=-1) / np.log(_MOST_GROWTH)
        nearness: Floats = np.clip(1 - distance**2 - growth**2, 0.0, 1.0)
        return nearness
