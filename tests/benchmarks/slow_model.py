"""A model that takes 300 ms a picture, for `--model tests.benchmarks.slow_model:SlowModel`."""

from __future__ import annotations

import asyncio

import numpy as np
import supervision as sv


class SlowModel:
    """Waits as a model on a server does."""

    name = "slow"
    max_in_flight = 1
    classes = ("thing",)

    async def detect(self, image: np.ndarray) -> sv.Detections:
        height, width = image.shape[:2]
        await asyncio.sleep(0.3)
        return sv.Detections(
            xyxy=np.array([[width * 0.4, height * 0.4, width * 0.6, height * 0.6]], np.float32),
            confidence=np.array([0.9], np.float32),
            class_id=np.array([0]),
            data={"class_name": np.array(["thing"])},
        )

    async def aclose(self) -> None:
        """Nothing to close."""
