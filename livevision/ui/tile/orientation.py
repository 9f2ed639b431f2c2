"""How a camera hangs: its pictures turned and mirrored, and everything that was found in them with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import cv2
import numpy as np
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.inference.layouts.keypoints import KEYPOINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.frame import Crop, Image

Size: TypeAlias = tuple[int, int]

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_POINTS = (KEYPOINTS, ORIENTED_BOX_COORDINATES)


@dataclass(frozen=True, slots=True)
class Orientation:
    """``rotate`` is 0, 90, 180 or 270 degrees, clockwise; then ``mirror`` changes left and right."""

    rotate: int = 0
    mirror: bool = False

    def __post_init__(self) -> None:
        if self.rotate not in (0, *_TURNS):
            raise ValueError(f"pictures are turned by 0, 90, 180 or 270 degrees, not {self.rotate}")

    def __bool__(self) -> bool:
        return bool(self.rotate or self.mirror)

    def turned_right(self) -> Orientation:
        """Return this with the picture on the screen turned clockwise by 90 degrees more."""
        return Orientation((self.rotate + (270 if self.mirror else 90)) % 360, self.mirror)

    def size(self, size: Size) -> Size:
        """Return what becomes of a picture's width and height; and back: it is its own inverse."""
        return size[::-1] if self.rotate in (90, 270) else size

    def picture(self, image: Image) -> Image:
        """Return ``image``, turned and mirrored; the same one where there is nothing to do."""
        if self.rotate:
            image = cast("Image", cv2.rotate(image, _TURNS[self.rotate]))
        return cast("Image", cv2.flip(image, 1)) if self.mirror else image

    def origin_of(self, part: Crop, size: Size) -> Crop:
        """Return where in the camera's picture of ``size`` the ``part`` of the turned one comes from."""
        x, y, width, height = part
        across, down = self.size(size)
        if self.mirror:
            x = across - x - width
        match self.rotate:
            case 90:
                return y, across - x - width, height, width
            case 180:
                return across - x - width, down - y - height, width, height
            case 270:
                return down - y - height, x, height, width
        return x, y, width, height

    def points(self, points: NDArray[Any], size: Size) -> NDArray[Any]:
        """Return where ``points``, ``(…, 2)`` in a picture of ``size``, come to lie."""
        x, y = points[..., 0], points[..., 1]
        width, height = size
        match self.rotate:
            case 90:
                x, y = height - y, x
            case 180:
                x, y = width - x, height - y
            case 270:
                x, y = y, width - x
        if self.mirror:
            x = self.size(size)[0] - x
        return np.stack((x, y), axis=-1)

    def detections(self, found: sv.Detections, size: Size) -> sv.Detections:
        """Return what was ``found`` in a picture of ``size``, where it is in the turned one; all of it is new."""
        if not self or not len(found):
            return found
        corners = self.points(found.xyxy.reshape(-1, 2, 2), size)
        data: dict[str, NDArray[Any] | list[Any]] = dict(found.data)
        for key in _POINTS:
            if key in data:
                points = np.asarray(data[key])
                seen = points[..., :2].any(axis=-1, keepdims=True)
                there = np.where(seen, self.points(points[..., :2], size), 0)
                data[key] = np.concatenate((there, points[..., 2:]), axis=-1).astype(points.dtype)
        return sv.Detections(
            xyxy=np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1).astype(found.xyxy.dtype),
            mask=self._masks(found.mask, size),
            confidence=found.confidence,
            class_id=found.class_id,
            tracker_id=found.tracker_id,
            data=data,
            metadata=found.metadata,
        )

    def _masks(self, masks: Any, size: Size) -> Any:
        if masks is None:
            return None
        if not isinstance(masks, sv.CompactMask):
            return np.stack([self._mask(mask) for mask in masks])
        across, down = self.size(size)
        pieces = []
        for row in range(len(masks)):
            mask = np.ascontiguousarray(masks.crop(row))
            place = np.array([masks.offsets[row], masks.offsets[row] + mask.shape[::-1]], float)
            corner = self.points(place, size).min(axis=0)
            turned = self._mask(mask)
            height, width = turned.shape
            box = np.array([[0, 0, width - 1, height - 1]], np.float32)
            piece = sv.CompactMask.from_dense(turned[None], box, image_shape=(height, width))
            pieces.append(piece.with_offset(round(corner[0]), round(corner[1]), (down, across)))
        return sv.CompactMask.merge(pieces)

    def _mask(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        turned = np.rot90(mask, -self.rotate // 90)
        return np.ascontiguousarray(turned[:, ::-1] if self.mirror else turned)


UPRIGHT = Orientation()
