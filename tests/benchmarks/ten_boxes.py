"""A detector that costs nothing and always finds ten objects: what is left is the price of showing them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import supervision as sv

if TYPE_CHECKING:
    from livevision.frame import Image

TEN_BOXES = "tests.benchmarks.ten_boxes:TenBoxes"
_SIZE = np.array([90.0, 160.0])


def ten_boxes() -> sv.Detections:
    """Return ten objects that walk to and fro in a 1280x720 picture."""
    number = np.arange(10)
    x = 60 + number * 110 + 40 * np.sin(time.monotonic() + number)
    y = 80.0 + 45 * number
    corners = np.stack((x, y), axis=1)
    kinds = number % 3
    return sv.Detections(
        xyxy=np.concatenate((corners, corners + _SIZE), axis=1).astype(np.float32),
        confidence=np.full(10, 0.8, np.float32),
        class_id=kinds,
        data={"class_name": np.array(["person", "bicycle", "car"])[kinds]},
    )


class TenBoxes:
    """What ``--model tests.benchmarks.ten_boxes:TenBoxes`` loads."""

    name = "ten boxes"
    max_in_flight = 1
    classes = ("person", "bicycle", "car")

    async def detect(self, image: Image) -> sv.Detections:
        return ten_boxes()

    async def aclose(self) -> None:
        pass
