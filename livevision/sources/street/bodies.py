"""The shapes of car bodies, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from livevision.sources.street.shapes import Point


@dataclass(frozen=True, slots=True)
class Wheels:
    """Where the axles are, and how large the wheels; metres."""

    front: float
    rear: float
    radius: float


@dataclass(frozen=True, slots=True)
class Model:
    """A body in metres, front to the right, x from the middle; heights above the road."""

    length: float
    top: tuple[Point, ...]
    """Bonnet, windscreen, roof and tail: the upper edge from nose to rear."""
    screens: tuple[tuple[int, int], ...]
    """Between which indices in ``top`` the glass of windscreen and rear window lies."""
    windows: tuple[tuple[Point, ...], ...]
    wheels: Wheels
    doors: tuple[float, ...]
    """Where the lines between doors run."""


HATCHBACK = Model(
    4.05,
    ((2.0, 0.55), (1.93, 0.74), (1.2, 0.93), (0.92, 0.98), (0.28, 1.42), (-0.2, 1.49), (-1.2, 1.45), (-1.62, 1.36),
     (-1.95, 0.93), (-2.0, 0.62)),
    ((3, 4), (7, 8)),
    (((0.78, 0.98), (0.27, 1.36), (-0.2, 1.41), (-0.26, 0.97)), ((-0.36, 0.97), (-0.31, 1.41), (-1.13, 1.38),
     (-1.42, 1.0))),
    Wheels(1.24, -1.26, 0.315), (0.72, -0.31, -1.18),
)  # fmt: skip
SALOON = Model(
    4.6,
    ((2.28, 0.52), (2.2, 0.72), (1.3, 0.9), (0.98, 0.94), (0.28, 1.37), (-0.25, 1.43), (-0.9, 1.38), (-1.55, 1.0),
     (-2.2, 0.93), (-2.28, 0.6)),
    ((3, 4), (6, 7)),
    (((0.84, 0.95), (0.26, 1.31), (-0.22, 1.36), (-0.26, 0.94)), ((-0.36, 0.94), (-0.32, 1.36), (-0.86, 1.32),
     (-1.35, 0.98))),
    Wheels(1.42, -1.4, 0.325), (0.78, -0.31, -1.12),
)  # fmt: skip
ESTATE = Model(
    4.55,
    ((2.25, 0.58), (2.18, 0.84), (1.28, 1.04), (0.98, 1.08), (0.4, 1.56), (-0.1, 1.65), (-1.6, 1.62), (-1.95, 1.54),
     (-2.2, 1.05), (-2.24, 0.66)),
    ((3, 4), (7, 8)),
    (((0.86, 1.09), (0.38, 1.5), (-0.1, 1.57), (-0.14, 1.08)), ((-0.24, 1.08), (-0.2, 1.57), (-1.02, 1.56),
     (-1.06, 1.08)), ((-1.14, 1.08), (-1.1, 1.56), (-1.66, 1.53), (-1.88, 1.12))),
    Wheels(1.4, -1.38, 0.36), (0.8, -0.19, -1.08),
)  # fmt: skip
VAN = Model(
    4.9,
    ((2.43, 0.6), (2.36, 0.95), (2.0, 1.12), (1.82, 1.16), (1.22, 1.83), (0.8, 1.94), (-2.1, 1.96), (-2.36, 1.9),
     (-2.44, 1.2), (-2.45, 0.6)),
    ((3, 4),),
    (((1.62, 1.16), (1.15, 1.72), (0.72, 1.78), (0.66, 1.14)),),
    Wheels(1.62, -1.5, 0.34), (0.58, -0.7),
)  # fmt: skip
