"""An annotated copy of a clean recording, from the detections beside it, at full quality and with any annotators."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from livevision.errors import UsageError
from livevision.processing import (
    ProcessProgress,
    ProcessSummary,
    ReadAhead,
    ResultFile,
    check_target,
)
from livevision.recording.annotated import AnnotatedFrame
from livevision.recording.recorded import read_sidecar
from livevision.recording.sidecar import sidecar_path
from livevision.sources.file import AtEnd, FileReader, Pace
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import supervision as sv

    from livevision.recording.annotated import Draw


async def annotate(
    clean: Path,
    target: Path,
    *,
    draw: Draw,
    keep: Callable[[sv.Detections], sv.Detections] = lambda detections: detections,
    sidecar: Path | None = None,
    on_progress: Callable[[ProcessProgress], None] = lambda progress: None,
) -> ProcessSummary:
    """Write a copy of ``clean``, a recording, with what ``keep`` leaves of its detections drawn in, to ``target``.

    The detections are those of ``sidecar``, or of the file that was written beside the recording; frames between two
    results get what lies between them.  The times of the frames stay as they are.  There is no sound in the result yet.
    The result takes its name when it is complete, as in :func:`livevision.processing.process`.

    Raises UsageError before any work where ``target`` cannot be meant or there are no detections, SourceUnusable and
    RecordingError.
    """
    check_target(clean, target)
    beside = find_sidecar(clean, sidecar)
    started = time.monotonic()
    frames = drawn = 0
    reader = FileReader(clean, 0, Pace.EVERY_FRAME, AtEnd.STOP)
    async with ReadAhead(reader) as video, ResultFile(target, draw, video.run) as result:
        info = await video.open()
        recorded = await video.run(lambda: read_sidecar(beside))
        while (frame := await video.next()) is not None:
            detections = keep(recorded.detections_at(frame.pts))
            await result.put(AnnotatedFrame(frame, detections, frame.pts))
            frames += 1
            drawn += len(detections)
            on_progress(ProcessProgress(frames, info.frames, frame.pts, info.duration))
        await result.complete()
    seconds = time.monotonic() - started
    return ProcessSummary(frames, seconds, frames / seconds, drawn)


def find_sidecar(clean: Path, sidecar: Path | None = None) -> Path:
    """Return ``sidecar``, or the one beside the recording ``clean``.  Raises UsageError where one is missing."""
    if not clean.is_file():
        raise UsageError(say("There is no recording {name}; check the name", name=clean))
    beside = sidecar or sidecar_path(clean)
    if not beside.is_file():
        raise UsageError(
            say(
                "There are no detections for {recording}: {file} is missing; "
                "put it beside the recording, or run livevision process with a model",
                recording=clean.name,
                file=beside.name,
            )
        )
    return beside
