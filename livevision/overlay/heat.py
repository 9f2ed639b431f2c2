"""Where objects have been most, of late: warm where they stood or passed, cooling in stream time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from livevision.overlay.blending import around, cut

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.overlay.placed import Size
    from livevision.overlay.traces import Moment

_GRID = 128
"""Cells along the picture's longer side: heat has no sharp edges."""
_HALF_LIFE = 10.0
"""Seconds until half the heat is gone."""
_LONGEST_STEP = 0.5
"""Seconds that one picture can add."""
_WARM = 1.0
"""Seconds in one place that are hot, until some place is hotter."""
_OPACITY = 0.6
_FAINTEST = 0.02


class HeatMap:
    """Adds up seconds at the feet of objects, on a coarse grid; a frame that is drawn again adds nothing."""

    def __init__(self) -> None:
        self._generation = -1
        self._newest = -np.inf
        self._heat = np.zeros((0, 0), np.float32)

    def note(self, moment: Moment, detections: sv.Detections, frame_size: Size) -> None:
        """Add what is there at this moment, in pixels of ``frame_size``."""
        generation, pts = moment
        cells = _GRID / max(frame_size)
        shape = max(1, round(frame_size[1] * cells)), max(1, round(frame_size[0] * cells))
        if generation != self._generation or self._heat.shape != shape or pts < self._newest - _HALF_LIFE:
            self._heat, self._generation, self._newest = np.zeros(shape, np.float32), generation, -np.inf
        if pts <= self._newest:
            return
        step = min(pts - self._newest, _LONGEST_STEP) if np.isfinite(self._newest) else 0.04
        if np.isfinite(self._newest):
            self._heat *= np.float32(0.5 ** ((pts - self._newest) / _HALF_LIFE))
        self._newest = pts
        if len(detections):
            boxes = np.clip(detections.xyxy * cells, -_GRID, 2 * _GRID)
            added = np.zeros(shape, np.float32)
            for x1, _, x2, y2 in boxes.tolist():
                radius = max(2, round((x2 - x1) / 2))
                cv2.circle(added, (round((x1 + x2) / 2), round(y2)), radius, (step,), -1)
            self._heat += cv2.blur(added, (3, 3))

    def draw(self, image: Image) -> None:
        """Draw it where it is warm, from dark to bright (which needs no colour vision)."""
        share = np.minimum(self._heat / max(_WARM, float(self._heat.max(initial=0))), 1)
        rows, columns = np.nonzero(share > _FAINTEST)
        if not len(rows):
            return
        height, width = image.shape[:2]
        scale = np.array((width / share.shape[1], height / share.shape[0]))
        corners = np.array(((columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1))) * scale
        rect = around(corners, 0, image)
        part = cut(image, rect)
        if not part.size:
            return
        colours = cv2.applyColorMap((share * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
        weights = (np.where(share > _FAINTEST, 0.25 + 0.75 * share, 0) * _OPACITY).astype(np.float32)
        size = part.shape[1], part.shape[0]
        cells = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
        above = cv2.resize(colours[cells], size, interpolation=cv2.INTER_LINEAR)
        weight = cv2.resize(weights[cells], size, interpolation=cv2.INTER_LINEAR)
        part[...] = cv2.blendLinear(above, np.ascontiguousarray(part), weight, 1 - weight)
