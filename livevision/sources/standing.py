"""A device that gives its last picture for ever, with success, as drivers do after unplugging or a sleep (no I/O)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from livevision.frame import Image

_SECONDS = 5.0
"""Of pictures that are the same to the last bit: no sensor is so free of noise."""
_SAMPLED = 16
"""Every so many pixels across and down are compared first: that costs nothing."""
_UNPACED = 3.0
"""Times the usual rate at which pictures come that nobody waits for."""
_USUAL_FPS = 60.0

_still: set[str] = set()
"""Devices whose picture was the same after they had been opened anew: a test card, a shutter in front of the lens."""


class Standing(Enum):
    """What a picture that never changes means."""

    NO = "it changes, or is known to stand still"
    OPEN_ANEW = "the driver may be stuck"
    GONE = "it is given without waiting: there is no camera behind it"


class StandingPicture:
    """Watches the pictures of one device that was opened; ``fps`` is what it declares."""

    def __init__(self, device: str, fps: float | None) -> None:
        self._device = device
        self._fps = fps or _USUAL_FPS
        self._image: Image | None = None
        self._sample: Image | None = None
        self._since = 0.0
        self._count = 0

    def take(self, image: Image, now: float) -> Standing:
        """Take the next picture, at ``now`` in monotonic seconds, and say whether it is a new one."""
        sample = image[::_SAMPLED, ::_SAMPLED]
        if self._image is None or self._sample is None or not self._is_same(image, sample):
            if self._image is not None:
                _still.discard(self._device)
            # Of the sample a copy, as a driver may write into its only buffer.
            self._image, self._sample, self._since, self._count = image, sample.copy(), now, 0
            return Standing.NO
        self._count += 1
        if now - self._since < _SECONDS:
            return Standing.NO
        if self._count > _UNPACED * self._fps * (now - self._since):
            return Standing.GONE
        if self._device in _still:
            return Standing.NO
        _still.add(self._device)
        return Standing.OPEN_ANEW

    def _is_same(self, image: Image, sample: Image) -> bool:
        assert self._image is not None
        assert self._sample is not None
        if sample.shape != self._sample.shape or not np.array_equal(sample, self._sample):
            return False
        return image is self._image or np.array_equal(image, self._image)
