"""A recorded file annotated as a whole: with a model, or with what was found when it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.annotate import annotate
from livevision.disk_threads import off_loop
from livevision.export.drawn import DrawnByModel, DrawnFromRecording
from livevision.inference.detector import Tunable
from livevision.processing import check_target, process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.registry import DetectorRegistry
    from livevision.overlay import OverlayStyle
    from livevision.processing import ProcessProgress, ProcessSummary
    from livevision.recording.recorded import Recorded


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

    def drawn_from(self, recorded: Recorded) -> DrawnFromRecording:
        """Return what is drawn from the detections beside the source.  Raises UsageError."""
        return DrawnFromRecording(self.keep, self.style, recorded, self.source)


async def annotate_file(
    job: FileJob, models: DetectorRegistry, on_progress: Callable[[ProcessProgress], None]
) -> ProcessSummary:
    """Write ``job.target``, an MP4 without sound.  On the event loop, which ``on_progress`` is called on, too.

    After an error or a cancellation nothing is left of it, and nothing that exists is overwritten.  Raises UsageError,
    before any work where that can be known, ModelError, DetectorError, SourceUnusable and RecordingError.
    """
    if job.model is None:
        return await annotate(job.source, job.target, job.drawn_from, on_progress=on_progress)
    await off_loop("look at the target", lambda: check_target(job.source, job.target))
    detector = await models.load(job.model)
    try:
        job.keep.check(detector.classes)
        drawn = DrawnByModel(job.keep, job.style, detector)
        if isinstance(detector, Tunable):
            detector.tune(drawn.asked_for)
        return await process(
            job.source, job.target, detector, draw=drawn.draw, keep=drawn.keep, on_progress=on_progress
        )
    finally:
        await detector.aclose()
