"""What a source is: something that is opened, read picture by picture, and can be interrupted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from livevision.frame import Frame


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source once it is open."""

    width: int
    height: int
    fps: float | None
    """Declared pictures per second; None where the source does not say."""
    codec: str
    """The field's name for it: h264, hevc, mjpeg, raw."""
    duration: float | None = None
    """Seconds; None for a live source."""
    frames: int | None = None
    """How many pictures a file has, as far as is known before reading it."""
    patience: float = 0.0
    """Seconds without a picture that are nothing unusual for this kind of source."""


class Demand(Enum):
    """How many of a source's pictures anybody wants."""

    EVERY_FRAME = "every frame"
    KEYFRAMES = "keyframes"
    """Nobody looks: enough to know that the camera is there, at next to no cost."""


class FrameReader(Protocol):
    """Reads one source, once: a reader that was closed is not opened again, the next attempt makes a new one.

    Called from one thread only, the capture thread; :meth:`interrupt` and :meth:`want` may come from any thread.
    """

    def open(self) -> SourceInfo:
        """Connect and find out what is there.  Raises SourceUnavailable or SourceUnusable."""

    def read(self) -> Frame | None:
        """Wait for the next picture.  None at the end, and soon after an interrupt.  Raises as :meth:`open` does."""

    def want(self, demand: Demand) -> None:
        """Decode no more than this from now on; from any thread.  A source for which it saves nothing does nothing."""

    def interrupt(self) -> None:
        """Make a waiting :meth:`open` or :meth:`read` return soon, and every later one at once; from any thread."""

    def close(self) -> None:
        """Give everything back.  May be called twice, and after a failed :meth:`open`."""


@runtime_checkable
class Audible(Protocol):
    """A :class:`FrameReader` that knows more than its pictures tell: they may not be wanted, or not be decodable."""

    @property
    def heard(self) -> float | None:
        """When something of the picture's stream came last, monotonic seconds; None before.  From any thread."""


OpenReader: TypeAlias = Callable[[int], FrameReader]
"""Makes a fresh reader for the given generation; the capture thread calls it for every attempt."""
