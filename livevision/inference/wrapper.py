"""What a detector around another detector has in common: all that it does not change is the inner one's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.detector import notice, remembers, runs_on, turns_of

if TYPE_CHECKING:
    import asyncio

    from livevision.inference.detector import Detector


class DetectorWrapper:
    """Passes on what is asked.  The inner detector is closed with this one."""

    def __init__(self, detector: Detector) -> None:
        self._inner = detector

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._inner!r}>"

    @property
    def name(self) -> str:
        """What the operator calls it."""
        return self._inner.name

    @property
    def max_in_flight(self) -> int:
        """How many pictures may be with it at once."""
        return self._inner.max_in_flight

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names it can answer, where they are known beforehand."""
        return self._inner.classes

    @property
    def remembers(self) -> bool:
        """Whether its answer depends on the pictures before."""
        return remembers(self._inner)

    @property
    def turns(self) -> asyncio.Semaphore | None:
        """What is held while a live picture is with it."""
        return turns_of(self._inner)

    @property
    def runs_on(self) -> str:
        """What really runs it; empty where that is not known."""
        return runs_on(self._inner)

    @property
    def notice(self) -> str:
        """What the operator should know although it works."""
        return notice(self._inner)

    async def aclose(self) -> None:
        """Close the inner one."""
        await self._inner.aclose()
