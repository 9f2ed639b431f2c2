"""What flows: one picture of a camera, and what a model found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import supervision as sv
    from numpy.typing import NDArray

Image: TypeAlias = "NDArray[np.uint8]"
"""A picture as an array: ``(h, w, 3)``, uint8, BGR."""

Crop: TypeAlias = tuple[int, int, int, int]
"""A part of a picture: left, top, width and height in its pixels, inside it."""


class Picture(Protocol):
    """The pixels of a frame in whatever form the decoder left them."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def bgr(self, size: tuple[int, int], crop: Crop | None = None) -> Image:
        """Return a read-only ``(h, w, 3)`` BGR array of the given ``(w, h)``; from any thread."""

    def bgra(self, size: tuple[int, int], crop: Crop | None = None) -> Image:
        """Return the same as a new ``(h, w, 4)`` BGRA array to draw on and to show; from any thread."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a camera and when it was taken.

    ``pts`` is in seconds on the stream's clock and strictly increasing within a ``generation``, which counts how often
    the camera was opened.  ``captured`` is :func:`time.monotonic` and ``wall`` :func:`time.time` at the moment the
    decoder handed the picture over.  ``index`` counts the pictures of the generation from 0.  ``skipped`` is how many
    pictures the reader left out before this one, to catch up with the camera, and ``behind`` by how many seconds, by
    the stream's own clock, this one arrived late: what had piled up on the way.  ``delay`` is by how many seconds the
    whole stream is behind, as live streams in segments are.
    """

    index: int
    generation: int
    pts: float
    captured: float
    wall: float
    picture: Picture
    skipped: int = 0
    behind: float = 0.0
    delay: float = 0.0

    @property
    def due(self) -> float:
        """When it would have been here had nothing piled up, monotonic seconds."""
        return self.captured - self.behind

    @property
    def made(self) -> float:
        """When it was made, as far as is known here, monotonic seconds: its age counts from then."""
        return self.due - self.delay

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as the camera sends it."""
        return self.picture.size

    @property
    def width(self) -> int:
        """Width in pixels, as the camera sends it."""
        return self.picture.size[0]

    @property
    def height(self) -> int:
        """Height in pixels, as the camera sends it."""
        return self.picture.size[1]

    def bgr(self, size: tuple[int, int] | None = None, crop: Crop | None = None) -> Image:
        """Return a read-only ``(h, w, 3)`` BGR array, scaled to ``size`` (width, height) if given.

        With ``crop`` it is that part of the picture, and no more than that is converted, anew each time.

        Converted on first use and remembered, so that several users of one size share the work.  Takes milliseconds:
        call it from a worker thread, not from the event loop.
        """
        if crop is None:
            return self.picture.bgr(size or self.picture.size)
        return self.picture.bgr(size or crop[2:], crop)


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a detector found in one frame; boxes are in pixels of the full-size picture.

    ``started`` and ``finished`` are :func:`time.monotonic` around the detector's work.
    """

    frame: Frame
    detections: sv.Detections
    """Those that are wanted."""
    started: float
    finished: float
    unseen: sv.Detections | None = None
    """All that must be hidden, whether it is wanted or not: see :mod:`livevision.overlay.privacy_mask`."""
    looked_for: frozenset[str] | None = frozenset()
    """Case-folded classes of which ``unseen`` has every object that the model found; None: of all classes."""
