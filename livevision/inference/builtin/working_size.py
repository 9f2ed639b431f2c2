"""The size at which a detector looks at a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Image


def shrink(image: Image, longest: int) -> tuple[Image, NDArray[np.float32]]:
    """Return ``image`` with its longer side at most ``longest`` pixels, and what brings its boxes back to full size.

    The second is ``(4,)``: multiply boxes x1, y1, x2, y2 by it.  A picture that is small enough comes back as it is.
    """
    height, width = image.shape[:2]
    ratio = longest / max(height, width, 1)
    if ratio >= 1:
        return image, np.ones(4, dtype=np.float32)
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    back = np.array((width / size[0], height / size[1]) * 2, dtype=np.float32)
    return cast("Image", cv2.resize(image, size, interpolation=cv2.INTER_AREA)), back
