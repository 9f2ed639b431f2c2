"""A camera as the app has it: what was asked for, its session, and what belongs to it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.inference.filter import DetectionFilter
from livevision.inference.movement import Movement
from livevision.inference.options import ModelOptions
from livevision.inference.sought import WHATEVER_MOVES, Sought
from livevision.overlay import EVERYTHING, OverlayStyle
from livevision.sources.registry import AtEnd
from livevision.timing import BoxTiming
from livevision.tracking.identities import Identities, TrackerChoice
from livevision.wording import say

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from livevision.camera import CameraSession
    from livevision.inference.detector import Detector
    from livevision.overlay import Privacy
    from livevision.recording.plan import RecordingPlan
    from livevision.recording.recorder import Recorder
    from livevision.recordings import Recordings
    from livevision.snapshot import LatestSeen


@dataclass(frozen=True, slots=True)
class CameraRequest:
    """What a user asks for: a source, a model for it, and which of its detections to keep."""

    source: str = field(repr=False)
    """May have a password in it."""
    model: str | None = None
    keep: DetectionFilter = field(default_factory=DetectionFilter)
    options: ModelOptions = field(default_factory=ModelOptions)
    at_end: AtEnd = AtEnd.STOP
    tracker: TrackerChoice = TrackerChoice.BYTETRACK
    timing: BoxTiming = BoxTiming.LIVE
    """On the screen; recordings are always aligned."""
    style: OverlayStyle = field(default_factory=OverlayStyle)
    id: str = ""
    """What stays the same whatever it is called, where somebody keeps its settings."""
    name: str = ""
    """What the operator calls it; empty: as its source."""


@dataclass(eq=False)
class Camera:
    """A camera of the app: its session and what belongs to it."""

    request: CameraRequest
    session: CameraSession
    seen: LatestSeen
    recordings: Recordings
    usual_name: str = ""
    """What it is called where the operator says nothing: as its source."""
    model_trouble: str = ""
    """Why the model that was asked for is not there, in one line for the operator."""
    loading: str = ""
    """The model that is being loaded, as the operator called it; empty when none is."""
    loading_since: float = 0.0
    """When that began, by ``clock``."""
    clock: Callable[[], float] = time.monotonic
    pending: asyncio.Task[Detector | None] | None = None
    """What loads it."""
    loaded: tuple[str, ModelOptions] | None = None
    """What the detector of its session was loaded from, and how; None where it has none."""
    wanted_model: object = None
    """Stands for the last call that set a model."""
    plan: RecordingPlan | None = None
    """How it is recorded, where that differs from what is usual."""

    @property
    def loading_s(self) -> float:
        """For how many seconds a model has been loading; 0 when none is."""
        return self.clock() - self.loading_since if self.loading else 0.0

    @property
    def id(self) -> str:
        """What stays the same whatever it is called."""
        return self.request.id

    @property
    def name(self) -> str:
        """What it is called on the screen; unique in the app."""
        return self.session.name

    @property
    def running_model(self) -> str | None:
        """The model that looks at its pictures, as the operator called it, whatever is being loaded; None for none."""
        return self.loaded[0] if self.loaded else None

    @property
    def recorder(self) -> Recorder | None:
        """What records it at the moment, or is being closed."""
        return self.recordings.recorder

    @property
    def trouble(self) -> str:
        """What went wrong with the last recording, in one line for the operator."""
        return self.recordings.trouble

    def set_keep(self, keep: DetectionFilter) -> None:
        """Say which detections are wanted from now on."""
        self.request = replace(self.request, keep=keep)
        self.session.keep = keep

    def set_tracker(self, tracker: TrackerChoice) -> None:
        """Say how objects get their identities; they are counted anew."""
        self.request = replace(self.request, tracker=tracker)
        self.session.inference.tracker = None if tracker is TrackerChoice.OFF else Identities(tracker)

    def set_style(self, style: OverlayStyle) -> None:
        """Say how pictures are drawn on, and who is hidden in them: in snapshots and recordings, too.

        A recording that runs is drawn on as before, but whoever is to be hidden now is hidden in it from now on.
        """
        self.request = replace(self.request, style=style)
        self.seen.style = style
        self.recordings.hide_also(style.hidden)
        self.ask_for_hidden()

    def check_classes(self, detector: Detector) -> None:
        """Raise UsageError where a class is wanted, or is to be hidden, that the detector says it does not know."""
        self.session.keep.check(detector.classes)
        if self.session.inference.sought is not None:
            self.session.inference.sought.check(detector.classes)

    @property
    def hiding_trouble(self) -> str:
        """Why its model cannot find those who are to be hidden, in one line for the operator; empty where it may."""
        detector, sought = self.session.detector, self.session.inference.sought
        if detector is None or sought is None:
            return ""
        try:
            sought.check(detector.classes)
        except UsageError as error:
            return error.text
        return ""

    def ask_for_hidden(self) -> None:
        """Let the model be asked for all who must not be seen: on the screen, or in a recording that runs."""
        before = self.session.inference.sought
        hidden = self.request.style.hidden.also(self.recordings.hidden)
        self.session.inference.sought = sought_for(hidden, before.movement if before is not None else None)


def sought_for(hidden: Privacy, movement: Movement | None = None) -> Sought | None:
    """Return what a model has to be asked for so that those can be hidden who must not be seen; None for nothing.

    ``movement`` is what the camera has learned of its background by now.
    """
    if not hidden:
        return None
    moves = WHATEVER_MOVES in hidden.classes
    classes = None if EVERYTHING in hidden.classes else hidden.classes - {WHATEVER_MOVES}
    return Sought(classes, (movement or Movement()) if moves else None)


def check_hiding(style: OverlayStyle, model: str | None) -> None:
    """Raise UsageError where somebody is to be hidden and no model is there to find them."""
    if style.hidden and model is None:
        raise UsageError(
            say(
                "without a model nothing finds {classes} to hide: say which model, as in --model people",
                classes=", ".join(sorted(style.hidden.classes)),
            )
        )
