"""Faces that look into the camera."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import cv2
import numpy as np

from livevision.errors import ModelError
from livevision.inference.builtin.threaded import NOTHING, ThreadedDetector
from livevision.inference.builtin.working_size import shrink
from livevision.wording import say

if TYPE_CHECKING:
    import asyncio

    from livevision.frame import Image
    from livevision.inference.builtin.threaded import Found

LONGEST = 800
"""Working size: the longer side, in pixels."""

SMALLEST = 24
"""Side of the smallest face, in pixels of the working size: 38 in a picture 1280 wide."""

# "alt" has far fewer false alarms than "default"; beside cv2/__init__.py, where every wheel of OpenCV has it.
_CASCADE = Path(cv2.__file__).with_name("data") / "haarcascade_frontalface_alt.xml"
# What the last stage of this cascade asks of a face.
_LAST_STAGE = 105.76


class FaceDetector(ThreadedDetector):
    """A cascade of Haar features (Viola and Jones), as OpenCV ships it.

    The confidence is by how much the face passed the cascade's last stage, squashed so that 1.5, between false alarms
    and faces, is one half: 0.25 is a margin of 1.13, 0.9 one of 2.2.  It orders boxes and is not a probability.
    """

    name: ClassVar[str] = "faces"
    class_name: ClassVar[str] = "face"

    def __init__(self, turns: asyncio.Semaphore | None = None) -> None:
        super().__init__(turns)
        try:
            self._cascade = cv2.CascadeClassifier(str(_CASCADE))
        except (cv2.error, SystemError) as error:  # the binding wraps some of its errors
            raise ModelError(
                say("OpenCV's face model {file} cannot be read: reinstall opencv-python", file=_CASCADE)
            ) from error
        if self._cascade.empty():
            raise ModelError(say("OpenCV's face model {file} is missing: reinstall opencv-python", file=_CASCADE))

    def find(self, image: Image) -> Found:
        """Return the faces in the picture."""
        small, back = shrink(image, LONGEST)
        squares, _, weights = self._cascade.detectMultiScale3(
            cv2.cvtColor(small, cv2.COLOR_BGR2GRAY),
            scaleFactor=1.2,
            minNeighbors=4,
            minSize=(SMALLEST, SMALLEST),
            outputRejectLevels=True,
        )
        if not len(squares):
            return NOTHING
        boxes = np.asarray(squares, dtype=np.float32)
        boxes[:, 2:] += boxes[:, :2]
        margins = np.ravel(weights) - _LAST_STAGE
        return boxes * back, 1 / (1 + np.exp(-3 * (margins - 1.5)))
