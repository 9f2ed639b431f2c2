"""Writing a section: in threads of its own, with progress, and nothing half-done left behind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from livevision.disk_threads import DiskThreads, off_loop
from livevision.errors import SourceUnusable, UsageError
from livevision.export.packet_copy import PacketCopy
from livevision.export.section import ExportSummary, Section, check_section, suffix_for
from livevision.export.section_reader import SectionReader
from livevision.export.section_sidecar import started_at, write_section_sidecar
from livevision.processing import ReadAhead, ResultFile, check_target
from livevision.recording.annotated import AnnotatedFrame
from livevision.recording.sidecar import sidecar_path
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import supervision as sv

    from livevision.recording.annotated import Draw
    from livevision.recording.recorded import Recorded


_REMOVED_WITHIN = 5.0
"""Seconds that what is half-done has to go; a disk that does not answer keeps it."""


class Progress(Protocol):
    """Told how much is done, 0 to 1, on the event loop."""

    def __call__(self, share: float, /) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """What is drawn into an annotated copy, and how.  The copy uses it from threads of its own."""

    recorded: Recorded
    keep: Callable[[sv.Detections], sv.Detections]
    draw: Draw

    def at(self, seconds: float) -> sv.Detections:
        """Return what is to be drawn at a time in the recording; takes milliseconds."""
        return self.keep(self.recorded.detections_at(seconds))


async def export_clean(
    recording: Path, section: Section, target: Path, recorded: Recorded | None, on_progress: Progress
) -> ExportSummary:
    """Copy the packets of a section, sound included, to ``target``: an MP4 or Matroska file, as the recording is one.

    It begins with the keyframe at or before the section, which ``ExportSummary.start`` says, and ends with the section.
    After an error or a cancellation nothing is left of it.  Raises UsageError, SourceUnusable and RecordingError.
    """
    loop = asyncio.get_running_loop()
    wanted = suffix_for(recording)
    if target.suffix.lower() != wanted:
        raise UsageError(
            say(
                "{target}: a clean copy of {recording} is a {wanted} file; name it so",
                target=target.name,
                recording=recording.name,
                wanted=wanted,
            )
        )
    pool = DiskThreads(f"export {target.name}")
    copy: PacketCopy | None = None
    try:
        await loop.run_in_executor(pool, check_section, recording, section, target)
        making = loop.run_in_executor(pool, PacketCopy, recording, section, target, _started(recorded))
        try:
            copy = await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait([making], timeout=_REMOVED_WITHIN)
            copy = making.result() if making.done() and not making.exception() else None
            raise
        while (done := await loop.run_in_executor(pool, copy.work)) is not None:
            on_progress(done)
        await loop.run_in_executor(pool, copy.complete)
        copied, copy = copy, None
        sidecar = await loop.run_in_executor(
            pool, _write_sidecar, recording, Section(copied.start, section.end), recorded, copied.path
        )
        return ExportSummary(copied.path, sidecar, copied.start, copied.pictures)
    finally:
        if copy is not None:
            # In its thread, behind what is being done there, and waited for unless the disk does not answer.
            discarding = loop.run_in_executor(pool, copy.discard)
            await asyncio.shield(asyncio.wait([discarding], timeout=_REMOVED_WITHIN))
        pool.shutdown(wait=False)


async def export_annotated(
    recording: Path, section: Section, target: Path, boxes: Boxes, on_progress: Progress
) -> ExportSummary:
    """Write exactly the section, encoded anew with the boxes drawn in, to ``target``, an MP4.  There is no sound in it.

    After an error or a cancellation nothing is left of it.  Raises UsageError, SourceUnusable and RecordingError.
    """
    await off_loop("look at the target", lambda: check_target(recording, target))
    reader = SectionReader(recording, section, _started(boxes.recorded))
    pictures, first, last = 0, section.start, section.end
    async with ReadAhead(reader) as video, ResultFile(target, boxes.draw, video.run) as result:
        await video.run(lambda: check_section(recording, section, target))
        await video.open()
        while (frame := await video.next()) is not None:
            first = frame.pts if pictures == 0 else first
            last = frame.pts
            detections = await video.run(partial(boxes.at, last))
            await result.put(AnnotatedFrame(frame, detections, last - first))
            pictures += 1
            on_progress(min(1.0, (last - first) / max(section.end - first, 1e-3)))
        if pictures == 0:
            raise SourceUnusable(say("{recording}: there is no picture in this section.", recording=recording.name))
        await result.complete()
        written = Section(first, last)
        sidecar = await video.run(lambda: _write_sidecar(recording, written, boxes.recorded, target))
    return ExportSummary(target, sidecar, first, pictures)


def _started(recorded: Recorded | None) -> float | None:
    began = started_at(recorded.header) if recorded is not None else None
    return began.timestamp() if began is not None else None


def _write_sidecar(recording: Path, section: Section, recorded: Recorded | None, target: Path) -> Path | None:
    source = sidecar_path(recording)
    if recorded is None or not source.is_file():
        return None
    return write_section_sidecar(source, section, recorded, target)
