"""The two forms in which pixels arrive: an array from a device, or a decoder's YUV planes."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import av
import cv2
from av.video.reformatter import Interpolation

from livevision.pictures.deinterlacing import deinterlaced, first_field
from livevision.pictures.geometry import AS_STORED, DisplayGeometry
from livevision.pictures.planes import cut
from livevision.pictures.rendering import Rendering, for_screen, rendered, rendering_of, spread_in

if TYPE_CHECKING:
    from livevision.frame import Crop, Image


class _ConvertOnce(ABC):
    """Remembers the conversions of one picture, a size each, so that concurrent users wait instead of repeating it.

    Nothing in it refers back to it: a picture is megabytes, and must go with its last user, not with a garbage
    collection some time later.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._lock = threading.Lock()
        self._done: dict[tuple[int, int], Image] = {}

    def bgr(self, size: tuple[int, int], crop: Crop | None = None) -> Image:
        """Return the read-only, C-contiguous BGR picture at ``size`` (width, height); from any thread.

        With ``crop`` only this part of it, scaled to ``size``; that is not remembered: parts differ from look to look.
        """
        if crop is not None:
            with self._lock:
                return _read_only(self._convert_part(size, crop))
        with self._lock:
            image = self._done.get(size)
            if image is None:
                image = self._done[size] = _read_only(self._convert(size))
            return image

    def bgra(self, size: tuple[int, int], crop: Crop | None = None) -> Image:
        """Return the C-contiguous BGRA picture at ``size``, or this part of it; from any thread.

        It belongs to whoever asked, and is not remembered: screens want it, and each has a size of its own.
        """
        with self._lock:
            return self._convert_for_screen(size, crop)

    @abstractmethod
    def _convert(self, size: tuple[int, int]) -> Image:
        """Return the BGR picture at ``size``; called once for each, under the lock."""

    @abstractmethod
    def _convert_part(self, size: tuple[int, int], crop: Crop) -> Image:
        """Return this part of the BGR picture at ``size``; under the lock."""

    @abstractmethod
    def _convert_for_screen(self, size: tuple[int, int], crop: Crop | None) -> Image:
        """Return a new array of the BGRA picture, or of this part of it, at ``size``; under the lock."""


class ArrayPicture(_ConvertOnce):
    """A ``(h, w, 3)`` uint8 BGR array, as webcams and the synthetic scene give it.  The array must not change later."""

    def __init__(self, array: Image) -> None:
        super().__init__((array.shape[1], array.shape[0]))
        self._array = array

    def _convert(self, size: tuple[int, int]) -> Image:
        if size == self.size:
            return self._array
        return _resized(self._array, size)

    def _convert_part(self, size: tuple[int, int], crop: Crop) -> Image:
        x, y, width, height = crop
        part = self._array[y : y + height, x : x + width]
        # A new array in any case: nobody else's view of the pixels becomes read-only.
        return part.copy() if size == (width, height) else _resized(part, size)

    def _convert_for_screen(self, size: tuple[int, int], crop: Crop | None) -> Image:
        return _bgra(self._convert(size) if crop is None else self._convert_part(size, crop))


@dataclass(frozen=True, slots=True)
class NoPicture:
    """Stands for a picture that was not kept, and of which only the ``size`` is of interest."""

    size: tuple[int, int]

    def bgr(self, size: tuple[int, int], crop: Crop | None = None) -> Image:
        """Raise RuntimeError."""
        raise RuntimeError("this picture was not kept")

    bgra = bgr


class DecodedPicture(_ConvertOnce):
    """A decoder's picture, converted and scaled by swscale in one step when a size is asked for.

    It stands upright and has square pixels: ``size`` and :meth:`bgr` follow what ``geometry`` says of it.
    """

    def __init__(self, decoded: av.VideoFrame, geometry: DisplayGeometry = AS_STORED) -> None:
        super().__init__(geometry.displayed_size((decoded.width, decoded.height)))
        self.geometry = geometry
        """How the decoder's picture becomes what is displayed."""
        self._decoded = decoded
        self._rendering = rendering_of(decoded)
        self._progressive: av.VideoFrame | None = None if decoded.interlaced_frame else decoded
        self._spread: tuple[float, float] | None = None

    @property
    def decoded(self) -> av.VideoFrame:
        """The decoder's own picture: not turned upright, not stretched, and with combs where it is interlaced."""
        return self._decoded

    def unconverted(self) -> DecodedPicture:
        """Return the same picture without the sizes that it was converted to, which take memory."""
        return DecodedPicture(self._decoded, self.geometry)

    def _convert(self, size: tuple[int, int]) -> Image:
        # PyAV changes a picture's tags for the time of a conversion: the lock is not only there to save work.
        return self.geometry.upright(self._rendered(self._source(size), size, Interpolation.FAST_BILINEAR))

    def _convert_part(self, size: tuple[int, int], crop: Crop) -> Image:
        part = self._part(crop)
        if part is None:
            # Turned, stretched, or in a format that is not cut plane by plane: rare; the whole is converted once.
            whole = self._done.get(self.size)
            if whole is None:
                whole = self._done[self.size] = _read_only(self._convert(self.size))
            x, y, width, height = crop
            return _resized(whole[y : y + height, x : x + width].copy(), size)
        return self._rendered(part, size, _interpolation(size, crop))

    def _convert_for_screen(self, size: tuple[int, int], crop: Crop | None) -> Image:
        if self._rendering is not Rendering.ORDINARY:
            return _bgra(self._convert(size) if crop is None else self._convert_part(size, crop))
        # From 720p to 420x236 this takes 0.27 ms, and by way of BGR, whose rows are padded, 0.4.
        if crop is None:
            stored = size[::-1] if self.geometry.transposes else size
            return self.geometry.upright(for_screen(self._source(size), stored, Interpolation.FAST_BILINEAR))
        part = self._part(crop)
        if part is None:
            return _bgra(self._convert_part(size, crop))
        return for_screen(part, size, _interpolation(size, crop))

    def _source(self, size: tuple[int, int]) -> av.VideoFrame:
        """Return what to convert to ``size``, without combs."""
        if self._progressive is None:
            lines = size[0] if self.geometry.transposes else size[1]
            if 2 * lines <= self._decoded.height and (field := first_field(self._decoded)) is not None:
                return field
            self._progressive = deinterlaced(self._decoded)
        return self._progressive

    def _part(self, crop: Crop) -> av.VideoFrame | None:
        if self.geometry.turns or self.geometry.pixel_aspect is not None:
            return None
        return cut(self._source(self.size), crop)

    def _rendered(self, picture: av.VideoFrame, size: tuple[int, int], interpolation: Interpolation) -> Image:
        stored = size[::-1] if self.geometry.transposes else size
        if self._spread is None and self._rendering is Rendering.DEEP_GREY:
            # Of the whole picture, so that each part and each size of it is as bright.
            self._spread = spread_in(self._decoded)
        return rendered(picture, stored, interpolation, self._rendering, self._spread or (0.0, 1.0))


def _resized(array: Image, size: tuple[int, int]) -> Image:
    # Area averaging keeps small things visible when shrinking; enlarging wants smooth edges.
    way = cv2.INTER_AREA if size[0] < array.shape[1] else cv2.INTER_LINEAR
    return cast("Image", cv2.resize(array, size, interpolation=way))


def _interpolation(size: tuple[int, int], crop: Crop) -> Interpolation:
    # Who looks closely wants no jagged edges: 3 ms for 1280x720, where FAST_BILINEAR takes 1.5.
    return Interpolation.BICUBIC if size[0] > crop[2] else Interpolation.FAST_BILINEAR


def _bgra(image: Image) -> Image:
    return cast("Image", cv2.cvtColor(image, cv2.COLOR_BGR2BGRA))


def _read_only(image: Image) -> Image:
    image.flags.writeable = False
    return image
