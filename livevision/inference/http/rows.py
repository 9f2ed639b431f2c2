"""Boxes without a word about what their numbers are: what is certain from the numbers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from livevision.errors import DetectorError
from livevision.inference.http.object_keys import BOX_KEYS, first_of
from livevision.inference.http.objects import number
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Reader: TypeAlias = "Callable[[int], object]"
"""From an object's place in the list to one of its values; None where it has none."""

_LEAST_SHARE = 0.5
"""Share of boxes that must be impossible as corners before corners are doubted: single ones are some server's slip."""
_SLACK = 0.05
"""So far outside of 0 to 1 a confidence may be that was rounded."""
_EDGE = 2.0
"""Pixels outside of the picture that a box at its edge may reach."""


def are_rows(objects: Sequence[object]) -> bool:
    """Say whether these are rows with more than a box: YOLO's x1, y1, x2, y2, confidence, class."""
    first = objects[0] if objects else None
    return isinstance(first, list) and len(first) > 4 and not isinstance(first[0], list | dict)


def of_rows(objects: Sequence[object], name: Reader, score: Reader) -> tuple[Reader, Reader]:
    """Return what reads name and confidence of rows.  Raises DetectorError where these are something else."""
    rows = [row for row in objects if isinstance(row, list)]
    wide = min(len(row) for row in rows)
    scores = [number(row[4]) for row in rows] if wide > 4 else []
    fits = wide in {5, 6} and all(-_SLACK <= each <= 1 + _SLACK for each in scores)
    if not fits or (wide == 6 and not all(_is_class(row[5]) for row in rows)):
        raise DetectorError(
            say(
                "rows of {count} numbers came, and it is not certain what they are: say it in the address, as in "
                "box=[0],[1],[2],[3]&score=[4]&label=[5]",
                count=len(rows[0]),
            )
        )
    if wide == 6:
        name = _column_of(objects, 5)
    return name, _column_of(objects, 4)


def first_four(objects: Sequence[object]) -> Reader:
    """Return what reads the box of a row."""
    return lambda at: row[:4] if isinstance(row := objects[at], list) else None


def _column_of(objects: Sequence[object], at: int) -> Reader:
    def read(which: int) -> object:
        row = objects[which]
        return row[at] if isinstance(row, list) and at < len(row) else None

    return read


def _is_class(value: object) -> bool:
    return (isinstance(value, str) and value != "") or (number(value).is_integer() and number(value) >= 0)


def sizes_rather_than_corners(boxes: list[object], size: tuple[int, int]) -> Sequence[float] | None:
    """Return a box that cannot be corners, where many cannot and all could be left, top, width, height."""
    listed = [[number(value) for value in box] for box in map(_bare, boxes) if box is not None]
    odd = [box for box in listed if box[2] <= box[0] or box[3] <= box[1]]
    if not odd or len(odd) < _LEAST_SHARE * len(listed):
        return None
    width, height = size[0] + _EDGE, size[1] + _EDGE
    could = all(box[2] > 0 and box[3] > 0 and box[0] + box[2] <= width and box[1] + box[3] <= height for box in listed)
    return odd[0] if could else None


def _bare(box: object) -> list[object] | None:
    """Return a box that is four numbers without a word about them."""
    if isinstance(box, dict):
        box = first_of(box, BOX_KEYS)
    return box if isinstance(box, list) and len(box) == 4 and not isinstance(box[0], list | dict) else None
