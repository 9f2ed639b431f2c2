"""Cyclists: legs that follow the pedals, wheels that turn with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from livevision.sources.street.canvas import BLACK, WHITE, Canvas, colour, darker, lighter, mix
from livevision.sources.street.shapes import Point, curve, limb, outline, oval, smooth
from livevision.sources.street.sprite import Figure, finished
from livevision.sources.street.wardrobe import Cyclist

if TYPE_CHECKING:
    pass

_DETAIL = 2
_WHEEL = 0.34
_REAR, _FRONT, _CRANK = (-0.52, _WHEEL), (0.54, _WHEEL), (-0.06, 0.28)
_SADDLE, _HEAD_TUBE, _BARS = (-0.27, 0.93), (0.36, 0.86), (0.34, 1.04)
_HIP, _SHOULDER = (-0.22, 1.02), (0.08, 1.47)
_SPOKES = 12

REVOLUTION = 4 * math.pi * _WHEEL
"""Metres per turn of the pedals: two turns of the wheels."""


def draw_cyclist(cyclist: Cyclist, phase: float, scale: float) -> Figure:
    """Draw a cyclist facing right with the near pedal ``phase`` (0 to 1) turns ahead, ``scale`` pixels per metre."""
    large = scale * _DETAIL
    width, height = round(2.0 * scale) * _DETAIL, round(2.0 * scale) * _DETAIL
    image = np.zeros((height, width, 4), np.uint8)
    ground = height - 0.06 * large
    _Rider(Canvas(image, (large, -large), (width / 2, ground)), cyclist, phase).draw()
    return finished(Figure(image, (width / 2, ground), scale * _DETAIL), scale)


def _knee(hip: Point, ankle: Point) -> Point:
    """Where the knee is, in front of the line from hip to ankle."""
    thigh, shank = 0.44, 0.46
    dx, dy = ankle[0] - hip[0], ankle[1] - hip[1]
    reach = min(math.hypot(dx, dy), thigh + shank - 0.002)
    along = math.atan2(dy, dx)
    bend = math.acos((thigh**2 + reach**2 - shank**2) / (2 * thigh * reach))
    return hip[0] + thigh * math.cos(along + bend), hip[1] + thigh * math.sin(along + bend)


class _Rider:
    """Draws one cyclist in one phase, from the far leg to the near arm."""

    def __init__(self, canvas: Canvas, cyclist: Cyclist, phase: float) -> None:
        self.canvas, self.cyclist, self.phase = canvas, cyclist, phase

    def draw(self) -> None:
        self._leg(self.phase + 0.5, 0.32)
        self._arm(0.32, 0.02)
        for hub in (_REAR, _FRONT):
            self._wheel(hub)
        self._frame()
        self._torso()
        self._head()
        self._leg(self.phase, 0.0)
        self._arm(0.06, 0.0)

    def _pedal(self, turn: float) -> Point:
        # Facing right, the top of the pedals' circle moves forward: clockwise.
        angle = math.pi / 2 - 2 * math.pi * turn
        return _CRANK[0] + 0.17 * math.cos(angle), _CRANK[1] + 0.17 * math.sin(angle)

    def _wheel(self, hub: Point) -> None:
        steel = colour("#a9aeb3")
        for spoke in range(_SPOKES):
            angle = 2 * math.pi * (spoke / _SPOKES - 2 * self.phase)
            rim = hub[0] + _WHEEL * math.cos(angle), hub[1] + _WHEEL * math.sin(angle)
            self.canvas.stroke(outline(hub, rim), steel, 0.005)
        self.canvas.stroke(oval(hub, _WHEEL - 0.035, _WHEEL - 0.035), lighter(steel, 0.2), 0.016, closed=True)
        self.canvas.stroke(oval(hub, _WHEEL - 0.016, _WHEEL - 0.016), BLACK, 0.034, closed=True)
        self.canvas.fill(oval(hub, 0.03, 0.03), darker(steel, 0.3))

    def _frame(self) -> None:
        cyclist, stroke = self.cyclist, self.canvas.stroke
        tube, dark = cyclist.frame, colour("#26282c")
        post = _SADDLE[0] + 0.04, _SADDLE[1] - 0.14
        for a, b, width in (
            (_REAR, _CRANK, 0.026), (_REAR, post, 0.022), (_CRANK, post, 0.036), (_CRANK, _HEAD_TUBE, 0.042),
            (post, (_HEAD_TUBE[0] - 0.01, _HEAD_TUBE[1] + 0.04), 0.034), (post, _SADDLE, 0.024),
        ):  # fmt: skip
            stroke(outline(a, b), tube, width)
        stroke(curve([(_HEAD_TUBE[0] - 0.02, _HEAD_TUBE[1] + 0.08), (0.43, 0.62), _FRONT]), tube, 0.032)
        stroke(curve([(_HEAD_TUBE[0] - 0.02, _HEAD_TUBE[1] + 0.06), (0.33, 1.0), (0.42, 1.06), _BARS]), dark, 0.028)
        stroke(oval(_REAR, _WHEEL + 0.03, _WHEEL + 0.03)[2:15], darker(tube, 0.25), 0.022)
        stroke(oval(_FRONT, _WHEEL + 0.03, _WHEEL + 0.03)[2:13], darker(tube, 0.25), 0.022)
        self.canvas.fill(smooth([(-0.4, 0.975), (-0.27, 0.96), (-0.1, 0.95), (-0.2, 0.915), (-0.34, 0.92)], 4), dark)
        self.canvas.fill(oval(_CRANK, 0.085, 0.085), dark)
        self.canvas.fill(oval(_CRANK, 0.055, 0.055), colour("#9aa0a6"))
        stroke(outline((_CRANK[0], _CRANK[1] + 0.08), (_REAR[0], _REAR[1] + 0.035)), dark, 0.012)
        stroke(outline((_CRANK[0], _CRANK[1] - 0.08), (_REAR[0], _REAR[1] - 0.035)), dark, 0.012)
        self.canvas.fill(oval((_SADDLE[0] - 0.06, 0.8), 0.03, 0.035), colour("#c8202b"))
        if cyclist.basket:
            wicker = colour("#b08850")
            self.canvas.fill(outline((0.44, 1.02), (0.74, 1.02), (0.7, 0.8), (0.46, 0.8)), wicker)
            for k in range(4):
                stroke(outline((0.445, 0.99 - k * 0.055), (0.73, 0.99 - k * 0.055)), darker(wicker, 0.35), 0.012)
            self.canvas.fill(
                smooth([(0.48, 1.02), (0.52, 1.1), (0.6, 1.07), (0.66, 1.12), (0.7, 1.02)], 4), colour("#5f8f4a")
            )
        else:
            self.canvas.fill(oval((0.45, 0.93), 0.045, 0.035), colour("#f3efda"))

    def _leg(self, turn: float, shade: float) -> None:
        cyclist = self.cyclist
        pedal = self._pedal(turn)
        tilt = 0.12 * math.sin(2 * math.pi * turn)
        ankle = pedal[0] - 0.09, pedal[1] + 0.11 + tilt * 0.3
        knee = _knee(_HIP, ankle)
        crank, shoe, cloth = (
            darker(colour("#9aa0a6"), shade),
            darker(cyclist.colours.shoes, shade),
            darker(cyclist.colours.legs, shade),
        )
        self.canvas.stroke(outline(_CRANK, pedal), crank, 0.026)
        self.canvas.stroke(outline((pedal[0] - 0.06, pedal[1]), (pedal[0] + 0.06, pedal[1])), BLACK, 0.026)
        self.canvas.fill(
            limb((ankle[0] - 0.02, ankle[1] - 0.05), (pedal[0] + 0.07, pedal[1] + 0.035), 0.045, 0.032), shoe
        )
        self.canvas.fill(limb(knee, ankle, 0.065, 0.045), cloth)
        self.canvas.fill(limb(_HIP, knee, 0.105, 0.07), cloth)

    def _torso(self) -> None:
        (hx, hy), (sx, sy) = _HIP, _SHOULDER
        back = [(hx - 0.13, hy - 0.02), (hx - 0.1, hy + 0.16), (sx - 0.17, sy - 0.08), (sx - 0.08, sy + 0.05)]
        chest = [
            (sx + 0.05, sy + 0.04),
            (sx + 0.1, sy - 0.1),
            (sx + 0.0, sy - 0.28),
            (hx + 0.13, hy + 0.08),
            (hx + 0.08, hy - 0.08),
        ]
        self.canvas.fill(smooth(back + chest), self.cyclist.colours.top)
        self.canvas.glaze(limb((hx - 0.05, hy), (hx + 0.06, hy + 0.05), 0.08, 0.08), BLACK, 0.22, 0.04)

    def _head(self) -> None:
        cyclist, fill = self.cyclist, self.canvas.fill
        cx, cy = _SHOULDER[0] + 0.13, _SHOULDER[1] + 0.18
        fill(
            limb((_SHOULDER[0] + 0.03, _SHOULDER[1] + 0.01), (cx - 0.02, cy - 0.04), 0.056, 0.05),
            darker(cyclist.colours.skin, 0.18),
        )
        fill(
            smooth(
                [
                    (cx - 0.09, cy - 0.06),
                    (cx - 0.1, cy + 0.05),
                    (cx, cy + 0.11),
                    (cx + 0.085, cy + 0.05),
                    (cx + 0.112, cy - 0.02),
                    (cx + 0.08, cy - 0.09),
                    (cx + 0.02, cy - 0.11),
                ],
                4,
            ),
            cyclist.colours.skin,
        )
        fill(oval((cx + 0.06, cy + 0.015), 0.011, 0.014), darker(cyclist.colours.skin, 0.75))
        fill(
            smooth([(cx - 0.105, cy + 0.02), (cx - 0.1, cy - 0.08), (cx - 0.05, cy - 0.07), (cx - 0.02, cy + 0.03)], 4),
            cyclist.colours.hair,
        )
        shell = smooth(
            [
                (cx + 0.125, cy + 0.045),
                (cx + 0.09, cy + 0.13),
                (cx - 0.02, cy + 0.165),
                (cx - 0.13, cy + 0.1),
                (cx - 0.135, cy + 0.02),
                (cx, cy + 0.045),
            ],
            5,
        )
        fill(shell, cyclist.colours.accent)
        for k in (-0.06, 0.0, 0.06):
            self.canvas.stroke(
                curve([(cx + k - 0.03, cy + 0.07), (cx + k, cy + 0.125)]), darker(cyclist.colours.accent, 0.55), 0.018
            )
        self.canvas.stroke(outline((cx - 0.02, cy + 0.03), (cx + 0.02, cy - 0.1)), BLACK, 0.012)
        self.canvas.glaze(oval((cx - 0.01, cy + 0.14), 0.06, 0.014), WHITE, 0.35, 0.01)

    def _arm(self, shade: float, ahead: float) -> None:
        shoulder = _SHOULDER[0] - 0.03 + ahead, _SHOULDER[1] - 0.06
        hand = _BARS[0] + 0.03 + ahead, _BARS[1] + 0.03
        elbow = (shoulder[0] + hand[0]) / 2 - 0.02, (shoulder[1] + hand[1]) / 2 - 0.075
        sleeve, skin = darker(self.cyclist.colours.top, shade + 0.06), darker(self.cyclist.colours.skin, shade)
        self.canvas.fill(oval(hand, 0.045, 0.038), mix(skin, BLACK, 0.1))
        self.canvas.fill(limb(elbow, hand, 0.046, 0.034), skin)
        self.canvas.fill(limb(shoulder, elbow, 0.07, 0.05), sleeve)
