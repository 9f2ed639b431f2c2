"""Boxes that are turned: their corners, and the upright box around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.inference.layouts.fitting import to_picture

if TYPE_CHECKING:
    import supervision as sv

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.picks import Picks
    from livevision.inference.layouts.preparation import Fitted
    from livevision.inference.layouts.suppression import Overlap


def turned_corners(centred: Array, angle: Array) -> Array:
    """Return the corners ``(n, 4, 2)`` of boxes ``(n, 4)`` of centre, width and height, turned by ``angle`` radians.

    Clockwise on the screen, where y goes down (``ultralytics/utils/ops.py``: xywhr2xyxyxyxy).
    """
    centred, angle = centred.astype(np.float32), angle.astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        cosine, sine = np.cos(angle), np.sin(angle)
        along = np.stack((cosine, sine), axis=1) * centred[:, 2:3] / 2
        across = np.stack((-sine, cosine), axis=1) * centred[:, 3:4] / 2
        centre = centred[:, :2]
        return np.stack(
            (centre + along + across, centre + along - across, centre - along - across, centre - along + across), axis=1
        )


def around(points: Array) -> Array:
    """Return the upright boxes ``(n, 4)`` around corners ``(n, 4, 2)``."""
    return np.concatenate((points.min(axis=1), points.max(axis=1)), axis=1)


def turned(centred: Array, angle: Array) -> Overlap:
    """Return the overlap of turned boxes, each taken for a Gaussian as wide as itself.

    "ProbIoU" (Llerena et al., 2021, https://arxiv.org/abs/2106.06072, equations 6 to 9), which such models are trained
    and suppressed with; the upright boxes around ships side by side would overlap almost whole.
    """
    centre, sides = centred[:, :2].astype(np.float64), centred[:, 2:].astype(np.float64)
    with np.errstate(all="ignore"):
        cosine, sine = np.cos(angle.astype(np.float64)), np.sin(angle.astype(np.float64))
        wide, high = (sides**2 / 12).T  # variances of a uniform box
        a = wide * cosine**2 + high * sine**2
        b = wide * sine**2 + high * cosine**2
        c = (wide - high) * cosine * sine

    def overlap(one: int, others: Array) -> Array:
        sum_a, sum_b, sum_c = a[others] + a[one], b[others] + b[one], c[others] + c[one]
        x, y = (centre[others] - centre[one]).T
        determinant = sum_a * sum_b - sum_c**2
        apart = (sum_a * y**2 + sum_b * x**2 - 2 * sum_c * x * y) / (4 * determinant)
        own = np.sqrt(np.maximum(a[others] * b[others] - c[others] ** 2, 0) * max(a[one] * b[one] - c[one] ** 2, 0))
        distance = apart + np.log(determinant / (4 * own)) / 2
        shares: Array = 1 - np.sqrt(1 - np.exp(-np.maximum(distance, 0)))
        return shares

    return overlap


def turned_detections(
    picks: Picks, centred: Array, angle: Array, fitted: Fitted, keep: DetectionFilter, usual_iou: float | None
) -> sv.Detections:
    """Make detections of turned boxes in the model's pixels, with their corners under supervision's name for them."""
    chosen = picks.among(turned(centred, angle), keep, usual_iou)
    points = turned_corners(centred, angle)
    found = picks.placed(around(points), chosen, fitted).detections
    found.data[ORIENTED_BOX_COORDINATES] = to_picture(points[chosen], fitted)
    return found
