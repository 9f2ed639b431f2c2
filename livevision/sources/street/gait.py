"""How legs move when people walk.  Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from livevision.sources.street.shapes import Point

STRIDE = 1.36
"""Metres of a full cycle of two steps, for a person 1.75 m tall."""

THIGH, SHANK = 0.43, 0.43
"""Lengths of the leg's bones, metres."""


@dataclass(frozen=True, slots=True)
class Leg:
    """Where one leg's joints are, relative to the hip."""

    knee: Point
    ankle: Point
    toe: Point


def reach(start: Point, length: float, angle: float) -> Point:
    """Return the end of a bone ``length`` long at ``angle``: radians from straight down, forward positive."""
    return start[0] + length * math.sin(angle), start[1] - length * math.cos(angle)


def leg(phase: float) -> Leg:
    """Return a leg at ``phase`` (0 to 1) of the cycle; its heel strikes the ground at 0."""
    p = phase % 1
    hip = math.radians(6 + 23 * math.cos(2 * math.pi * p) - 3 * math.cos(4 * math.pi * p))
    # Knees give a little when the weight comes on them, and bend when the leg swings through.
    bend = math.radians(4 + 11 * _bump(p, 0.13, 0.08) + 56 * _bump(p, 0.72, 0.115))
    knee = reach((0, 0), THIGH, hip)
    ankle = reach(knee, SHANK, hip - bend)
    # The sole: toes up at the strike, flat, then the heel lifts.
    pitch = math.radians(17 * _bump(p, 0.0, 0.06) + 14 * _bump(p, 1.0, 0.09) - 62 * _bump(p, 0.64, 0.10))
    toe = ankle[0] + 0.17 * math.cos(pitch), ankle[1] - 0.055 + 0.17 * math.sin(pitch)
    return Leg(knee, ankle, toe)


def _bump(p: float, centre: float, width: float) -> float:
    return math.exp(-(((p - centre) / width) ** 2))
