"""Outlines of objects: a weighted sum of a model's prototype masks for each, cut out at its box.

They are ``sv.CompactMask``: beside dense masks of 20 objects at 1280x720, taking some of them is 300 times as fast and
drawing them 5 times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import supervision as sv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.signature import Tensor

WEIGHTS = "mask_weights"
"""Where they wait in ``detections.data``, ``(n, 32)``, until it is known whose mask is wanted."""
PROTOTYPES = 32


def prototypes(outputs: Sequence[Tensor]) -> Tensor | None:
    """Return the output with a model's prototype masks, ``[batch, 32, h, w]``."""
    for output in outputs:
        if len(output.shape) == 4 and output.shape[1] in (PROTOTYPES, None):
            return output
    return None


def add_masks(detections: sv.Detections, outputs: Sequence[Array], fitted: Fitted) -> sv.Detections:
    """Make the masks of detections that have WEIGHTS; a mask ends at its box."""
    weights = detections.data.pop(WEIGHTS)
    if not len(detections):
        return detections
    masks = next((output for output in outputs if output.ndim == 4), None)
    if masks is None or masks.shape[1] != np.shape(weights)[1]:
        raise ValueError("no output has the prototypes of masks")
    width, height = fitted.picture
    canvas = np.zeros((1, height, width), bool)
    whole = np.nan_to_num(detections.xyxy, nan=0.0, posinf=0.0, neginf=0.0)
    # Both ends of a box are inside, as CompactMask has it.
    boxes = np.clip(np.floor(whole), 0, (width - 1, height - 1, width - 1, height - 1)).astype(int)
    made = []
    for box, weight in zip(boxes, np.asarray(weights), strict=True):
        left, top, right, bottom = (int(edge) for edge in box)
        inside = canvas[0, top : bottom + 1, left : right + 1]
        if inside.size:
            inside[...] = _cut(masks[0], weight, (left, top, right, bottom), fitted)
        made.append(sv.CompactMask.from_dense(canvas, box[None], (height, width)))
        inside[...] = False
    detections.mask = sv.CompactMask.merge(made)
    return detections


def _cut(masks: Array, weight: Array, box: tuple[int, int, int, int], fitted: Fitted) -> Array:
    """Return the mask inside ``box``, left, top, right and bottom in whole pixels of the picture, ends included."""
    left, top, right, bottom = box
    # Prototype pixels per picture pixel, and where the box's first pixel's middle is among them.
    step = [masks.shape[2 - axis] / fitted.model[axis] * fitted.scale[axis] for axis in (0, 1)]
    shift = [masks.shape[2 - axis] / fitted.model[axis] * fitted.offset[axis] for axis in (0, 1)]
    start = [(edge + 0.5) * step[axis] + shift[axis] - 0.5 for axis, edge in enumerate((left, top))]
    end = [(edge + 0.5) * step[axis] + shift[axis] - 0.5 for axis, edge in enumerate((right, bottom))]
    first = [min(max(0, int(np.floor(start[axis]))), masks.shape[2 - axis] - 1) for axis in (0, 1)]
    last = [min(max(first[axis], int(np.ceil(end[axis]))), masks.shape[2 - axis] - 1) for axis in (0, 1)]
    part = masks[:, first[1] : last[1] + 1, first[0] : last[0] + 1].astype(np.float32)
    with np.errstate(all="ignore"):
        small = np.tensordot(weight.astype(np.float32), part, axes=1)
    small = np.nan_to_num(small, nan=-1.0)
    matrix = np.array([[step[0], 0, start[0] - first[0]], [0, step[1], start[1] - first[1]]])
    size = (right - left + 1, bottom - top + 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    # Above 0 is above one half once it has gone through the sigmoid.
    inside: Array = cv2.warpAffine(small, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE) > 0
    return inside
