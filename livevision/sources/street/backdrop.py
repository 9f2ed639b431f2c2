"""Everything that does not move: the empty street, and the slender things that stand before the traffic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from livevision.sources.street import furniture
from livevision.sources.street import view as at
from livevision.sources.street.canvas import Canvas, colour
from livevision.sources.street.facades import houses, paint_house, paint_sky, paint_skyline
from livevision.sources.street.ground import ZEBRA, Ground
from livevision.sources.street.sprite import Figure, Shadow, Sprite, bake

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Image
    from livevision.sources.street.view import View

_DETAIL = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing that may hide what passes behind it."""

    sprite: Sprite
    depth: float
    at: tuple[int, int]
    """The pixel of its foot."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The empty street as ``(h, w, 3)`` BGR without the standing things, and these from far to near."""

    picture: Image
    standing: tuple[Standing, ...]


def paint_backdrop(view: View, rng: np.random.Generator, step: Callable[[], None]) -> Backdrop:
    """Paint the empty street.  ``step`` is called between its parts; what it raises ends the work."""
    large = np.full((view.height * _DETAIL, view.width * _DETAIL, 4), 255, np.uint8)
    step()
    pixels = Canvas(large, (_DETAIL, _DETAIL), (0, 0))
    _sky(large, view, rng)
    step()
    wall = _upright(large, view, 0, at.FACADES)
    half = view.half_width(at.FACADES)
    room = view.horizon / view.scale(at.FACADES) + at.EYE
    paint_skyline(wall, half, rng)
    for house in houses(half, room, rng):
        step()
        paint_house(wall, house, rng)
    ground = Ground(pixels, view, rng)
    ground.paint()
    step()
    _plant(large, view, ground, rng)
    step()
    picture = cv2.resize(large, (view.width, view.height), interpolation=cv2.INTER_AREA)
    picture = cv2.cvtColor(picture, cv2.COLOR_BGRA2BGR)
    return Backdrop(_grained(cast("Image", picture), view, rng), tuple(_standing(view, ground, rng)))


def _sky(image: Image, view: View, rng: np.random.Generator) -> None:
    # Nothing in it is sharp: painted small.
    height = math.ceil(view.point(0, at.FACADES)[1])
    small = np.full((-(-height // 4), -(-view.width // 4), 4), 255, np.uint8)
    paint_sky(Canvas(small, (0.25, 0.25), (0, 0)), (view.width, height), rng)
    rows = height * _DETAIL
    image[:rows] = cv2.resize(small, (view.width * _DETAIL, rows), interpolation=cv2.INTER_LINEAR)


def _upright(image: Image, view: View, x: float, depth: float) -> Canvas:
    """Return a canvas in metres, y up, for what stands on the pavement at ``x`` and ``depth``."""
    scale = view.scale(depth) * _DETAIL
    left, foot = view.point(x, depth, at.KERB)
    return Canvas(image, (scale, -scale), (left * _DETAIL, foot * _DETAIL))


def _tree_places(view: View) -> list[float]:
    half = view.half_width(at.FAR_KERB)
    return np.arange(-half + 2.4, half, 8.2).tolist()


_TREE_ROW = at.FAR_KERB + 0.75
_LAMP_ROW = at.FAR_KERB + 0.45


def _plant(image: Image, view: View, ground: Ground, rng: np.random.Generator) -> None:
    """Paint what is never in front of anything: crowns, and what leans against the houses."""
    half = view.half_width(at.FACADES)
    row = at.FACADES - 0.35
    blooms = [colour(c) for c in ("#d0344a", "#f0b33c", "#e87fa4", "#f4f0e6")]
    for i, x in enumerate(np.arange(-half + 1.0, half, 4.6).tolist()):
        place = x + float(rng.uniform(-0.8, 0.8))
        ground.shade(place + 0.1, row - 0.05, (0.5, 0.22), 0.5, at.KERB)
        if i % 5 == 2:
            furniture.paint_post_box(_upright(image, view, place, row))
        else:
            furniture.paint_planter(_upright(image, view, place, row), blooms[i % len(blooms)], rng)
    for x in _tree_places(view):
        ground.shade(x + 0.9, _TREE_ROW - 0.9, (1.9, 0.9), 0.36, at.KERB)
        ground.shade(x + 0.5, _TREE_ROW + 0.5, (1.3, 0.6), 0.26, at.KERB)
        furniture.paint_grate(_upright(image, view, x, _TREE_ROW))
        furniture.paint_crown(_upright(image, view, x, _TREE_ROW), rng)


def _standing(view: View, ground: Ground, rng: np.random.Generator) -> list[Standing]:
    del ground, rng
    things: list[Standing] = []

    def put(paint: Callable[[Canvas], None], size: tuple[float, float], x: float, depth: float) -> None:
        scale = view.scale(depth)
        width, height = (round(metres * scale) * _DETAIL + 4 for metres in size)
        image = np.zeros((height, width, 4), np.uint8)
        foot = width / 2, height - 2 - 0.1 * scale
        paint(Canvas(image, (scale * _DETAIL, -scale * _DETAIL), foot))
        figure = Figure(image, foot, scale * _DETAIL)
        sprite = bake(figure, scale, Shadow(size[0] * 0.4, 0.05, 0.45), mirrored=False)
        px, py = view.point(x, depth, at.KERB)
        things.append(Standing(sprite, depth, (round(px), round(py))))

    trees = _tree_places(view)
    for x in trees:
        put(furniture.paint_trunk, (0.5, 3.4), x, _TREE_ROW)
    for a, b in zip(trees[::2], trees[1::2], strict=False):
        put(lambda c: furniture.paint_lamp(c, 4.6), (0.8, 4.9), (a + b) / 2, _LAMP_ROW)
    half = view.half_width(at.NEAR_KERB)
    zebra = ZEBRA * view.half_width(at.CENTRE)
    for x in np.arange(-half + 0.5, half, 1.9).tolist():
        if not zebra - 2.3 < x < zebra + 2.3:
            put(furniture.paint_bollard, (0.3, 1.0), x, at.NEAR_KERB - 0.35)
    put(lambda c: furniture.paint_lamp(c, 5.0), (0.8, 5.3), 0.72 * view.half_width(at.FRONT), at.FRONT + 0.25)
    return sorted(things, key=lambda thing: -thing.depth)


def _grained(picture: Image, view: View, rng: np.random.Generator) -> Image:
    """Roughen the asphalt and darken the corners a little."""
    top = int(view.point(0, at.FAR_KERB)[1])
    road = picture[top:]
    grain = rng.integers(0, 22, (road.shape[0], road.shape[1]), dtype=np.uint8)
    fine = cv2.GaussianBlur(grain, (0, 0), 0.7)
    coarse = cv2.resize(
        rng.integers(0, 12, (9, 24), dtype=np.uint8), (road.shape[1], road.shape[0]), interpolation=cv2.INTER_CUBIC
    )
    rough = cv2.add(fine, coarse)
    bias = np.full_like(rough, 16)
    road[:] = cv2.subtract(cv2.add(road, cv2.merge([rough] * 3)), cv2.merge([bias] * 3))
    y, x = np.ogrid[-1 : 1 : picture.shape[0] * 1j, -1 : 1 : picture.shape[1] * 1j]
    vignette = (255 * (1 - 0.10 * (x**4 * 0.6 + y**4 * 0.6))).astype(np.uint8)
    return cast("Image", cv2.multiply(picture, cv2.merge([vignette] * 3), scale=1 / 255))
