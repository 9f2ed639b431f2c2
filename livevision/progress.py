"""`livevision process` on a terminal: the progress bar and the line at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from livevision.annotate import annotate
from livevision.export.drawn import DrawnByModel, DrawnFromRecording
from livevision.inference.detector import Tunable
from livevision.one_model import one_model
from livevision.processing import ProcessProgress, ProcessSummary, check_target, process
from livevision.sources.registry import SourceRegistry

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.inference.filter import DetectionFilter
    from livevision.inference.options import ModelOptions
    from livevision.overlay import OverlayStyle


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What a file is looked at with, and what of it is drawn."""

    model: str
    options: ModelOptions
    keep: DetectionFilter
    style: OverlayStyle


async def process_with_bar(source: Path, target: Path, choice: FileChoice) -> str:
    """Do what :func:`livevision.processing.process` does, show how far it is, and return the line that ends it.

    Who is hidden in the style is hidden in the result.

    Raises LivevisionError where something is wrong, before any work where that can be known.
    """
    SourceRegistry().opener(str(source))
    check_target(source, target)
    async with one_model(choice.model, choice.options) as detector:
        choice.keep.check(detector.classes)
        drawn = DrawnByModel(choice.keep, choice.style, detector)
        if isinstance(detector, Tunable):
            detector.tune(drawn.asked_for)
        bar = _bar()
        task = bar.add_task(source.name, total=None)

        def show(now: ProcessProgress) -> None:
            # Started with the first frame: a mistake costs one line, not a line and an empty bar.
            bar.start()
            bar.update(task, completed=now.frames, total=now.total)

        try:
            summary = await process(source, target, detector, draw=drawn.draw, keep=drawn.keep, on_progress=show)
            bar.update(task, completed=summary.frames, total=summary.frames)
        finally:
            if bar.live.is_started:
                bar.stop()
    return _summary(summary, target)


def _summary(summary: ProcessSummary, target: Path) -> str:
    unsound = f" ({summary.unsound} more could not be true and were left out)" if summary.unsound else ""
    return (
        f"{summary.frames} frames in {summary.seconds:.1f} s ({summary.fps:.0f} a second), "
        f"{summary.detections} detections{unsound}. Written to {target}"
    )


async def annotate_with_bar(
    recording: Path, target: Path, keep: DetectionFilter, style: OverlayStyle, detections: Path | None
) -> str:
    """Do what :func:`livevision.annotate.annotate` does, show how far it is, and return the line that ends it."""
    bar = _bar()
    task = bar.add_task(recording.name, total=None)

    def show(now: ProcessProgress) -> None:
        bar.start()
        bar.update(task, completed=now.frames, total=now.total)

    try:
        summary = await annotate(
            recording,
            target,
            lambda recorded: DrawnFromRecording(keep, style, recorded, recording),
            sidecar=detections,
            on_progress=show,
        )
        bar.update(task, completed=summary.frames, total=summary.frames)
    finally:
        if bar.live.is_started:
            bar.stop()
    return _summary(summary, target)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("frames"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
