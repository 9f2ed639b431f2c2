"""The row of houses behind the far pavement: walls, windows, roofs and what sells on the ground floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from livevision.sources.street.canvas import BLACK, WHITE, Canvas, Colour, colour, darker, lighter, mix
from livevision.sources.street.shapes import limb, outline, oval, rect
from livevision.sources.street.shops import paint_entrance, paint_shop
from livevision.sources.street.windows import WindowStyle, paint_window

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUND_FLOOR = 3.5
_STOREY = 2.95

_WALLS = ("#d9c7a8", "#a9543f", "#e6dfd0", "#8fa3a6", "#c98d6b", "#b7b49a", "#7f4a3e", "#d8b98a", "#bfc9cc", "#c9a3a0")
_BRICK = frozenset(("#a9543f", "#7f4a3e", "#c98d6b"))
_SHUTTERS = ("#4c6a5a", "#3f5873", "#7a3b37", "#5a5f66", "#86784f")
_SLATE = colour("#59606b")
_TILES = colour("#9c5a45")


@dataclass(frozen=True, slots=True)
class Front:
    """A house's looks."""

    wall: str
    trim: Colour
    windows: WindowStyle
    mansard: bool


@dataclass(frozen=True, slots=True)
class House:
    """One house: where it stands, in metres, and how many storeys it has over the ground floor."""

    left: float
    right: float
    storeys: int
    front: Front
    shop: int | None
    """Which shop is on the ground floor; None for an entrance."""

    @property
    def eaves(self) -> float:
        """Height of the wall's upper edge, metres."""
        return GROUND_FLOOR + self.storeys * _STOREY + 0.35


def houses(half: float, room: float, rng: np.random.Generator) -> Iterator[House]:
    """Yield houses from ``-half`` to ``half`` metres, whose roofs leave some sky under ``room`` metres."""
    storeys = max(1, int((room - GROUND_FLOOR - 1.2) / _STOREY))
    walls = [_WALLS[i] for i in rng.permutation(len(_WALLS))]
    left = -half - float(rng.uniform(1, 4))
    first_shop = int(rng.integers(20))
    number = 0
    while left < half:
        width = float(rng.uniform(5.2, 8.2))
        lower = number % 3 == 2 and storeys > 1
        front = Front(
            walls[number % len(walls)],
            lighter(colour("#e9e2d4"), float(rng.uniform(0, 0.5))),
            WindowStyle.dealt(rng, [colour(c) for c in _SHUTTERS]),
            mansard=bool(lower or rng.random() < 0.35),
        )
        shop = None if number % 4 == 3 else first_shop + number
        yield House(left, left + width, storeys - lower, front, shop)
        left += width
        number += 1


def paint_house(canvas: Canvas, house: House, rng: np.random.Generator) -> None:
    """Paint one house; ``canvas`` is in metres with the foot of the facades at y = 0."""
    wall = colour(house.front.wall)
    _roof(canvas, house, rng)
    front = rect(house.left, 0, house.right, house.eaves)
    canvas.grade(front, lighter(wall, 0.10), darker(wall, 0.10))
    if house.front.wall in _BRICK:
        _bricks(canvas, house, rng)
    _storeys(canvas, house, rng)
    _cornice(canvas, house)
    if house.shop is None:
        paint_entrance(canvas, (house.left, house.right, GROUND_FLOOR), house.front.windows, rng)
    else:
        paint_shop(canvas, (house.left, house.right, GROUND_FLOOR), house.shop, rng)
    # Houses meet in a dark joint, with a rain pipe beside it.
    canvas.glaze(rect(house.right - 0.12, 0, house.right, house.eaves), BLACK, 0.35, 0.05)
    pipe = colour("#6d6f70")
    canvas.fill(rect(house.left + 0.08, 0.0, house.left + 0.17, house.eaves), pipe)
    canvas.fill(rect(house.left + 0.10, 0.0, house.left + 0.12, house.eaves), lighter(pipe, 0.4))
    canvas.glaze(rect(house.left, -0.1, house.right, 0.35), BLACK, 0.28, 0.12)


def _bricks(canvas: Canvas, house: House, rng: np.random.Generator) -> None:
    roi = canvas.region(rect(house.left, 0, house.right, house.eaves))
    if roi is None:
        return
    columns, rows = round((house.right - house.left) / 0.26), round(house.eaves / 0.13)
    tone = rng.normal(0, 5, (rows, columns)).astype(np.float32)
    brick_w, brick_h = -(-roi.shape[1] // columns), -(-roi.shape[0] // rows)
    if brick_h < 4:
        return
    tone = np.repeat(np.repeat(tone, brick_h, 0), brick_w, 1)
    for row in range(1, rows, 2):
        band = slice(row * brick_h, (row + 1) * brick_h)
        tone[band] = np.roll(tone[band], brick_w // 2, 1)
    # Mortar: a lighter line under every course.
    tone[::brick_h] = 15
    tone = tone[: roi.shape[0], : roi.shape[1]]
    delta = cv2.merge([tone, tone, tone, np.zeros_like(tone)])
    roi[:] = cast("np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", cv2.add(roi, delta, dtype=cv2.CV_8U))


def _storeys(canvas: Canvas, house: House, rng: np.random.Generator) -> None:
    width = house.right - house.left
    columns = max(2, round(width / 2.15))
    pitch = width / columns
    for storey in range(house.storeys):
        base = GROUND_FLOOR + storey * _STOREY
        if storey or house.shop is None:
            band = rect(house.left, base + 0.12, house.right, base + 0.3)
            canvas.glaze(rect(house.left, base, house.right, base + 0.12), BLACK, 0.18, 0.03)
            canvas.fill(band, house.front.trim)
        for column in range(columns):
            x = house.left + (column + 0.5) * pitch
            paint_window(canvas, (x, base + 0.75), house.front.windows, rng)


def _cornice(canvas: Canvas, house: House) -> None:
    left, right, top = house.left - 0.06, house.right + 0.06, house.eaves
    canvas.glaze(rect(left, top - 0.62, right, top - 0.3), BLACK, 0.28, 0.06)
    canvas.fill(rect(left, top - 0.34, right, top - 0.22), darker(house.front.trim, 0.1))
    for x in np.arange(house.left + 0.1, house.right - 0.1, 0.32).tolist():
        canvas.fill(rect(x, top - 0.24, x + 0.16, top - 0.08), darker(house.front.trim, 0.16))
    canvas.fill(rect(left, top - 0.1, right, top + 0.06), house.front.trim)
    canvas.fill(rect(left, top - 0.1, right, top - 0.07), darker(house.front.trim, 0.25))


def _roof(canvas: Canvas, house: House, rng: np.random.Generator) -> None:
    base = house.eaves
    for x in rng.uniform(house.left + 0.7, house.right - 0.7, 2).tolist():
        high = base + (2.2 if house.front.mansard else 0.75)
        stone = colour("#8d6a58")
        canvas.grade(rect(x - 0.3, base, x + 0.3, high), stone, darker(stone, 0.25))
        canvas.fill(rect(x - 0.35, high - 0.12, x + 0.35, high), darker(stone, 0.3))
        for pot in (-0.16, 0.14):
            canvas.fill(rect(x + pot - 0.08, high, x + pot + 0.08, high + 0.28), colour("#b0704f"))
    if not house.front.mansard:
        canvas.grade(
            outline((house.left, base), (house.left, base + 0.32), (house.right, base + 0.32), (house.right, base)),
            _SLATE,
            darker(_SLATE, 0.3),
        )
        return
    cover = _SLATE if rng.random() < 0.6 else _TILES
    slope = outline(
        (house.left, base), (house.left + 0.35, base + 1.75), (house.right - 0.35, base + 1.75), (house.right, base)
    )
    canvas.grade(slope, lighter(cover, 0.14), darker(cover, 0.15))
    for y in np.arange(base + 0.15, base + 1.7, 0.19).tolist():
        inset = 0.2 * (y - base)
        canvas.stroke(outline((house.left + inset, y), (house.right - inset, y)), darker(cover, 0.2), 0.015)
    canvas.stroke(slope[1:3], lighter(cover, 0.35), 0.07)
    count = max(2, round((house.right - house.left) / 2.4))
    for k in range(count):
        _dormer(canvas, house.left + (k + 0.5) * (house.right - house.left) / count, base + 0.25, house.front.trim)


def _dormer(canvas: Canvas, x: float, y: float, trim: Colour) -> None:
    canvas.glaze(rect(x - 0.35, y, x + 0.65, y + 1.05), BLACK, 0.25, 0.08)
    canvas.fill(rect(x - 0.45, y, x + 0.45, y + 1.1), trim)
    canvas.fill(outline((x - 0.55, y + 1.08), (x, y + 1.42), (x + 0.55, y + 1.08)), darker(trim, 0.15))
    canvas.grade(rect(x - 0.33, y + 0.1, x + 0.33, y + 1.0), colour("#8fa9ba"), colour("#45535e"))
    canvas.fill(rect(x - 0.025, y + 0.1, x + 0.025, y + 1.0), trim)
    canvas.fill(rect(x - 0.33, y + 0.55, x + 0.33, y + 0.6), trim)


def paint_sky(canvas: Canvas, size: tuple[float, float], rng: np.random.Generator) -> None:
    """Paint sky and clouds; ``canvas`` is in pixels of the picture, of which the sky takes ``size``."""
    width, height = size
    canvas.grade(rect(0, 0, width, height), colour("#6fa6d8"), colour("#e9f0ee"))
    for _ in range(5):
        x, y = rng.uniform(0, width), rng.uniform(0, height * 0.35)
        for _ in range(7):
            at = float(x + rng.normal(0, 0.05) * width), float(y + rng.normal(0, 0.018) * height)
            long = float(rng.uniform(0.02, 0.06)) * width
            canvas.glaze(oval(at, long, long * 0.3), WHITE, 0.30, long * 0.16)


def paint_skyline(canvas: Canvas, half: float, rng: np.random.Generator) -> None:
    """Paint far roofs and trees in haze behind the houses; ``canvas`` as for :func:`paint_house`."""
    haze = colour("#b9c8d2")
    x = -half - 3
    while x < half:
        wide, high = float(rng.uniform(3, 6)), float(rng.uniform(7.6, 10.4))
        canvas.grade(rect(x, 0, x + wide, high), mix(haze, colour("#8a94a6"), 0.25), haze)
        canvas.fill(
            limb((x + wide, high - 2.2), (x + wide + 1.5, high - 2.5), 1.1, 1.3), mix(haze, colour("#7f9a7c"), 0.4)
        )
        x += wide + float(rng.uniform(0, 1.5))
