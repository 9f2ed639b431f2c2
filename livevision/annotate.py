"""An annotated copy of a clean recording, from the detections beside it, at full quality and with any annotators."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from livevision.disk_threads import off_loop
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

    from livevision.frame import Image
    from livevision.recording.recorded import Recorded


class Drawn(Protocol):
    """What is drawn into a copy."""

    def keep(self, detections: sv.Detections, /) -> sv.Detections:
        """Return those that are wanted."""

    def draw(
        self, image: Image, detections: sv.Detections, frame_size: tuple[int, int], moment: tuple[int, float], /
    ) -> Image:
        """Draw, as :class:`livevision.recording.annotated.Draw` does; ``moment`` has the time in the recording."""


async def annotate(
    clean: Path,
    target: Path,
    drawn_from: Callable[[Recorded], Drawn],
    *,
    sidecar: Path | None = None,
    on_progress: Callable[[ProcessProgress], None] = lambda progress: None,
) -> ProcessSummary:
    """Write a copy of ``clean``, a recording, with its detections drawn in, to ``target``.

    The detections are those of ``sidecar``, or of the file that was written beside the recording; frames between two
    results get what lies between them.  ``drawn_from`` is given them, for the writer's thread alone, and says what is
    drawn.  The times of the frames stay as they are.  There is no sound in the result yet.  The result takes its name
    when it is complete, as in :func:`livevision.processing.process`.

    Raises what ``drawn_from`` does, UsageError before any work where ``target`` cannot be meant or there are no
    detections, SourceUnusable and RecordingError.
    """

    def look() -> Path:
        check_target(clean, target)
        return find_sidecar(clean, sidecar)

    beside = await off_loop("look for detections", look)
    started = time.monotonic()
    frames = count = 0
    reader = FileReader(clean, 0, Pace.EVERY_FRAME, AtEnd.STOP)
    async with ReadAhead(reader) as video:
        recorded = await video.run(lambda: read_sidecar(beside))
        drawn = drawn_from(recorded.for_another_thread())
        async with ResultFile(target, drawn.draw, video.run) as result:
            info = await video.open()
            while (frame := await video.next()) is not None:
                detections = drawn.keep(recorded.detections_at(frame.pts))
                await result.put(AnnotatedFrame(frame, detections, frame.pts))
                frames += 1
                count += len(detections)
                on_progress(ProcessProgress(frames, info.frames, frame.pts, info.duration))
            await result.complete()
    seconds = time.monotonic() - started
    return ProcessSummary(frames, seconds, frames / seconds, count)


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
