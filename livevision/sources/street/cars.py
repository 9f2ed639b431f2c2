"""Cars seen from the side and a little from above."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from livevision.sources.street.bodies import ESTATE, HATCHBACK, SALOON, VAN, Model
from livevision.sources.street.canvas import BLACK, WHITE, Canvas, Colour, colour, darker, lighter, mix
from livevision.sources.street.shapes import Outline, Point, curve, limb, outline, oval, rect, smooth
from livevision.sources.street.sprite import Figure, finished

if TYPE_CHECKING:
    pass

_DETAIL = 2
_SILL = 0.24  # height of the body's lower edge, metres
_LIFT = 0.20  # how much higher the far side appears, metres
_NARROW = 0.945  # how much shorter the far side appears

PAINTS = tuple(
    map(
        colour,
        ("#b3262c", "#2d5f93", "#e9e7e1", "#30343b", "#8f979e", "#d9a33a", "#3f7566", "#6d2d46", "#5f93b8", "#c9c3b4"),
    )
)
_GLASS = colour("#33424d")
_SKY = colour("#b9d3e4")
_TYRE = colour("#1c1d20")
_ALLOY = colour("#c6cacf")


WHEEL_PHASES = 4


@dataclass(frozen=True, slots=True)
class Car:
    """One car's looks."""

    model: Model
    paint: Colour


def fleet_of(count: int, rng: np.random.Generator) -> list[Car]:
    """Return ``count`` cars of mixed models, no colour twice in a row."""
    paints = [PAINTS[i] for _ in range(-(-count // len(PAINTS))) for i in rng.permutation(len(PAINTS))]
    models = (HATCHBACK, SALOON, ESTATE, HATCHBACK, VAN)
    start = int(rng.integers(len(models)))
    return [Car(models[(start + i) % len(models)], paints[i]) for i in range(count)]


def draw_car(car: Car, scale: float) -> list[Figure]:
    """Draw a car facing right once per wheel phase, ``scale`` pixels per metre."""
    large = scale * _DETAIL
    half = car.model.length / 2 + 0.15
    width, height = round(2 * half * scale) * _DETAIL, round(2.4 * scale) * _DETAIL
    image = np.zeros((height, width, 4), np.uint8)
    ground = height - 0.08 * large
    canvas = Canvas(image, (large, -large), (width / 2, ground))
    _Body(canvas, car).draw()
    wheels = car.model.wheels
    figures = []
    for phase in range(WHEEL_PHASES):
        for x in (wheels.front, wheels.rear):
            _wheel(canvas, (x, wheels.radius), wheels.radius, phase / WHEEL_PHASES)
        figures.append(finished(Figure(image, (width / 2, ground), scale * _DETAIL), scale))
    return figures


class _Body:
    """Draws everything but the wheels, from the far side to the near one."""

    def __init__(self, canvas: Canvas, car: Car) -> None:
        self.canvas, self.car, self.model = canvas, car, car.model
        self.nose, self.tail = car.model.top[0][0], car.model.top[-1][0]
        steps = 6
        self.top = curve(car.model.top, steps)
        self.steps = steps

    def draw(self) -> None:
        self._upper_side()
        self._flank()
        self._windows()
        self._details()
        self._lights()

    def _upper_side(self) -> None:
        """Bonnet, screens and roof, as strips between the near and the far edge."""
        paint, model = self.car.paint, self.model
        far = self.top * (_NARROW, 1) + (0, _LIFT)
        far[:, 1] -= np.clip(self.top[:, 1] - 1.0, 0, 1) * 0.06
        underside = self.top[[0, -1]] * (1, 0) + (0, _SILL + 0.1)
        self.canvas.fill(np.concatenate([far, underside[::-1]]), darker(paint, 0.5))
        screens = [(a * self.steps, b * self.steps) for a, b in model.screens]
        for i in range(len(self.top) - 1):
            quad = np.array([self.top[i], self.top[i + 1], far[i + 1], far[i]])
            dx, dy = self.top[i + 1] - self.top[i]
            flat = abs(dx) / math.hypot(dx, dy)
            # What faces the sky is bright; what faces forward or back is nearer the paint.
            shade = lighter(paint, 0.06 + 0.36 * flat**2) if flat > 0.45 else darker(paint, 0.12)
            self.canvas.fill(quad, shade)
            self.canvas.stroke(quad[:2], shade, 0.01)
        for i, j in screens:
            inset = np.array([self.top[i], self.top[j], far[j], far[i]])
            inset = inset + (inset.mean(0) - inset) * 0.07
            self.canvas.grade(inset, mix(_GLASS, _SKY, 0.75), mix(_GLASS, _SKY, 0.3))

    def _flank(self) -> None:
        paint, model = self.car.paint, self.model
        side = np.concatenate([self.top, outline((self.tail + 0.03, _SILL), (self.nose - 0.05, _SILL))])
        self.canvas.grade(side, lighter(paint, 0.16), darker(paint, 0.30))
        waist = 0.62 * max(p[1] for p in model.windows[0][-1:]) + 0.16
        shine = outline(
            (self.nose - 0.1, waist + 0.03),
            (self.tail + 0.08, waist + 0.09),
            (self.tail + 0.08, waist + 0.02),
            (self.nose - 0.1, waist - 0.02),
        )
        self.canvas.glaze(shine, WHITE, 0.42, 0.03)
        self.canvas.glaze(rect(self.tail, _SILL, self.nose, 0.44), BLACK, 0.32, 0.05)
        self.canvas.fill(rect(self.tail + 0.12, _SILL - 0.03, self.nose - 0.14, _SILL + 0.05), darker(_TYRE, 0.0))
        radius = model.wheels.radius
        for x in (model.wheels.front, model.wheels.rear):
            arch = oval((x, radius), radius + 0.075, radius + 0.075)
            arch[:, 1] = np.maximum(arch[:, 1], _SILL - 0.04)
            self.canvas.fill(arch, darker(paint, 0.35))
            inner = oval((x, radius), radius + 0.045, radius + 0.045)
            inner[:, 1] = np.maximum(inner[:, 1], _SILL - 0.05)
            self.canvas.fill(inner, BLACK)

    def _windows(self) -> None:
        paint = self.car.paint
        frame = np.concatenate([np.array(w) for w in self.model.windows])
        self.canvas.fill(_grown(_hull(frame), 0.035), darker(paint, 0.62))
        for points in self.model.windows:
            glass = outline(*points)
            self.canvas.grade(glass, mix(_GLASS, _SKY, 0.42), darker(_GLASS, 0.25))
        self._driver()
        for points in self.model.windows:
            (x0, y0), (x1, y1) = np.array(points).min(0), np.array(points).max(0)
            wide = x1 - x0
            ray = outline(
                (x0 + 0.52 * wide, y1), (x0 + 0.74 * wide, y1), (x0 + 0.46 * wide, y0), (x0 + 0.22 * wide, y0)
            )
            self.canvas.glaze(_clipped(ray, outline(*points)), WHITE, 0.16)

    def _driver(self) -> None:
        x0, y0 = np.array(self.model.windows[0]).min(0)
        x, base = float(x0) + 0.3, float(y0)
        self.canvas.glaze(limb((x - 0.05, base + 0.08), (x - 0.02, base + 0.09), 0.1, 0.1), BLACK, 0.75)
        self.canvas.glaze(oval((x + 0.02, base + 0.235), 0.085, 0.105), colour("#7d5a48"), 0.75)
        self.canvas.glaze(oval((x - 0.005, base + 0.275), 0.09, 0.075), BLACK, 0.8)

    def _details(self) -> None:
        paint, model = self.car.paint, self.model
        line = darker(paint, 0.45)
        sill = min(p[1] for p in model.windows[0])
        for x in model.doors:
            self.canvas.stroke(curve([(x, sill - 0.02), (x - 0.02, 0.62), (x + 0.02, _SILL + 0.12)]), line, 0.014)
        for x in model.doors[1:]:
            self.canvas.fill(limb((x + 0.1, sill - 0.12), (x + 0.24, sill - 0.115), 0.018, 0.018), lighter(paint, 0.35))
            self.canvas.stroke(outline((x + 0.1, sill - 0.145), (x + 0.24, sill - 0.14)), line, 0.01)
        front = model.windows[0][0]
        mirror = smooth(
            [
                (front[0] - 0.08, front[1] + 0.02),
                (front[0] - 0.04, front[1] + 0.13),
                (front[0] - 0.2, front[1] + 0.13),
                (front[0] - 0.22, front[1] + 0.03),
            ],
            4,
        )
        self.canvas.fill(mirror, darker(paint, 0.15))

    def _lights(self) -> None:
        (nx, ny), (bx, by) = self.model.top[1], self.model.top[-2]
        lamp = smooth([(nx + 0.03, ny - 0.1), (nx - 0.06, ny - 0.0), (nx - 0.36, ny + 0.02), (nx - 0.22, ny - 0.1)], 4)
        self.canvas.fill(lamp, colour("#f4f1e2"))
        self.canvas.glaze(oval((nx - 0.1, ny - 0.05), 0.06, 0.035), WHITE, 1.0, 0.02)
        rear = smooth(
            [(bx - 0.01, by - 0.04), (bx + 0.18, by - 0.04), (bx + 0.14, by - 0.2), (bx - 0.02, by - 0.22)], 4
        )
        self.canvas.fill(rear, colour("#b1202a"))
        self.canvas.glaze(oval((bx + 0.05, by - 0.1), 0.05, 0.03), colour("#ff8a70"), 0.8, 0.02)


def _wheel(canvas: Canvas, centre: Point, radius: float, phase: float) -> None:
    rim = radius * 0.66
    canvas.fill(oval(centre, radius, radius), _TYRE)
    canvas.fill(oval(centre, rim, rim), darker(_ALLOY, 0.55))
    for spoke in range(5):
        angle = 2 * math.pi * (spoke - phase) / 5
        tip = centre[0] + rim * 0.92 * math.cos(angle), centre[1] + rim * 0.92 * math.sin(angle)
        canvas.fill(limb(centre, tip, 0.035, 0.03), _ALLOY)
    canvas.stroke(oval(centre, rim, rim), lighter(_ALLOY, 0.3), 0.018, closed=True)
    canvas.fill(oval(centre, 0.045, 0.045), darker(_ALLOY, 0.25))


def _hull(points: Outline) -> Outline:
    return np.asarray(cv2.convexHull(points.astype(np.float32))[:, 0], dtype=np.float64)


def _grown(points: Outline, margin: float) -> Outline:
    centre = points.mean(0)
    away = points - centre
    return np.asarray(points + away / np.linalg.norm(away, axis=1, keepdims=True) * margin)


def _clipped(inner: Outline, outer: Outline) -> Outline:
    _, both = cv2.intersectConvexConvex(inner.astype(np.float32), outer.astype(np.float32))
    return np.asarray(both, dtype=np.float64).reshape(-1, 2)
