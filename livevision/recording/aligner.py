"""A waiting room: what is to be kept waits, in order, until it is known what was to be seen at its moment."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import supervision as sv

from livevision.sources.status import CameraState
from livevision.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Result
    from livevision.sources.status import CameraStatus

T = TypeVar("T")

LONGEST_WAIT = 2.0
"""Seconds that something waits for its boxes."""
MOST_WAITING = 60
_IN_TROUBLE = frozenset(
    {
        CameraState.STALLED,
        CameraState.BACKING_OFF,
        CameraState.AUTH_FAILED,
        CameraState.FAILED,
        CameraState.STOPPED,
    }
)


class Boxes(Enum):
    """Which boxes what is recorded gets."""

    ALIGNED = "aligned"
    """Its own: it waits, up to 2 s, for the result at or after it."""
    NONE = "none"
    """None, so nothing is waited for: a camera without a detector."""


class Timed(Protocol):
    """When something was: a frame or an encoded packet."""

    @property
    def generation(self) -> int:
        """Counts how often the camera was opened."""

    @property
    def pts(self) -> float:
        """Seconds on the stream's clock."""

    @property
    def captured(self) -> float:
        """Monotonic seconds."""


class Aligner(Generic[T]):
    """Hands items on with their detections, each as soon as its own are known, in the order in which they came.

    ``release`` is called for each item once, from within the methods.  An item waits for the result at or after its
    moment, but 2 s at most, with at most ``most`` others, and not for a camera that is lost; it then gets what is
    known by then.  On the event loop; never blocks.
    """

    def __init__(
        self,
        release: Callable[[T, sv.Detections], None],
        boxes: Boxes = Boxes.ALIGNED,
        most: int = MOST_WAITING,
        timeline: Timeline | None = None,
    ) -> None:
        self._release = release
        self._boxes = boxes
        self._most = most
        self._timeline = timeline or Timeline()
        self._waiting: deque[tuple[T, Timed]] = deque()

    def __repr__(self) -> str:
        return f"<Aligner {self._boxes.value}, {self.waiting} waiting>"

    @property
    def waiting(self) -> int:
        """How many items are here."""
        return len(self._waiting)

    @property
    def boxes(self) -> Boxes:
        """Whether anything waits for boxes; may be set at any time, as a camera gets a detector or loses it."""
        return self._boxes

    @boxes.setter
    def boxes(self, boxes: Boxes) -> None:
        self.release_all()
        self._boxes = boxes

    def add(self, item: T, moment: Timed) -> None:
        """Take an item that belongs to ``moment``, which may be the item itself."""
        if self._waiting and self._waiting[-1][1].generation != moment.generation:
            # The camera was opened again: there will be no more results for what was before.
            self.release_all()
        self._waiting.append((item, moment))
        self.release_due(moment.captured)

    def on_result(self, result: Result) -> None:
        """Take a result: what came up to it gets its boxes."""
        self._timeline.add(result)
        self.release_due(result.finished)

    def on_status(self, status: CameraStatus) -> None:
        """Wait no longer where no result is to be expected soon."""
        if status.state in _IN_TROUBLE:
            self.release_all()

    def release_due(self, now: float) -> None:
        """Hand on what has its boxes, or has waited long enough at ``now``, monotonic seconds."""
        while self._waiting and self._is_due(self._waiting[0][1], now):
            self._release_first()

    def release_all(self) -> None:
        """Hand everything on, with the boxes known so far."""
        while self._waiting:
            self._release_first()

    def _is_due(self, moment: Timed, now: float) -> bool:
        return (
            self._boxes is Boxes.NONE
            or self._timeline.covers(moment.generation, moment.pts)
            or now - moment.captured > LONGEST_WAIT
            or len(self._waiting) > self._most
        )

    def _release_first(self) -> None:
        item, moment = self._waiting.popleft()
        known = self._boxes is Boxes.ALIGNED
        self._release(
            item, self._timeline.detections_at(moment.generation, moment.pts) if known else sv.Detections.empty()
        )
