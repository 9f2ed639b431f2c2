"""The subscriber behind ``async for frame in camera``."""

from __future__ import annotations

import asyncio
import copy
from typing import TYPE_CHECKING

from livevision.sources.reader import Demand
from livevision.sources.status import CameraState

if TYPE_CHECKING:
    from livevision.frame import Frame, Result
    from livevision.sources.status import CameraStatus


class NewestFrame:
    """Keeps the newest frame until it is asked for.  A camera's subscriber, on the event loop."""

    wants = Demand.EVERY_FRAME

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self._end: CameraStatus | None = None
        self._changed = asyncio.Event()

    def on_frame(self, frame: Frame) -> None:
        """Keep it; one that still waits is forgotten."""
        self._frame = frame
        self._changed.set()

    def on_result(self, result: Result) -> None:
        """Nothing to keep."""

    def on_status(self, status: CameraStatus) -> None:
        """Note that no more will come."""
        if status.state in (CameraState.ENDED, CameraState.FAILED, CameraState.AUTH_FAILED):
            self._end = status
            self._changed.set()

    async def next(self) -> Frame | None:
        """Return the newest frame that was not returned yet; after the last one None, or the error raised."""
        while self._frame is None and self._end is None:
            self._changed.clear()
            await self._changed.wait()
        if self._frame is not None:
            frame, self._frame = self._frame, None
            return frame
        if self._end is not None and self._end.error is not None:
            # A copy, for raising it makes it hold on to whoever iterates.
            raise copy.copy(self._end.error)
        return None
