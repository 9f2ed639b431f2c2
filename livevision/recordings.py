"""The recordings of one camera, one at a time, and what is kept so that the next one can begin a little earlier."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.inference.detector import runs_on
from livevision.overlay import Drawing, Privacy
from livevision.recording.aligner import Boxes
from livevision.recording.kind import Kind
from livevision.recording.packet_ring import PacketRing
from livevision.recording.recent_results import RecentResults
from livevision.recording.recorder import RecordedCamera, Recorder, RecordingProgress
from livevision.recording.sidecar_header import SidecarHeader
from livevision.sources.reader import Demand
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.camera import CameraSession
    from livevision.errors import LivevisionError
    from livevision.frame import Frame
    from livevision.overlay import OverlayStyle
    from livevision.recording.plan import RecordingPlan
    from livevision.sources.status import CameraStatus

_LAG = 22.0
"""Seconds that results are kept longer than packets: a pre-roll begins with a keyframe, and results come late."""
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
        self._drawing: Drawing | None = None
        """What draws on the pictures of the newest recording, and hides in them."""
        self._unsubscribe: Callable[[], None] = lambda: None
        session.packets = self._ring
        session.subscribe(self._recent)

    @property
    def hidden(self) -> Privacy:
        """Who is hidden in the recording that runs; nobody where none does."""
        return self._drawing.privacy if self.recorder is not None and self._drawing is not None else Privacy()

    def start(self, plan: RecordingPlan, style: OverlayStyle) -> None:
        """Record into new files; what fails later is in ``trouble``.  Does nothing while it records.

        Raises UsageError where somebody must not be seen, and the plan would keep the camera's own pictures.
        """
        if self.recorder is not None:
            return
        refuse_to_reveal(plan.kind, style.hidden.for_files)
        drawing = self._drawing = Drawing(style)
        self.trouble, self.has_begun = "", True
        for result in self._recent.recent():
            drawing.observe(result)
        camera = RecordedCamera(self._session.name, self._ring, self._recent, drawing.draw, self._describe)
        self.recorder = Recorder(camera, plan, self._boxes(), self._failed, self._on_over)
        stop_observing = self._session.subscribe(_Observer(drawing))
        stop_recording = self._session.subscribe(self.recorder)

        def unsubscribe() -> None:
            stop_recording()
            stop_observing()

        self._unsubscribe = unsubscribe

    def hide_also(self, privacy: Privacy) -> None:
        """Hide these in the recording that runs, too; one that keeps the camera's own pictures ends instead."""
        recorder, drawing, hidden = self.recorder, self._drawing, privacy.for_files
        if recorder is None or drawing is None or not hidden or recorder.is_closing:
            return
        drawing.hide_also(hidden)
        try:
            refuse_to_reveal(recorder.plan.kind, hidden)
        except UsageError as error:
            self._failed(error)
            self._unsubscribe()
            self._on_over()
        else:
            recorder.boxes = self._boxes()

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
        # Hidden people need results, whether or not there are boxes to wait for.
        hides = self._drawing is not None and self._drawing.hides
        return Boxes.ALIGNED if self._session.detector or hides else Boxes.NONE

    def _failed(self, error: LivevisionError) -> None:
        self.trouble = self.trouble or error.text

    def _describe(self) -> SidecarHeader:
        detector, keep = self._session.detector, self._session.keep
        return SidecarHeader(
            size=(0, 0),
            camera=self._session.name,
            source=self._source,
            model=detector.name if detector else "",
            runs_on=runs_on(detector),
            confidence=keep.confidence,
            floor=keep.floor,
            classes=None if keep.classes is None else tuple(sorted(keep.classes)),
            iou=keep.iou,
            knows=detector.classes if detector else None,
            hidden=tuple(sorted(self.hidden.classes)),
            versions={library: version(library) for library in _LIBRARIES},
        )


def refuse_to_reveal(kind: Kind, hidden: Privacy) -> None:
    """Raise UsageError where a recording of this kind would show who is ``hidden``."""
    if hidden and kind is not Kind.ANNOTATED:
        raise UsageError(
            say(
                "A {kind} recording would show who is to be hidden ({classes}). Record annotated instead.",
                kind=kind.value,
                classes=", ".join(sorted(hidden.classes)),
            )
        )


class _Observer:
    """Tells a drawing of every result, before the recorder gets it."""

    wants = Demand.KEYFRAMES

    def __init__(self, drawing: Drawing) -> None:
        self.on_result = drawing.observe

    def on_frame(self, frame: Frame) -> None:
        pass

    def on_status(self, status: CameraStatus) -> None:
        pass
