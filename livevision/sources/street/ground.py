"""The ground: pavements of slabs, kerbs, asphalt and its markings, in perspective."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from livevision.sources.street import view as at
from livevision.sources.street.canvas import BLACK, WHITE, Canvas, Colour, colour, darker, lighter, mix
from livevision.sources.street.shapes import Outline, Point, outline, oval

if TYPE_CHECKING:
    from livevision.sources.street.view import View

_ASPHALT = colour("#6b6c70")
_SLAB = colour("#bdb5a8")
_KERB = colour("#cfcac0")
_CYCLE = colour("#9a5a4c")
_PAINT = colour("#ecebe4")

ZEBRA = -0.52
"""Where the crossing is, as a share of half the picture's width at the middle of the road."""


class Ground:
    """Paints the ground with ``canvas``, whose coordinates are the picture's pixels."""

    def __init__(self, canvas: Canvas, view: View, rng: np.random.Generator) -> None:
        self.canvas, self.view, self.rng = canvas, view, rng

    def paint(self) -> None:
        """Paint everything from the facades' feet to the lower edge of the picture."""
        self._pavement((at.FACADES, at.FAR_KERB), 0.85)
        self._road()
        self._markings()
        self._far_kerb()
        self._pavement((at.NEAR_KERB, at.FRONT), 0.7)
        self._near_kerb()

    def flat(self, points: list[Point], up: float = 0.0) -> Outline:
        """Return the picture's outline of what lies on the ground at (x, depth) ``points``."""
        return outline(*(self.view.point(x, depth, up) for x, depth in points))

    def strip(self, far: float, near: float, up: float = 0.0) -> Outline:
        """Return the picture's outline of a strip along the whole street."""
        left, right = -1.05 * self.view.half_width(far), 1.05 * self.view.half_width(far)
        return self.flat([(left, far), (right, far), (right, near), (left, near)], up)

    def shade(self, x: float, depth: float, size: Point, opacity: float, up: float = 0.0) -> None:
        """Darken an ellipse on the ground, ``size`` metres along and across the street."""
        ring = oval((x, depth), *size)
        pixels = self.flat([(float(p[0]), float(p[1])) for p in ring], up)
        softness = size[1] * 0.22 * self.view.scale(depth)
        self.canvas.glaze(pixels, colour("#22242e"), opacity, softness)

    def _pavement(self, band: tuple[float, float], slab: float) -> None:
        far, near = band
        self.canvas.fill(self.strip(far, near, at.KERB), _SLAB)
        rows = round((far - near) / slab)
        depths = np.linspace(far, near, rows + 1).tolist()
        half = self.view.half_width(far) + 2 * slab
        for row, (d0, d1) in enumerate(pairwise(depths)):
            # Every other row is laid half a slab aside.
            start = -half + (row % 2) * slab / 2
            for i, tone in enumerate(self.rng.normal(0, 1, int(2 * half / slab) + 1).tolist()):
                x = start + i * slab
                shade = lighter(_SLAB, min(0.22, 0.09 * tone)) if tone > 0 else darker(_SLAB, min(0.12, -0.05 * tone))
                gap = 0.012
                quad = [
                    (x + gap, d0 - gap),
                    (x + slab - gap, d0 - gap),
                    (x + slab - gap, d1 + gap),
                    (x + gap, d1 + gap),
                ]
                self.canvas.fill(self.flat(quad, at.KERB), shade)
            joint = self.flat([(-half, d1), (half, d1)], at.KERB)
            self.canvas.stroke(joint, darker(_SLAB, 0.28), self.view.unit * 0.6)
        top = self.strip(far, far - (far - near) * 0.45, at.KERB)
        if far == at.FACADES:
            self.canvas.glaze(top, colour("#3a3630"), 0.34, 7 * self.view.unit)

    def _road(self) -> None:
        self.canvas.grade(self.strip(at.FAR_KERB, at.NEAR_KERB), lighter(_ASPHALT, 0.12), darker(_ASPHALT, 0.12))
        for far, near in ((at.FAR_KERB - 0.1, at.FAR_CYCLE_LANE), (at.NEAR_CYCLE_LANE, at.NEAR_KERB + 0.1)):
            self.canvas.fill(self.strip(far, near), mix(_CYCLE, _ASPHALT, 0.28))
        unit = self.view.unit
        for middle in (17.4, 14.4):
            for wheel in (-0.75, 0.75):
                track = self.strip(middle + wheel + 0.3, middle + wheel - 0.3)
                self.canvas.glaze(track, BLACK, 0.10, 2.5 * unit)
            self.canvas.glaze(self.strip(middle + 0.3, middle - 0.3), BLACK, 0.06, 3 * unit)
        half = self.view.half_width(at.FAR_KERB)
        for _ in range(max(2, int(half / 4))):
            x, depth = self.rng.uniform(-half, half), self.rng.uniform(13.4, 18.6)
            long, wide = self.rng.uniform(0.7, 2.2), self.rng.uniform(0.3, 0.7)
            tone = BLACK if self.rng.random() < 0.6 else WHITE
            patch = [(x, depth), (x + long, depth + 0.05), (x + long, depth - wide), (x + 0.05, depth - wide)]
            self.canvas.glaze(self.flat(patch), tone, 0.09, 0.4 * unit)
        for share, depth in ((0.28, 14.9), (-0.05, 17.0), (0.75, 17.9)):
            self._manhole(share * half, depth)

    def _manhole(self, x: float, depth: float) -> None:
        ring = [(float(p[0]), float(p[1])) for p in oval((x, depth), 0.36, 0.36)]
        iron = colour("#4b4c4f")
        self.canvas.fill(self.flat(ring), darker(iron, 0.35))
        inner = [(float(p[0]), float(p[1])) for p in oval((x, depth), 0.3, 0.3)]
        self.canvas.fill(self.flat(inner), iron)
        for k in (-0.18, -0.06, 0.06, 0.18):
            self.canvas.stroke(
                self.flat([(x - 0.2, depth + k), (x + 0.2, depth + k)]), darker(iron, 0.4), self.view.unit
            )

    def _markings(self) -> None:
        unit = self.view.unit
        for depth in (at.FAR_CYCLE_LANE, at.NEAR_CYCLE_LANE):
            self.canvas.fill(self.strip(depth + 0.06, depth - 0.06), mix(_PAINT, _ASPHALT, 0.22))
        for depth in (at.FAR_KERB - 0.25, at.NEAR_KERB + 0.3):
            self.canvas.fill(self.strip(depth + 0.05, depth - 0.05), mix(colour("#e0b53e"), _ASPHALT, 0.25))
        half = self.view.half_width(at.FAR_KERB)
        middle = ZEBRA * self.view.half_width(at.CENTRE)
        for start in np.arange(-half - 3, half + 3, 5.0).tolist():
            if not middle - 5.2 < start < middle + 3.2:
                dash = [(start, 16.06), (start + 2.6, 16.06), (start + 2.6, 15.94), (start, 15.94)]
                self.canvas.fill(self.flat(dash), mix(_PAINT, _ASPHALT, 0.15))
        for depth in np.arange(at.NEAR_KERB + 0.55, at.FAR_KERB - 0.4, 1.0).tolist():
            self._stripe((middle - 1.7, middle + 1.7), depth)
        for x, near, far in (
            (middle - 2.6, at.NEAR_CYCLE_LANE + 0.15, 15.85),
            (middle + 2.4, 16.15, at.FAR_CYCLE_LANE - 0.15),
        ):
            stop = [(x, far), (x + 0.22, far), (x + 0.22, near), (x, near)]
            self.canvas.fill(self.flat(stop), mix(_PAINT, _ASPHALT, 0.2))
        for x, depth, ahead in ((0.42 * half, 19.7, -1), (0.1 * half, 12.35, 1)):
            self._cycle_symbol(x, depth, ahead)
        # Gutters: dirt gathers along the kerbs.
        for depth in (at.FAR_KERB, at.NEAR_KERB + 0.06):
            self.canvas.glaze(self.strip(depth, depth - 0.12 if depth > at.CENTRE else depth), BLACK, 0.35, 2 * unit)

    def _stripe(self, across: tuple[float, float], depth: float) -> None:
        x0, x1 = across
        quad = self.flat([(x0, depth + 0.5), (x1, depth + 0.5), (x1, depth), (x0, depth)])
        self.canvas.fill(quad, _PAINT)
        # Tyres have worn the paint.
        worn = min(abs(depth + 0.25 - d) for d in (16.65, 18.15, 13.65, 15.15))
        if worn < 0.5:
            self.canvas.glaze(quad, _ASPHALT, 0.22 * (1 - worn), 0)

    def _cycle_symbol(self, x: float, depth: float, ahead: int) -> None:
        paint, width = mix(_PAINT, _CYCLE, 0.2), 1.6 * self.view.unit

        def line(points: list[Point], *, closed: bool = False) -> None:
            self.canvas.stroke(
                self.flat([(x + ahead * px, depth + py) for px, py in points]), paint, width, closed=closed
            )

        for hub in (-0.42, 0.42):
            line([(float(p[0]), float(p[1])) for p in oval((hub, -0.2), 0.26, 0.26)], closed=True)
        line([(-0.42, -0.2), (-0.15, 0.22), (0.28, 0.22), (0.0, -0.2), (-0.42, -0.2)])
        line([(0.42, -0.2), (0.25, 0.36), (0.36, 0.42)])
        line([(0.0, -0.2), (-0.2, 0.34)])
        line([(-0.3, 0.34), (-0.1, 0.34)])

    def _far_kerb(self) -> None:
        view, depth = self.view, at.FAR_KERB
        half = 1.05 * view.half_width(depth)
        top = [(-half, depth + 0.16), (half, depth + 0.16), (half, depth), (-half, depth)]
        self.canvas.fill(self.flat(top, at.KERB), lighter(_KERB, 0.25))
        face = np.concatenate(
            [self.flat([(-half, depth), (half, depth)], at.KERB), self.flat([(half, depth), (-half, depth)])]
        )
        self.canvas.grade(face, darker(_KERB, 0.12), darker(_KERB, 0.38))
        self._kerb_joints(half, depth, (at.KERB, 0.0))

    def _near_kerb(self) -> None:
        depth = at.NEAR_KERB
        half = 1.05 * self.view.half_width(depth)
        top = [(-half, depth), (half, depth), (half, depth - 0.18), (-half, depth - 0.18)]
        self.canvas.fill(self.flat(top, at.KERB), lighter(_KERB, 0.2))
        for k in np.arange(-half, half, 0.95).tolist():
            self._line([(k, depth), (k, depth - 0.18)], darker(_KERB, 0.3))
        self._line([(-half, depth - 0.19), (half, depth - 0.19)], darker(_KERB, 0.35))

    def _kerb_joints(self, half: float, depth: float, ups: tuple[float, float]) -> None:
        for x in np.arange(-half, half, 0.95).tolist():
            ends = [self.view.point(x, depth, up) for up in ups]
            self.canvas.stroke(outline(*ends), darker(_KERB, 0.45), 0.7 * self.view.unit)

    def _line(self, points: list[Point], paint: Colour) -> None:
        self.canvas.stroke(self.flat(points, at.KERB), paint, 0.8 * self.view.unit)
