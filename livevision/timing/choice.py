"""The operator's choice of how boxes and pictures come together."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from livevision.timing.aligned import AlignedTiming
from livevision.timing.live import LiveTiming
from livevision.timing.newest import NewestTiming

if TYPE_CHECKING:
    import supervision as sv

    from livevision.frame import Frame, Result


class BoxTiming(Enum):
    """Which boxes a picture gets on the screen; the values are the words of the command line."""

    LIVE = "live"
    """The newest picture at once, with the newest boxes moved to where their objects are by now."""
    ALIGNED = "aligned"
    """Its own: the picture waits, up to 2 s, until they are known."""
    AS_THEY_COME = "as-they-come"
    """The newest picture at once, with the newest boxes where their objects were."""


class Timing(Protocol):
    """Decides for one camera on one screen when which picture is shown with which boxes.

    On the event loop; ``now`` is monotonic seconds.  Whoever shows them asks :meth:`next_due` after each picture and
    each result, waits as long or until the next of these, and then shows what :meth:`take` gives.
    """

    @property
    def dropped(self) -> int:
        """Pictures so far that a newer one replaced before they were shown."""

    def on_frame(self, frame: Frame) -> None:
        """Take the newest picture."""

    def on_result(self, result: Result, now: float) -> None:
        """Take what was found in one."""

    def next_due(self, now: float) -> float | None:
        """Return in how many seconds :meth:`take` gives a picture, 0 if at once; None if that depends on what comes."""

    def take(self, now: float) -> tuple[Frame, sv.Detections] | None:
        """Return what is to be shown now, once; None where nothing is due."""

    def detections_at(self, frame: Frame) -> sv.Detections:
        """Return what is known of any ``frame`` by now, to draw one again that is shown already."""

    def age_at(self, frame: Frame) -> float | None:
        """Return by how many seconds the boxes that ``frame`` gets are older than it is; None where it gets none."""


def timing_for(choice: BoxTiming) -> Timing:
    """Return what carries out the choice."""
    match choice:
        case BoxTiming.LIVE:
            return LiveTiming()
        case BoxTiming.ALIGNED:
            return AlignedTiming()
        case BoxTiming.AS_THEY_COME:
            return NewestTiming()
