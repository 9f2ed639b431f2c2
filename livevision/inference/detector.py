"""What a detector is: anything with an awaitable ``detect``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import asyncio

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter


class Detector(Protocol):
    """A picture in, detections out.

    Awaited on the event loop; what takes longer than a millisecond belongs in an executor of the detector's own.
    """

    @property
    def name(self) -> str:
        """What the operator calls it: ``motion``, ``yolox_nano.onnx``."""

    @property
    def max_in_flight(self) -> int:
        """How many pictures may be with it at once: 1 for a local model, more for a server."""

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The class names it can answer, where they are known beforehand."""

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a read-only ``(h, w, 3)`` BGR picture.

        Boxes are x1, y1, x2, y2 in pixels of ``image``; ``confidence`` and ``data["class_name"]`` are always set.
        Raises DetectorError, whose message the operator reads.
        """

    async def aclose(self) -> None:
        """Stop threads and close connections; later calls of :meth:`detect` are not allowed."""


@runtime_checkable
class Tunable(Protocol):
    """A detector that can save itself, its server and the network what would be thrown away afterwards."""

    def tune(self, keep: DetectionFilter) -> None:
        """Take what is wanted from the next picture on.  On the event loop; until then ``DetectionFilter()`` holds."""


@runtime_checkable
class Placed(Protocol):
    """A detector that knows where it runs."""

    @property
    def runs_on(self) -> str:
        """What really runs it, for the screen: ``CPU``, ``CUDA``, ``gpu1:9001``."""

    @property
    def notice(self) -> str:
        """What the operator should know although it works: "CUDA could not be used (…): running on the CPU"."""


@runtime_checkable
class TakingTurns(Protocol):
    """A detector that shares what computes with those of other cameras."""

    @property
    def turns(self) -> asyncio.Semaphore | None:
        """What live video holds while a picture is with it, and waits for before it chooses the picture.

        Where pictures would queue, boxes would be old before they are found.  None where nothing is shared.
        """


def turns_of(detector: Detector) -> asyncio.Semaphore | None:
    """Return what is to be held while a live picture is with ``detector``, if anything."""
    return detector.turns if isinstance(detector, TakingTurns) else None


@runtime_checkable
class Remembering(Protocol):
    """A detector that may depend on the pictures before: it wants whole ones, of one camera, in their order."""

    @property
    def remembers(self) -> bool:
        """Whether it does."""


def remembers(detector: Detector) -> bool:
    """Tell whether a detector's answer depends on the pictures before; most look at each one afresh."""
    return isinstance(detector, Remembering) and detector.remembers
