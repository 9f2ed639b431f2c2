"""Where labels go, so that they do not cover each other.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from livevision.overlay.blending import Rect

Place: TypeAlias = int
"""Which of the places around a box; 0 is the usual one, above its left corner."""

_MOST = 60
"""Of more objects the rest have their labels in the usual place: the time would grow with the square of them."""
_BACK = 4
"""Pixels that have to be free around the usual place before a label moves back there: it must not flicker."""


def arrange(
    boxes: list[Rect], sizes: list[tuple[int, int]], bounds: tuple[int, int], before: list[Place]
) -> list[tuple[Place, int, int]]:
    """Return for each label its place, and the left and top pixel of it.

    ``boxes`` and ``bounds`` (width, height) are in the picture's pixels, ``sizes`` are those of the labels, and
    ``before`` says which place each had on the picture before, 0 if none: it stays there while it can, so that labels
    do not jump.  Earlier boxes choose first.  A label without area needs no place.
    """
    taken: list[Rect] = []
    arranged = []
    for box, size, last in zip(boxes[:_MOST], sizes, before, strict=False):
        place, left, top = _choice(box, size, bounds, last, taken)
        arranged.append((place, left, top))
        if size[0] and size[1]:
            taken.append((left, top, left + size[0], top + size[1]))
    arranged += [(0, *_usual(box, size, bounds)) for box, size in zip(boxes[_MOST:], sizes[_MOST:], strict=True)]
    return arranged


def _choice(
    box: Rect, size: tuple[int, int], bounds: tuple[int, int], last: Place, taken: list[Rect]
) -> tuple[Place, int, int]:
    left, top = _usual(box, size, bounds)
    if not _meets((left, top, left + size[0], top + size[1]), taken, _BACK if last else 0):
        return 0, left, top
    least = (float(_covered((left, top, left + size[0], top + size[1]), taken)), 0, left, top)
    places = list(_others(box, size))
    if last:
        places.sort(key=lambda at: at[0] != last)
    for place, x, y in places:
        left, top = _within(x, y, size, bounds)
        covered = _covered((left, top, left + size[0], top + size[1]), taken)
        if not covered:
            return place, left, top
        if covered < least[0]:
            least = covered, place, left, top
    return least[1:]


def _usual(box: Rect, size: tuple[int, int], bounds: tuple[int, int]) -> tuple[int, int]:
    return _within(box[0], box[1] - size[1], size, bounds)


def _others(box: Rect, size: tuple[int, int]) -> Iterator[tuple[Place, int, int]]:
    left, top, right, bottom = box
    width, height = size
    if right - left >= width and bottom - top >= 2 * height:  # it must not cover all of a small object
        yield 1, left, top
        yield 2, left, bottom - height
    yield 3, left, bottom
    yield 4, right - width, top - height
    yield 5, right - width, bottom
    yield 6, left, top - 2 * height
    yield 7, left, bottom + height
    yield 8, right, top
    yield 9, left - width, top
    # Where it is crowded, a little farther away is better than on another one.
    yield 10, right, bottom - height
    yield 11, left - width, bottom - height
    yield 12, left, top - 3 * height
    yield 13, left, bottom + 2 * height


def _within(x: int, y: int, size: tuple[int, int], bounds: tuple[int, int]) -> tuple[int, int]:
    return max(0, min(x, bounds[0] - size[0])), max(0, min(y, bounds[1] - size[1]))


def _meets(rect: Rect, taken: list[Rect], margin: int) -> bool:
    left, top, right, bottom = rect[0] - margin, rect[1] - margin, rect[2] + margin, rect[3] + margin
    return any(left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in taken)


def _covered(rect: Rect, taken: list[Rect]) -> int:
    """Return how many pixels of ``rect`` are taken, those that are taken twice counted twice."""
    left, top, right, bottom = rect
    covered = 0
    for other in taken:
        width, height = min(right, other[2]) - max(left, other[0]), min(bottom, other[3]) - max(top, other[1])
        if width > 0 and height > 0:
            covered += width * height
    return covered
