"""The two forms in which pixels arrive: an array from a device, or a decoder's YUV planes."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

if TYPE_CHECKING:
    import av

    from livevision.frame import Image


class _ConvertOnce(ABC):
    """Remembers the conversions of one picture, a size each, so that concurrent users wait instead of repeating it.

    Nothing in it refers back to it: a picture is megabytes, and must go with its last user, not with a garbage
    collection some time later.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._lock = threading.Lock()
        self._done: dict[tuple[int, int], Image] = {}

    def bgr(self, size: tuple[int, int]) -> Image:
        """Return the read-only, C-contiguous BGR picture at ``size`` (width, height); from any thread."""
        with self._lock:
            image = self._done.get(size)
            if image is None:
                image = self._done[size] = _read_only(self._convert(size))
            return image

    @abstractmethod
    def _convert(self, size: tuple[int, int]) -> Image:
        """Return the BGR picture at ``size``; called once for each, under the lock."""


class ArrayPicture(_ConvertOnce):
    """A ``(h, w, 3)`` uint8 BGR array, as webcams and the synthetic scene give it.  The array must not change later."""

    def __init__(self, array: Image) -> None:
        super().__init__((array.shape[1], array.shape[0]))
        self._array = array

    def _convert(self, size: tuple[int, int]) -> Image:
        if size == self.size:
            return self._array
        # Area averaging keeps small things visible when shrinking; enlarging wants smooth edges.
        way = cv2.INTER_AREA if size[0] < self.size[0] else cv2.INTER_LINEAR
        return cast("Image", cv2.resize(self._array, size, interpolation=way))


class DecodedPicture(_ConvertOnce):
    """A decoder's picture, converted and scaled by swscale in one step when a size is asked for.

    It stands upright: a phone writes how it was held beside the pixels, and ``size`` and :meth:`bgr` follow that.
    """

    def __init__(self, decoded: av.VideoFrame) -> None:
        self._turn = _TURNS.get(decoded.rotation % 360)
        self._lies = self._turn is not None and self._turn != cv2.ROTATE_180
        size = (decoded.width, decoded.height)
        super().__init__(size[::-1] if self._lies else size)
        self._decoded = decoded

    @property
    def decoded(self) -> av.VideoFrame:
        """The decoder's own picture, not turned upright, for an encoder that can take it as it is."""
        return self._decoded

    def _convert(self, size: tuple[int, int]) -> Image:
        # Matrix and range come from the picture's own tags; without tags swscale takes BT.601 limited, as OpenCV does.
        # PyAV changes these tags for the time of the call: the lock around it is not only there to save work.
        # Measured on 1080p to 640x360: 0.5 ms with FAST_BILINEAR, 1.1 with BILINEAR, 1.4 with BICUBIC.  A reformatter
        # per picture costs 0.04 ms more than one kept for each pair of sizes, and one per thread saves nothing when
        # cameras of different sizes take turns.  threads=1: else each reformatter starts threads of its own.
        width, height = size[::-1] if self._lies else size
        frame = VideoReformatter().reformat(
            self._decoded,
            width=width,
            height=height,
            format="bgr24",
            interpolation=Interpolation.FAST_BILINEAR,
            threads=1,
        )
        # Rows are padded where the width suits no register: an array for everyone has none.
        image = cast("Image", np.ascontiguousarray(frame.to_ndarray()))
        return image if self._turn is None else cast("Image", cv2.rotate(image, self._turn))


_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
"""What makes a picture upright, by the counter-clockwise degrees of its display matrix."""


def _read_only(image: Image) -> Image:
    image.flags.writeable = False
    return image
