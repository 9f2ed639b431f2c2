"""What stands at an object: class, identity and confidence, as far as they are known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import supervision as sv


def class_names(detections: sv.Detections) -> list[str]:
    """Return each object's class on one line; empty where it has no name."""
    names = detections.data.get("class_name")
    if names is None:
        return [""] * len(detections)
    # One by one, an array's elements are slow.
    return [" ".join(str(name).split()) for name in np.asarray(names).tolist()]


def label_texts(detections: sv.Detections) -> list[str]:
    """Return what stands at each box: class, identity and confidence, as far as they are known."""
    return ["  ".join(filter(None, parts)) for parts in _parts(detections)]


def short_texts(detections: sv.Detections) -> list[str]:
    """Return the class alone, and the rest only where there is none."""
    return [name or text for name, text in zip(class_names(detections), label_texts(detections), strict=True)]


def rich_texts(detections: sv.Detections) -> list[str]:
    """Return the same in two lines: who, and how sure the model is."""
    return ["\n".join(filter(None, parts)) for parts in _parts(detections)]


def _parts(detections: sv.Detections) -> list[tuple[str, str]]:
    count = len(detections)
    trackers = [-1] * count if detections.tracker_id is None else detections.tracker_id.tolist()
    confidences = [math.nan] * count if detections.confidence is None else detections.confidence.tolist()
    # Two spaces between them, later: "#1 30 %" reads as 130 at the size of a tile.
    return [
        (f"{name} {_identity(tracker)}".strip(), _percent(confidence))
        for name, tracker, confidence in zip(class_names(detections), trackers, confidences, strict=True)
    ]


def _identity(tracker: int) -> str:
    # Supervision's trackers say -1 while they are not sure yet.
    return f"#{tracker}" if tracker >= 0 else ""


def _percent(confidence: float) -> str:
    return f"{100 * confidence:.0f} %" if math.isfinite(confidence) else ""
