"""What of a picture can be seen in a view: how close it is looked at, and where.  Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

from livevision.ui.tile.orientation import UPRIGHT, Orientation, Size

CLOSEST = 16.0
"""The most that is zoomed in."""
_NEARLY_WHOLE = 1.01
_MARGIN = 2
"""Pixels more than can be seen, so that scaling has neighbours everywhere."""

Point: TypeAlias = tuple[float, float]


class Fit(Enum):
    """What a picture of another aspect than its view looks like; the values are the words of the workspace."""

    WHOLE = "fit"
    """All of it can be seen, with bars beside it."""
    FILL = "fill"
    """There are no bars, and the picture is cut."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a view has for a picture: its ``size`` in device pixels, of which ``ratio`` are one to the eye."""

    size: Size
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a picture that is seen: ``(left, top, width, height)`` in its pixels, and the ``size`` that it gets.

    ``size`` is in pixels of the view, as is ``scale``: so many of them for one of the picture.
    """

    part: tuple[float, float, float, float]
    size: Size
    scale: float
    picture: Size

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the picture."""
        return self.part == (0.0, 0.0, *self.picture)

    @property
    def outer(self) -> tuple[int, int, int, int]:
        """Whole pixels around it, and whole chroma samples: what is cut out before it is scaled."""
        left, top = (max(0, (math.floor(at) - _MARGIN) // 2 * 2) for at in self.part[:2])
        right = min(self.picture[0], _even(math.ceil(self.part[0] + self.part[2]) + _MARGIN))
        bottom = min(self.picture[1], _even(math.ceil(self.part[1] + self.part[3]) + _MARGIN))
        return left, top, right - left, bottom - top


@dataclass(frozen=True, slots=True)
class Viewport:
    """How one camera's picture is looked at.  ``zoom`` is 1 to 16; ``centre`` is a share of the turned picture."""

    orientation: Orientation = UPRIGHT
    fit: Fit = Fit.WHOLE
    zoom: float = 1.0
    centre: Point = (0.5, 0.5)

    @property
    def is_zoomed(self) -> bool:
        """Whether it is looked at more closely than usual."""
        return self.zoom > 1

    def window(self, picture: Size, room: Size) -> Window:
        """Return what can be seen of a turned ``picture`` in a view of ``room``; both in pixels of their own."""
        ratios = room[0] / picture[0], room[1] / picture[1]
        scale = (min(ratios) if self.fit is Fit.WHOLE else max(ratios)) * self.zoom
        width, height = (_within(have, want / scale) for have, want in zip(picture, room, strict=True))
        left = _clamp(self.centre[0] * picture[0] - width / 2, picture[0] - width)
        top = _clamp(self.centre[1] * picture[1] - height / 2, picture[1] - height)
        size = max(2, min(room[0], round(width * scale))), max(2, min(room[1], round(height * scale)))
        return Window((left, top, width, height), size, scale, picture)

    def zoomed(self, factor: float, at: Point, picture: Size, room: Size) -> Viewport:
        """Return this ``factor`` times as close; what is at the point ``at`` of the view stays there."""
        zoom = min(CLOSEST, max(1.0, self.zoom * factor))
        if zoom < _NEARLY_WHOLE:
            return self.whole()
        before = self.window(picture, room)
        after = replace(self, zoom=zoom).window(picture, room)
        target = _place_in(before, at, room)
        moved = _place_in(after, at, room)
        return replace(self, zoom=zoom)._centred_on(after, target[0] - moved[0], target[1] - moved[1])

    def panned(self, by: Point, picture: Size, room: Size) -> Viewport:
        """Return this with the picture dragged ``by`` so many pixels of the view."""
        window = self.window(picture, room)
        return self._centred_on(window, -by[0] / window.scale, -by[1] / window.scale)

    def can_pan(self, picture: Size, room: Size) -> bool:
        """Tell whether there is more of the picture than can be seen."""
        return not self.window(picture, room).is_whole

    def whole(self) -> Viewport:
        """Return this not zoomed."""
        return replace(self, zoom=1.0, centre=(0.5, 0.5))

    def _centred_on(self, window: Window, right: float, down: float) -> Viewport:
        left, top, width, height = window.part
        x = _clamp(left + right, window.picture[0] - width) + width / 2
        y = _clamp(top + down, window.picture[1] - height) + height / 2
        return replace(self, centre=(x / window.picture[0], y / window.picture[1]))


def _place_in(window: Window, at: Point, room: Size) -> Point:
    """Return which pixel of the picture is at a point of the view; the window stands in the middle of it."""
    left, top, _, _ = window.part
    return (
        left + (at[0] - (room[0] - window.size[0]) / 2) / window.scale,
        top + (at[1] - (room[1] - window.size[1]) / 2) / window.scale,
    )


def _within(have: float, want: float) -> float:
    return float(have) if want > have - 1e-6 else want


def _clamp(value: float, high: float) -> float:
    return min(max(value, 0.0), max(high, 0.0))


def _even(value: int) -> int:
    return value + value % 2
