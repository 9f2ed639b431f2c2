"""The ways to write a box down, made x1, y1, x2, y2 in pixels."""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING

from livevision.inference.http.object_keys import BOX_KEYS, CENTRE_KEYS, CORNER_KEYS, SIZE_KEYS, box_of, first_of
from livevision.inference.http.objects import number

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOWHERE = (float("nan"),) * 4
_LONGEST_TEXT = 100
_MOST_CORNERS = 64


class BoxFormat(Enum):
    """What the four numbers of a box are, in their order."""

    XYXY = "xyxy"
    """Left, top, right, bottom."""
    XYWH = "xywh"
    """Left, top, width, height."""
    CXCYWH = "cxcywh"
    """Centre, width, height."""
    YXYX = "yxyx"
    """Top, left, bottom, right: TensorFlow's."""


class Units(Enum):
    """What the numbers of a box are measured in."""

    PIXELS = "pixels"
    """Of the picture that was sent."""
    NORMALISED = "normalised"
    """Shares of its width and height, 0 to 1."""


def straighten(box: object, form: BoxFormat, units: Units, size: tuple[int, int]) -> Sequence[object]:
    """Return the corners of a box in pixels of a picture of ``size`` (width, height); NaN where it is none.

    What are four corners in pixels already is returned as it is.  A list of four numbers is what ``form`` says.  An
    object has keys that say themselves what they are (``xmin``, ``left``), in itself or under ``box``.  ``x, y, width,
    height`` are XYWH unless ``form`` says CXCYWH.  A list of corners, ``[[x, y], …]``, is what they enclose.
    """
    if isinstance(box, dict):
        is_of_roboflow = "detection_id" in box  # which writes centres as x and y
        box = first_of(box, BOX_KEYS) or box
        if isinstance(box, dict):
            form, box = _by_keys(box, BoxFormat.CXCYWH if is_of_roboflow else form)
    if isinstance(box, str):
        box = box[:_LONGEST_TEXT].strip("[]() ").replace(",", " ").split()
    if isinstance(box, list) and len(box) == 1:
        box = box[0]
    if isinstance(box, list) and 2 <= len(box) <= _MOST_CORNERS and not isinstance(box[0], str | int | float):
        form, box = BoxFormat.XYXY, _around(box)
    if not isinstance(box, list | tuple) or len(box) != 4:
        return _NOWHERE
    if form is BoxFormat.XYXY and units is Units.PIXELS:
        return box
    a, b, c, d = (number(value) for value in box)
    match form:
        case BoxFormat.XYXY:
            corners = a, b, c, d
        case BoxFormat.YXYX:
            corners = b, a, d, c
        case BoxFormat.XYWH:
            corners = a, b, a + c, b + d
        case BoxFormat.CXCYWH:
            corners = a - c / 2, b - d / 2, a + c / 2, b + d / 2
    if units is Units.PIXELS:
        return corners
    width, height = size
    return corners[0] * width, corners[1] * height, corners[2] * width, corners[3] * height


def _by_keys(box: dict[object, object], form: BoxFormat) -> tuple[BoxFormat, Sequence[object]]:
    for keys in CORNER_KEYS:
        if keys[2] in box and keys[0] in box:
            return BoxFormat.XYXY, [box.get(key) for key in keys]
    for keys in SIZE_KEYS:
        if keys[2] in box and keys[0] in box:
            return BoxFormat.CXCYWH if form is BoxFormat.CXCYWH else BoxFormat.XYWH, [box.get(key) for key in keys]
    for keys in CENTRE_KEYS:
        if keys[2] in box and keys[0] in box:
            return BoxFormat.CXCYWH, [box.get(key) for key in keys]
    return BoxFormat.XYXY, box_of(box)


def _around(corners: list[object]) -> Sequence[float]:
    """Return the box around corners: pairs of numbers, or objects with x and y.  NaN where one is something else."""
    across, down = [], []
    for each in corners:
        pair = [each.get("x"), each.get("y")] if isinstance(each, dict) else each
        if not isinstance(pair, list) or len(pair) != 2:
            return _NOWHERE
        across.append(number(pair[0]))
        down.append(number(pair[1]))
    if not all(map(math.isfinite, across + down)):
        return _NOWHERE
    return min(across), min(down), max(across), max(down)
