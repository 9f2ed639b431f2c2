"""Records one camera as a plan says: makes its lanes, starts and stops them together, and watches the disk."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.errors import RecordingError
from livevision.recording.aligner import Boxes
from livevision.recording.disk import DiskGuard, DiskReport
from livevision.recording.growth import SAID_AFTER, GrowthWatch
from livevision.recording.lanes.lane import Course
from livevision.recording.segment_files import SegmentFiles
from livevision.recording.segments import Segments
from livevision.recording.stopwatch import Stopwatch
from livevision.recording.ways import Way, choose_way
from livevision.sources.reader import Demand
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.frame import Frame, Result
    from livevision.recording.annotated import Draw
    from livevision.recording.growth import Sizes
    from livevision.recording.packet_ring import PacketRing
    from livevision.recording.plan import RecordingPlan
    from livevision.recording.recent_results import RecentResults
    from livevision.recording.sidecar_header import SidecarHeader
    from livevision.sources.status import CameraStatus

_NAMES_WITHIN = 2.0
"""Seconds in which names of files that nobody began are set free: a disk that hangs has had its time by then."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedCamera:
    """What a recorder needs of a camera."""

    name: str
    packets: PacketRing | None
    """What it has sent lately, and sends; None where nobody keeps it."""
    recent: RecentResults
    draw: Draw
    """One recording's own, as it is called in the writer's thread."""
    describe: Callable[[], SidecarHeader]
    """Says, on the event loop, where its detections come from."""


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """How far a recording is."""

    paths: tuple[Path, ...]
    """Its media files, the newest last; empty before the first picture."""
    seconds: float
    """Time in the recording of the newest picture."""
    bytes: int
    frames: int
    """Pictures in the file in original quality, where there is one, else in the other."""
    dropped: int
    """Pictures that are missing in one of the files, because disk or processor did not keep up or something failed."""
    left: int = 0
    """Pictures and packets that are on their way to the files."""
    words: str = ""
    """What the operator is to know: closing, a disk that is nearly full."""
    remark: str = ""
    """What is to be said of the files once they are complete."""

    @property
    def path(self) -> Path | None:
        """The newest file."""
        return self.paths[-1] if self.paths else None


class Recorder:
    """Subscribes to a camera and records it into new files from now on, or from a little before.

    Made, used and closed on the event loop, which it never keeps waiting.  Each failure is told once to ``on_trouble``;
    what can go on does.  When nothing is left, or the plan's duration is over, or the disk is full, or no file grows
    while pictures come, ``on_over`` is called, and the owner closes the recorder.
    """

    def __init__(
        self,
        camera: RecordedCamera,
        plan: RecordingPlan,
        boxes: Boxes = Boxes.ALIGNED,
        on_trouble: Callable[[RecordingError], None] = lambda error: None,
        on_over: Callable[[], None] = lambda: None,
        guard: DiskGuard | None = None,
    ) -> None:
        self.camera = camera
        self.plan = plan
        self._boxes = boxes
        self._on_trouble = on_trouble
        self._on_over = on_over
        self._is_over = self._is_closing = self._is_closed = False
        self._loop = asyncio.get_running_loop()
        files = SegmentFiles(plan, camera.name)
        self._course = Course(camera.name, plan, files, Segments(plan.segmenting), self._failed)
        self._growth = GrowthWatch(self._sizes)
        self._stopwatch = Stopwatch(plan.duration, time.monotonic(), self._end_soon)
        self._way: Way | None = None
        self._guard = guard or DiskGuard(plan.folder)
        self._watching = asyncio.create_task(
            self._guard.watch(self._bytes_per_second, self._disk_changed), name=f"disk of {camera.name}"
        )
        if camera.packets is not None and camera.packets.media is not None:
            self._begin()

    def __repr__(self) -> str:
        return f"<Recorder {self.camera.name!r} {self.plan.kind.value}, {self._way!r}>"

    @property
    def is_closing(self) -> bool:
        """Whether it was asked to close."""
        return self._is_closing

    @property
    def wants(self) -> Demand:
        """Every frame, unless it records packets."""
        return Demand.EVERY_FRAME if self._way is None else self._way.wants

    @property
    def progress(self) -> RecordingProgress:
        """How far the recording is at this moment."""
        if self._way is None:
            return RecordingProgress((), 0.0, 0, 0, 0, words=self._words(0))
        of_media = [lane.progress for lane in self._way.media_lanes]
        leader = of_media[0]
        left = self._way.left + sum(one.left for one in of_media)
        return RecordingProgress(
            # Of each kind the newest ones, side by side.
            tuple(path for one in reversed(of_media) for path in one.paths),
            max(one.seconds for one in of_media),
            sum(one.bytes for one in of_media),
            leader.frames,
            self._way.dropped + sum(one.dropped for one in of_media),
            left,
            self._words(left),
            self._way.remark,
        )

    @property
    def boxes(self) -> Boxes:
        """Whether pictures wait for boxes; may be set at any time, as a camera gets a detector or loses it."""
        return self._boxes

    @boxes.setter
    def boxes(self, boxes: Boxes) -> None:
        self._boxes = boxes
        if self._way is not None:
            for lane in self._way.lanes:
                lane.set_boxes(boxes)

    def on_frame(self, frame: Frame) -> None:
        """Take a frame; with the first one it is known whether the camera sends packets."""
        if self._is_closing:
            return
        self._watch_growth(frame.captured)
        if self._way is None:
            self._begin()
        if self._way is not None:
            self._way.on_frame(frame)

    def on_result(self, result: Result) -> None:
        """Take a result."""
        if self._way is not None:
            for lane in self._way.lanes:
                lane.on_result(result)

    def on_status(self, status: CameraStatus) -> None:
        """Take a change of the camera's state."""
        if self._way is not None:
            for lane in self._way.lanes:
                lane.on_status(status)

    async def aclose(self, deadline: float) -> RecordingProgress:
        """Write what is there, with the boxes known so far, and complete the files.

        What is not written after ``deadline`` seconds is dropped and counted.  May be called again.
        """
        self._is_closing = True
        self._watching.cancel()
        # First, as it takes no more packets from this moment on, also if we are cancelled.
        if self._way is not None:
            await self._way.aclose(deadline)
            await self._course.files.aclose(min(deadline, _NAMES_WITHIN))
        await asyncio.wait([self._watching])
        self._is_closed = True
        return self.progress

    def _begin(self) -> None:
        self._way = choose_way(self._course, self.camera, self._boxes, self._stopwatch)
        # Packets reach the lanes that wait for boxes by way of the loop, so that these are there before them.
        for result in self.camera.recent.recent():
            for lane in self._way.lanes:
                lane.on_result(result)

    def _watch_growth(self, captured: float) -> None:
        self._growth.arrived(captured)
        if self._growth.has_failed and not self._is_over:
            words = say(
                "The recording was ended: none of the pictures of the last {seconds} s reached its file; "
                "check the disk and record again",
                seconds=f"{self._growth.missing:.0f}",
            )
            self._on_trouble(RecordingError(words))
            self._end()

    def _sizes(self) -> Sizes:
        lanes = self._way.media_lanes if self._way is not None else ()
        going = {which: lane.progress for which, lane in enumerate(lanes) if not lane.has_failed}
        return {which: (progress.frames, progress.bytes) for which, progress in going.items()}

    def _bytes_per_second(self) -> float:
        progress = self.progress
        return progress.bytes / progress.seconds if progress.seconds > 1 else 0.0

    def _disk_changed(self, report: DiskReport) -> None:
        if not report.may_record:
            self._on_trouble(RecordingError(say("The recording was ended: {reason}", reason=report.reason)))
            self._end()

    def _failed(self, error: RecordingError) -> None:
        self._on_trouble(error)
        if self._way is not None and self._way.has_failed:
            self._end()

    def _end(self) -> None:
        if not (self._is_over or self._is_closing):
            self._is_over = True
            self._on_over()

    def _end_soon(self) -> None:
        # From the thread that captures.
        self._loop.call_soon_threadsafe(self._end)

    def _words(self, left: int) -> str:
        if self._is_closed:
            return ""
        if self._is_closing:
            return say("closing, {count} left", count=left) if left else say("closing")
        if self._growth.missing >= SAID_AFTER:
            return say("the file has not grown for {seconds} s", seconds=f"{self._growth.missing:.0f}")
        note = self._way.note if self._way is not None else ""
        return self._guard.report.words or note
