"""What a detector is: anything with an awaitable ``detect``."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.filter import DetectionFilter

T = TypeVar("T")


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


class Tunable(ABC):
    """A detector that can save itself, its server and the network what would be thrown away afterwards.

    Who wants to be told is one of these by its class: ``tune`` is a common name, by which others search for
    hyperparameters or train.
    """

    @abstractmethod
    def tune(self, keep: DetectionFilter) -> None:
        """Take what is wanted from the next picture on.  On the event loop; until then ``DetectionFilter()`` holds."""


def said(thing: object, name: str, kind: type[T]) -> T | None:
    """Return what a detector says of itself under ``name``, None where it says nothing of this kind.

    Other people's objects may have anything under any name, and may fail when they are asked.
    """
    try:
        value = getattr(thing, name, None)
    except Exception:
        return None
    return value if isinstance(value, kind) else None


def runs_on(detector: object) -> str:
    """Return what really runs it, for the screen: ``CPU``, ``CUDA``, ``gpu1:9001``; its ``runs_on``, or empty."""
    return said(detector, "runs_on", str) or ""


def notice(detector: object) -> str:
    """Return what the operator should know although it works: its ``notice``, or empty.

    "CUDA could not be used (…): running on the CPU".
    """
    return said(detector, "notice", str) or ""


def turns_of(detector: object) -> asyncio.Semaphore | None:
    """Return what is to be held while a live picture is with a detector: its ``turns``, if it has any.

    What shares the computing with other cameras' detectors has the picture chosen late: where pictures would queue,
    boxes would be old before they are found.
    """
    return said(detector, "turns", asyncio.Semaphore)


def remembers(detector: object) -> bool:
    """Tell whether a detector's answer depends on the pictures before: its ``remembers``.

    It wants whole pictures, of one camera, in their order; most look at each one afresh.
    """
    return said(detector, "remembers", bool) or False
