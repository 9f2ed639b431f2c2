"""One camera's annotated recording: each frame waits for its own boxes, then goes to the file."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import supervision as sv

from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4
from livevision.recording.container import recording_error
from livevision.recording.writer import ThreadedWriter
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState
from livevision.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.errors import RecordingError
    from livevision.frame import Frame, Result
    from livevision.recording.annotated import Draw
    from livevision.sources.status import CameraStatus

_LONGEST_WAIT = 2.0
"""Seconds that a frame waits for its boxes."""
_MOST_WAITING = 60
_MOST_HELD = 90
"""Frames in memory altogether, waiting for boxes or for the disk; what comes then is dropped."""
_CLOCK_JUMP = 10.0
_SMALLEST_GAP = 0.04
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
    """Which boxes a recorded frame gets."""

    ALIGNED = "aligned"
    """Its own: the frame waits, up to 2 s, for the result at or after it."""
    NONE = "none"
    """None, so nothing is waited for: a camera without a detector."""


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """How far a recording is."""

    path: Path
    seconds: float
    """Time in the file of the newest picture."""
    bytes: int
    frames: int
    dropped: int
    """Frames that are not in the file, because disk or processor did not keep up or the recording failed."""


class AnnotatedRecorder:
    """Subscribes to a camera and records what it sees, with boxes, into a new MP4 file from now on.

    Created and used on the event loop, which it never keeps waiting.  A failure is told to ``on_failure`` once, as a
    RecordingError; frames are dropped and counted from then on, until the owner closes the recorder.
    """

    wants = Demand.EVERY_FRAME

    def __init__(
        self,
        camera: str,
        path: Path,
        draw: Draw,
        boxes: Boxes = Boxes.ALIGNED,
        on_failure: Callable[[RecordingError], None] = lambda error: None,
    ) -> None:
        self._boxes = boxes
        self._on_failure = on_failure
        self._file = AnnotatedMp4(path, camera, draw)
        self._writer = ThreadedWriter(camera, self._file.open, _MOST_HELD, self._failed)
        self._clock = _FileClock()
        self._timeline = Timeline()
        self._waiting: deque[tuple[Frame, float]] = deque()
        self._refused = 0

    def __repr__(self) -> str:
        return f"<AnnotatedRecorder {self._file.path.name!r}, {len(self._waiting)} waiting, {self._writer!r}>"

    @property
    def progress(self) -> RecordingProgress:
        """How far the recording is at this moment."""
        file = self._file
        dropped = self._refused + self._writer.dropped
        return RecordingProgress(file.path, file.seconds, file.bytes_written, file.frames, dropped)

    @property
    def boxes(self) -> Boxes:
        """Whether frames wait for boxes; may be set at any time, as a camera gets a detector or loses it."""
        return self._boxes

    @boxes.setter
    def boxes(self, boxes: Boxes) -> None:
        self._release_all()
        self._boxes = boxes

    def on_frame(self, frame: Frame) -> None:
        """Take a frame: it goes to the file at once, or waits for its result."""
        if self._waiting and self._waiting[-1][0].generation != frame.generation:
            # The camera was opened again: there will be no more results for the frames from before.
            self._release_all()
        time = self._clock.time_of(frame)
        # Counted here, so that a burst of frames whose boxes arrive together always finds room in the writer.
        if len(self._waiting) + self._writer.queued >= _MOST_HELD:
            self._refused += 1
        else:
            self._waiting.append((frame, time))
        self._release_due(frame.captured)

    def on_result(self, result: Result) -> None:
        """Take a result: the frames up to it get their boxes and go to the file."""
        self._timeline.add(result)
        self._release_due(result.finished)

    def on_status(self, status: CameraStatus) -> None:
        """Wait no longer where no result is to be expected soon."""
        if status.state in _IN_TROUBLE:
            self._release_all()

    async def aclose(self, deadline: float) -> RecordingProgress:
        """Write the frames that still wait, with the boxes known so far, and complete the file.

        What is not written after ``deadline`` seconds is dropped and counted.  May be called again.
        """
        self._release_all()
        await self._writer.aclose(deadline)
        return self.progress

    def _release_due(self, now: float) -> None:
        while self._waiting and self._is_due(self._waiting[0][0], now):
            self._release_first()

    def _release_all(self) -> None:
        while self._waiting:
            self._release_first()

    def _is_due(self, frame: Frame, now: float) -> bool:
        return (
            self._boxes is Boxes.NONE
            or self._timeline.covers(frame.generation, frame.pts)
            or now - frame.captured > _LONGEST_WAIT
            or len(self._waiting) > _MOST_WAITING
        )

    def _release_first(self) -> None:
        frame, time = self._waiting.popleft()
        known = self._boxes is Boxes.ALIGNED
        detections = self._timeline.detections_at(frame.generation, frame.pts) if known else sv.Detections.empty()
        self._writer.offer(AnnotatedFrame(frame, detections, time))

    def _failed(self, error: Exception) -> None:
        self._on_failure(recording_error(self._file.path, error))


class _FileClock:
    """From stream time to file time: 0 for the first frame, as much as the camera says between frames.

    Where the camera's clock starts anew, the monotonic clock says how long it was away.
    """

    def __init__(self) -> None:
        self._first: Frame | None = None
        self._last: Frame | None = None
        self._offset = 0.0

    def time_of(self, frame: Frame) -> float:
        """Return the time in the file, in seconds: later than the one before."""
        if self._first is None or self._last is None:
            self._first = frame
            self._offset = -frame.pts
        elif self._starts_anew(frame, self._last):
            elapsed = frame.captured - self._first.captured
            self._offset = max(elapsed, self._last.pts + self._offset + _SMALLEST_GAP) - frame.pts
        self._last = frame
        return frame.pts + self._offset

    @staticmethod
    def _starts_anew(frame: Frame, last: Frame) -> bool:
        # A camera that sets its clock must not make hours of nothing.  The other way round, when pictures come late
        # and then all at once, the camera's clock is right.
        runs_ahead = (frame.pts - last.pts) - (frame.captured - last.captured)
        return frame.generation != last.generation or runs_ahead > _CLOCK_JUMP
