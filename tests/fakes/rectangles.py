"""Black pictures of several shapes with a white rectangle in each, whose edges are known."""

from __future__ import annotations

import numpy as np

from livevision.frame import Image

SIZES = {"16:9": (1280, 720), "4:3": (640, 480), "portrait": (480, 854), "tiny": (31, 17), "panorama": (2000, 150)}
"""Width and height."""


def rectangle(size: tuple[int, int]) -> tuple[Image, tuple[int, int, int, int]]:
    """Draw a rectangle off the middle; return the picture, and x1, y1, x2, y2."""
    width, height = size
    box = (width // 8, height // 3, width // 2, height - height // 8)
    image = np.zeros((height, width, 3), np.uint8)
    image[box[1] : box[3], box[0] : box[2]] = 255
    return image, box
