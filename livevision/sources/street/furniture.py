"""What stands on the pavements: trees, lamp posts, bollards, planters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from livevision.sources.street.canvas import BLACK, WHITE, Canvas, Colour, colour, darker, lighter, mix
from livevision.sources.street.shapes import curve, limb, outline, oval, rect, smooth

if TYPE_CHECKING:
    import numpy as np

_BARK = colour("#6b5442")
_IRON = colour("#2d3a38")
_GREENS = tuple(map(colour, ("#2f5a34", "#3f7440", "#5a9150", "#86b566")))


def paint_trunk(canvas: Canvas) -> None:
    """Paint a young tree's trunk up to its crown; ``canvas`` is in metres, the tree at x = 0."""
    body = smooth(
        [(-0.17, 0), (-0.11, 0.5), (-0.09, 1.6), (-0.1, 3.4), (0.1, 3.4), (0.09, 1.6), (0.12, 0.5), (0.19, 0)]
    )
    canvas.fill(body, _BARK)
    canvas.glaze(rect(0.01, 0, 0.3, 3.5), BLACK, 0.35, 0.06)
    for k in range(9):
        y = 0.25 + k * 0.33
        x = 0.04 * math.sin(k * 2.3)
        canvas.stroke(curve([(x, y), (x + 0.02, y + 0.12), (x - 0.01, y + 0.22)]), darker(_BARK, 0.3), 0.018)


def paint_crown(canvas: Canvas, rng: np.random.Generator) -> None:
    """Paint the branches and leaves of a tree, light from the upper left."""
    for tip in ((-0.9, 4.6), (-0.35, 5.2), (0.3, 5.1), (0.85, 4.5)):
        canvas.fill(limb((0, 3.1), tip, 0.09, 0.03), darker(_BARK, 0.2))
    clumps = [
        (-0.95, 4.35),
        (0.0, 4.15),
        (0.95, 4.3),
        (-0.65, 5.0),
        (0.6, 5.05),
        (-0.05, 4.9),
        (0.0, 5.6),
        (-1.2, 4.8),
        (1.15, 4.85),
    ]
    clumps = [(x + float(rng.normal(0, 0.08)), y + float(rng.normal(0, 0.08))) for x, y in clumps]
    for x, y in clumps:
        canvas.fill(oval((x + 0.08, y - 0.1), 0.66, 0.58), darker(_GREENS[0], 0.15))
    for tone, (aside, higher, spread, count) in enumerate(
        ((0.04, -0.1, 0.62, 22), (-0.04, 0.02, 0.56, 24), (-0.1, 0.12, 0.46, 20), (-0.17, 0.24, 0.33, 12))
    ):
        for x, y in clumps:
            angles = rng.uniform(0, 2 * math.pi, count).tolist()
            reach = (spread * rng.random(count) ** 0.5).tolist()
            for angle, far in zip(angles, reach, strict=True):
                at = x + aside + far * math.cos(angle), y + higher + far * 0.85 * math.sin(angle)
                leaf = mix(_GREENS[tone], _GREENS[min(3, tone + 1)], 0.5 * abs(math.sin(angle * 5)))
                canvas.fill(oval(at, 0.115, 0.07, angle)[::3], leaf)


def paint_grate(canvas: Canvas) -> None:
    """Paint the iron ring around a tree's foot."""
    canvas.fill(oval((0, 0), 0.6, 0.12), darker(_IRON, 0.1))
    canvas.fill(oval((0, 0), 0.5, 0.09), colour("#4a3d30"))


def paint_lamp(canvas: Canvas, height: float) -> None:
    """Paint a lamp post of ``height`` metres."""
    canvas.fill(
        smooth(
            [(-0.17, 0), (-0.15, 0.2), (-0.08, 0.45), (-0.06, 0.9), (0.06, 0.9), (0.08, 0.45), (0.15, 0.2), (0.17, 0)],
            4,
        ),
        _IRON,
    )
    canvas.fill(outline((-0.055, 0.8), (-0.038, height - 0.75), (0.038, height - 0.75), (0.055, 0.8)), _IRON)
    canvas.fill(
        outline((-0.035, 0.3), (-0.026, height - 0.75), (-0.008, height - 0.75), (-0.008, 0.3)), lighter(_IRON, 0.35)
    )
    for ring in (0.9, 1.02, height - 0.8):
        canvas.fill(rect(-0.085, ring, 0.085, ring + 0.05), lighter(_IRON, 0.12))
    canvas.stroke(curve([(-0.3, height - 0.95), (0, height - 1.0), (0.3, height - 0.95)]), _IRON, 0.035)
    low, high = height - 0.7, height - 0.22
    canvas.grade(outline((-0.12, low), (-0.21, high), (0.21, high), (0.12, low)), colour("#fbf3d8"), colour("#d9cfae"))
    for x0, x1 in ((-0.12, -0.21), (0.12, 0.21), (0.0, 0.0)):
        canvas.stroke(outline((x0, low), (x1, high)), _IRON, 0.025)
    canvas.fill(outline((-0.26, high), (-0.08, high + 0.2), (0.08, high + 0.2), (0.26, high)), _IRON)
    canvas.fill(oval((0, height), 0.045, 0.06), _IRON)
    canvas.fill(rect(-0.14, low - 0.06, 0.14, low), _IRON)


def paint_bollard(canvas: Canvas) -> None:
    """Paint a bollard, 0.9 m high."""
    canvas.fill(
        smooth(
            [
                (-0.1, 0),
                (-0.075, 0.1),
                (-0.065, 0.75),
                (-0.05, 0.88),
                (0.05, 0.88),
                (0.065, 0.75),
                (0.075, 0.1),
                (0.1, 0),
            ],
            4,
        ),
        _IRON,
    )
    canvas.fill(rect(-0.068, 0.68, 0.068, 0.76), WHITE)
    canvas.glaze(rect(-0.055, 0.05, -0.02, 0.85), WHITE, 0.25, 0.012)


def paint_planter(canvas: Canvas, bloom: Colour, rng: np.random.Generator) -> None:
    """Paint a wooden tub with a shrub, about 1.1 m high."""
    wood = colour("#8a6a4a")
    canvas.grade(outline((-0.36, 0.5), (0.36, 0.5), (0.3, 0), (-0.3, 0)), lighter(wood, 0.1), darker(wood, 0.25))
    for k in (-0.2, 0.0, 0.2):
        canvas.stroke(outline((k, 0.5), (k * 0.85, 0)), darker(wood, 0.4), 0.015)
    for level in (0.1, 0.4):
        canvas.stroke(outline((-0.345, level), (0.345, level)), darker(_IRON, 0.0), 0.03)
    for k in range(90):
        spread = rng.normal(0, 0.17), abs(rng.normal(0, 0.2))
        at = float(spread[0]), 0.5 + float(spread[1])
        leaf = bloom if k > 60 and k % 3 == 0 else _GREENS[min(3, k // 26)]
        canvas.fill(oval(at, 0.06, 0.05), leaf)


def paint_post_box(canvas: Canvas) -> None:
    """Paint a pillar box."""
    red = colour("#b3232b")
    canvas.fill(rect(-0.24, 0, 0.24, 0.1), BLACK)
    canvas.fill(smooth([(-0.22, 0.05), (-0.22, 1.3), (-0.16, 1.46), (0.16, 1.46), (0.22, 1.3), (0.22, 0.05)], 4), red)
    canvas.glaze(rect(0.05, 0.1, 0.3, 1.4), BLACK, 0.3, 0.08)
    canvas.glaze(rect(-0.17, 0.15, -0.1, 1.3), WHITE, 0.3, 0.03)
    canvas.fill(rect(-0.27, 1.24, 0.27, 1.31), darker(red, 0.25))
    canvas.fill(rect(-0.13, 1.08, 0.13, 1.13), BLACK)
    canvas.fill(rect(-0.11, 0.68, 0.11, 0.95), colour("#f1ece0"))
