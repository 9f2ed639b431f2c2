"""From the objects that a server lists to sv.Detections.  One that cannot be read is an empty box, whatever it is."""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import supervision as sv

from livevision.inference.http.plain_text import clean
from livevision.inference.soundness import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from livevision.inference.filter import DetectionFilter

_LONGEST_LABEL = 64
_NAN = math.nan


class Found(NamedTuple):
    """One object as a server listed it: values of any type, as they came."""

    label: object
    confidence: object
    box: Sequence[object]
    """x1, y1, x2, y2 in pixels of the picture that was sent."""


BROKEN = Found("", _NAN, (_NAN,) * 4)
"""What stands for an object that cannot be read, so that it is dropped and counted like any other impossible box."""


def number(value: object) -> float:
    """Return a number as float, and NaN for whatever is none."""
    if type(value) is float:
        return value
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            return _NAN
    return _NAN


def label(value: object) -> str:
    """Return the name of a class in one short line: a text, or a number as it stands."""
    if isinstance(value, str):
        return clean(value, _LONGEST_LABEL)
    if type(value) is int and abs(value) < 1e9:
        return str(value)
    if type(value) is float and value.is_integer() and abs(value) < 1e9:
        return str(int(value))
    return ""


def class_id(name: str) -> int:
    """Return a number for a class that has none, the same for every picture: 0 to 2**31 − 1."""
    return zlib.crc32(name.casefold().encode(errors="replace")) >> 1


def wanted(confidences: NDArray[np.float64], names: Sequence[str], keep: DetectionFilter) -> NDArray[np.intp]:
    """Return which objects ``keep`` may want, in their order: at most ``keep.most``, the surest ones.

    One without a readable confidence passes, as long as there is room, and is dropped and counted later.
    """
    passes = ~(confidences < keep.floor)
    if keep.classes is not None:
        classes = {name.casefold() for name in keep.classes}
        passes &= np.fromiter((name.casefold() in classes for name in names), bool, len(names)) | np.isnan(confidences)
    chosen = np.flatnonzero(passes)
    if len(chosen) > keep.most:
        surest = np.argsort(-np.nan_to_num(confidences[chosen], nan=-1.0), kind="stable")[: keep.most]
        chosen = np.sort(chosen[surest])
    return chosen


def detections_of(found: Sequence[Found], scale: tuple[float, float], keep: DetectionFilter) -> sv.Detections:
    """Return what ``keep`` may want of the objects, their boxes multiplied by ``scale`` (x, y).

    ``xyxy`` and ``confidence`` are float32; ``class_id`` is made from the name.  Never raises.
    """
    confidences = np.fromiter((number(each.confidence) for each in found), np.float64, len(found))
    names = [label(each.label) for each in found]
    chosen = wanted(confidences, names, keep)
    boxes = np.array([_corners(found[i].box) for i in chosen], np.float64).reshape(-1, 4)
    kept = [names[i] for i in chosen]
    with np.errstate(over="ignore", invalid="ignore"):
        return sv.Detections(
            xyxy=storable(boxes * (scale * 2)),
            confidence=confidences[chosen].astype(np.float32),
            class_id=np.array([class_id(name) for name in kept], dtype=np.int64),
            data={"class_name": np.array(kept, dtype=str)},
        )


def _corners(box: Sequence[object]) -> Sequence[float]:
    return [number(value) for value in box] if len(box) == 4 else BROKEN.box  # type: ignore[return-value]
