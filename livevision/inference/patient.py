"""A detector for files: a frame that a server could not take just now is worth another try."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from livevision.errors import DetectorUnavailable
from livevision.inference.wrapper import DetectorWrapper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.detector import Detector

PATIENCE = 60.0
"""Seconds that one frame is tried again for: a server that restarts is back by then."""
_LEAST_PAUSE = 0.25
"""Seconds between two tries where the server does not say."""


class PatientDetector(DetectorWrapper):
    """Asks the inner one again, as often as it says, for up to ``patience`` seconds a frame.

    Not before the first answer: that a server was never there is known at once.  Errors of other kinds are final.  No
    more frames are with it at once than it can have just then; the others wait here, and that takes none of their time.
    """

    def __init__(self, detector: Detector, patience: float = PATIENCE) -> None:
        super().__init__(detector)
        self._patience = patience
        self._has_answered = False
        self._with_it = 0
        self._fewer = asyncio.Condition()

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a ``(h, w, 3)`` BGR picture.  Raises DetectorError."""
        give_up: float | None = None
        while True:
            async with self._turn():
                give_up = give_up or time.monotonic() + self._patience
                try:
                    detections = await self._inner.detect(image)
                except DetectorUnavailable as error:
                    pause = max(error.retry_in, _LEAST_PAUSE)
                    if not self._has_answered or time.monotonic() + pause > give_up:
                        raise
                else:
                    self._has_answered = True
                    return detections
            await asyncio.sleep(pause)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        async with self._fewer:
            await self._fewer.wait_for(lambda: self._with_it < max(1, self._inner.max_in_flight))
            self._with_it += 1
        try:
            yield
        finally:
            self._with_it -= 1
            async with self._fewer:
                self._fewer.notify_all()
