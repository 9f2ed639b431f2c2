"""From the objects that a server lists to sv.Detections.  One that cannot be read is an empty box, whatever it is."""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import supervision as sv

from livevision.errors import DetectorError
from livevision.inference.http.json_body import describe
from livevision.inference.http.plain_text import clean
from livevision.inference.soundness import storable
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from livevision.inference.filter import DetectionFilter

_LONGEST_LABEL = 64
_LONGEST_NUMBER = 32
_EDGE = 0.02
"""So much outside of 0 to 1 may be the corner of an object at the edge of the picture."""
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
    """Return a number as float, also one that is written as text, and NaN for whatever is none."""
    if type(value) is float:
        return value
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            return _NAN
    return _written(value) if isinstance(value, str) else _NAN


def share(value: object, certain: float = 1.0) -> float:
    """Return a confidence: a number of which ``certain`` is certainty, ``"87%"``, or a list of just one.

    NaN for whatever is none.
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str) and value.rstrip().endswith("%"):
        return _written(value.rstrip()[:-1]) / 100
    return number(value) / certain


def label(value: object) -> str:
    """Return the name of a class in one short line: a text, or a number as it stands.

    Of an object it is its name or number, and of a list, the likeliest first, the first entry.
    """
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "label", "id") if key in value), None)
    if isinstance(value, str):
        return clean(value, _LONGEST_LABEL)
    if type(value) is int and abs(value) < 1e9:
        return str(value)
    if type(value) is float and value.is_integer() and abs(value) < 1e9:
        return str(int(value))
    return ""


def _written(text: str) -> float:
    # Only as everybody writes it: Python would take 1_000 and the digits of any script.
    if len(text) > _LONGEST_NUMBER or not text.isascii() or "_" in text:
        return _NAN
    try:
        return float(text)
    except ValueError:
        return _NAN


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


def detections_of(
    found: Sequence[Found],
    scale: tuple[float, float],
    keep: DetectionFilter,
    size: tuple[int, int] | None = None,
) -> sv.Detections:
    """Return what ``keep`` may want of the objects, their boxes multiplied by ``scale`` (x, y).

    ``size`` is that of the picture that the boxes are in, where they may be shares of it: they are, where all are
    within 0 and 1.  ``xyxy`` and ``confidence`` are float32; ``class_id`` is made from the name.  Never raises.
    """
    confidences = np.fromiter((share(each.confidence) for each in found), np.float64, len(found))
    names = [label(each.label) for each in found]
    chosen = wanted(confidences, names, keep)
    boxes = np.array([_corners(found[i].box) for i in chosen], np.float64).reshape(-1, 4)
    if size is not None and are_shares(boxes):
        scale = scale[0] * size[0], scale[1] * size[1]
    kept = [names[i] for i in chosen]
    with np.errstate(over="ignore", invalid="ignore"):
        return sv.Detections(
            xyxy=storable(boxes * (scale * 2)),
            confidence=confidences[chosen].astype(np.float32),
            class_id=np.array([class_id(name) for name in kept], dtype=np.int64),
            data={"class_name": np.array(kept, dtype=str)},
        )


def are_shares(boxes: NDArray[np.float64]) -> bool:
    """Say whether boxes are shares of the picture's sides: no object is smaller than a pixel, let alone all of them."""
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    within = len(boxes) > 0 and bool(((boxes >= -_EDGE) & (boxes <= 1 + _EDGE)).all())
    return within and bool((boxes % 1 != 0).any())


def ensure_readable(found: Sequence[Found], given: Sequence[object], hint: str = "") -> None:
    """Raise DetectorError where many objects came and none of them has a box: ``given`` is what they were read from.

    One among others that cannot be read is dropped and counted later.
    """
    if not found or any(_has_area(each.box) for each in found):
        return
    boxes = [_corners(each.box) for each in found]
    at = next((at for at, box in enumerate(boxes) if all(map(math.isfinite, box))), None)
    if at is None:
        raise DetectorError(
            say(
                "{count} objects came, and none has a box of four numbers: the first is {given}{hint}",
                count=len(found),
                given=describe(given[0]),
                hint=hint,
            )
        )
    raise DetectorError(
        say(
            "{count} boxes came, and none has its right and lower sides beyond its left and upper ones: "
            "one is {box} as left, top, right, bottom{hint}",
            count=len(found),
            box=f"[{', '.join(f'{side:.6g}' for side in boxes[at])}]",
            hint=hint,
        )
    )


def _has_area(box: Sequence[object]) -> bool:
    left, top, right, bottom = _corners(box)
    return right > left and bottom > top


def _corners(box: Sequence[object]) -> Sequence[float]:
    return [number(value) for value in box] if len(box) == 4 else BROKEN.box  # type: ignore[return-value]
