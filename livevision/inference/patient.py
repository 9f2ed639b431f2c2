"""A detector for files: a frame that a server could not take just now is worth another try."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from livevision.errors import DetectorUnavailable
from livevision.inference.wrapper import DetectorWrapper

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.detector import Detector

PATIENCE = 60.0
"""Seconds that one frame is tried again for: a server that restarts is back by then."""
_LEAST_PAUSE = 0.25
"""Seconds between two tries where the server does not say."""


class PatientDetector(DetectorWrapper):
    """Asks the inner one again, as often as it says, for up to ``patience`` seconds a frame.

    Not before the first answer: that a server was never there is known at once.  Errors of other kinds are final.
    """

    def __init__(self, detector: Detector, patience: float = PATIENCE) -> None:
        super().__init__(detector)
        self._patience = patience
        self._has_answered = False

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a ``(h, w, 3)`` BGR picture.  Raises DetectorError."""
        give_up = time.monotonic() + self._patience
        while True:
            try:
                detections = await self._inner.detect(image)
            except DetectorUnavailable as error:
                pause = max(error.retry_in, _LEAST_PAUSE)
                if not self._has_answered or time.monotonic() + pause > give_up:
                    raise
                await asyncio.sleep(pause)
            else:
                self._has_answered = True
                return detections
