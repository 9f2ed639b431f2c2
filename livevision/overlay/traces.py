"""Where objects came from: the ways of the last two seconds of stream time."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from livevision.overlay.blending import around, translucent

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.overlay.colours import Palette
    from livevision.overlay.gauge import Gauge
    from livevision.overlay.placed import Placed
    from livevision.overlay.style import OverlayStyle

Moment: TypeAlias = tuple[int, float]
"""A frame's generation, and its seconds on the stream's clock."""

_SECONDS = 2.0
_MOST_POINTS = 80
_MOST_OBJECTS = 200
_FAR = 30_000
"""Beyond it points are cut off: OpenCV draws with 16 bits before the comma."""
_BANDS = ((2.0, 0.3), (1.2, 0.6), (0.5, 1.0))
"""Up to how many seconds ago, and how solid it is drawn."""


class Traces:
    """Remembers where identities stood on the ground, in frame pixels, and draws their ways.

    A frame that is drawn again adds nothing.  Another generation, or a jump back in time by more than what is
    remembered, begins anew.
    """

    def __init__(self, style: OverlayStyle, palette: Palette) -> None:
        self._thickness = style.thickness
        self._palette = palette.ground
        self._generation = -1
        self._newest = -np.inf
        self._ways: dict[int, deque[tuple[float, float, float]]] = {}

    def note(self, moment: Moment, detections: sv.Detections) -> None:
        """Remember where identities are at this moment."""
        generation, pts = moment
        if generation != self._generation or pts < self._newest - _SECONDS:
            self._ways.clear()
            self._generation, self._newest = generation, -np.inf
        self._newest = max(pts, self._newest)
        if detections.tracker_id is not None:
            for tracker, (x1, _, x2, y2) in zip(detections.tracker_id.tolist(), detections.xyxy.tolist(), strict=True):
                if tracker >= 0:
                    way = self._ways.setdefault(tracker, deque(maxlen=_MOST_POINTS))
                    # Not of a picture that is drawn again; and of a quick camera's not all, to reach back far enough.
                    if not way or pts - way[-1][0] >= _SECONDS / _MOST_POINTS:
                        way.append((pts, (x1 + x2) / 2, y2))
        for tracker in [tracker for tracker, way in self._ways.items() if pts - way[-1][0] > _SECONDS]:
            del self._ways[tracker]
        while len(self._ways) > _MOST_OBJECTS:
            del self._ways[next(iter(self._ways))]

    def draw(self, image: Image, placed: Placed, pts: float, gauge: Gauge) -> None:
        """Draw the ways of the objects that are there, the older the fainter."""
        trackers = placed.detections.tracker_id
        if trackers is None:
            return
        corner, scale = np.array(placed.window[:2]), np.array(placed.scale)
        line = gauge.stroke(gauge.line(self._thickness) + 1)
        ways = []
        for tracker, colour in zip(trackers.tolist(), placed.colours.tolist(), strict=True):
            points = list(self._ways.get(tracker, ()))
            if len(points) > 1:
                ways.append((np.array(points), self._palette.by_idx(colour).as_bgr()))
        newer = 0.0
        bands = []
        for older, opacity in reversed(_BANDS):
            bands.append((newer, older, opacity))
            newer = older
        for newest, oldest, opacity in reversed(bands):
            parts = [(part, colour) for way, colour in ways if len(part := _between(way, pts, newest, oldest)) > 1]
            if parts:
                parts = [(np.clip((part - corner) * scale, -_FAR, _FAR), colour) for part, colour in parts]
                every = np.concatenate([part for part, _ in parts])
                with translucent(image, around(every, line, image), opacity):
                    for part, colour in parts:
                        cv2.polylines(image, [np.round(part).astype(np.int32)], False, colour, line)


def _between(way: np.ndarray, pts: float, newest: float, oldest: float) -> np.ndarray:
    """Return the places of so many seconds ago, and the one after them, so that the bands touch."""
    age = pts - way[:, 0]
    rows = np.nonzero((age >= newest) & (age <= oldest))[0]
    return way[rows[0] : rows[-1] + 2, 1:] if len(rows) else way[:0, 1:]
