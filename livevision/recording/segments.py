"""A recording in several files: where one ends and the next begins."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.recording.file_clock import Moment

if TYPE_CHECKING:
    from collections.abc import Hashable

_REMEMBERED = 1000
"""Of the newest; what comes late is some seconds old, and a recording may go on for years."""


@dataclass(frozen=True, slots=True)
class Segmenting:
    """When a new file is begun; None for never."""

    seconds: float | None = None
    bytes: int | None = None
    """Of the file that leads: the one in original quality, where there is one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something goes."""

    segment: int
    """0 for the first file."""
    time: float
    """Seconds from that file's beginning."""


class Segments:
    """The boundaries between a recording's files, in stream time, so that all its kinds are cut at the same pictures.

    The lane that leads asks :meth:`begin_if_due` at every keyframe; all of them ask :meth:`place_of`.  Any thread.
    """

    def __init__(self, segmenting: Segmenting) -> None:
        self._segmenting = segmenting
        self._lock = threading.Lock()
        self._begins: list[Moment] = []
        self._times: list[float] = []
        self._forgotten = 0
        self._format: Hashable = None

    def __repr__(self) -> str:
        return f"<Segments {self._forgotten + len(self._begins)}>"

    @property
    def has_begun(self) -> bool:
        """Whether there is a first file."""
        return bool(self._begins)

    @property
    def newest(self) -> Place:
        """The newest file, and when in the recording it begins; only once there is one."""
        with self._lock:
            return Place(self._forgotten + len(self._begins) - 1, self._times[-1])

    def begin_if_due(self, moment: Moment, time: float, file_bytes: int, media: Hashable) -> bool:
        """Begin the next file with this keyframe if it is due; ``time`` is that of the recording.

        Due where a file is long or large enough, and where ``media``, all that must not change within a file, changes.
        """
        with self._lock:
            due = not self._begins or self._is_full(time, file_bytes) or media != self._format
            self._format = media
            if due:
                self._begins.append(moment)
                self._times.append(max(0.0, time) if not self._times else time)
                if len(self._begins) > _REMEMBERED:
                    del self._begins[0], self._times[0]
                    self._forgotten += 1
            return due

    def place_of(self, moment: Moment, time: float) -> Place:
        """Return where something of this moment goes; what is older than the first file goes to its beginning."""
        with self._lock:
            at = max(0, bisect_right(self._begins, moment) - 1)
            begin = self._times[at] if self._times else 0.0
            return Place(self._forgotten + at, max(0.0, time - begin))

    def _is_full(self, time: float, file_bytes: int) -> bool:
        longest, largest = self._segmenting.seconds, self._segmenting.bytes
        if longest is not None and time - self._times[-1] >= longest:
            return True
        return largest is not None and file_bytes >= largest
