"""Keypoints and the limbs between them, in each object's colour.

Supervision's own annotators have one colour for all objects and ask NumPy about every point by itself: 20 ms for 20
people, and this less than 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from supervision.key_points.skeletons import SKELETONS_BY_VERTEX_COUNT

from livevision.inference.layouts.keypoints import KEYPOINT_CONFIDENCE, KEYPOINTS
from livevision.overlay.colours import DARK

if TYPE_CHECKING:
    from livevision.frame import Image
    from livevision.overlay.colours import Palette
    from livevision.overlay.gauge import Gauge
    from livevision.overlay.placed import Placed
    from livevision.overlay.style import OverlayStyle

_SURE = 0.25
"""Confidence from which a point is shown, as in Ultralytics' own plots."""


class Skeletons:
    """Draws ``detections.data["keypoints"]``; with limbs where supervision knows a skeleton of as many points."""

    def __init__(self, style: OverlayStyle, palette: Palette, gauge: Gauge) -> None:
        self._palette = palette.ground
        line = gauge.line(style.thickness)
        self._line, self._rim = gauge.stroke(line), gauge.stroke(line + 2)
        self._radius = gauge.part(240, style.thickness, 1)
        self._outer = self._radius + gauge.pixels(1)
        self._has_rim = not gauge.is_small

    def draw(self, image: Image, placed: Placed) -> None:
        """Draw those of all objects."""
        points = placed.detections.data.get(KEYPOINTS)
        if points is None:
            return
        places = np.asarray(points, np.float64)
        seen = np.asarray(np.isfinite(places).all(axis=2) & places.any(axis=2))  # at 0, 0 it was not seen
        sure = placed.detections.data.get(KEYPOINT_CONFIDENCE)
        if sure is not None:
            seen &= np.asarray(sure) >= _SURE
        pixels = np.where(seen[..., None], places, 0).round().astype(np.int32)
        edges = np.array(SKELETONS_BY_VERTEX_COUNT.get(places.shape[1], ()), int).reshape(-1, 2) - 1
        for spots, there, colour in zip(pixels, seen, placed.colours, strict=True):
            self._draw_one(image, spots, there, edges, self._palette.by_idx(int(colour)).as_bgr())

    def _draw_one(
        self, image: Image, spots: np.ndarray, there: np.ndarray, edges: np.ndarray, colour: tuple[int, int, int]
    ) -> None:
        limbs = list(spots[edges[there[edges].all(axis=1)]])
        if self._has_rim:
            cv2.polylines(image, limbs, False, DARK.as_bgr(), self._rim)
        cv2.polylines(image, limbs, False, colour, self._line)
        for x, y in spots[there].tolist():
            if self._has_rim:
                cv2.circle(image, (x, y), self._outer, DARK.as_bgr(), -1)
            cv2.circle(image, (x, y), self._radius, colour, -1)
