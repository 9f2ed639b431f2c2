"""`livevision process` on a terminal: the progress bar and the line at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from livevision.inference.filter import DetectionFilter
from livevision.inference.registry import DetectorRegistry
from livevision.overlay import Overlay
from livevision.processing import ProcessProgress, check_target, process
from livevision.sources.registry import SourceRegistry

if TYPE_CHECKING:
    from pathlib import Path


async def process_with_bar(source: Path, target: Path, model: str, confidence: float, classes: str | None) -> str:
    """Do what :func:`livevision.processing.process` does, show how far it is, and return the line that ends it.

    Raises LivevisionError where something is wrong, before any work where that can be known.
    """
    SourceRegistry().opener(str(source))
    check_target(source, target)
    detector = await DetectorRegistry().load(model)
    try:
        keep = DetectionFilter.parse(confidence, classes, detector.classes)
        bar = _bar()
        task = bar.add_task(source.name, total=None)

        def show(now: ProcessProgress) -> None:
            # Started with the first frame: a mistake costs one line, not a line and an empty bar.
            bar.start()
            bar.update(task, completed=now.frames, total=now.total)

        try:
            summary = await process(source, target, detector, draw=Overlay().draw, keep=keep.apply, on_progress=show)
            bar.update(task, completed=summary.frames, total=summary.frames)
        finally:
            if bar.live.is_started:
                bar.stop()
    finally:
        await detector.aclose()
    return (
        f"{summary.frames} frames in {summary.seconds:.1f} s ({summary.fps:.0f} a second), "
        f"{summary.detections} detections. Written to {target}"
    )


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
