"""Any detector, answering only what is wanted and can be true: what scripts get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.errors import DetectorError
from livevision.inference.detector import Tunable
from livevision.inference.soundness import AnswerCheck
from livevision.inference.wrapper import DetectorWrapper
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.detector import Detector
    from livevision.inference.filter import DetectionFilter


class FilteredDetector(DetectorWrapper):
    """Leaves out of the inner one's answers what cannot be a box, and what ``keep`` does not let through.

    ``afterwards`` is awaited when the inner one was closed: the end of what it lives on.  There is no ``tune``: what
    was asked for when it was made holds, and whoever comes after can only want less.
    """

    def __init__(
        self, detector: Detector, keep: DetectionFilter, afterwards: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        super().__init__(detector)
        self._afterwards = afterwards
        self._check = AnswerCheck()
        self.unsound = 0
        """Boxes so far that could not be true: NaN, inverted, absurdly far outside."""
        self.keep = keep

    @property
    def keep(self) -> DetectionFilter:
        """What is wanted; may be set at any time, on the event loop."""
        return self._keep

    @keep.setter
    def keep(self, keep: DetectionFilter) -> None:
        self._keep = keep
        if isinstance(self._inner, Tunable):
            self._inner.tune(keep)

    async def detect(self, image: Image) -> sv.Detections:
        """Find what is wanted in a ``(h, w, 3)`` BGR picture.  Raises DetectorError."""
        height, width = image.shape[:2]
        checked = self._check.check(await self._inner.detect(image), (width, height))
        self.unsound += checked.left_out
        if checked.trouble:
            raise DetectorError(say("{name}: {reason}", name=self.name, reason=checked.trouble))
        return self._keep.apply(checked.detections)

    async def aclose(self) -> None:
        """Close the inner one and what it lives on."""
        try:
            await self._inner.aclose()
        finally:
            if self._afterwards is not None:
                await self._afterwards()
