"""Where a detection's keypoints travel: beside its box, in ``detections.data``, so that filtering takes both.

``sv.KeyPoints`` is a container of its own in supervision; what is drawn converts at the last moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livevision.inference.layouts.fitting import to_picture

if TYPE_CHECKING:
    from livevision.inference.layouts.layout import Array
    from livevision.inference.layouts.picks import Chosen
    from livevision.inference.layouts.preparation import Fitted

KEYPOINTS = "keypoints"
"""``(n, k, 2)`` float32: x and y in pixels of the picture."""
KEYPOINT_CONFIDENCE = "keypoint_confidence"
"""``(n, k)`` float32, 0..1; 1 where the model does not say."""


def add_keypoints(chosen: Chosen, numbers: Array, each: int, unit: Array, fitted: Fitted) -> None:
    """Add the keypoints of the chosen ones, given for all answers as ``(n, k · each)``.

    They are x and y in ``unit`` of the model's pixels and, where ``each`` is 3, how sure.
    """
    detections, numbers = chosen.detections, numbers[chosen.index]
    if numbers.shape[1] == 0 or numbers.shape[1] % each:
        raise ValueError(f"{numbers.shape[1]} numbers are no keypoints of {each}")
    points = numbers.astype(np.float32).reshape(len(numbers), numbers.shape[1] // each, each)
    detections.data[KEYPOINTS] = to_picture(points[..., :2] * unit, fitted)
    sure = points[..., 2] if each == 3 else np.ones(points.shape[:2], np.float32)
    detections.data[KEYPOINT_CONFIDENCE] = np.ascontiguousarray(sure)
