"""A detector that is plain blocking code, run in one thread of its own."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import cv2
import numpy as np
import supervision as sv

from livevision.errors import DetectorError
from livevision.inference.one_thread import OneThread
from livevision.wording import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Image

Found: TypeAlias = "tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]]]"
"""Boxes ``(n, 4)`` as x1, y1, x2, y2 in pixels of the full-size picture, and confidences ``(n,)`` in 0..1."""

NOTHING: Found = (np.empty((0, 4), dtype=np.float32), np.empty(0, dtype=np.float32))
"""No boxes."""


class ThreadedDetector(ABC):
    """Base of the built-in detectors: a subclass says what it finds, in :meth:`find`, as blocking code.

    One picture at a time, in a thread named ``detect <name>``, so that a subclass needs no lock for what it remembers
    between pictures.  A :meth:`detect` that is cancelled gives up waiting; the picture that is already being worked on
    is finished in the background, and the next call waits for it.  Those that are given the same ``turns`` share the
    processor.
    """

    name: ClassVar[str]
    class_name: ClassVar[str]
    max_in_flight: ClassVar[int] = 1
    runs_on: ClassVar[str] = "CPU"
    notice: ClassVar[str] = ""

    def __init__(self, turns: asyncio.Semaphore | None = None) -> None:
        self.turns = turns or asyncio.Semaphore(1)
        self._thread = OneThread(f"detect {self.name}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'closed' if self._thread.is_closed else 'open'}>"

    @property
    def classes(self) -> tuple[str, ...]:
        """The one class name that it answers."""
        return (self.class_name,)

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a ``(h, w, 3)`` BGR picture; boxes in its pixels.  Raises DetectorError."""
        try:
            boxes, confidence = await self._thread.run(lambda: self.find(image))
        except cv2.error as error:
            reason = " ".join(str(error.err or error).split())
            raise DetectorError(
                say(
                    "{name} failed on a picture of shape {shape}: {reason}",
                    name=self.name,
                    shape=image.shape,
                    reason=reason,
                )
            ) from error
        return sv.Detections(
            xyxy=boxes.astype(np.float32),
            confidence=confidence.astype(np.float32),
            class_id=np.zeros(len(boxes), dtype=np.int64),
            data={"class_name": np.full(len(boxes), self.class_name)},
        )

    @abstractmethod
    def find(self, image: Image) -> Found:
        """Return what is in the picture.  Called in the detector's own thread; may raise :class:`cv2.error`."""

    async def aclose(self) -> None:
        """Wait for the picture that is being worked on, without holding up the loop, and end the thread.

        May be called twice.  Not from within :meth:`find`.
        """
        await self._thread.aclose()
