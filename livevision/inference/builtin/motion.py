"""What moves in front of a camera that stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from livevision.inference.builtin.background import Background
from livevision.inference.builtin.blobs import boxes
from livevision.inference.builtin.threaded import NOTHING, ThreadedDetector
from livevision.inference.builtin.working_size import shrink

if TYPE_CHECKING:
    import asyncio

    from numpy.typing import NDArray

    from livevision.frame import Image
    from livevision.inference.builtin.threaded import Found

LONGEST = 640
"""Working size: the longer side, in pixels."""
LEARNING = 20
"""Pictures of a new scene that are only looked at, not reported on."""
HISTORY = 500
"""Pictures that the background remembers."""
BACKGROUND_RATIO = 0.8
"""What stays in its place for the remaining fifth of HISTORY has become part of the scene."""
SCENE_CHANGE = 0.6
"""Share of the picture that changes at once when it is the light or the camera and not an object."""
MOVED = 255
"""How MOG2 marks a moving pixel; a shadow is 127."""


class MotionDetector(ThreadedDetector):
    """Subtracts the background (a mixture of Gaussians per pixel, with shadows told apart) and boxes what is left.

    The confidence is the share of the box that moved: 0.3 to 0.5 for somebody who walks or cycles, 0.6 to 0.8 for a
    car, less for scattered flicker.  A new size of picture, or most of it changing at once (light switched, camera
    moved), starts a new scene, of which the first pictures are learned and nothing is reported.
    """

    name: ClassVar[str] = "motion"
    class_name: ClassVar[str] = "moving"
    remembers: ClassVar[bool] = True

    def __init__(self, turns: asyncio.Semaphore | None = None) -> None:
        super().__init__(turns)
        self._shape: tuple[int, ...] = ()
        self._background = _background()

    def find(self, image: Image) -> Found:
        """Learn from the picture, and return what is not background."""
        if image.shape != self._shape:
            self._shape = image.shape
            self._background = _background()
        small, back = shrink(image, LONGEST)
        marks = self._background.marks(small, LEARNING)
        # Shadows count here: a light that is dimmed looks like one shadow over everything.
        if self._background.pictures > 1 and np.count_nonzero(marks) > SCENE_CHANGE * marks.size:
            self._background = _background()
            self._background.marks(small, LEARNING)
        if self._background.pictures <= LEARNING:
            return NOTHING
        moved = (marks == MOVED).astype(np.uint8)
        found = boxes(moved)
        return found * back, _share_moved(moved, found)


def _background() -> Background:
    return Background(HISTORY, BACKGROUND_RATIO, shadows=True)


def _share_moved(moved: NDArray[np.uint8], found: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.array([moved[y1:y2, x1:x2].mean() for x1, y1, x2, y2 in found.astype(int)], dtype=np.float32)
