"""A recorded file annotated as a whole: with a model, or with what was found when it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.annotate import annotate
from livevision.inference.detector import Tunable
from livevision.inference.filter import DetectionFilter
from livevision.overlay import EVERYTHING, Overlay, OverlayStyle, PrivacyFilter
from livevision.processing import check_target, process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.registry import DetectorRegistry
    from livevision.overlay.placed import Size
    from livevision.overlay.traces import Moment
    from livevision.processing import ProcessProgress, ProcessSummary

_SURE_ENOUGH_TO_HIDE = 0.1
"""Confidence from which somebody is hidden who may not be seen, as on the screen."""


@dataclass(frozen=True, slots=True)
class FileJob:
    """What is to be annotated, with what, and into which file.  Immutable."""

    source: Path
    target: Path
    model: str | None
    """None: what was found when it was recorded, which is beside it."""
    keep: DetectionFilter
    style: OverlayStyle
    """Who is hidden in it is hidden in the result."""


async def annotate_file(
    job: FileJob, models: DetectorRegistry, on_progress: Callable[[ProcessProgress], None]
) -> ProcessSummary:
    """Write ``job.target``, an MP4 without sound.  On the event loop, which ``on_progress`` is called on, too.

    After an error or a cancellation nothing is left of it, and nothing that exists is overwritten.  Raises UsageError,
    before any work where that can be known, ModelError, DetectorError, SourceUnusable and RecordingError.
    """
    drawn = _Drawn(job.keep, job.style)
    if job.model is None:
        return await annotate(job.source, job.target, draw=drawn.draw, keep=drawn.keep, on_progress=on_progress)
    check_target(job.source, job.target)
    detector = await models.load(job.model)
    try:
        job.keep.check(detector.classes)
        if isinstance(detector, Tunable):
            detector.tune(drawn.asked_for)
        return await process(
            job.source, job.target, detector, draw=drawn.draw, keep=drawn.keep, on_progress=on_progress
        )
    finally:
        await detector.aclose()


class _Drawn:
    """Hides first, whoever was found, and then draws what is wanted; in the writer's thread."""

    def __init__(self, wanted: DetectionFilter, style: OverlayStyle) -> None:
        self._wanted = wanted
        self._overlay = Overlay(style)
        hidden = style.hidden
        self._privacy = PrivacyFilter(hidden.for_files)
        self.asked_for = wanted
        """What the model has to answer."""
        if hidden:
            classes = None if EVERYTHING in hidden.classes else hidden.classes
            self.asked_for = wanted.also(DetectionFilter(_SURE_ENOUGH_TO_HIDE, classes))

    def keep(self, detections: sv.Detections) -> sv.Detections:
        """Keep those that are shown or hidden."""
        return self.asked_for.apply(detections)

    def draw(self, image: Image, detections: sv.Detections, frame_size: Size, moment: Moment) -> Image:
        """Draw, as :class:`livevision.recording.annotated.Draw` does."""
        if self._privacy.active:
            # Every picture was looked at, so that what was found is known: nobody, perhaps.
            image = self._privacy.hide(image, frame_size, moment, detections)
            detections = self._wanted.apply(detections)
        return self._overlay.draw(image, detections, frame_size, moment)
