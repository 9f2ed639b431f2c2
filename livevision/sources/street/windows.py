"""Windows of the upper floors, with shutters, flowers, balconies and curtains."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from livevision.sources.street.canvas import BLACK, WHITE, Canvas, Colour, colour, darker, lighter, mix
from livevision.sources.street.shapes import Point, outline, oval, rect

if TYPE_CHECKING:
    import numpy as np

_FLOWERS = tuple(map(colour, ("#d0344a", "#f0b33c", "#e87fa4", "#f4f0e6", "#8f5fb0")))
_LEAF = colour("#4f7f43")


class Dress(Enum):
    """What goes with the windows of a house."""

    PLAIN = "plain"
    SHUTTERS = "shutters"
    BALCONY = "balcony"
    FLOWERS = "flower boxes"


@dataclass(frozen=True, slots=True)
class WindowStyle:
    """How all windows of one house look; width and height in metres."""

    width: float
    height: float
    frame: Colour
    accent: Colour
    dress: Dress

    @classmethod
    def dealt(cls, rng: np.random.Generator, accents: list[Colour]) -> WindowStyle:
        """Return a random style."""
        frame = lighter(colour("#ded8ca"), 0.6) if rng.random() < 0.75 else colour("#3c4248")
        return cls(
            float(rng.uniform(0.88, 1.08)),
            float(rng.uniform(1.5, 1.72)),
            frame,
            accents[int(rng.integers(len(accents)))],
            tuple(Dress)[int(rng.integers(len(Dress)))],
        )


def paint_window(canvas: Canvas, foot: Point, style: WindowStyle, rng: np.random.Generator) -> None:
    """Paint one window whose sill is centred at ``foot``, metres."""
    x, y = foot
    half, top = style.width / 2, y + style.height
    surround = mix(style.frame, colour("#d8d0c0"), 0.6)
    canvas.fill(rect(x - half - 0.1, y, x + half + 0.1, top + 0.16), surround)
    canvas.fill(rect(x - half - 0.14, top + 0.13, x + half + 0.14, top + 0.22), lighter(surround, 0.3))
    canvas.fill(rect(x - half, y, x + half, top), style.frame)
    panes = rect(x - half + 0.06, y + 0.06, x + half - 0.06, top - 0.06)
    canvas.grade(panes, colour("#9fbccd"), colour("#3d4a55"))
    _behind_the_glass(canvas, (x, y), style, rng)
    slant = float(rng.uniform(-0.1, 0.1))
    gloss = outline(
        (x - half * 0.5 + slant, top - 0.06),
        (x + half * 0.1 + slant, top - 0.06),
        (x - half * 0.35, y + style.height * 0.35),
        (x - half * 0.88, y + style.height * 0.35),
    )
    canvas.glaze(gloss, WHITE, 0.2)
    # The recess throws a shadow from above and from the left.
    canvas.glaze(rect(x - half + 0.06, top - 0.22, x + half - 0.06, top - 0.06), BLACK, 0.4, 0.04)
    canvas.glaze(rect(x - half + 0.06, y + 0.06, x - half + 0.14, top - 0.06), BLACK, 0.3, 0.03)
    canvas.fill(rect(x - 0.03, y, x + 0.03, top), style.frame)
    canvas.fill(rect(x - half, y + style.height * 0.62, x + half, y + style.height * 0.62 + 0.05), style.frame)
    canvas.glaze(rect(x - half - 0.1, y - 0.2, x + half + 0.16, y - 0.06), BLACK, 0.3, 0.04)
    canvas.fill(rect(x - half - 0.14, y - 0.09, x + half + 0.14, y + 0.02), lighter(surround, 0.2))
    if style.dress is Dress.SHUTTERS:
        _shutters(canvas, foot, style)
    elif style.dress is Dress.BALCONY:
        _balcony(canvas, foot, style)
    elif style.dress is Dress.FLOWERS:
        paint_flowers(canvas, (x - half, x + half, y - 0.02), rng)


def _behind_the_glass(canvas: Canvas, foot: Point, style: WindowStyle, rng: np.random.Generator) -> None:
    x, y = foot
    half, top = style.width / 2 - 0.06, y + style.height - 0.06
    kind = rng.random()
    cloth = mix(colour("#f3ead8"), style.accent, 0.15)
    if kind < 0.55:
        wide = half * float(rng.uniform(0.35, 0.7))
        for side in (-1, 1):
            edge = x + side * half
            drape = outline(
                (edge, top),
                (edge - side * wide, top),
                (edge - side * wide * 0.45, y + 0.5),
                (edge - side * wide * 0.5, y + 0.06),
                (edge, y + 0.06),
            )
            canvas.glaze(drape, cloth, 0.72)
    elif kind < 0.75:
        down = style.height * float(rng.uniform(0.25, 0.6))
        canvas.glaze(rect(x - half, top - down, x + half, top), cloth, 0.8)
    elif kind < 0.85:
        canvas.glaze(rect(x - half, y + 0.06, x + half, top), colour("#f2c878"), 0.35, 0.05)


def _shutters(canvas: Canvas, foot: Point, style: WindowStyle) -> None:
    x, y = foot
    for side in (-1, 1):
        inner = x + side * (style.width / 2 + 0.1)
        outer = inner + side * 0.42
        left, right = min(inner, outer), max(inner, outer)
        canvas.glaze(rect(left + 0.05, y - 0.06, right + 0.07, y + style.height), BLACK, 0.3, 0.04)
        canvas.fill(rect(left, y, right, y + style.height), style.accent)
        slats = int(style.height / 0.14)
        for k in range(1, slats):
            level = y + k * style.height / slats
            canvas.stroke(outline((left + 0.05, level), (right - 0.05, level)), darker(style.accent, 0.3), 0.02)
        canvas.stroke(rect(left, y, right, y + style.height), lighter(style.accent, 0.2), 0.02, closed=True)


def _balcony(canvas: Canvas, foot: Point, style: WindowStyle) -> None:
    x, y = foot
    left, right = x - style.width / 2 - 0.22, x + style.width / 2 + 0.22
    iron = colour("#24282c")
    canvas.glaze(rect(left, y - 0.42, right + 0.1, y - 0.12), BLACK, 0.35, 0.06)
    canvas.fill(rect(left - 0.04, y - 0.16, right + 0.04, y - 0.05), colour("#c9c3b6"))
    for k in range(10):
        at = left + (k + 0.5) * (right - left) / 10
        canvas.stroke(outline((at, y - 0.05), (at, y + 0.6)), iron, 0.018)
    for level in (y + 0.02, y + 0.6):
        canvas.stroke(outline((left, level), (right, level)), iron, 0.035)


def paint_flowers(canvas: Canvas, span: tuple[float, float, float], rng: np.random.Generator) -> None:
    """Paint a box of flowers from x0 to x1 that stands at y, metres."""
    x0, x1, y = span
    canvas.fill(rect(x0, y, x1, y + 0.17), colour("#7a5138"))
    bloom = _FLOWERS[int(rng.integers(len(_FLOWERS)))]
    for k in range(int((x1 - x0) / 0.035)):
        at = x0 + (x1 - x0) * rng.random(), y + 0.15 + 0.16 * rng.random()
        paint = bloom if k % 3 == 0 else lighter(_LEAF, 0.2 * rng.random()) if k % 3 == 1 else darker(_LEAF, 0.2)
        canvas.fill(oval(at, 0.055, 0.05), paint)
