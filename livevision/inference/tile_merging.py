"""The answers for overlapping tiles into one for the picture: what was seen twice is there once.  Pure.

Two boxes of neighbouring tiles are the same object when their IoU says so, except that an object which the edge of a
tile cuts has a small box there and a large one where it is whole: their IoU may be anything, but the small one lies
in the large one (IoS, intersection over smaller, as in SAHI and ``sv.InferenceSlicer``).  IoS for all boxes would
take the child in front of an adult; so it counts only for a box at an inner edge of its tile, and whole boxes go
first, however sure the model is of the piece.  Boxes of one tile are left alone: the model has judged them already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import supervision as sv
from supervision.config import ORIENTED_BOX_COORDINATES
from supervision.detection.compact_mask import CompactMask

from livevision.inference.filter import class_numbers
from livevision.inference.layouts.keypoints import KEYPOINTS
from livevision.inference.soundness import sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SAME_OBJECT = 0.5
"""IoU of two boxes of one object, or share of a piece that lies in the whole."""
_AT_EDGE = 0.01
"""Share of a tile's side within which a box counts as touching its edge: models are not exact to the pixel."""
_POINTS = (ORIENTED_BOX_COORDINATES, KEYPOINTS)
"""Data that are coordinates, ``(n, k, 2)``."""


def merged(
    answers: Sequence[sv.Detections], places: Sequence[tuple[int, int, int, int]], size: tuple[int, int], iou: float
) -> sv.Detections:
    """Return what was found in the tiles at ``places`` (x1, y1, x2, y2), in pixels of the picture of ``size`` (w, h).

    In the order of the tiles and of their answers, without what can be no box in its tile.  Masks become compact ones:
    whole masks of a big picture, one an object, would fill the memory.  Raises ValueError where answers do not fit.
    """
    true = [
        sound(answer, (place[2] - place[0], place[3] - place[1]))[0]
        for answer, place in zip(answers, places, strict=True)
    ]
    found = [(answer, place) for answer, place in zip(true, places, strict=True) if len(answer)]
    if not found:
        return _moved(true[0], np.empty(0, dtype=bool), places[0], size)
    tile_of = np.repeat(np.arange(len(found)), [len(answer) for answer, _ in found])
    bare = sv.Detections.merge([_bare(answer, place) for answer, place in found])
    cut = np.concatenate([_touches_inner_edge(answer.xyxy, place, size) for answer, place in found])
    keep = _without_doubles(bare, tile_of, cut, iou)
    kept = [_moved(answer, keep[tile_of == tile], place, size) for tile, (answer, place) in enumerate(found)]
    return sv.Detections.merge([answer for answer in kept if len(answer)])


def _bare(answer: sv.Detections, place: tuple[int, int, int, int]) -> sv.Detections:
    """Return what tells objects apart, without masks and the like."""
    names = {"class_name": answer.data["class_name"]} if "class_name" in answer.data else {}
    boxes = answer.xyxy + np.array(place[:2] * 2)
    return sv.Detections(boxes, confidence=answer.confidence, class_id=answer.class_id, data=names)


def _touches_inner_edge(
    boxes: NDArray[np.number], place: tuple[int, int, int, int], size: tuple[int, int]
) -> NDArray[np.bool_]:
    x1, y1, x2, y2 = place
    width, height = x2 - x1, y2 - y1
    inner = np.array([x1 > 0, y1 > 0, x2 < size[0], y2 < size[1]])
    near = np.array([width, height]) * _AT_EDGE
    touches = np.column_stack((boxes[:, :2] <= near, boxes[:, 2:] >= np.array([width, height]) - near))
    return cast("NDArray[np.bool_]", (touches & inner).any(axis=1))


def _without_doubles(
    detections: sv.Detections, tile_of: NDArray[np.int_], cut: NDArray[np.bool_], iou: float
) -> NDArray[np.bool_]:
    """Suppress greedily, class by class.  One row of overlaps at a time: many boxes have too many pairs to keep."""
    boxes = np.asarray(detections.xyxy, dtype=np.float64)
    kinds = class_numbers(detections)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    confidence = detections.confidence if detections.confidence is not None else np.ones(len(boxes))
    keep = np.ones(len(boxes), dtype=bool)
    decided = np.zeros(len(boxes), dtype=bool)
    for index in np.lexsort((-confidence, cut)):
        decided[index] = True
        if not keep[index]:
            continue
        rivals = np.flatnonzero(keep & ~decided & (kinds == kinds[index]) & (tile_of != tile_of[index]))
        if not len(rivals):
            continue
        low, high = np.maximum(boxes[rivals, :2], boxes[index, :2]), np.minimum(boxes[rivals, 2:], boxes[index, 2:])
        common = np.clip(high - low, 0, None).prod(axis=1)
        same = common > iou * (area[rivals] + area[index] - common)
        same |= cut[rivals] & (common > SAME_OBJECT * area[rivals])
        keep[rivals[same]] = False
    return keep


def _moved(
    answer: sv.Detections, keep: NDArray[np.bool_], place: tuple[int, int, int, int], size: tuple[int, int]
) -> sv.Detections:
    kept = cast("sv.Detections", answer[np.flatnonzero(keep)])
    offset = np.array(place[:2])
    kept.xyxy = kept.xyxy + np.tile(offset, 2).astype(kept.xyxy.dtype)
    for name in _POINTS:
        if name in kept.data:
            points = np.asarray(kept.data[name])
            kept.data[name] = points + offset.astype(points.dtype)
    if kept.mask is None:
        return kept
    if not len(kept):
        kept.mask = np.zeros((0, size[1], size[0]), dtype=bool)
    else:
        height, width = kept.mask.shape[1:]
        whole = np.tile(np.array([[0, 0, width - 1, height - 1]], dtype=np.float64), (len(kept), 1))
        compact = CompactMask.from_dense(np.asarray(kept.mask, dtype=bool), whole, image_shape=(height, width))
        kept.mask = compact.with_offset(int(offset[0]), int(offset[1]), (size[1], size[0])).repack()
    return kept
