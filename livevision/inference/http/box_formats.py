"""The ways to write a box down, made x1, y1, x2, y2 in pixels."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from livevision.inference.http.object_keys import BOX_KEYS, box_of, first_of
from livevision.inference.http.objects import number

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOWHERE = (float("nan"),) * 4
_SIZE_KEYS = (("left", "top", "width", "height"), ("x", "y", "width", "height"), ("x", "y", "w", "h"))


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


def straighten(box: object, form: BoxFormat, units: Units, size: tuple[int, int]) -> Sequence[float]:
    """Return the corners of a box in pixels of a picture of ``size`` (width, height); NaN where it is none.

    A list of four numbers is what ``form`` says.  An object has keys that say themselves what they are (``xmin``,
    ``left``), in itself or under ``box``.  ``x, y, width, height`` are XYWH unless ``form`` says CXCYWH.
    """
    if isinstance(box, dict):
        box = first_of(box, BOX_KEYS) or box
    if isinstance(box, dict):
        form, box = _by_keys(box, form)
    if not isinstance(box, list | tuple) or len(box) != 4:
        return _NOWHERE
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
    for keys in _SIZE_KEYS:
        if keys[2] in box and keys[0] in box:
            return BoxFormat.CXCYWH if form is BoxFormat.CXCYWH else BoxFormat.XYWH, [box.get(key) for key in keys]
    return BoxFormat.XYXY, box_of(box)
