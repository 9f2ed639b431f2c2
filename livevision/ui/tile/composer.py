"""A picture as it is painted: converted at the size that is seen, hidden what must be, turned, cut, drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from livevision.overlay import Overlay, OverlayStyle, Privacy, PrivacyMask
from livevision.overlay.privacy_mask import conceal_regions
from livevision.pictures import ArrayPicture

if TYPE_CHECKING:
    import supervision as sv
    from numpy.typing import NDArray

    from livevision.frame import Frame, Image, Picture
    from livevision.ui.tile.orientation import Orientation
    from livevision.ui.tile.viewport import Room, Viewport, Window


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What is to be painted: a ``frame``, what is drawn on it, and how it is looked at."""

    frame: Frame
    drawn: sv.Detections | None
    viewport: Viewport
    room: Room


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """A picture to be painted, ``(h, w, 4)`` BGRA."""

    pixels: Image
    undrawn: Exception | None = None
    """Why not all that was found is drawn."""


class Composer:
    """Makes pixels of shots, in worker threads, one shot at a time.

    What it is looked at with may change between shots.  Where something must be hidden, that happens in the picture as
    the camera gave it, before anything else: what is hidden is as coarse from close up as from afar.
    """

    def __init__(self) -> None:
        self.mask = PrivacyMask(Privacy())
        """What hides people on the screen; to be told of every result."""
        self.reason = ""
        """Why the newest picture is hidden as a whole, for the operator; empty where it is not."""
        self._known: tuple[Frame, Privacy, NDArray[np.float64]] | None = None
        """What was hidden on the newest picture, for as long as that stands."""
        self._style = OverlayStyle()
        self._overlay = Overlay(self._style)
        self._orientation: Orientation | None = None

    @property
    def style(self) -> OverlayStyle:
        """How objects are shown; may be set at any time, takes effect with the next shot."""
        return self._style

    @style.setter
    def style(self, style: OverlayStyle) -> None:
        self._style = style
        self._overlay = Overlay(style)
        if style.hidden != self.mask.privacy:
            self.mask.privacy = style.hidden

    def compose(self, shot: Shot) -> Composed:
        """Return BGRA pixels; raises whatever hiding raises, as nobody may see a picture that is not hidden.

        Qt's raster engine blits 32-bit pictures as they are, and converts 24-bit ones on the GUI thread.
        """
        turned, overlay = shot.viewport.orientation, self._overlay
        window = shot.viewport.window(turned.size(shot.frame.size), shot.room.size)
        image = self._hidden(shot, window) if self.mask.active else _pixels(shot.frame.picture, turned, window)
        if shot.drawn is None or not (len(shot.drawn) or overlay.style.remembers):
            return Composed(image)
        try:
            self._draw(image, shot, shot.drawn, window)
        except Exception as error:  # a model may answer anything
            return Composed(image, error)
        return Composed(image)

    def _draw(self, image: Image, shot: Shot, found: sv.Detections, window: Window) -> None:
        turned, overlay = shot.viewport.orientation, self._overlay
        if self._orientation != turned:
            # Traces and heat are where things were on the turned picture.
            if self._orientation is not None:
                overlay = self._overlay = Overlay(overlay.style)
            self._orientation = turned
        drawn = turned.detections(found, shot.frame.size)
        moment = shot.frame.generation, shot.frame.pts
        overlay.draw(image, drawn, window.picture, moment, window.part, shot.room.ratio)

    def _hidden(self, shot: Shot, window: Window) -> Image:
        frame, turned, privacy = shot.frame, shot.viewport.orientation, self.mask.privacy
        regions = self.mask.regions(frame.size, (frame.generation, frame.pts))
        self.reason = "" if regions is not None else self.mask.reason
        if regions is not None:
            self._known = frame, privacy, regions
        elif self._known is not None and self._known[0] is frame and self._known[1].classes == privacy.classes:
            # It was known once: a picture that stands for long outlives what is remembered.
            regions, self.reason = self._known[2], ""
        # A part of a picture is cut out of one on which everything is hidden as a whole.  Made coarse within the part
        # only, each part would show more, the smaller it is.
        image = frame.bgr(turned.size(window.size) if window.is_whole else None).copy()
        conceal_regions(image, regions, frame.size, privacy)
        if window.is_whole:
            return turned.picture(cast("Image", cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)))
        return _pixels(ArrayPicture(image), turned, window)


def _pixels(picture: Picture, turned: Orientation, window: Window) -> Image:
    """Return what ``window`` shows of ``picture``, turned: a new array."""
    if window.is_whole:
        return turned.picture(picture.bgra(turned.size(window.size)))
    outer = window.outer
    across, down = window.size[0] / window.part[2], window.size[1] / window.part[3]
    size = round(outer[2] * across), round(outer[3] * down)
    image = turned.picture(picture.bgra(turned.size(size), turned.origin_of(outer, picture.size)))
    left = min(round((window.part[0] - outer[0]) * across), size[0] - window.size[0])
    top = min(round((window.part[1] - outer[1]) * down), size[1] - window.size[1])
    return np.ascontiguousarray(image[top : top + window.size[1], left : left + window.size[0]])
