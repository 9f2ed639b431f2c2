"""Ground floors: shop fronts with awnings, and the entrances of houses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.sources.street.canvas import BLACK, WHITE, Canvas, Colour, colour, darker, lighter, mix
from livevision.sources.street.shapes import outline, oval, rect
from livevision.sources.street.windows import WindowStyle, paint_window

if TYPE_CHECKING:
    import numpy as np

Bay = tuple[float, float, float]
"""Left, right and upper edge of a ground floor, metres."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A business: its sign and colours; ``awning`` None for none."""

    name: str
    front: Colour
    lettering: Colour
    awning: Colour | None
    goods: tuple[Colour, ...]


def _shop(name: str, front: str, lettering: str, awning: str | None, goods: tuple[str, ...]) -> Shop:
    return Shop(name, colour(front), colour(lettering), colour(awning) if awning else None, tuple(map(colour, goods)))


SHOPS = (
    _shop("BAKERY", "#5b3a2a", "#f3ddb0", "#c2603a", ("#d9a35c", "#b97a3c", "#e8c88c", "#8f5a2e")),
    _shop("BOOKS", "#26435c", "#e8d9b0", None, ("#a8403a", "#3f6b8a", "#d8b45a", "#5a7d56", "#e6ddc8")),
    _shop("FLOWERS", "#3d5f4c", "#f4efe0", "#4d8a62", ("#d0344a", "#f0b33c", "#e87fa4", "#5f9a4e", "#8f5fb0")),
    _shop("CAFE LUNA", "#6e2f35", "#f2e3c4", "#a8383c", ("#f0d9b0", "#c98f5a", "#7a4a2e")),
    _shop("OPTICS", "#2f3438", "#e9eef0", None, ("#d9e3e8", "#8fb0bf", "#f4f4f0")),
    _shop("GREENGROCER", "#44602f", "#f6f0d8", "#5f8f3a", ("#d8452f", "#e8a02c", "#7fae3a", "#f0d23c", "#8a3f6a")),
    _shop("RECORDS", "#3b2f4f", "#f0c95a", "#5a4a8a", ("#e8503a", "#2f9a9a", "#f0c040", "#d8d8d8")),
)


def paint_shop(canvas: Canvas, bay: Bay, number: int, rng: np.random.Generator) -> None:
    """Paint the ``number``-th shop into a ground floor."""
    shop = SHOPS[number % len(SHOPS)]
    left, right, top = bay[0] + 0.3, bay[1] - 0.3, bay[2]
    canvas.grade(rect(left, 0, right, top - 0.15), lighter(shop.front, 0.08), darker(shop.front, 0.2))
    canvas.stroke(rect(left, 0, right, top - 0.15), darker(shop.front, 0.4), 0.03, closed=True)
    door = left + 0.35 + (right - left - 1.7) * (0.0 if number % 2 else 1.0)
    spans = [(left + 0.25, door - 0.15), (door + 1.15, right - 0.25)]
    for x0, x1 in spans:
        if x1 - x0 > 0.8:
            _display(canvas, (x0, x1), shop, rng)
    _shop_door(canvas, door, shop)
    _sign(canvas, (left, right, top), shop)
    if shop.awning is not None:
        _awning(canvas, (left + 0.1, right - 0.1, 2.72), shop.awning)


def _display(canvas: Canvas, span: tuple[float, float], shop: Shop, rng: np.random.Generator) -> None:
    x0, x1 = span
    low, high = 0.62, 2.62
    canvas.fill(rect(x0 - 0.07, low - 0.07, x1 + 0.07, high + 0.05), lighter(shop.front, 0.18))
    canvas.grade(rect(x0, low, x1, high), colour("#4a4034"), colour("#8a6f4c"))
    for x in rng.uniform(x0 + 0.3, x1 - 0.3, 2).tolist():
        canvas.glaze(oval((x, high - 0.55), 0.5, 0.45), colour("#ffdf9a"), 0.5, 0.2)
        canvas.fill(oval((x, high - 0.35), 0.1, 0.09), colour("#fff0c8"))
        canvas.stroke(outline((x, high), (x, high - 0.28)), BLACK, 0.015)
    for shelf in (low + 0.06, low + 0.62):
        canvas.fill(rect(x0, shelf - 0.06, x1, shelf), darker(shop.front, 0.35))
        x = x0 + 0.06
        while x < x1 - 0.2:
            wide, tall = float(rng.uniform(0.08, 0.24)), float(rng.uniform(0.14, 0.4))
            paint = shop.goods[int(rng.integers(len(shop.goods)))]
            x_end = min(x + wide, x1)
            canvas.grade(rect(x, shelf, x_end, shelf + tall), lighter(paint, 0.15), darker(paint, 0.25))
            x += wide + float(rng.uniform(0.02, 0.1))
    wide = x1 - x0
    for start, end in ((0.12, 0.3), (0.36, 0.42)):
        ray = outline(
            (x0 + wide * end, high),
            (x0 + wide * (end + 0.14), high),
            (x0 + wide * (start + 0.06), low),
            (x0 + wide * (start - 0.08), low),
        )
        canvas.glaze(ray, colour("#dcebf4"), 0.2)
    canvas.glaze(rect(x0, high - 0.25, x1, high), BLACK, 0.4, 0.06)
    panes = max(1, round(wide / 1.5))
    for k in range(1, panes):
        at = x0 + wide * k / panes
        canvas.fill(rect(at - 0.035, low, at + 0.035, high), lighter(shop.front, 0.12))
    canvas.stroke(rect(x0 - 0.02, 0.12, x1 + 0.02, 0.46), darker(shop.front, 0.35), 0.03, closed=True)


def _shop_door(canvas: Canvas, x: float, shop: Shop) -> None:
    canvas.fill(rect(x - 0.04, 0, x + 1.04, 2.66), darker(shop.front, 0.35))
    canvas.fill(rect(x, 0.02, x + 1.0, 2.18), lighter(shop.front, 0.1))
    canvas.grade(rect(x + 0.13, 0.5, x + 0.87, 2.05), colour("#8ea6b2"), colour("#3c3a38"))
    canvas.grade(rect(x + 0.05, 2.26, x + 0.95, 2.6), colour("#8ea6b2"), colour("#5a5a58"))
    canvas.glaze(outline((x + 0.5, 2.05), (x + 0.75, 2.05), (x + 0.4, 0.5), (x + 0.15, 0.5)), WHITE, 0.15)
    canvas.fill(rect(x + 0.05, 0.12, x + 0.95, 0.4), darker(shop.front, 0.1))
    canvas.fill(rect(x + 0.9, 0.95, x + 0.94, 1.3), colour("#d8b45a"))
    plate = rect(x + 0.3, 1.45, x + 0.7, 1.62)
    canvas.fill(plate, colour("#f3efe2"))
    canvas.fill(rect(x - 0.1, -0.02, x + 1.1, 0.06), colour("#b9b4aa"))


def _sign(canvas: Canvas, bay: Bay, shop: Shop) -> None:
    left, right, top = bay
    canvas.glaze(rect(left, 2.55, right, 2.8), BLACK, 0.35, 0.06)
    canvas.grade(rect(left - 0.06, 2.78, right + 0.06, top - 0.1), lighter(shop.front, 0.1), darker(shop.front, 0.08))
    canvas.fill(rect(left - 0.12, top - 0.12, right + 0.12, top + 0.02), lighter(shop.front, 0.28))
    canvas.stroke(
        rect(left + 0.05, 2.84, right - 0.05, top - 0.18), mix(shop.lettering, shop.front, 0.5), 0.015, closed=True
    )
    canvas.text(shop.name, ((left + right) / 2, (2.78 + top - 0.1) / 2), 0.27, shop.lettering)


def _awning(canvas: Canvas, bay: Bay, cloth: Colour) -> None:
    left, right, top = bay
    low, out = top - 0.62, 0.22
    canvas.glaze(
        outline((left, top), (right, top), (right + out, low - 0.42), (left - out + 0.2, low - 0.42)), BLACK, 0.42, 0.12
    )
    stripes = max(6, round((right - left) / 0.36))
    for k in range(stripes):
        a, b = k / stripes, (k + 1) / stripes
        paint = cloth if k % 2 == 0 else colour("#f1eadb")
        upper = left + a * (right - left), left + b * (right - left)
        lower = left - out + a * (right - left + 2 * out), left - out + b * (right - left + 2 * out)
        canvas.grade(
            outline((upper[0], top), (upper[1], top), (lower[1], low), (lower[0], low)),
            lighter(paint, 0.12),
            darker(paint, 0.08),
        )
        middle, half = (lower[0] + lower[1]) / 2, (lower[1] - lower[0]) / 2
        scallop = oval((middle, low), half, 0.14)
        canvas.fill(scallop[:15] * (1, -1) + (0, 2 * low), darker(paint, 0.16))
    canvas.stroke(outline((left - out, low), (right + out, low)), darker(cloth, 0.3), 0.015)


def paint_entrance(canvas: Canvas, bay: Bay, windows: WindowStyle, rng: np.random.Generator) -> None:
    """Paint a house door between ground-floor windows."""
    left, right, top = bay
    middle = (left + right) / 2
    canvas.glaze(rect(left, 0, right, 0.7), BLACK, 0.22)
    canvas.fill(rect(left, 0.66, right, 0.76), colour("#cfc7b8"))
    for x in (left + (middle - left) * 0.45, right - (right - middle) * 0.45):
        paint_window(canvas, (x, 1.15), windows, rng)
    stone = colour("#ddd5c6")
    canvas.fill(rect(middle - 0.78, 0, middle + 0.78, 2.3), stone)
    canvas.fill(oval((middle, 2.3), 0.78, 0.72), stone)
    canvas.fill(oval((middle, 2.3), 0.58, 0.54), colour("#46535c"))
    for k in (-0.34, 0.0, 0.34):
        canvas.stroke(outline((middle, 2.3), (middle + k * 1.5, 2.3 + 0.54 - abs(k) * 0.4)), stone, 0.03)
    canvas.grade(
        rect(middle - 0.58, 0.16, middle + 0.58, 2.28), lighter(windows.accent, 0.1), darker(windows.accent, 0.25)
    )
    for x in (middle - 0.29, middle + 0.29):
        for low, high in ((0.35, 0.95), (1.1, 2.1)):
            canvas.stroke(rect(x - 0.18, low, x + 0.18, high), darker(windows.accent, 0.35), 0.025, closed=True)
    canvas.stroke(outline((middle, 0.16), (middle, 2.28)), darker(windows.accent, 0.5), 0.025)
    canvas.fill(oval((middle + 0.09, 1.05), 0.035, 0.035), colour("#e0bd62"))
    canvas.fill(rect(middle - 0.95, 0.0, middle + 0.95, 0.16), colour("#c4bdb0"))
    canvas.fill(rect(middle - 0.95, 0.12, middle + 0.95, 0.16), lighter(colour("#c4bdb0"), 0.4))
    canvas.glaze(rect(left, top - 0.3, right, top), BLACK, 0.12, 0.1)
    for x in (middle - 1.05, middle + 1.05):
        canvas.fill(rect(x - 0.07, 1.95, x + 0.07, 2.25), colour("#2a2c30"))
        canvas.fill(rect(x - 0.045, 1.99, x + 0.045, 2.2), colour("#ffe3a0"))
