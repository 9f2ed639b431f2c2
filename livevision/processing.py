"""A whole file through a detector: every frame, in order, as fast as the machine allows."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from livevision.disk_threads import DiskThreads, off_loop
from livevision.errors import DetectorError, SourceUnusable, UsageError
from livevision.inference.foreign_code import failure
from livevision.inference.patient import PatientDetector
from livevision.inference.soundness import AnswerCheck
from livevision.inference.window import OrderedWindow
from livevision.recording.annotated import AnnotatedFrame, AnnotatedMp4
from livevision.recording.container import recording_error
from livevision.recording.naming import free_path
from livevision.recording.writer import ThreadedWriter
from livevision.sources.file import AtEnd, FileReader, Pace
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    import supervision as sv

    from livevision.frame import Frame
    from livevision.inference.detector import Detector
    from livevision.recording.annotated import Draw
    from livevision.sources.reader import FrameReader, SourceInfo

T = TypeVar("T")


class _Run(Protocol):
    """Does something in a thread that may wait for a disk."""

    def __call__(self, call: Callable[[], T], /) -> asyncio.Future[T]:
        """Do it, after what is to be done there already."""


_READ_AHEAD = 3
_QUEUED = 4
"""Frames before and after the detector; each is a full-size picture, and more would not make anything faster."""

_REMOVED_WITHIN = 5.0
"""Seconds that what is half-done has to go; a disk that does not answer keeps it."""


@dataclass(frozen=True, slots=True)
class ProcessProgress:
    """How far the processing of a file is."""

    frames: int
    total: int | None
    """Frames in the file, as far as it says."""
    time: float
    """Seconds of the video done."""
    duration: float | None
    """Seconds of the whole video, as far as it says."""


@dataclass(frozen=True, slots=True)
class ProcessSummary:
    """What was done."""

    frames: int
    seconds: float
    """How long it took."""
    fps: float
    """Frames per second that were reached."""
    detections: int
    unsound: int = 0
    """Boxes of the model's that could not be true, and were left out: NaN, inverted, absurdly far outside."""


async def process(
    source: Path,
    target: Path,
    detector: Detector,
    *,
    draw: Draw,
    keep: Callable[[sv.Detections], sv.Detections] = lambda detections: detections,
    on_progress: Callable[[ProcessProgress], None] = lambda progress: None,
) -> ProcessSummary:
    """Run ``detector`` over every frame of ``source`` and write what ``keep`` leaves, drawn in, to ``target``, an MP4.

    The intervals between frames stay as they are, and the first is at 0.  There is no sound in the result yet.
    ``on_progress`` is called on the event loop after each frame.  The detector stays the caller's.

    The result grows under the name ``NAME.part.mp4`` and takes its own when it is complete; after an error or a
    cancellation it is removed.  Nothing that exists is overwritten.

    Raises UsageError before any work where ``target`` cannot be meant, SourceUnusable, RecordingError, and
    DetectorError, which names the time of the frame.
    """
    await off_loop("look at the target", lambda: check_target(source, target))
    reader = FileReader(source, 0, Pace.EVERY_FRAME, AtEnd.STOP)
    return await process_reader(reader, target, detector, draw=draw, keep=keep, on_progress=on_progress)


def check_target(source: Path, target: Path) -> None:
    """Raise UsageError where ``target`` is not a new MP4 file in a folder that exists."""
    if target.resolve() == source.resolve():
        raise UsageError(say("{target} would be read and written at once; choose another output", target=target))
    if target.suffix.lower() != ".mp4":
        raise UsageError(
            say(
                "{target}: the output is an MP4 file; name it {stem}.mp4",
                target=target.name,
                stem=target.stem or "output",
            )
        )
    if target.exists() or target.is_symlink():
        raise UsageError(say("{target} exists already; choose another output, or remove it first", target=target))
    if not target.parent.is_dir():
        raise UsageError(say("There is no folder {folder}; create it, or choose another output", folder=target.parent))


async def process_reader(
    reader: FrameReader,
    target: Path,
    detector: Detector,
    *,
    draw: Draw,
    keep: Callable[[sv.Detections], sv.Detections],
    on_progress: Callable[[ProcessProgress], None],
) -> ProcessSummary:
    """Do what :func:`process` does with any reader that ends.  The reader is opened and closed here."""
    started = time.monotonic()
    frames = found = unsound = 0
    check = AnswerCheck()
    async with ReadAhead(reader) as video, ResultFile(target, draw, video.run) as result:
        info = await video.open()
        async with aclosing(_detected(video, PatientDetector(detector))) as detected:
            async for frame, file_time, detections in detected:
                checked = check.check(detections, frame.size)
                # In the middle of a film that went well, a picture in vain is no reason to give it up.
                if checked.trouble and (check.is_on_another_scale or not check.has_been_valid):
                    text = say("{name}: {reason}", name=detector.name, reason=checked.trouble)
                    raise DetectorError(say("At {seconds:.2f} s of the video: {text}", seconds=file_time, text=text))
                kept = keep(checked.detections)
                await result.put(AnnotatedFrame(frame, kept, file_time))
                frames += 1
                found += len(kept)
                unsound += checked.left_out
                on_progress(ProcessProgress(frames, info.frames, file_time, info.duration))
        if frames == 0:
            raise SourceUnusable(say("The video has no picture in it; try to play it in a video player"))
        await result.complete()
    seconds = time.monotonic() - started
    return ProcessSummary(frames, seconds, frames / seconds, found, unsound)


async def _detected(video: ReadAhead, detector: Detector) -> AsyncGenerator[tuple[Frame, float, sv.Detections]]:
    """Yield each frame, its time from the first, and what was found, in order; ``max_in_flight`` frames at once."""
    first: float | None = None
    window: OrderedWindow[tuple[Frame, float], sv.Detections] = OrderedWindow(detector.max_in_flight)
    async with window:
        while True:
            frame = await video.next()
            if frame is not None:
                first = frame.pts if first is None else first
                file_time = frame.pts - first
                window.start((frame, file_time), _detect(detector, frame, file_time))
            if not len(window):
                return
            if frame is None or window.is_full:
                (oldest, its_time), detections = await window.oldest()
                yield oldest, its_time, detections


async def _detect(detector: Detector, frame: Frame, file_time: float) -> sv.Detections:
    try:
        return await detector.detect(frame.bgr())
    except Exception as error:
        # A detector may be anybody's code; whatever it raises, the user needs to know where.
        text = (
            error.text
            if isinstance(error, DetectorError)
            else say("{name}: {reason}", name=detector.name, reason=failure(error))
        )
        raise DetectorError(say("At {seconds:.2f} s of the video: {text}", seconds=file_time, text=text)) from error


class ReadAhead:
    """Reads and converts in a thread of its own, a few frames ahead of whoever takes them."""

    def __init__(self, reader: FrameReader) -> None:
        self._reader = reader
        self._pool = DiskThreads("reader")
        self._pending: deque[asyncio.Future[Frame | None]] = deque()
        self._at_end = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._reader.interrupt()
        for pending in self._pending:
            if not pending.cancel() and not pending.cancelled():
                pending.exception()  # noted: whoever left knows of another one
        closing = self._pool.submit(self._reader.close)
        # Not waited for without end: a disk may never answer.
        if await self._pool.aclose() and closing.done():
            closing.result()

    async def open(self) -> SourceInfo:
        """Open the source and start to read."""
        info = await self.run(self._reader.open)
        self._pending.extend(self.run(self._read) for _ in range(_READ_AHEAD))
        return info

    async def next(self) -> Frame | None:
        """Return the next frame, its picture converted; None at the end."""
        frame = await self._pending.popleft()
        self._pending.append(self.run(self._read))
        return frame

    def run(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Do ``call`` in the reader's thread, after what is to be done there already."""
        return asyncio.get_running_loop().run_in_executor(self._pool, call)

    def _read(self) -> Frame | None:
        if self._at_end:
            return None
        # Until the frame is whole, so that an error ends the reading, too.
        self._at_end = True
        frame = self._reader.read()
        if frame is not None:
            frame.bgr()
            self._at_end = False
        return frame


class ResultFile:
    """The file that is being made: under another name until it is complete, and gone if it never is."""

    def __init__(self, target: Path, draw: Draw, run: _Run) -> None:
        self._target = target
        self._draw = draw
        self._run = run

    async def __aenter__(self) -> Self:
        target = self._target
        self._part = await self._run(lambda: free_path(target.with_name(f"{target.stem}.part{target.suffix}")))
        self._sink = AnnotatedMp4(self._part, target.stem, self._draw)
        self._writer = ThreadedWriter(target.name, self._sink.open, _QUEUED)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        try:
            await self._writer.aclose(0)
        finally:
            if self._sink.created:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_REMOVED_WITHIN):
                        await self._run(lambda: self._part.unlink(missing_ok=True))

    async def put(self, item: AnnotatedFrame) -> None:
        """Queue a frame, waiting for room.  Raises RecordingError."""
        if not await self._writer.put(item):
            await self._finish_writing()

    async def complete(self) -> None:
        """Wait until all is written, and give the file its name.  Raises RecordingError."""
        await self._finish_writing()
        try:
            await self._run(self._publish)
        except OSError as error:
            raise recording_error(self._target, error) from error

    async def _finish_writing(self) -> None:
        await self._writer.aclose(None)
        if self._writer.error is not None:
            raise recording_error(self._target, self._writer.error)

    def _publish(self) -> None:
        try:
            # Unlike a rename, a second name is never given over a file that came meanwhile.
            self._target.hardlink_to(self._part)
        except OSError:
            # It exists, or the file system has no second names: FAT and some network drives.
            if self._target.exists():
                raise
            self._part.rename(self._target)
