"""Detections in the pixels of the picture that they are drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.inference.layouts.keypoints import KEYPOINT_CONFIDENCE, KEYPOINTS
from livevision.overlay.colours import colour_indices
from livevision.overlay.text import class_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.overlay.style import OverlayStyle

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""

FADE = "fade"
"""Where it stands in ``detections.data`` how much of an object is still there: ``(n,)``, 1 to 0, as its age says."""

Window: TypeAlias = tuple[float, float, float, float]
"""The part of a frame that a picture shows: left, top, width and height in the frame's pixels."""

_LEVELS = 4
"""In so many steps an object fades."""
_FAR = 30_000
"""Beyond it points are cut off: OpenCV draws with 16 bits before the comma."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Objects of which something can be seen.

    ``detections`` has boxes clipped to the picture, identities, oriented boxes and keypoints, in the picture's pixels;
    ``source`` the same objects as they were given, in pixels of the frame, with their masks; ``scale`` is the picture's
    size over that of ``window``, the part of the frame that it shows.  ``opacity`` is 0..1.
    """

    detections: sv.Detections
    source: sv.Detections
    scale: tuple[float, float]
    colours: NDArray[np.int_]
    opacity: NDArray[np.float64]
    window: Window

    def __len__(self) -> int:
        return len(self.colours)

    def where(self, rows: NDArray[np.bool_]) -> Placed:
        """Return some of them."""
        some, source = cast("sv.Detections", self.detections[rows]), cast("sv.Detections", self.source[rows])
        return Placed(some, source, self.scale, self.colours[rows], self.opacity[rows], self.window)


def place(detections: sv.Detections, window: Window, size: Size, style: OverlayStyle) -> Placed | None:
    """Return what of ``detections`` can be seen on a picture of ``size`` that shows ``window``, if anything."""
    if not len(detections):
        return None
    corner, scale = window[:2], (size[0] / window[2], size[1] / window[3])
    last = np.array((size[0] - 1, size[1] - 1) * 2)
    boxes = (detections.xyxy - np.array(corner * 2)) * np.array(scale * 2)
    opacity = _opacity(detections)
    # What lies outside would become a line along the border.
    seen = (boxes[:, :2] <= last[:2]).all(axis=1) & (boxes[:, 2:] >= 0).all(axis=1) & (opacity > 0)
    if not seen.any():
        return None
    if not seen.all():
        detections, boxes, opacity = cast("sv.Detections", detections[seen]), boxes[seen], opacity[seen]
    data: dict[str, NDArray[Any] | list[Any]] = {
        key: _points(detections.data[key], corner, scale) for key in _POINTS if key in detections.data
    }
    if KEYPOINTS in data:
        # At 0, 0 is what was not seen, and stays there.
        unseen = ~np.asarray(detections.data[KEYPOINTS])[..., :2].any(axis=-1)
        cast("NDArray[np.float64]", data[KEYPOINTS])[unseen] = 0
    if KEYPOINTS in data and KEYPOINT_CONFIDENCE in detections.data:
        data[KEYPOINT_CONFIDENCE] = np.asarray(detections.data[KEYPOINT_CONFIDENCE])
    trackers = detections.tracker_id
    placed = sv.Detections(xyxy=np.clip(boxes, 0, last), tracker_id=trackers, data=data)
    colours = colour_indices(style, class_names(detections), trackers)
    return Placed(placed, detections, scale, colours, opacity, window)


_POINTS = (ORIENTED_BOX_COORDINATES, KEYPOINTS)


def _points(points: Any, corner: tuple[float, float], scale: tuple[float, float]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = (np.asarray(points, np.float64)[..., :2] - np.array(corner)) * np.array(scale)
    return np.clip(scaled, -_FAR, _FAR)


def _opacity(detections: sv.Detections) -> NDArray[np.float64]:
    fade = detections.data.get(FADE)
    if fade is None:
        return np.ones(len(detections))
    known = np.nan_to_num(np.asarray(fade, np.float64), nan=1.0)
    return np.clip(np.ceil(known * _LEVELS - 0.01) / _LEVELS, 0, 1)
