"""Where the files of a recording are: a name for each segment, which all its files share."""

from __future__ import annotations

import errno
import threading
from datetime import datetime
from typing import TYPE_CHECKING

from livevision.errors import RecordingError
from livevision.recording.disk import Room, judge, look
from livevision.recording.failure import recording_error
from livevision.recording.kind import Kind
from livevision.recording.partial import release, reserve
from livevision.recording.template import NameFields
from livevision.recording.writer import ThreadedWriter
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.recording.plan import RecordingPlan

_REMEMBERED = 8192
"""Segments that a lane may still ask for, however slow the disk is: more than packets wait for it at a time."""


class SegmentFiles:
    """Gives each segment a name that no file has, once somebody asks; in a writer's thread, as the disk is asked.

    A name is kept free by an empty file.  Where nothing came of it, :meth:`aclose` removes that.
    """

    def __init__(self, plan: RecordingPlan, camera: str, look_at: Callable[[Path], Room] = look) -> None:
        self._plan = plan
        self._camera = camera
        self._look = look_at
        self._begun: dict[int, tuple[float, str]] = {}
        self._names: dict[int, Path] = {}
        self._reserving = threading.Lock()  # held while the disk is asked; never taken by begin()

    def begin(self, segment: int, wall: float, suffix: str) -> None:
        """Say when a segment's first picture was, and its main file's suffix.  Returns at once, from any thread."""
        self._begun[segment] = wall, suffix
        self._begun.pop(segment - _REMEMBERED, None)

    def main(self, segment: int) -> Path:
        """Return where the segment's main file is to be.  Blocking.  Raises RecordingError, also for a full disk."""
        with self._reserving:
            path = self._names.get(segment)
            if path is None:
                path = self._names[segment] = self._reserve(segment)
                if len(self._names) > _REMEMBERED:
                    release(self._names.pop(min(self._names)))
            return path

    async def aclose(self, deadline: float) -> None:
        """Set the names of files free that nobody began, once all lanes are closed.  Waits ``deadline`` seconds."""
        # Raises nothing: what cannot be removed now is found as an empty recording at the next start.
        await ThreadedWriter(f"{self._camera} names", lambda: self, 1, lambda error: None).aclose(deadline)

    def write(self, item: object) -> None:
        """Do nothing: in the writer's thread there is only an end."""

    def close(self) -> None:
        """Do the blocking part of :meth:`aclose`."""
        with self._reserving:
            for path in self._names.values():
                release(path)

    def annotated(self, segment: int) -> Path:
        """Return where the segment's file with boxes is to be; as :meth:`main` does."""
        main = self.main(segment)
        return main.with_name(f"{main.stem}.annotated.mp4") if self._plan.kind is Kind.BOTH else main

    def beside(self, segment: int, suffix: str) -> Path:
        """Return where the file that goes with the segment is to be; as :meth:`main` does."""
        main = self.main(segment)
        return main.with_name(main.stem + suffix)

    def media(self, segment: int) -> tuple[str, ...]:
        """Return the names of the segment's media files; as :meth:`main` does."""
        return tuple(dict.fromkeys((self.main(segment).name, self.annotated(segment).name)))

    def drawn_in(self, segment: int) -> tuple[str, ...]:
        """Return the names of those whose pictures have the boxes drawn in; as :meth:`main` does."""
        has_boxes = self._plan.kind in (Kind.ANNOTATED, Kind.BOTH)
        return (self.annotated(segment).name,) if has_boxes else ()

    def _reserve(self, segment: int) -> Path:
        wall, suffix = self._begun[segment]
        fields = NameFields(self._camera, datetime.fromtimestamp(wall).astimezone(), self._plan.kind.value, segment + 1)
        wanted = self._plan.template.path(self._plan.folder, fields, suffix)
        try:
            report = judge(self._look(self._plan.folder), 0.0)
            if not report.may_record:
                raise RecordingError(say("Cannot record {path}: {reason}", path=wanted, reason=report.reason))
            return reserve(wanted)
        except FileExistsError as error:
            # Of a folder's name: reserve() finds another one for a file.
            raise recording_error(wanted, NotADirectoryError(errno.ENOTDIR, error.strerror)) from error
        except OSError as error:
            raise recording_error(wanted, error) from error
