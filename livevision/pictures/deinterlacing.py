"""Combs taken out of interlaced pictures, each by itself: no picture waits for the next, and no time changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import cv2
import numpy as np

from livevision.pictures.planes import BYTES, DEEP, made_of, rows_of

if TYPE_CHECKING:
    import av

    Rows: TypeAlias = np.ndarray[Any, np.dtype[Any]]

_COMB = 6
"""Levels of 256 by which a line of a comb differs from those above and below; less is not seen."""
_AROUND = np.ones((3, 7), np.uint8)
"""What lies so near to a comb belongs to it."""


def deinterlaced(picture: av.VideoFrame) -> av.VideoFrame:
    """Return the picture of the first field where something moves, and of both where nothing does.

    One in a format that is not known here comes back as it is.
    """
    name = picture.format.name
    each = BYTES.get(name)
    if each is None:
        return picture
    planes = []
    for plane, step in zip(picture.planes, each, strict=True):
        rows: Rows = rows_of(plane)[: plane.height, : plane.width * step]
        if name in DEEP:
            planes.append(_woven(rows.view("<u2"), 4 * _COMB).view(np.uint8))
        else:
            planes.append(_woven(rows, _COMB))
    return made_of(planes, picture, (picture.width, picture.height))


def first_field(picture: av.VideoFrame) -> av.VideoFrame | None:
    """Return every second line, half as high: all that a small picture needs.  None where the format is not known."""
    each = BYTES.get(picture.format.name)
    if each is None or any(plane.height % 2 for plane in picture.planes):
        return None
    planes = [
        rows_of(plane)[: plane.height : 2, : plane.width * step]
        for plane, step in zip(picture.planes, each, strict=True)
    ]
    return made_of(planes, picture, (picture.width, picture.height // 2))


def _woven(rows: Rows, comb: int) -> Rows:
    whole = rows.copy()
    upper, lower = whole[0::2], whole[1::2]
    count = len(lower)
    if count < 2:
        return whole
    lines = upper[:count]
    below = np.concatenate([upper[1:], upper[-1:]])[:count]  # the line of the first field under each of the second
    above = np.concatenate([lower[:1], lower[:-1]])  # the line of the second field over each of the first
    over, under = _outside(lower, lines, below, comb)
    # A thin line is outside, too, but its neighbours are not outside the other way round.
    upper_over, upper_under = _outside(lines, above, lower, comb)
    combed: Rows = (over & _with_next(upper_under)) | (under & _with_next(upper_over))
    if not combed.any():
        return whole
    around: Rows = cv2.dilate(combed, _AROUND)
    between = cv2.addWeighted(lines, 0.5, below, 0.5, 0)
    whole[1::2] = np.where(around > 0, between, lower)
    return whole


def _outside(line: Rows, one: Rows, other: Rows, comb: int) -> tuple[Rows, Rows]:
    """Say where ``line`` is brighter than both others, and where it is darker."""
    brighter = cv2.subtract(line, cv2.max(one, other)) > comb
    darker = cv2.subtract(cv2.min(one, other), line) > comb
    return brighter.astype(np.uint8), darker.astype(np.uint8)


def _with_next(flags: Rows) -> Rows:
    following: Rows = np.concatenate([flags[1:], flags[-1:]])
    return np.bitwise_or(flags, following)
