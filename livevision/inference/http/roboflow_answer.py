"""What a Roboflow server or package answers, made fit for ``sv.Detections.from_inference``.

That trusts its input: it wants all keys, finite outlines of three points for all or for none, and the size of masks is
whatever the answer says.  Here everything is read before, scaled to the picture, and bounded.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import supervision as sv

from livevision.inference.http.objects import class_id, label, number, wanted
from livevision.inference.layouts.keypoints import KEYPOINT_CONFIDENCE, KEYPOINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from livevision.inference.filter import DetectionFilter

_SIDES = ("x", "y", "width", "height")
_HUGE = 1e9
_MOST_KEYPOINTS = 512
"""Of one object: a face mesh has 468."""


class RoboflowAnswer:
    """An answer with a list of ``predictions``.

    ``picture`` is the size (width, height) of the picture that the detections are for, and ``sent`` of what the server
    was given; where the answer names the size that it is about, that counts.
    """

    def __init__(self, content: Mapping[str, Any], picture: tuple[int, int], sent: tuple[int, int]) -> None:
        self._predictions = [each if isinstance(each, dict) else {} for each in content["predictions"]]
        self._picture = picture
        about = _size(content.get("image")) or sent
        self._scale = picture[0] / about[0], picture[1] / about[1]

    def detections(self, keep: DetectionFilter) -> sv.Detections:
        """Return what ``keep`` may want: boxes, masks where there are outlines, keypoints.  Never raises."""
        confidences = np.fromiter((number(each.get("confidence")) for each in self._predictions), np.float64)
        names = [label(each.get("class", each.get("class_name"))) for each in self._predictions]
        chosen = wanted(confidences, names, keep)
        predictions = [self._predictions[i] for i in chosen]
        clean = [self._clean(self._predictions[i], names[i], confidences[i]) for i in chosen]
        outlines = [self._outline(each) for each in predictions]
        if any(outline is not None for outline in outlines):
            for each, outline in zip(clean, outlines, strict=True):
                # One without an outline gets its box as outline: supervision wants all or none.
                each["points"] = _points(self._inside(_corners(each) if outline is None else outline))
        width, height = self._picture
        # Compact: masks of 300 objects in 720p are 280 MB otherwise.
        detections = sv.Detections.from_inference(
            {"predictions": clean, "image": {"width": width, "height": height}}, compact_masks=True
        )
        if not clean:
            return _without_any(detections)
        detections.xyxy = detections.xyxy.astype(np.float32)
        with np.errstate(over="ignore"):
            detections.confidence = np.asarray(detections.confidence, dtype=np.float32)
        detections.data.update(self._keypoints(predictions))
        return detections

    def _clean(self, each: Mapping[str, Any], name: str, confidence: float) -> dict[str, Any]:
        number_of_class = each.get("class_id")
        known = type(number_of_class) is int and 0 <= number_of_class < 1 << 31
        box = [number(each.get(side)) * scale for side, scale in zip(_SIDES, self._scale * 2, strict=True)]
        if not all(abs(value) < _HUGE for value in box):
            box = [0.0] * 4  # supervision refuses NaN; an empty box is dropped and counted later
        return {
            **dict(zip(_SIDES, box, strict=True)),
            "confidence": float(confidence),
            "class": name,
            "class_id": number_of_class if known else class_id(name),
        }

    def _outline(self, each: Mapping[str, Any]) -> NDArray[np.float64] | None:
        points = each.get("points")
        if not isinstance(points, list) or len(points) < 3:
            return None
        outline = _pairs(points)
        with np.errstate(over="ignore"):
            outline *= self._scale
        return outline if np.isfinite(outline).all() else None

    def _inside(self, outline: NDArray[np.float64]) -> NDArray[np.float64]:
        # Also keeps the numbers within what OpenCV can fill.
        return np.clip(np.nan_to_num(outline, nan=0.0), 0, np.array(self._picture) - 1)

    def _keypoints(self, predictions: list[dict[str, Any]]) -> dict[str, NDArray[np.float32]]:
        """Return keypoints as ``(n, k, 2)`` and their confidences as ``(n, k)``; 0, 0 and 0 for one that is missing."""
        lists = [_list(each.get("keypoints")) for each in predictions]
        places = [[_place(point, at) for at, point in enumerate(points)] for points in lists]
        count = 1 + max((place for each in places for place in each), default=-1)
        if not count:
            return {}
        found = np.zeros((len(lists), count, 3), dtype=np.float64)
        for row, points, at in zip(found, lists, places, strict=True):
            for point, place in zip(points, at, strict=True):
                row[place] = number(point.get("x")), number(point.get("y")), number(point.get("confidence"))
        with np.errstate(over="ignore", invalid="ignore"):
            found[~np.isfinite(found).all(axis=2)] = 0
            where = (found[:, :, :2] * self._scale).astype(np.float32)
            return {KEYPOINTS: where, KEYPOINT_CONFIDENCE: found[:, :, 2].astype(np.float32)}


def _without_any(detections: sv.Detections) -> sv.Detections:
    detections.xyxy = np.empty((0, 4), dtype=np.float32)
    detections.confidence = np.empty(0, dtype=np.float32)
    return detections


def _size(image: object) -> tuple[float, float] | None:
    """Return width and height as an answer names them; the hosted service says them as text, too."""
    if not isinstance(image, dict):
        return None
    width, height = (_length(image.get(key)) for key in ("width", "height"))
    return (width, height) if width and height else None


def _length(value: object) -> float:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    length = number(value)
    return length if math.isfinite(length) and length >= 1 else 0.0


def _list(points: object) -> list[dict[str, Any]]:
    if not isinstance(points, list):
        return []
    return [point if isinstance(point, dict) else {} for point in points[:_MOST_KEYPOINTS]]


def _place(point: Mapping[str, Any], otherwise: int) -> int:
    # The server leaves out those that it is not sure enough of: the place in the list is not the point's own.
    number_of_class = point.get("class_id")
    if type(number_of_class) is int and 0 <= number_of_class < _MOST_KEYPOINTS:
        return number_of_class
    return otherwise


def _pairs(points: list[Any]) -> NDArray[np.float64]:
    pairs = [(number(p.get("x")), number(p.get("y"))) if isinstance(p, dict) else (math.nan, math.nan) for p in points]
    return np.array(pairs, dtype=np.float64)


def _corners(box: Mapping[str, float]) -> NDArray[np.float64]:
    half = box["width"] / 2, box["height"] / 2
    ways = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return np.array([(box["x"] + x * half[0], box["y"] + y * half[1]) for x, y in ways], dtype=np.float64)


def _points(outline: NDArray[np.float64]) -> list[dict[str, float]]:
    return [{"x": x, "y": y} for x, y in outline.tolist()]
