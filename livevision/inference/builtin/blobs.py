"""From a mask of moving pixels to one box for each object.

Objects that pass each other make one blob.  Two observations tell most of them apart again, at a distance: a vehicle
is a wide solid body out of which other things stick, and each person has a head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mask: TypeAlias = "NDArray[np.uint8]"
"""``(h, w)`` of zeros and ones."""

Box: TypeAlias = tuple[int, int, int, int]
"""x1, y1, x2, y2 in pixels of the mask."""

SMALLEST = 0.001
"""Least area of a box, as a share of the picture."""
CLOSE_BY = 0.5
"""A blob taller than this share of the picture is somebody right before the camera, and is left whole."""
GAP = 7
"""Pieces of an object lie closer than this above each other, in pixels of the mask."""
LIMB = 0.25
"""What is thinner than this share of its blob does not belong to a vehicle's body."""
BODY_ASPECT = 1.4
"""A vehicle's body is at least this much wider than it is high, …"""
BODY_SHARE = 0.4
"""… and at least this share of its blob."""
STICKS_OUT = 0.2
"""A thing beside a body counts when it is at least this much of the body's height."""
STRIDE = 0.55
"""Two legs within this share of a person's height belong to one person."""
HIDDEN = 1.6
"""Somebody whom one sees over a vehicle is at most this much taller than what one sees of them, …"""
SLENDER = 3.0
"""… and this much taller than wide."""
HEAD = 0.7
"""Of two neighbours, the smaller is at least this share of the taller, …"""
NECK = 0.15
"""… and between them the blob is lower than the smaller by at least this share of it."""
NARROWEST = 4
"""Least width of a person, in pixels of the mask."""
FRAGMENT = 0.8
"""A box that lies in another by this share is a fragment of it."""


def boxes(moved: Mask) -> NDArray[np.float32]:
    """Return one box for each moving object, ``(n, 4)`` as x1, y1, x2, y2 in pixels of the mask."""
    height, width = moved.shape
    smallest = SMALLEST * width * height
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_solid(moved))
    found: list[Box] = []
    for label, (x, y, w, h, _) in enumerate(stats[1:], start=1):
        if w * h < smallest:
            continue
        if h > CLOSE_BY * height:
            found.append((x, y, x + w, y + h))
            continue
        blob = _filled((labels[y : y + h, x : x + w] == label).astype(np.uint8))
        found += [(x + x1, y + y1, x + x2, y + y2) for x1, y1, x2, y2 in _objects(blob)]
    return _without_fragments(np.array([box for box in found if _area(box) >= smallest], np.float32).reshape(-1, 4))


def _solid(moved: Mask) -> Mask:
    # As little as rids of noise: a larger opening eats feet and wheels.  The anchors keep an even kernel from shifting.
    clean = cv2.dilate(cv2.erode(moved, _kernel(2, 2), anchor=(0, 0)), _kernel(2, 2), anchor=(1, 1))
    # Taller than wide: people come apart at the waist, and walk beside each other.
    return cast("Mask", cv2.morphologyEx(clean, cv2.MORPH_CLOSE, _kernel(3, GAP)))


def _filled(blob: Mask) -> Mask:
    """Close the holes: windows, and paint of the colour of the road."""
    outlines, _ = cv2.findContours(blob, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cast("Mask", cv2.drawContours(blob, outlines, -1, 1, cv2.FILLED))


def _kernel(width: int, height: int) -> Mask:
    return np.ones((height, width), dtype=np.uint8)


def _objects(blob: Mask) -> list[Box]:
    body = _vehicle_body(blob)
    return _side_by_side(blob) if body is None else _around(blob, body)


def _vehicle_body(blob: Mask) -> Box | None:
    """Return where the blob is thick, if that is wide and much of it."""
    thick = max(3, int(LIMB * min(blob.shape)))
    # Padded: at its border OpenCV takes the blob to go on.
    padded = cv2.copyMakeBorder(blob, thick, thick, thick, thick, cv2.BORDER_CONSTANT, value=0)
    body = cv2.morphologyEx(padded, cv2.MORPH_OPEN, _kernel(thick, thick))[thick:-thick, thick:-thick]
    if np.count_nonzero(body) < BODY_SHARE * np.count_nonzero(blob):
        return None
    x1, y1, x2, y2 = _bounds(cast("Mask", body))
    return (x1, y1, x2, y2) if x2 - x1 >= BODY_ASPECT * (y2 - y1) else None


def _around(blob: Mask, body: Box) -> list[Box]:
    """Return the body, and who stands behind it (seen above it) or in front of it (reaching below it)."""
    height, width = blob.shape
    _, top, _, bottom = body
    least = max(1, round(STICKS_OUT * (bottom - top)))
    # Upright runs only: otherwise a roof that the body does not quite reach would be part of who is behind it.
    above = _parts(cast("Mask", cv2.morphologyEx(blob[:top], cv2.MORPH_OPEN, _kernel(1, least)))) if top > least else []
    behind = [(left, up, right, _feet(right - left, up, down)) for left, up, right, down in above]
    before: list[Box] = []
    for left, up, right, down in _parts(blob[bottom:]) if bottom < height else []:
        if down - up < least:
            continue
        # What is hidden before the body reaches up to its top, as far as one can tell.
        whole = left, top, right, bottom + down
        if before and right - before[-1][0] <= STRIDE * (whole[3] - top):
            last = before.pop()
            whole = last[0], top, max(last[2], right), max(last[3], whole[3])
        before.append(whole)
    return [body, *behind, *before] if behind or before else [(0, 0, width, height)]


def _feet(width: int, head: int, roof: int) -> int:
    """Guess where somebody stands of whom a part is hidden behind a vehicle."""
    seen = roof - head
    return head + max(seen, round(min(HIDDEN * seen, SLENDER * width)))


def _parts(mask: Mask) -> list[Box]:
    """Return the bounds of what is connected, from left to right."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    return sorted((x, y, x + w, y + h) for x, y, w, h, _ in stats[1:].tolist())


def _side_by_side(blob: Mask) -> list[Box]:
    """Cut the blob where its outline dips between two heads, again and again."""
    height, width = blob.shape
    if width >= 2 * NARROWEST:
        tall = np.where(blob.any(axis=0), height - blob.argmax(axis=0), 0)
        lower = np.minimum(np.maximum.accumulate(tall), np.maximum.accumulate(tall[::-1])[::-1])
        dip = np.where(lower >= HEAD * tall.max(), lower - tall, 0)[NARROWEST:-NARROWEST]
        cut = NARROWEST + int(dip.argmax()) if len(dip) else 0
        if cut and lower[cut] > tall[cut] and lower[cut] - tall[cut] >= NECK * lower[cut] and dip.max() > 0:
            right = [(x1 + cut, y1, x2 + cut, y2) for x1, y1, x2, y2 in _side_by_side(blob[:, cut:])]
            return _side_by_side(blob[:, :cut]) + right
    return [_bounds(blob)]


def _bounds(blob: Mask) -> Box:
    x, y, w, h = cv2.boundingRect(blob)
    return x, y, x + w, y + h


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _without_fragments(found: NDArray[np.float32]) -> NDArray[np.float32]:
    """Drop every box that lies in a larger one."""
    areas = np.prod(found[:, 2:] - found[:, :2], axis=1)
    shared = np.minimum(found[:, None, 2:], found[None, :, 2:]) - np.maximum(found[:, None, :2], found[None, :, :2])
    inside = np.prod(np.maximum(shared, 0), axis=2) >= FRAGMENT * areas[:, None]
    larger = (areas[None, :] > areas[:, None]) & inside
    kept: NDArray[np.bool_] = ~larger.any(axis=1)
    return found[kept]
