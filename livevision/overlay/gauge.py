"""How large what is drawn is: as fits the picture, and the screen that it is on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gauge:
    """Sizes of lines, letters and marks on pictures whose shorter side is ``side`` pixels.

    ``ratio``, 1 and more, is how many of these pixels are one to the eye: a screen's device pixel ratio.  It is 1 in
    files, where the picture's own size says all that is known.
    """

    side: int
    ratio: float = 1.0

    @property
    def seen(self) -> float:
        """The shorter side in pixels as the eye sees them."""
        return self.side / self.ratio

    @property
    def is_small(self) -> bool:
        """Whether rims around lines would be too much."""
        return self.seen < 300

    @property
    def is_tiny(self) -> bool:
        """Whether labels with more than a name would cover the picture."""
        return self.seen < 200

    def pixels(self, seen: float) -> int:
        """Return how many pixels are ``seen`` pixels to the eye."""
        return round(seen * self.ratio)

    def part(self, part: float, factor: float, least: float) -> int:
        """Return one of so many parts of the side, times ``factor``, in pixels; to the eye it is ``least`` or more."""
        return self.pixels(max(least, self.seen / part * factor))

    def line(self, factor: float) -> int:
        """Return how thick a line is to the eye."""
        return max(1, round(self.seen / 360 * factor))

    def stroke(self, line: int) -> int:
        """Return OpenCV's thickness for what is to the eye as thick as its ``line`` is at a ratio of 1.

        OpenCV paints lines 1, 3, 5, 5, 7, 7 … pixels wide when it is told 1, 2, 3, 4, 5, 6 …; an odd number and the
        next are the same pixels.
        """
        wanted = self.ratio * (1 if line == 1 else (line + 1) | 1)
        return 1 if wanted < 2 else 2 * int(wanted / 2)

    def letters(self, factor: float) -> int:
        """Return the size of a font."""
        return self.pixels(max(8, max(11, round(6 + self.seen / 60)) * factor))
