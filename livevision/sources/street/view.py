"""Where things on the street stand in the picture: a fixed camera above the near pavement, looking across."""

from __future__ import annotations

from dataclasses import dataclass

EYE = 4.2
"""Height of the camera over the road, metres."""

FOCAL = 1000.0
"""Focal length in pixels of a picture 720 high."""

KERB = 0.13
"""Height of the pavements over the road, metres."""

# Distances from the camera in metres, far to near.
FACADES = 24.4
FAR_KERB = 20.4
FAR_CYCLE_LANE = 19.0
CENTRE = 16.0
NEAR_CYCLE_LANE = 13.0
NEAR_KERB = 11.7
FRONT = 9.6


@dataclass(frozen=True, slots=True)
class View:
    """A picture of ``width`` by ``height`` pixels.  The lower edge always shows the ground ten metres away."""

    width: int
    height: int

    @property
    def unit(self) -> float:
        """Pixels for one pixel of the 1280x720 design; a narrow picture shows more sky instead of fewer metres."""
        return min(self.height / 720, self.width / 800)

    @property
    def horizon(self) -> float:
        """The row of everything at eye level."""
        return self.height - EYE * self.scale(FOCAL / 100)

    def scale(self, depth: float) -> float:
        """Pixels per metre at ``depth``."""
        return FOCAL * self.unit / depth

    def half_width(self, depth: float) -> float:
        """Metres from the middle of the picture to its edge at ``depth``."""
        return self.width / 2 / self.scale(depth)

    def point(self, x: float, depth: float, up: float = 0.0) -> tuple[float, float]:
        """Pixel (x, y) of what is ``x`` metres right of the middle and ``up`` metres above the road."""
        scale = self.scale(depth)
        return self.width / 2 + x * scale, self.horizon + (EYE - up) * scale
