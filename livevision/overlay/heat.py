"""Where objects have been most, of late: warm where they stood or passed, cooling in stream time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from livevision.overlay.blending import around, cut, with_channels

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.overlay.placed import Size, Window
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

    def draw(self, image: Image, frame_size: Size, window: Window) -> None:
        """Draw it where it is warm, from dark to bright (which needs no colour vision).

        ``image`` shows ``window`` of a frame of ``frame_size``.
        """
        share = np.minimum(self._heat / max(_WARM, float(self._heat.max(initial=0))), 1)
        rows, columns = np.nonzero(share > _FAINTEST)
        if not len(rows):
            return
        height, width = image.shape[:2]
        # From cells to the frame's pixels, and from there to the image's.
        cell = np.array((frame_size[0] / share.shape[1], frame_size[1] / share.shape[0]))
        scale = cell * (width / window[2], height / window[3])
        offset = -np.array(window[:2]) / cell * scale
        corners = np.array(((columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1))) * scale + offset
        rect = around(corners, 0, image)
        part = cut(image, rect)
        if not part.size:
            return
        colours = cast("Image", cv2.applyColorMap((share * 255).astype(np.uint8), cv2.COLORMAP_INFERNO))
        colours = with_channels(colours, image.shape[2])
        weights = (np.where(share > _FAINTEST, 0.25 + 0.75 * share, 0) * _OPACITY).astype(np.float32)
        size = part.shape[1], part.shape[0]
        # The middles of cells come to lie on the middles of what they cover, as when a whole picture is resized.
        place = np.array(((scale[0], 0, offset[0] - rect[0]), (0, scale[1], offset[1] - rect[1])))
        place[:, 2] += (scale - 1) / 2
        above = cv2.warpAffine(colours, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        weight = cv2.warpAffine(weights, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        part[...] = cv2.blendLinear(above, np.ascontiguousarray(part), weight, 1 - weight)
