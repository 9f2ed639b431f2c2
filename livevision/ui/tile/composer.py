"""A picture as it is painted: converted at the size that is seen, hidden what must be, turned, cut, drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from livevision.overlay import Overlay, OverlayStyle, Privacy, PrivacyFilter
from livevision.pictures import ArrayPicture

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Frame, Image, Picture, Result
    from livevision.ui.tile.orientation import Orientation
    from livevision.ui.tile.viewport import Room, Viewport, Window


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What is to be painted: a ``frame``, what is drawn on it, and how it is looked at.

    ``news`` are the results since the last shot, up to this frame; ``own`` is what is known to be in this very frame,
    None where that is not known.  Both are for what must not be seen.
    """

    frame: Frame
    drawn: sv.Detections | None
    viewport: Viewport
    room: Room
    news: tuple[Result, ...] = ()
    own: sv.Detections | None = None


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
        self.privacy = PrivacyFilter(Privacy())
        """What hides people on the screen; learns from the shots."""
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
        if style.hidden != self.privacy.privacy:
            self.privacy = PrivacyFilter(style.hidden)

    def compose(self, shot: Shot) -> Composed:
        """Return BGRA pixels; raises whatever hiding raises, as nobody may see a picture that is not hidden.

        Qt's raster engine blits 32-bit pictures as they are, and converts 24-bit ones on the GUI thread.
        """
        turned, privacy, overlay = shot.viewport.orientation, self.privacy, self._overlay
        window = shot.viewport.window(turned.size(shot.frame.size), shot.room.size)
        image = _hidden(shot, window, privacy) if privacy.active else _pixels(shot.frame.picture, turned, window)
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


def _hidden(shot: Shot, window: Window, privacy: PrivacyFilter) -> Image:
    frame, turned = shot.frame, shot.viewport.orientation
    for result in shot.news:
        # Not only what is shown: also those whom nobody asked to see.
        found = result.detections if result.unseen is None else result.unseen
        privacy.note((result.frame.generation, result.frame.pts), found)
    # A part of a picture is cut out of one on which everything is hidden as a whole.  Made coarse within the part
    # only, each part would show more, the smaller it is.
    image = frame.bgr(turned.size(window.size) if window.is_whole else None).copy()
    privacy.hide(image, frame.size, (frame.generation, frame.pts), shot.own)
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
