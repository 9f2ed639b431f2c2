"""The way of a frame to the screen: newest frame, converted and drawn in a worker at the size that the tile has."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, cast

import cv2

from livevision.overlay import Overlay
from livevision.sources.latest import LatestSlot
from livevision.sources.reader import Demand
from livevision.timing import fresh_detections

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    import supervision as sv

    from livevision.frame import Frame, Image, Result
    from livevision.metrics import CameraMetrics
    from livevision.sources.status import CameraStatus
    from livevision.ui.video_view import VideoView

_STILL_AFTER = 0.2
"""Seconds after which a picture is redrawn for its own sake instead of waiting for the next."""


class Display:
    """Feeds one view from one camera: a subscriber with a task of its own.

    A picture that comes while another is being drawn replaces the one that waits; the lost one is counted.  Nothing is
    converted for a view that cannot be seen.
    """

    def __init__(
        self, view: VideoView, metrics: CameraMetrics, work: Executor, state_changed: Callable[[], None]
    ) -> None:
        self._view = view
        self._metrics = metrics
        self._work = work
        self._state_changed = state_changed
        self._overlay = Overlay()
        self._waiting: LatestSlot[Frame] = LatestSlot()
        self._dropped = 0
        self._frame: Frame | None = None
        self._result: Result | None = None
        self.boxes_shown = True
        view.painted.connect(metrics.painted)
        view.resized.connect(self.redraw)
        view.seen_changed.connect(self._show_newest)

    @property
    def wants(self) -> Demand:
        """Every frame while the view can be seen."""
        return Demand.EVERY_FRAME if self._view.can_be_seen else Demand.KEYFRAMES

    def on_frame(self, frame: Frame) -> None:
        """Show ``frame`` as soon as the one before it is through."""
        self._frame = frame
        if self._view.can_be_seen:
            self._waiting.put(frame)

    def on_result(self, result: Result) -> None:
        """Draw these boxes from the next picture on."""
        self._result = result

    def on_status(self, status: CameraStatus) -> None:
        """Say at once what the tile must say now: the first picture must not wait under "Connecting…"."""
        self._state_changed()

    def redraw(self) -> None:
        """Draw the newest picture again, after a change of size or of what is drawn, if no new one is coming anyway."""
        if self._frame is not None and time.monotonic() - self._frame.captured > _STILL_AFTER:
            self.on_frame(self._frame)

    def _show_newest(self) -> None:
        # While nobody looked there were only keyframes: the next picture may be seconds away.
        if self._frame is not None:
            self.on_frame(self._frame)

    async def run(self) -> None:
        """Show pictures until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            frame = await self._waiting.get()
            self._metrics.drop("display", self._waiting.dropped - self._dropped)
            self._dropped = self._waiting.dropped
            if not self._view.can_be_seen:
                continue
            detections = fresh_detections(frame, self._result) if self.boxes_shown else None
            size = self._view.fit(frame.size)
            pixels = await loop.run_in_executor(self._work, self._compose, frame, size, detections)
            self._view.show_picture(pixels, frame.due)

    def _compose(self, frame: Frame, size: tuple[int, int], detections: sv.Detections | None) -> Image:
        image = frame.bgr(size)
        if detections is not None and len(detections):
            image = image.copy()
            self._overlay.draw(image, detections, frame.size)
        # Qt's raster engine blits 32-bit pictures as they are, and converts 24-bit ones on the GUI thread.
        return cast("Image", cv2.cvtColor(image, cv2.COLOR_BGR2BGRA))
