"""What moves before a camera and is nothing that a model knows: whoever is to be hidden, and was not found."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import cv2
import numpy as np

from livevision.inference.builtin.background import Background
from livevision.inference.builtin.working_size import shrink

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Image

    Boxes = NDArray[np.float32]

LEARNING = 20
"""Pictures of a new scene, and…"""
LEARNING_SECONDS = 2.0
"""…seconds of it, in which everything counts as moving."""
ABSORBED_AFTER = 180.0
"""Seconds after which what stands still has become background."""
SCENE_CHANGE = 0.6
"""Share of the picture that changes at once when it is the light or the camera…"""
CHANGED_FOR = 3.0
"""…and seconds for which it stays so, until the scene is learned anew."""
_LONGEST = 320
"""Working size: the longer side, in pixels."""
_SMALLEST = 12
"""Pixels of the working size: less is noise of the sensor, or of the coding."""
_EXPLAINED = 0.15
"""Of a box's sides, around it: what belongs to an object that the model knows."""
_RATIO = 0.5
_HISTORY = 1000
_NEAR = np.ones((5, 5), np.uint8)
_NOISE = np.ones((2, 2), np.uint8)


class Movement:
    """Compares a camera's pictures with the background that it has learned from those before.

    It would rather take too much for moving than too little: while it learns, that is the whole picture.  Somebody who
    stands still for ``ABSORBED_AFTER`` seconds becomes background.  For any thread, in the order of the pictures.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shape: tuple[int, ...] = ()
        self._background = _background()
        self._began = self._seen = 0.0
        self._changed_since = math.inf

    def find(self, image: Image, seconds: float, explained: Boxes) -> Boxes:
        """Return what moves in a ``(h, w, 3)`` BGR picture at stream time ``seconds``, ``(n, 4)`` in its pixels.

        ``explained`` are the boxes of objects that may be seen: what moves in them is they.  Some 2 ms for 720p.
        """
        small, back = shrink(image, _LONGEST)
        with self._lock:
            if image.shape != self._shape or seconds < self._seen - 1:
                self._shape = image.shape
                self._start(seconds)
            passed = min(max(0.0, seconds - self._seen), 5.0)
            self._seen = max(seconds, self._seen)
            moved = self._moved(small, passed)
        if moved is None:
            height, width = image.shape[:2]
            return np.array([(0, 0, width, height)], np.float32)
        for x1, y1, x2, y2 in _grown(explained) / back:
            moved[max(0, math.floor(y1)) : max(0, math.ceil(y2)), max(0, math.floor(x1)) : max(0, math.ceil(x2))] = 0
        solid = cv2.dilate(cv2.morphologyEx(moved, cv2.MORPH_OPEN, _NOISE), _NEAR)
        _, _, stats, _ = cv2.connectedComponentsWithStats(solid)
        parts = [(x, y, x + w, y + h) for x, y, w, h, area in stats[1:].tolist() if area >= _SMALLEST + _NEAR.size]
        return np.asarray(np.array(parts, np.float32).reshape(-1, 4) * back, np.float32)

    def _moved(self, small: Image, passed: float) -> NDArray[np.uint8] | None:
        """Return ones where something moves; None where nobody knows."""
        background, since = self._background, self._seen - self._began
        if background.pictures < LEARNING or since < LEARNING_SECONDS:
            background.marks(small, LEARNING)
            return None
        rate = 1 - math.exp(-passed * math.log(2) / ABSORBED_AFTER)
        moved = np.asarray(background.marks(small, LEARNING, rate) != 0, np.uint8)
        if np.count_nonzero(moved) <= SCENE_CHANGE * moved.size:
            self._changed_since = math.inf
            return moved
        self._changed_since = min(self._changed_since, self._seen)
        if self._seen - self._changed_since >= CHANGED_FOR:
            self._start(self._seen)
        return None

    def _start(self, seconds: float) -> None:
        self._background = _background()
        self._began = self._seen = seconds
        self._changed_since = math.inf


def _background() -> Background:
    # Shadows are told by their colour: somebody in grey would be one.
    return Background(_HISTORY, _RATIO, shadows=False)


def _grown(boxes: Boxes) -> Boxes:
    margin = np.tile((boxes[:, 2:] - boxes[:, :2]) * _EXPLAINED, 2) * np.array((-1, -1, 1, 1))
    return np.asarray(boxes + margin, np.float32)
