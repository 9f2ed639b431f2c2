"""What lanes have in common in which something waits for its boxes and is then written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from livevision.frame import Result
    from livevision.recording.aligner import Boxes
    from livevision.recording.segmented import FilesProgress, SegmentWriter
    from livevision.sources.status import CameraStatus

T = TypeVar("T")


class WaitingRoom(Protocol):
    """Where it waits: an Aligner or a PacketAligner."""

    boxes: Boxes

    @property
    def waiting(self) -> int:
        """How many are here."""

    def on_result(self, result: Result) -> None:
        """Take a result."""

    def on_status(self, status: CameraStatus) -> None:
        """Take a change of the camera's state."""

    def release_all(self) -> None:
        """Hand everything on."""


class AlignedLane(ABC, Generic[T]):
    """The part of a lane that only passes on.  ``refused`` counts pictures for which there was no room."""

    def __init__(self, room: WaitingRoom, writer: SegmentWriter[T]) -> None:
        self._room = room
        self._written_by = writer

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._room.waiting} waiting, {self._written_by!r}>"

    @property
    @abstractmethod
    def refused(self) -> int:
        """Pictures so far for which there was no room."""

    @property
    def progress(self) -> FilesProgress:
        """How far its files are."""
        return self._written_by.progress.plus(self.refused, self._room.waiting)

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""
        return self._written_by.has_failed

    def set_boxes(self, boxes: Boxes) -> None:
        """Wait for boxes or not."""
        self._room.boxes = boxes

    def on_result(self, result: Result) -> None:
        """Take a result: what came up to it gets its boxes and goes to the file."""
        self._room.on_result(result)

    def on_status(self, status: CameraStatus) -> None:
        """Wait no longer where no result is to be expected soon."""
        self._room.on_status(status)

    def bytes_in(self, segment: int) -> int:
        """Return the size of a segment's file."""
        return self._written_by.bytes_in(segment)

    async def aclose(self, deadline: float) -> None:
        """Write what still waits, with the boxes known so far, and complete the file."""
        self._room.release_all()
        await self._written_by.aclose(deadline)
