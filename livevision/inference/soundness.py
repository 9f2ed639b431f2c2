"""Which of a model's or server's boxes can be boxes at all.  Nothing that is not is ever drawn or recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    import supervision as sv
    from numpy.typing import ArrayLike, NDArray

_ABSURD = 8
"""A side longer than so many pictures, or that far outside, is nonsense and not an object at the edge."""


def sound(detections: sv.Detections, size: tuple[int, int]) -> tuple[sv.Detections, int]:
    """Return the detections that can be true in a picture of ``size`` (width, height), and how many were left out.

    Left out are boxes with NaN or infinity, without area, inverted, or absurdly far outside, and confidences that are
    not within 0 to 1.  The rest stays as it is, in its order; a box that reaches over the edge is clipped to it.
    """
    if not len(detections):
        return detections, 0
    boxes = np.asarray(detections.xyxy, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        keep = np.isfinite(boxes).all(axis=1)
        keep &= (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        far = np.array(size * 2, dtype=np.float64) * _ABSURD
        keep &= (np.abs(boxes) <= far).all(axis=1)
        last = np.array(size, dtype=np.float64)
        keep &= (boxes[:, :2] < last).all(axis=1) & (boxes[:, 2:] > 0).all(axis=1)
        if detections.confidence is not None:
            keep &= (detections.confidence >= 0) & (detections.confidence <= 1)
    kept = detections if keep.all() else cast("sv.Detections", detections[keep])
    inside = np.clip(kept.xyxy, 0, np.array(size * 2))
    if not np.array_equal(inside, kept.xyxy):
        kept = cast("sv.Detections", kept[np.arange(len(kept))])  # the model's own arrays stay as they are
        kept.xyxy = inside.astype(kept.xyxy.dtype)
    return kept, int(len(keep) - keep.sum())


def storable(boxes: ArrayLike) -> NDArray[np.float32]:
    """Return ``(n, 4)`` boxes as sv.Detections takes them: it refuses NaN and infinity, also after :func:`np.float32`.

    One with such a number becomes the empty box 0, 0, 0, 0, which :func:`sound` drops and counts.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        stored = np.array(boxes, dtype=np.float32).reshape(-1, 4)
    stored[~np.isfinite(stored).all(axis=1)] = 0
    return stored
