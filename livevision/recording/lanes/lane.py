"""What the lanes of a recording have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from livevision.recording.file_clock import FileClock, Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.errors import RecordingError
    from livevision.frame import Frame, Result
    from livevision.recording.aligner import Boxes
    from livevision.recording.plan import RecordingPlan
    from livevision.recording.remux import TimedPacket
    from livevision.recording.segment_files import SegmentFiles
    from livevision.recording.segmented import FilesProgress, Placed
    from livevision.recording.segments import Segments
    from livevision.sources.packets import EncodedPacket
    from livevision.sources.status import CameraStatus


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What all lanes of one recording share."""

    camera: str
    """Its name."""
    plan: RecordingPlan
    files: SegmentFiles
    segments: Segments
    fail: Callable[[RecordingError], None]
    """Called on the event loop, once by each lane that cannot go on."""
    clock: FileClock = field(default_factory=FileClock)

    def time_of(self, timed: Frame | EncodedPacket) -> float:
        """Return when something is in the recording, in seconds; from any thread."""
        return self.clock.time_of(Moment(timed.generation, timed.pts), timed.captured, timed.wall)


@dataclass(frozen=True, slots=True, eq=False)
class TimedFrame:
    """A frame and its time in its file, in seconds."""

    frame: Frame
    time: float


class Lane(Protocol):
    """One way from the camera to files.  On the event loop; never keeps it waiting."""

    @property
    def progress(self) -> FilesProgress:
        """How far its files are."""

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""

    @property
    def note(self) -> str:
        """What the operator is to know: another encoder than was asked for."""

    def set_boxes(self, boxes: Boxes) -> None:
        """Wait for boxes or not, as a camera gets a detector or loses it."""

    def on_result(self, result: Result) -> None:
        """Take a result."""

    def on_status(self, status: CameraStatus) -> None:
        """Take a change of the camera's state."""

    def bytes_in(self, segment: int) -> int:
        """Return the size of its file of that segment, while it is being written; from any thread."""

    async def aclose(self, deadline: float) -> None:
        """Write what is there for at most ``deadline`` seconds, and complete the file.  May be called again."""


class PacketLane(Lane, Protocol):
    """A lane that is fed with packets."""

    def on_packet(self, placed: Placed[TimedPacket]) -> None:
        """Take a packet; from the thread that captures or encodes, in order.  Returns at once."""


class FrameLane(Lane, Protocol):
    """A lane that is fed with frames."""

    def on_frame(self, placed: Placed[TimedFrame]) -> None:
        """Take a frame, on the event loop."""
