"""A camera that does what a test tells it, and detectors that answer what a test says."""

from __future__ import annotations

import asyncio
import dataclasses
import queue
import time

import numpy as np
import supervision as sv

from livevision.frame import Crop, Frame, Image
from livevision.pictures import ArrayPicture
from livevision.sources.reader import Demand, SourceInfo

END = object()


class ScriptedCamera:
    """Stands for one camera; ``opener`` is what a session is given.  The test sends pictures, errors or the end."""

    def __init__(self, size: tuple[int, int] = (320, 180), fps: float = 25.0) -> None:
        self.size = size
        self.fps = fps
        self.readers: list[ScriptedReader] = []
        self.refuse: list[Exception] = []
        self.skip = 0
        """How many pictures the reader says to have left out before the next one."""
        self._script: queue.Queue[object] = queue.Queue()

    def opener(self, generation: int) -> ScriptedReader:
        reader = ScriptedReader(self, generation)
        self.readers.append(reader)
        return reader

    def send(self, image: Image | None = None) -> None:
        self._script.put(grey(self.size) if image is None else image)

    def lose(self, error: Exception) -> None:
        self._script.put(error)

    def end(self) -> None:
        self._script.put(END)

    def next(self) -> object:
        return self._script.get()

    def wake(self) -> None:
        self._script.put(None)


class ScriptedReader:
    def __init__(self, camera: ScriptedCamera, generation: int) -> None:
        self._camera = camera
        self.wanted: Demand | None = None
        self._generation = generation
        self._index = 0
        self._interrupted = False
        self.closed = False

    def open(self) -> SourceInfo:
        if self._camera.refuse:
            raise self._camera.refuse.pop(0)
        return SourceInfo(*self._camera.size, self._camera.fps, "raw")

    def read(self) -> Frame | None:
        item = None
        while item is None and not self._interrupted:
            item = self._camera.next()
        if self._interrupted or item is END:
            return None
        if isinstance(item, Exception):
            raise item
        assert isinstance(item, np.ndarray)
        skipped, self._camera.skip = self._camera.skip, 0
        frame = make_frame(item, self._index, self._generation, self._index / self._camera.fps)
        frame = dataclasses.replace(frame, skipped=skipped)
        self._index += 1
        return frame

    def want(self, demand: Demand) -> None:
        self.wanted = demand

    def interrupt(self) -> None:
        self._interrupted = True
        self._camera.wake()

    def close(self) -> None:
        self.closed = True


class ScriptedDetector:
    """Answers ``answer``, or raises it, once ``gate`` is open."""

    name = "scripted"
    max_in_flight = 1
    classes: tuple[str, ...] | None = ("thing",)

    def __init__(self, answer: sv.Detections | Exception) -> None:
        self.answer = answer
        self.gate = asyncio.Event()
        self.gate.set()
        self.calls = 0
        self.closed = False

    async def detect(self, image: Image) -> sv.Detections:
        self.calls += 1
        await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def aclose(self) -> None:
        self.closed = True


class WatchedPicture(ArrayPicture):
    """Remembers in ``asked`` which sizes and parts of it somebody wanted."""

    def __init__(self, array: Image) -> None:
        super().__init__(array)
        self.asked: list[tuple[tuple[int, int], Crop | None]] = []

    def bgr(self, size: tuple[int, int], crop: Crop | None = None) -> Image:
        self.asked.append((size, crop))
        return super().bgr(size, crop)

    def bgra(self, size: tuple[int, int], crop: Crop | None = None) -> Image:
        self.asked.append((size, crop))
        return super().bgra(size, crop)


def make_frame(image: Image, index: int = 0, generation: int = 0, pts: float = 0.0) -> Frame:
    return Frame(index, generation, pts, time.monotonic(), time.time(), WatchedPicture(image))


def grey(size: tuple[int, int], level: int = 128) -> Image:
    return np.full((size[1], size[0], 3), level, np.uint8)


def things(*boxes: tuple[int, int, int, int], confidence: float = 0.9) -> sv.Detections:
    return sv.Detections(
        xyxy=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        confidence=np.full(len(boxes), confidence, np.float32),
        class_id=np.zeros(len(boxes), int),
        data={"class_name": np.array(["thing"] * len(boxes))},
    )


PATIENCE = 45.0
"""Seconds for what must happen, on a machine that does much else: how long it takes is no matter of these tests."""


async def until(condition, timeout: float = PATIENCE) -> None:  # type: ignore[no-untyped-def]
    """Wait for what the loop brings about; fails loudly where it does not come."""
    give_up = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < give_up, "did not happen in time"
        await asyncio.sleep(0.005)
