"""Drawing people who walk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from livevision.sources.street.canvas import WHITE, Canvas, colour, darker, lighter, mix
from livevision.sources.street.gait import Leg, leg, reach
from livevision.sources.street.shapes import Point, curve, limb, outline, oval, smooth
from livevision.sources.street.sprite import Figure, finished
from livevision.sources.street.wardrobe import Bag, Garment, Head, Person

if TYPE_CHECKING:
    pass

_DETAIL = 2  # drawn this much larger, with smooth edges, and averaged
_UPPER_ARM, _FOREARM = 0.29, 0.26


def draw_person(person: Person, phase: float, scale: float) -> Figure:
    """Draw a person facing right at ``phase`` (0 to 1) of the walking cycle, ``scale`` pixels per metre."""
    size = person.height / 1.75
    large = scale * size * _DETAIL
    width, height = (round(1.3 * large / _DETAIL) * _DETAIL, round(2.0 * large / _DETAIL) * _DETAIL)
    image = np.zeros((height, width, 4), np.uint8)
    ground = height - 0.06 * large
    walker = _Walker(Canvas(image, (large, -large), (width / 2, ground)), person, phase)
    walker.draw()
    return finished(Figure(image, (width / 2, ground), scale * _DETAIL), scale)


class _Walker:
    """Draws one person in one phase, from the far arm to the near one."""

    def __init__(self, canvas: Canvas, person: Person, phase: float) -> None:
        self.canvas, self.person, self.wears, self.phase = canvas, person, person.colours, phase
        self.near, self.far = leg(phase), leg(phase + 0.5)
        # The lower foot stands on the ground, which makes the hip rise and fall as it does.
        self.hip = 0.0, 0.03 - min(min(g.ankle[1] - 0.06, g.toe[1] - 0.01) for g in (self.near, self.far))
        self.neck = self.hip[0] + 0.045, self.hip[1] + 0.53
        self.swing = 26 * math.cos(2 * math.pi * phase)

    def draw(self) -> None:
        self._arm(-1)
        self._legwear(self.far, 0.30)
        self._legwear(self.near, 0.0)
        if self.person.bag is Bag.BACKPACK:
            self._backpack()
        self._torso()
        self._head()
        if self.person.bag is Bag.SHOULDER:
            self._shoulder_bag()
        self._arm(1)

    def _from_hip(self, point: Point) -> Point:
        return self.hip[0] + point[0], self.hip[1] + point[1]

    def _legwear(self, joints: Leg, shade: float) -> None:
        person, wears, fill = self.person, self.wears, self.canvas.fill
        knee, ankle, toe = (self._from_hip(q) for q in (joints.knee, joints.ankle, joints.toe))
        bare = person.garment is Garment.DRESS
        cloth = darker(mix(wears.skin, wears.legs, 0.25) if bare else wears.legs, shade)
        shoe = darker(wears.shoes, shade)
        slim = 0.8 if bare else 1.0
        heel = ankle[0] - 0.05, ankle[1] - 0.045
        fill(limb(heel, toe, 0.042, 0.03), shoe)
        fill(limb(ankle, (toe[0] * 0.5 + ankle[0] * 0.5, ankle[1] * 0.4 + toe[1] * 0.6), 0.05, 0.035), shoe)
        sole = outline((heel[0] - 0.03, heel[1] - 0.035), (toe[0] + 0.03, toe[1] - 0.025))
        self.canvas.stroke(sole, darker(shoe, 0.45), 0.014)
        fill(limb(knee, ankle, 0.066 * slim, 0.048 * slim), cloth)
        fill(limb(self.hip, knee, 0.098, 0.068 * slim), cloth)

    def _torso(self) -> None:
        person, wears, (hx, hy), (nx, ny) = self.person, self.wears, self.hip, self.neck
        fill = self.canvas.fill
        sway = 0.035 * math.cos(2 * math.pi * self.phase * 2)
        hem = {Garment.JACKET: -0.07, Garment.SHIRT: -0.02, Garment.COAT: -0.44, Garment.DRESS: -0.36}[person.garment]
        flare = {Garment.JACKET: 0.135, Garment.SHIRT: 0.12, Garment.COAT: 0.2, Garment.DRESS: 0.235}[person.garment]
        low = hy + hem
        body = smooth(
            [
                (nx - 0.045, ny + 0.01), (nx - 0.125, ny - 0.07), (nx - 0.15, ny - 0.22), (hx - 0.115, hy + 0.13),
                (hx - 0.135, hy), (hx - flare + sway, low), (hx + flare + sway, low), (hx + 0.13, hy),
                (hx + 0.125, hy + 0.16), (nx + 0.115, ny - 0.2), (nx + 0.085, ny - 0.05), (nx + 0.035, ny + 0.01),
            ]
        )  # fmt: skip
        fill(body, wears.top)
        if person.garment in (Garment.JACKET, Garment.COAT):
            front = curve(
                [
                    (nx + 0.05, ny - 0.02),
                    (nx + 0.085, ny - 0.22),
                    (hx + 0.075, hy),
                    (hx + flare * 0.6 + sway, low + 0.01),
                ]
            )
            self.canvas.stroke(front, darker(wears.top, 0.4), 0.014)
            fill(limb((nx - 0.06, ny), (nx + 0.05, ny - 0.02), 0.035, 0.028), darker(wears.top, 0.25))
        else:
            belt = outline((hx - 0.115, hy + 0.12), (hx + 0.12, hy + 0.13))
            self.canvas.stroke(belt, darker(wears.top, 0.35), 0.02)

    def _head(self) -> None:
        person, wears, fill, (nx, ny) = self.person, self.wears, self.canvas.fill, self.neck
        skin = wears.skin
        cx, cy = nx + 0.02, ny + 0.145
        if person.head is Head.LONG:
            fill(
                smooth(
                    [
                        (cx - 0.02, cy + 0.12),
                        (cx - 0.125, cy + 0.02),
                        (cx - 0.14, cy - 0.2),
                        (cx - 0.03, cy - 0.23),
                        (cx + 0.0, cy),
                    ]
                ),
                darker(wears.hair, 0.15),
            )
        fill(limb((nx, ny - 0.02), (cx - 0.01, cy - 0.05), 0.052, 0.05), darker(skin, 0.18))
        face = [(cx - 0.07, cy - 0.07), (cx - 0.098, cy + 0.02), (cx - 0.05, cy + 0.112), (cx + 0.04, cy + 0.112)]
        face += [(cx + 0.088, cy + 0.05), (cx + 0.092, cy + 0.005), (cx + 0.112, cy - 0.025), (cx + 0.087, cy - 0.04)]
        face += [(cx + 0.085, cy - 0.085), (cx + 0.05, cy - 0.115), (cx - 0.01, cy - 0.085)]
        fill(smooth(face, 4), skin)
        fill(oval((cx + 0.06, cy + 0.022), 0.011, 0.014), darker(skin, 0.75))
        self.canvas.stroke(
            outline((cx + 0.055, cy - 0.066), (cx + 0.085, cy - 0.063)), mix(skin, colour("#9c3b34"), 0.5), 0.012
        )
        self._hair(cx, cy)
        if person.head in (Head.SHORT, Head.CAP):
            fill(oval((cx - 0.012, cy - 0.01), 0.018, 0.026), darker(skin, 0.12))

    def _hair(self, cx: float, cy: float) -> None:
        person, wears, fill = self.person, self.wears, self.canvas.fill
        hair = wears.hair
        crown = [(cx + 0.085, cy + 0.06), (cx + 0.06, cy + 0.125), (cx - 0.03, cy + 0.14), (cx - 0.108, cy + 0.075)]
        crown += [(cx - 0.115, cy - 0.02), (cx - 0.075, cy - 0.075), (cx - 0.035, cy - 0.015), (cx - 0.01, cy + 0.06)]
        fill(smooth(crown, 4), hair)
        self.canvas.glaze(oval((cx - 0.02, cy + 0.105), 0.05, 0.018, 0.1), WHITE, 0.22, 0.012)
        if person.head is Head.BUN:
            fill(oval((cx - 0.1, cy + 0.1), 0.055, 0.055), hair)
        elif person.head is Head.CAP:
            fill(
                smooth(
                    [
                        (cx + 0.095, cy + 0.055),
                        (cx + 0.06, cy + 0.14),
                        (cx - 0.04, cy + 0.15),
                        (cx - 0.115, cy + 0.06),
                        (cx - 0.02, cy + 0.05),
                    ],
                    4,
                ),
                wears.accent,
            )
            fill(limb((cx + 0.06, cy + 0.062), (cx + 0.175, cy + 0.045), 0.016, 0.008), darker(wears.accent, 0.3))
        elif person.head is Head.BEANIE:
            fill(
                smooth(
                    [
                        (cx + 0.1, cy + 0.055),
                        (cx + 0.065, cy + 0.15),
                        (cx - 0.03, cy + 0.18),
                        (cx - 0.12, cy + 0.1),
                        (cx - 0.118, cy + 0.03),
                        (cx, cy + 0.05),
                    ],
                    4,
                ),
                wears.accent,
            )
            self.canvas.stroke(
                outline((cx - 0.112, cy + 0.045), (cx + 0.095, cy + 0.07)), lighter(wears.accent, 0.25), 0.04
            )

    def _arm(self, side: int) -> None:
        """Draw the near arm (1), which swings against the near leg, or the far one (-1)."""
        person, wears = self.person, self.wears
        shade = 0.0 if side > 0 else 0.32
        carries = side > 0 and person.bag is Bag.SHOPPING
        angle = math.radians((-self.swing * side) * (0.35 if carries else 1.0) - 2)
        bend = math.radians(8 if carries else 22 + 12 * math.sin(angle))
        shoulder = self.neck[0] - 0.035, self.neck[1] - 0.075
        elbow = reach(shoulder, _UPPER_ARM, angle)
        wrist = reach(elbow, _FOREARM, angle + bend)
        bare = person.garment in (Garment.SHIRT, Garment.DRESS)
        sleeve, skin = darker(wears.top, shade + 0.1), darker(wears.skin, shade)
        self.canvas.fill(oval(reach(wrist, 0.045, angle + bend), 0.038, 0.046, angle), skin)
        self.canvas.fill(limb(elbow, wrist, 0.046, 0.034), skin if bare else sleeve)
        self.canvas.fill(limb(shoulder, elbow, 0.066, 0.05), sleeve)
        if carries:
            self._shopping_bag(reach(wrist, 0.06, angle + bend))

    def _backpack(self) -> None:
        nx, ny = self.neck
        pack = smooth(
            [
                (nx - 0.1, ny - 0.03),
                (nx - 0.23, ny - 0.06),
                (nx - 0.28, ny - 0.25),
                (nx - 0.25, ny - 0.43),
                (nx - 0.1, ny - 0.44),
            ]
        )
        self.canvas.fill(pack, self.wears.accent)
        self.canvas.fill(oval((nx - 0.235, ny - 0.33), 0.04, 0.075), darker(self.wears.accent, 0.25))

    def _shoulder_bag(self) -> None:
        (nx, ny), (hx, hy) = self.neck, self.hip
        leather = darker(mix(self.wears.accent, colour("#6b4526"), 0.6), 0.1)
        self.canvas.stroke(outline((nx + 0.03, ny - 0.03), (hx - 0.1, hy + 0.14)), darker(leather, 0.3), 0.02)
        self.canvas.fill(
            smooth([(hx - 0.2, hy + 0.14), (hx + 0.03, hy + 0.15), (hx + 0.05, hy - 0.07), (hx - 0.21, hy - 0.08)], 4),
            leather,
        )
        self.canvas.stroke(outline((hx - 0.19, hy + 0.06), (hx + 0.03, hy + 0.065)), darker(leather, 0.35), 0.014)

    def _shopping_bag(self, hand: Point) -> None:
        x, y = hand
        paper = lighter(self.wears.accent, 0.25)
        self.canvas.stroke(outline((x - 0.07, y - 0.13), (x, y), (x + 0.07, y - 0.13)), darker(paper, 0.4), 0.012)
        self.canvas.fill(
            outline((x - 0.12, y - 0.12), (x + 0.12, y - 0.12), (x + 0.13, y - 0.42), (x - 0.13, y - 0.42)), paper
        )
        self.canvas.fill(
            outline((x + 0.05, y - 0.12), (x + 0.12, y - 0.12), (x + 0.13, y - 0.42), (x + 0.07, y - 0.42)),
            darker(paper, 0.15),
        )
        self.canvas.fill(oval((x - 0.03, y - 0.27), 0.045, 0.045), lighter(paper, 0.6))
