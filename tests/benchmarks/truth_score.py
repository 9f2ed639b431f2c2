"""Painted boxes against the truth on the painted pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import supervision as sv
from scipy.optimize import linear_sum_assignment

from livevision.sources.street.scene import Street

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZE = (1280, 720)
FPS = 25
SEED = 1
WARM_UP = 3 * FPS
"""Pictures at the start that do not count: nobody knows anything yet."""
COVERED = 0.5
TOUCHED = 0.1


@dataclass(frozen=True)
class Score:
    """What somebody saw who looked at every painted picture."""

    iou: float
    """Mean over all objects of all painted pictures, 0 for an object without a box.

    Boxes and objects of a picture are paired so that the sum of their IoUs is largest, each with one at most.
    """
    covered: float
    """Share of the pictures, of those with objects, in which each object has a box of its own with IoU ≥ 0.5."""
    ghosts: float
    """Boxes a picture that touch nobody: IoU below 0.1 with every object."""
    kinds: dict[str, float]
    """Mean IoU for each kind of object."""


@lru_cache(1)
def street() -> Street:
    return Street(SIZE, FPS, SEED)


@lru_cache(20_000)
def truth(index: int) -> sv.Detections:
    return street().truth(index)


def answer(index: int) -> sv.Detections:
    """What a detector that sees everything, but knows nobody again, finds in picture ``index``."""
    all_of_it = truth(index)
    return sv.Detections(
        xyxy=all_of_it.xyxy.copy(),
        confidence=all_of_it.confidence,
        class_id=all_of_it.class_id,
        data=dict(all_of_it.data),
    )


def score(painted: Iterable[tuple[int, sv.Detections]]) -> Score:
    """Compare: ``painted`` has a picture's index and what the painter was given for it."""
    kinds: dict[str, list[float]] = {}
    covered, ghosts, pictures = [], 0, 0
    for index, boxes in painted:
        if index < WARM_UP:
            continue
        objects = truth(index)
        overlaps = np.zeros((len(objects), len(boxes)))
        if overlaps.size:
            overlaps = sv.box_iou_batch(objects.xyxy, boxes.xyxy)
        best = np.zeros(len(objects))
        rows, columns = linear_sum_assignment(overlaps, maximize=True)
        best[rows] = overlaps[rows, columns]
        for kind, value in zip(objects.data["class_name"], best, strict=True):
            kinds.setdefault(str(kind), []).append(float(value))
        if len(objects):
            covered.append(bool((best >= COVERED).all()))
        ghosts += int((overlaps.max(axis=0, initial=0.0) < TOUCHED).sum())
        pictures += 1
    every = [value for values in kinds.values() for value in values]
    if not every:
        return Score(0.0, 0.0, 0.0, {})
    means = {kind: float(np.mean(values)) for kind, values in sorted(kinds.items())}
    return Score(float(np.mean(every)), float(np.mean(covered)), ghosts / pictures, means)
