"""Outlines as ``(n, 2)`` float arrays: what the street's pictures are made of.  Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = NDArray[np.float64]

_CIRCLE = np.linspace(0, 2 * math.pi, 29)[:-1]
_HALF = np.linspace(-math.pi / 2, math.pi / 2, 8)
_ROUND = np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], axis=1)
_END = np.stack([np.cos(_HALF), np.sin(_HALF)], axis=1)
_BASIS = 0.5 * np.array([(0, 2, 0, 0), (-1, 0, 1, 0), (2, -5, 4, -1), (-1, 3, -3, 1)])


def outline(*points: Point) -> Outline:
    """Straight lines through ``points``."""
    return np.array(points, dtype=np.float64)


def rect(x0: float, y0: float, x1: float, y1: float) -> Outline:
    """Return an upright rectangle."""
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64)


def oval(centre: Point, rx: float, ry: float, turn: float = 0.0) -> Outline:
    """Return an ellipse, turned by ``turn`` radians."""
    points = _ROUND * (rx, ry)
    if turn:
        c, s = math.cos(turn), math.sin(turn)
        points = points @ np.array([(c, s), (-s, c)])
    return points + centre


def limb(a: Point, b: Point, ra: float, rb: float) -> Outline:
    """Return a tapered capsule from ``a`` (radius ``ra``) to ``b`` (radius ``rb``)."""
    along = math.atan2(b[1] - a[1], b[0] - a[0])
    c, s = math.cos(along), math.sin(along)
    end = _END @ np.array([(c, s), (-s, c)])
    return np.concatenate([end * rb + b, end * -ra + a])


def smooth(points: Sequence[Point], steps: int = 6) -> Outline:
    """Return a closed Catmull-Rom curve through ``points``."""
    p = np.array(points, dtype=np.float64)
    return _catmull_rom(np.concatenate([p[-1:], p, p[:2]]), steps)


def curve(points: Sequence[Point], steps: int = 6) -> Outline:
    """Return an open Catmull-Rom curve through ``points``, both ends included."""
    p = np.array(points, dtype=np.float64)
    return np.concatenate([_catmull_rom(np.concatenate([p[:1], p, p[-1:]]), steps), p[-1:]])


@lru_cache(maxsize=16)
def _weights(steps: int) -> Outline:
    t = np.linspace(0, 1, steps, endpoint=False)
    return np.asarray(np.stack([t**0, t, t**2, t**3], axis=1) @ _BASIS)


def _catmull_rom(p: Outline, steps: int) -> Outline:
    spans = np.stack([p[:-3], p[1:-2], p[2:-1], p[3:]], axis=1)
    return np.asarray(_weights(steps) @ spans).reshape(-1, 2)
