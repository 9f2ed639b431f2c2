"""Detections as the plain objects of a sidecar, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import cv2
import numpy as np
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES

from livevision.inference.layouts.keypoints import KEYPOINT_CONFIDENCE, KEYPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

MOST_OBJECTS = 2000
"""The first so many of one result are kept."""
_MOST_POINTS = 2000
"""Of the outlines of one object."""
_MOST_KEYPOINTS = 512
_OUTLINE_ERROR = 1.0
"""Pixels by which a mask's outline may be simplified."""

Object: TypeAlias = dict[str, Any]


def objects_of(detections: sv.Detections) -> list[Object]:
    """Return one object for each detection, in order: class, confidence, box and what else there is.

    Coordinates are rounded to a tenth of a pixel.  Takes up to milliseconds where there are masks.
    """
    count = min(len(detections), MOST_OBJECTS)
    columns: dict[str, Iterable[Any]] = {"class": map(str, detections.data.get("class_name", [""] * count))}
    if detections.class_id is not None:
        columns["class_id"] = detections.class_id.tolist()
    if detections.confidence is not None:
        columns["confidence"] = _rounded(detections.confidence, 3)
    columns["box"] = _rounded(detections.xyxy, 1)
    if detections.tracker_id is not None:
        columns["track"] = detections.tracker_id.tolist()
    if KEYPOINTS in detections.data:
        columns["keypoints"] = _keypoints(detections)
    if ORIENTED_BOX_COORDINATES in detections.data:
        columns["corners"] = _rounded(np.asarray(detections.data[ORIENTED_BOX_COORDINATES]), 1)
    if detections.mask is not None:
        # One at a time: each is as large as the picture.
        columns["mask"] = (_outlines(np.asarray(mask)) for mask in detections.mask)
    rows = zip(*columns.values(), strict=False)
    return [dict(zip(columns, row, strict=True)) for _, row in zip(range(count), rows, strict=False)]


def add_extras(detections: sv.Detections, extras: Sequence[Object], size: tuple[int, int]) -> None:
    """Give detections the keypoints, corners and masks that their objects (``extras``, one each) have.

    A kind that is not there for each of them, or not in the same number, is left out.  Raises ValueError or TypeError
    for what is none.
    """
    if not extras:
        return
    if (points := _stacked(extras, "keypoints", 3)) is not None and points.shape[1] <= _MOST_KEYPOINTS:
        detections.data[KEYPOINTS] = points[..., :2]
        detections.data[KEYPOINT_CONFIDENCE] = np.ascontiguousarray(points[..., 2])
    if (corners := _stacked(extras, "corners", 2)) is not None and corners.shape[1] == 4:
        detections.data[ORIENTED_BOX_COORDINATES] = corners
    if all(isinstance(extra.get("mask"), list) for extra in extras):
        masks = [
            sv.CompactMask.from_dense(_filled(extra["mask"], size)[None], box[None], (size[1], size[0]))
            for extra, box in zip(extras, detections.xyxy, strict=True)
        ]
        detections.mask = sv.CompactMask.merge(masks)


def _keypoints(detections: sv.Detections) -> list[Any]:
    points = np.asarray(detections.data[KEYPOINTS])[..., :2]
    sure = detections.data.get(KEYPOINT_CONFIDENCE)
    confidences = np.ones(points.shape[:2]) if sure is None else np.asarray(sure)
    return _rounded(np.concatenate((np.round(points, 1), confidences[..., None]), axis=-1), 2)


def _rounded(numbers: NDArray[Any], digits: int) -> list[Any]:
    # To float64 first: the nearest float32 of 0.1 has many digits.
    finite = np.nan_to_num(np.asarray(numbers, np.float64), posinf=0, neginf=0)
    rounded: list[Any] = np.round(finite, digits).tolist()
    return rounded


def _outlines(mask: NDArray[np.bool_]) -> list[Any]:
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outlines: list[Any] = []
    points = 0
    for contour in sorted(found, key=len, reverse=True):
        outline = cv2.approxPolyDP(contour, _OUTLINE_ERROR, closed=True)
        points += len(outline)
        if points > _MOST_POINTS:
            break
        if len(outline) >= 3:
            outlines.append(outline.reshape(-1).tolist())
    return outlines


def _filled(outlines: list[Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    width, height = size
    mask = np.zeros((height, width), np.uint8)
    points = 0
    for outline in outlines:
        places = np.array(outline, np.float64).reshape(-1, 2)
        points += len(places)
        if points > _MOST_POINTS:
            break
        limited = np.clip(np.nan_to_num(places), -width - height, 2 * (width + height))
        cv2.fillPoly(mask, [limited.astype(np.int32)], 1)
    return mask.astype(bool)


def _stacked(extras: Sequence[Object], key: str, columns: int) -> NDArray[np.float32] | None:
    values = [extra.get(key) for extra in extras]
    if any(not isinstance(value, list) or len(value) != len(values[0] or ()) for value in values):
        return None
    stacked = np.array(values, np.float32)
    fits = stacked.ndim == 3 and stacked.shape[2] == columns and np.isfinite(stacked).all()
    return stacked if fits else None
