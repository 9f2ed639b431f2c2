"""A sink that goes on to the next file wherever a segment begins, and a writer that keeps it busy."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from livevision.errors import RecordingError
from livevision.recording.failure import recording_error
from livevision.recording.writer import ThreadedWriter
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

_MOST_PATHS = 1000
"""Of the newest files; a recording in segments may go on for years."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed(Generic[T]):
    """Something on its way to a file."""

    segment: int
    """Which file, 0 for the first."""
    at: float
    """Seconds from the beginning of the recording."""
    item: T


class FileSink(Protocol[T_contra]):
    """A sink that is one file.  Its figures may be read from any thread."""

    @property
    def path(self) -> Path:
        """Where the file is to be; once closed, where it is."""

    @property
    def bytes_written(self) -> int:
        """Size of the file so far."""

    @property
    def frames(self) -> int:
        """How many pictures are in it."""

    def write(self, item: T_contra) -> None:
        """Keep one item."""

    def close(self) -> None:
        """Complete the file."""


@dataclass(frozen=True, slots=True)
class FilesProgress:
    """How far the files of one kind are."""

    paths: tuple[Path, ...]
    """The newest 1000, the newest last."""
    seconds: float
    """Of the newest item, from the beginning of the recording."""
    bytes: int
    frames: int
    dropped: int
    left: int
    """How much still waits to be written."""

    def plus(self, dropped: int, left: int) -> FilesProgress:
        """Add what was dropped, and what waits, on the way to the writer."""
        return replace(self, dropped=self.dropped + dropped, left=self.left + left)


class SegmentWriter(Generic[T]):
    """Writes items to one file after the other, in a thread of its own.  Made and closed on the event loop.

    ``open_file`` is called in the thread with the first item of each file.  What belongs to a file that is complete is
    left out.  The first failure ends it, and is told to ``on_failure`` once, as a RecordingError, on the event loop.
    ``done`` is called in the thread for each item that is written.
    """

    def __init__(
        self,
        name: str,
        open_file: Callable[[Placed[T]], FileSink[T]],
        capacity: int,
        on_failure: Callable[[RecordingError], None],
        done: Callable[[T], None] = lambda item: None,
    ) -> None:
        self._on_failure = on_failure
        self._sink = _SegmentedSink(open_file, done)
        self._writer: ThreadedWriter[Placed[T]] = ThreadedWriter(name, lambda: self._sink, capacity, self._failed)

    def __repr__(self) -> str:
        return f"<SegmentWriter {self._writer!r}>"

    @property
    def queued(self) -> int:
        """How many items wait to be written."""
        return self._writer.queued

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""
        return self._writer.error is not None

    @property
    def progress(self) -> FilesProgress:
        """How far it is; from any thread."""
        sink, writer = self._sink, self._writer
        return FilesProgress(sink.paths, sink.seconds, sink.bytes, sink.frames, writer.dropped, writer.queued)

    def bytes_in(self, segment: int) -> int:
        """Return the size of that file so far; 0 where it is not the one that is being written.  From any thread."""
        return self._sink.bytes_in(segment)

    def offer(self, placed: Placed[T]) -> bool:
        """Queue an item, or drop and count it; never waits, from any thread."""
        return self._writer.offer(placed)

    async def aclose(self, deadline: float) -> None:
        """Write what is queued, for at most ``deadline`` seconds, and complete the file.  May be called again."""
        await self._writer.aclose(deadline)

    def _failed(self, error: Exception) -> None:
        path = self._sink.path
        if isinstance(error, RecordingError):
            self._on_failure(error)
        elif path is not None:
            wrapped = recording_error(path, error)
            wrapped.__cause__ = error
            self._on_failure(wrapped)
        else:
            self._on_failure(
                RecordingError(
                    say(
                        "Cannot record {file}: {kind}: {error}",
                        file=self._writer.name,
                        kind=type(error).__name__,
                        error=error,
                    )
                )
            )


class _SegmentedSink(Generic[T]):
    def __init__(self, open_file: Callable[[Placed[T]], FileSink[T]], done: Callable[[T], None]) -> None:
        self._open_file = open_file
        self._done = done
        self._current: tuple[int, FileSink[T]] | None = None
        self._complete: deque[Path] = deque(maxlen=_MOST_PATHS)
        self._complete_bytes = self._complete_frames = 0
        self.seconds = 0.0

    # From any thread: what is read is replaced in one step.

    @property
    def path(self) -> Path | None:
        current = self._current
        return None if current is None else current[1].path

    @property
    def paths(self) -> tuple[Path, ...]:
        path = self.path
        complete = tuple(self._complete.copy())
        return complete if path is None else (*complete, path)

    @property
    def bytes(self) -> int:
        current = self._current
        return self._complete_bytes + (0 if current is None else current[1].bytes_written)

    @property
    def frames(self) -> int:
        current = self._current
        return self._complete_frames + (0 if current is None else current[1].frames)

    def bytes_in(self, segment: int) -> int:
        current = self._current
        return current[1].bytes_written if current is not None and current[0] == segment else 0

    # In the writer's thread.

    def write(self, placed: Placed[T]) -> None:
        file = self._file_for(placed)
        if file is not None:
            file.write(placed.item)
            self.seconds = max(self.seconds, placed.at)
        self._done(placed.item)

    def close(self) -> None:
        if self._current is None:
            return
        _, file = self._current
        try:
            file.close()
        finally:
            self._complete_bytes += file.bytes_written
            self._complete_frames += file.frames
            self._current = None
            if file.frames or file.path.exists():
                self._complete.append(file.path)

    def _file_for(self, placed: Placed[T]) -> FileSink[T] | None:
        if self._current is not None and placed.segment < self._current[0]:
            return None
        if self._current is None or placed.segment > self._current[0]:
            self.close()
            self._current = placed.segment, self._open_file(placed)
        return self._current[1]
