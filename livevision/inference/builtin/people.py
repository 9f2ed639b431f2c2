"""People who stand or walk, seen whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import cv2
import numpy as np
import supervision as sv

from livevision.inference.builtin.threaded import NOTHING, ThreadedDetector
from livevision.inference.builtin.working_size import shrink

if TYPE_CHECKING:
    import asyncio

    from livevision.frame import Image
    from livevision.inference.builtin.threaded import Found

LONGEST = 640
"""Working size: the longer side, in pixels.  People are found from 100 pixels tall at this size, up to three
quarters of the picture's height."""

WINDOW = (128, 64)
"""Height and width of what the SVM looks at."""

NMS_IOU = 0.4
"""Two boxes that overlap more than this are one person."""

# The SVM was trained on people with this much ground around them, as shares of the window.
_GROUND = np.array([0.15, 0.11, -0.15, -0.11], dtype=np.float32)


class PeopleDetector(ThreadedDetector):
    """Histograms of oriented gradients and a linear SVM (Dalal and Triggs), as OpenCV ships it, and NMS.

    The confidence is the distance to the SVM's plane, squashed so that 0.7, beyond most false alarms, is one
    half: 0.25 is a distance of 0.43, 0.9 one of 1.25.  It orders boxes and is not a probability.
    """

    name: ClassVar[str] = "people"
    class_name: ClassVar[str] = "person"

    def __init__(self, turns: asyncio.Semaphore | None = None) -> None:
        super().__init__(turns)
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(np.asarray(cv2.HOGDescriptor.getDefaultPeopleDetector(), dtype=np.float32))

    def find(self, image: Image) -> Found:
        """Return the people in the picture."""
        small, back = shrink(image, LONGEST)
        if small.shape[0] < WINDOW[0] or small.shape[1] < WINDOW[1]:
            # Nobody fits in; the smallest pictures even crash OpenCV.
            return NOTHING
        # Neighbouring windows are averaged, and one without a neighbour is dropped: mostly false alarms.
        windows, distances = self._hog.detectMultiScale(
            small, hitThreshold=0, winStride=(8, 8), padding=(8, 8), scale=1.05, groupThreshold=2
        )
        if not len(windows):
            return NOTHING
        boxes = np.asarray(windows, dtype=np.float32)
        boxes += np.tile(boxes[:, 2:], 2) * _GROUND + np.pad(boxes[:, :2], ((0, 0), (2, 0)))
        boxes = np.clip(boxes, 0, np.array(small.shape[1::-1] * 2)) * back
        confidence = 1 / (1 + np.exp(-4 * (np.ravel(distances) - 0.7)))
        best = sv.box_non_max_suppression(np.column_stack((boxes, confidence)), NMS_IOU)
        return boxes[best], confidence[best]
