"""Soft recordings: the clean video in Matroska, and the boxes as a subtitle track that players switch on and off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from livevision.recording.partial import NewFile
from livevision.recording.remux import RemuxSink, TimedPacket
from livevision.recording.subtitles import events, header
from livevision.sources.packets import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import supervision as sv

    from livevision.sources.packets import MediaFormat

_LONGEST = 2.0
"""Seconds that boxes are shown for where no later ones are known: the camera may be gone."""
_LAST = 0.04
"""Seconds that the last ones are shown for."""
_MOST_WAITING = 1000
_PORTION = 0.5
"""Seconds after which boxes that do not move are written all the same: a kill must not lose more."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedBoxes:
    """What was found in the picture at ``time`` seconds of the file, in pixels of the full-size picture."""

    detections: sv.Detections
    time: float


class SoftSink(RemuxSink):
    """Writes packets and boxes to a new Matroska file.  Blocking; one thread uses it.

    The boxes of a picture come before its packet, or right behind it, and are shown until those of the next picture.
    """

    def __init__(self, path: Path, title: str = "", new_file: Callable[[Path], NewFile] = NewFile) -> None:
        super().__init__(path, title, new_file)
        self._boxes = _BoxTimes()

    def write(self, item: TimedPacket | TimedBoxes) -> None:
        """Write a packet, or what was found in its picture."""
        if isinstance(item, TimedBoxes):
            self._boxes.add(item)
            return
        super().write(item)
        if item.packet.medium is Medium.VIDEO:
            # No picture before this comes any more, and no boxes.
            self._write_boxes(item.time - (item.packet.pts - item.packet.dts))

    def close(self) -> None:
        """Complete the file; one without packets is removed.  Idempotent."""
        try:
            self._write_boxes(math.inf)
        finally:
            super().close()

    def _subtitles(self, media: MediaFormat) -> str | None:
        return header(media.video.displayed_size)

    def _write_boxes(self, until: float) -> None:
        media = self._file.media
        if media is not None:
            size = media.video.displayed_size
            for event, start, end in self._boxes.finished(until, size):
                if end > self._start:
                    self._file.write_event(event, max(start, self._start), end)


class _BoxTimes:
    """Puts boxes in the order of their times, and finds out until when each are shown."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, TimedBoxes]] = []
        self._numbers = count()
        self._shown: tuple[str, ...] = ()
        self._since = 0.0  # from when they are not written yet
        self._confirmed = 0.0  # when they were last seen

    def add(self, boxes: TimedBoxes) -> None:
        """Take the boxes of a picture."""
        heappush(self._waiting, (boxes.time, next(self._numbers), boxes))
        if len(self._waiting) > _MOST_WAITING:
            heappop(self._waiting)

    def finished(self, until: float, size: tuple[int, int]) -> Iterator[tuple[str, float, float]]:
        """Yield the events of which is known by ``until`` how long they last, with start and end."""
        while self._waiting and self._waiting[0][0] <= until:
            time, _, boxes = heappop(self._waiting)
            yield from self._next(events(boxes.detections, size), time)
        if until > self._confirmed + _LONGEST:
            yield from self._end(self._confirmed + (_LAST if until == math.inf else _LONGEST))

    def _next(self, shown: tuple[str, ...], time: float) -> Iterator[tuple[str, float, float]]:
        lasts = shown == self._shown and time - self._confirmed <= _LONGEST
        if not lasts or time - self._since >= _PORTION:
            yield from self._end(min(time, self._confirmed + _LONGEST))
            self._shown, self._since = shown, time
        self._confirmed = time

    def _end(self, time: float) -> Iterator[tuple[str, float, float]]:
        for event in self._shown:
            yield event, self._since, time
        self._shown = ()
