"""How good a recording's pictures are, in plain words."""

from __future__ import annotations

from enum import Enum


class Quality(Enum):
    """One setting for every encoder; :mod:`livevision.recording.encoders` has the numbers."""

    SMALL = "small"
    """About half as big as GOOD; details are blurred."""
    GOOD = "good"
    """Hardly to be told from what was on the screen."""
    BEST = "best"
    """Not to be told from it; about twice as big as GOOD."""
