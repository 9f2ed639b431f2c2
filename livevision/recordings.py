"""The recordings of one camera, one at a time, and what is kept so that the next one can begin a little earlier."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from livevision.inference.detector import Placed
from livevision.overlay import Overlay
from livevision.recording.aligner import Boxes
from livevision.recording.packet_ring import PacketRing
from livevision.recording.recent_results import RecentResults
from livevision.recording.recorder import RecordedCamera, Recorder, RecordingProgress
from livevision.recording.sidecar_header import SidecarHeader

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.camera import CameraSession
    from livevision.errors import RecordingError
    from livevision.recording.plan import RecordingPlan

_LAG = 2.0
"""Seconds that a result may come after its picture."""
_LIBRARIES = ("av", "supervision")


class Recordings:
    """Made before the session is entered.  ``source`` has no password in it; ``on_over`` as for the Recorder."""

    def __init__(self, session: CameraSession, preroll: float, source: str, on_over: Callable[[], None]) -> None:
        self.recorder: Recorder | None = None
        self.trouble = ""
        """What went wrong with the last recording, in one line for the operator."""
        self.last: RecordingProgress | None = None
        """How the last recording ended."""
        self.has_begun = False
        """Whether there was ever one."""
        self._session = session
        self._source = source
        self._on_over = on_over
        self._ring = PacketRing(preroll)
        self._recent = RecentResults(preroll + _LAG)
        self._unsubscribe: Callable[[], None] = lambda: None
        session.packets = self._ring
        session.subscribe(self._recent)

    def start(self, plan: RecordingPlan) -> None:
        """Record into new files; what fails later is in ``trouble``.  Does nothing while it records."""
        if self.recorder is not None:
            return
        self.trouble, self.has_begun = "", True
        camera = RecordedCamera(self._session.name, self._ring, self._recent, Overlay().draw, self._describe)
        self.recorder = Recorder(camera, plan, self._boxes(), self._failed, self._on_over)
        self._unsubscribe = self._session.subscribe(self.recorder)

    async def stop(self, deadline: float) -> RecordingProgress | None:
        """Complete the recording and return how it ended; None where nothing is recorded, or somebody else stops it."""
        recorder = self.recorder
        if recorder is None:
            return None
        if recorder.is_closing:
            await recorder.aclose(deadline)
            return None
        self._unsubscribe()
        try:
            progress = self.last = await recorder.aclose(deadline)
        finally:
            self.recorder = None
        self._session.metrics.drop("recording", progress.dropped)
        return progress

    @property
    def frames(self) -> int:
        """Pictures in the recording that runs, or else in the last one."""
        progress = self.recorder.progress if self.recorder is not None else self.last
        return progress.frames if progress is not None else 0

    def detector_changed(self) -> None:
        """Let the recording know that the camera has got a detector, or lost it."""
        if self.recorder is not None:
            self.recorder.boxes = self._boxes()

    def _boxes(self) -> Boxes:
        return Boxes.ALIGNED if self._session.detector else Boxes.NONE

    def _failed(self, error: RecordingError) -> None:
        self.trouble = self.trouble or str(error)

    def _describe(self) -> SidecarHeader:
        detector, keep = self._session.detector, self._session.keep
        return SidecarHeader(
            size=(0, 0),
            camera=self._session.name,
            source=self._source,
            model=detector.name if detector else "",
            runs_on=_runs_on(detector),
            confidence=keep.confidence,
            floor=keep.floor,
            classes=None if keep.classes is None else tuple(sorted(keep.classes)),
            iou=keep.iou,
            versions={library: version(library) for library in _LIBRARIES},
        )


def _runs_on(detector: object) -> str:
    return detector.runs_on if isinstance(detector, Placed) else ""
