"""Whether a recording grows while its camera sends pictures (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Sizes: TypeAlias = "Mapping[int, tuple[int, int]]"
"""Pictures and bytes that are in each file which is still written to, by its number among them."""

SAID_AFTER = 5.0
"""Seconds of pictures none of which reached its file, after which the operator is told."""
FAILED_AFTER = 30.0
"""And after which there is no recording to speak of."""
_LOOK_EVERY = 1.0
"""Seconds of pictures between two looks at the files."""
_FEWEST = 3
"""Pictures; the newest may still be on their way."""
_NONE = -1
"""Stands for the file that there is to be."""


class Growth:
    """Compares what a camera sends with what is in one file.  Nothing is missed while the camera sends nothing."""

    def __init__(self) -> None:
        self._written: tuple[int, int] = (0, 0)
        self._count = 0
        self._first = self._last = 0.0

    def __repr__(self) -> str:
        return f"<Growth missing {self.missing:.1f} s>"

    def arrived(self, captured: float) -> None:
        """Note that the camera sent a picture; ``captured`` in seconds on a clock that only goes forward."""
        if self._count == 0:
            self._first = captured
        self._count += 1
        self._last = captured

    def written(self, frames: int, size: int) -> None:
        """Note how many pictures and bytes are in the file by now."""
        if (frames, size) != self._written:
            self._written, self._count = (frames, size), 0

    @property
    def missing(self) -> float:
        """How many seconds of pictures have come since the file grew last."""
        return self._last - self._first if self._count >= _FEWEST else 0.0


class GrowthWatch:
    """Watches all files of one recording, and that there are any.  ``sizes`` is asked once a second."""

    def __init__(self, sizes: Callable[[], Sizes]) -> None:
        self._sizes = sizes
        self._growths: dict[int, Growth] = {}
        self._looked = float("-inf")

    def __repr__(self) -> str:
        return f"<GrowthWatch {self._growths}>"

    def arrived(self, captured: float) -> None:
        """Note that the camera sent a picture."""
        if captured - self._looked >= _LOOK_EVERY:
            self._looked = captured
            self._look()
        for growth in self._growths.values():
            growth.arrived(captured)

    @property
    def missing(self) -> float:
        """How many seconds of pictures have come since the file grew last that grew least."""
        return max((growth.missing for growth in self._growths.values()), default=0.0)

    @property
    def has_failed(self) -> bool:
        """Whether none of the files grows any more."""
        growths = self._growths.values()
        return bool(growths) and all(growth.missing >= FAILED_AFTER for growth in growths)

    def _look(self) -> None:
        sizes = self._sizes() or {_NONE: (0, 0)}
        self._growths = {which: self._growths.get(which) or Growth() for which in sizes}
        for which, size in sizes.items():
            self._growths[which].written(*size)
