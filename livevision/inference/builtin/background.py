"""What a camera that stands still sees behind all that moves: a mixture of Gaussians for each pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Image

BRIGHTNESS_EVERY = 10
"""Pictures after which the background is asked how bright it is: that takes a sixth of the time of a picture."""
SAME_EXPOSURE = 0.005
"""Change of brightness that is not worth undoing."""
AUTOMATIC = -1.0
"""Lets OpenCV choose how quickly a picture becomes background: by how many there were."""


class Background:
    """Learns from pictures of one size, in their order, and tells what differs from what was there before.

    ``history`` is how many pictures it remembers, ``ratio`` the share of them that is background, and ``shadows``
    whether these are told apart, as 127 instead of 255.
    """

    def __init__(self, history: int, ratio: float, shadows: bool) -> None:
        self._model = cv2.createBackgroundSubtractorMOG2(history=history, varThreshold=16, detectShadows=shadows)
        self._model.setBackgroundRatio(ratio)
        self._brightness = np.ones((0, 0), np.float32)
        """As it was asked last."""
        self.pictures = 0
        """From how many it has learned."""

    def marks(self, image: Image, sure_after: int, rate: float = AUTOMATIC) -> NDArray[np.uint8]:
        """Return ``(h, w)``, 0 where a BGR picture is as before, and learn from it; ``rate`` is from 0 to 1.

        After ``sure_after`` pictures a change of exposure is undone first.
        """
        if self.pictures:
            image = self._exposed_as_before(image, sure_after)
        self.pictures += 1
        return cast("NDArray[np.uint8]", self._model.apply(image, learningRate=rate))

    def _exposed_as_before(self, image: Image, sure_after: int) -> Image:
        """Undo a change of exposure: cameras open up when somebody dark comes in, and everything else seems to move.

        The median does not see the objects, as long as most of the picture is background.
        """
        if self.pictures <= sure_after or self.pictures % BRIGHTNESS_EVERY == 0:
            self._brightness = _brightness(cast("Image", self._model.getBackgroundImage()))
        gain = float(np.median(self._brightness / _brightness(image)))
        if abs(gain - 1) < SAME_EXPOSURE:
            return image
        return cast("Image", cv2.convertScaleAbs(image, alpha=gain))


def _brightness(image: Image) -> NDArray[np.float32]:
    """Return it at every eighth pixel, from 1 on, as it is divided by."""
    return cast("NDArray[np.float32]", image[::8, ::8].astype(np.float32).mean(axis=2) + 1)
