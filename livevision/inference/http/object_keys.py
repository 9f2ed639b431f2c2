"""The keys under which servers are used to give an object's box, name and confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.http.objects import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BOX_KEYS = ("box", "bbox", "xyxy", "bounding_box", "boundingBox", "rect", "coordinates", "location")
NAME_KEYS = ("label", "class", "class_name", "className", "name", "category", "tagName", "class_id", "category_id")
SCORE_KEYS = ("score", "confidence", "conf", "probability", "prob")
CORNER_KEYS = (
    ("xmin", "ymin", "xmax", "ymax"),
    ("x_min", "y_min", "x_max", "y_max"),
    ("x1", "y1", "x2", "y2"),
    ("left", "top", "right", "bottom"),
)
SIZE_KEYS = (
    ("left", "top", "width", "height"),
    ("x", "y", "width", "height"),
    ("x", "y", "w", "h"),
)
"""Left, top, width, height."""
CENTRE_KEYS = (
    ("cx", "cy", "w", "h"),
    ("cx", "cy", "width", "height"),
    ("x_center", "y_center", "width", "height"),
    ("center_x", "center_y", "width", "height"),
    ("xc", "yc", "w", "h"),
)
"""Centre, width, height."""


def first_of(each: Mapping[object, object], keys: Iterable[str]) -> object:
    """Return the value of the first key that is there, or None."""
    for key in keys:
        if key in each:
            return each[key]
    return None


def name_of(each: Mapping[object, object]) -> object:
    """Return what an object says it is, or None: a word, where there is one beside a number."""
    first: object = None
    for key in NAME_KEYS:
        if key in each:
            value = each[key]
            if isinstance(value, str) and value.strip() and not value.strip().isdigit():
                return value
            first = value if first is None else first
    return first


def score_of(each: Mapping[object, object]) -> object:
    """Return how sure an object says it is, or None."""
    return first_of(each, SCORE_KEYS)


def box_of(each: Mapping[object, object]) -> Sequence[object]:
    """Return an object's corners x1, y1, x2, y2: a list, an object of its own, or keys of the object itself."""
    box = first_of(each, BOX_KEYS)
    if isinstance(box, list):
        return box
    inside = box if isinstance(box, dict) else each
    for keys in CORNER_KEYS:
        if keys[0] in inside:
            return [inside.get(key) for key in keys]
    return BROKEN.box


def has_box(each: object) -> bool:
    """Say whether something is an object with a box, by its keys."""
    if not isinstance(each, dict):
        return False
    return any(each.get(key) is not None for key in BOX_KEYS) or any(
        all(key in each for key in keys) for keys in (*CORNER_KEYS, *SIZE_KEYS, *CENTRE_KEYS)
    )
