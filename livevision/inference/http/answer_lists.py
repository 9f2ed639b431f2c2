"""Where the objects are in an answer that nobody has described: the keys that servers are used to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livevision.errors import DetectorError
from livevision.inference.http.json_body import read_json
from livevision.inference.http.object_keys import has_box

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LIST_KEYS = (
    "predictions",
    "detections",
    "objects",
    "results",
    "boxes",
    "instances",
    "data",
    "output",
    "outputs",
    "result",
    "response",
    "preds",
    "items",
    "annotations",
    "faces",
)
_BOX_COLUMNS = ("boxes", "bboxes", "xyxy", "bounding_boxes", "box", "bbox", "rects", "detection_boxes")
TENSORFLOW_BOXES = "detection_boxes"
"""Of TensorFlow's detection API: top, left, bottom, right from 0 to 1, whoever serves it."""
_NAME_COLUMNS = (
    "labels",
    "classes",
    "class_names",
    "names",
    "class_ids",
    "class_name",
    "class_id",
    "label",
    "class",
    "cls",
    "detection_classes",
)
_SCORE_COLUMNS = (
    "scores",
    "confidences",
    "confidence",
    "probabilities",
    "score",
    "conf",
    "probs",
    "detection_scores",
)
_DEEPEST = 5
"""Objects and lists within each other that are looked into."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found: objects or bare boxes, and what lists beside the boxes say about each of them."""

    objects: Sequence[object]
    names: Sequence[object] | None = None
    scores: Sequence[object] | None = None
    called: Mapping[object, object] = field(default_factory=dict)
    """What class numbers mean, where the answer says that."""
    key: str = ""
    """The key of bare boxes; empty for objects."""


def listed(answer: object) -> Listed | None:
    """Return the objects in an answer, or None where it is not clear which these are.

    A list or one object, under one of the usual keys or one in the other; a batch of one; lists beside each other; JSON
    in a text.  Under a usual key, null is no objects.
    """
    return _look(answer, is_expected=False, depth=0)


def _look(value: object, *, is_expected: bool, depth: int) -> Listed | None:
    if depth > _DEEPEST:
        return None
    if value is None:
        return Listed(()) if is_expected else None
    if isinstance(value, str):
        return _look(_parsed(value), is_expected=False, depth=depth + 1)
    if isinstance(value, list):
        return _in_list(value, depth)
    return _in_object(value, is_expected=is_expected, depth=depth) if isinstance(value, dict) else None


def _in_list(value: list[object], depth: int) -> Listed | None:
    if value and isinstance(value[0], int | float):
        return None  # numbers of something else
    if len(value) == 1:
        (only,) = value
        is_batch = isinstance(only, list) and (not only or isinstance(only[0], list | dict))
        if is_batch or isinstance(only, str):
            return _look(only, is_expected=False, depth=depth + 1)
        if isinstance(only, dict) and (only == {} or not has_box(only) or _columns(only) is not None):
            return _look(only, is_expected=True, depth=depth + 1) or Listed(value)
    return Listed(value)


def _in_object(value: dict[object, object], *, is_expected: bool, depth: int) -> Listed | None:
    columns = _columns(value)
    if columns is not None:
        return columns
    if has_box(value):
        return Listed((value,))
    for key in LIST_KEYS:
        if key in value:
            inner = _look(value[key], is_expected=True, depth=depth + 1)
            if inner is not None:
                return _with_columns(inner, value) if inner.objects is value[key] else inner
    if not value:
        return Listed(()) if is_expected else None
    others = [each for each in value.values() if isinstance(each, list) and each and has_box(each[0])]
    return Listed(others[0]) if len(others) == 1 else None


def _columns(value: Mapping[object, object]) -> Listed | None:
    """Return bare boxes, where an object has them in a list beside lists about them."""
    for key in _BOX_COLUMNS:
        boxes = value.get(key)
        if isinstance(boxes, list) and boxes and isinstance(boxes[0], list) and not _are_corners(key, boxes):
            return _with_columns(Listed(boxes, key=key), value)
    return None


def _are_corners(key: str, boxes: list[object]) -> bool:
    # Under a key for one box, pairs are its corners.
    return key in {"box", "bbox"} and all(isinstance(each, list) and len(each) == 2 for each in boxes)


def _with_columns(found: Listed, beside: Mapping[object, object]) -> Listed:
    if not found.objects or not isinstance(found.objects[0], list):
        return found
    inner = beside.get("data")  # sv.Detections keeps names there
    places = (beside, inner) if isinstance(inner, dict) else (beside,)
    count = len(found.objects)
    names = [each for place in places for each in _lists(place, _NAME_COLUMNS)]
    words = [each for each in names if len(each) == count and each and isinstance(each[0], str)]
    scores = [each for place in places for each in _lists(place, _SCORE_COLUMNS)]
    return Listed(
        found.objects,
        next(iter(words or names), None),
        next(iter(scores), None),
        _called(beside.get("names"), count),
        found.key,
    )


def _lists(place: Mapping[object, object], keys: Iterable[str]) -> list[list[object]]:
    return [value for key in keys if isinstance(value := place.get(key), list)]


def _called(names: object, count: int) -> Mapping[object, object]:
    """Return what numbers mean: an Ultralytics' ``{"0": "person"}``."""
    if not isinstance(names, dict) or len(names) > 10_000:
        return {}
    return {int(key): name for key, name in names.items() if isinstance(key, str) and key.isdigit() and len(key) < 6}


def _parsed(text: str) -> object:
    if text.lstrip()[:1] not in {"[", "{"}:
        return 0  # no objects, and not null
    try:
        return read_json(text.encode())
    except (DetectorError, UnicodeEncodeError):
        return 0
