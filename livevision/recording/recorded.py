"""A sidecar read back: what was found in a recording, by the time in the file."""

from __future__ import annotations

import json
import math
from array import array
from bisect import bisect_left, bisect_right
from copy import copy
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np
import supervision as sv

from livevision.association import Sighting
from livevision.errors import SourceUnusable
from livevision.inference.soundness import sound, storable
from livevision.recording.sidecar import LONGEST_LINE
from livevision.recording.sidecar_header import read_header
from livevision.recording.sidecar_objects import MOST_OBJECTS, Object, add_extras
from livevision.timeline import Timeline
from livevision.wording import say

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path

    from livevision.recording.sidecar_header import SidecarHeader

_MOST_RESULTS = 5_000_000
"""Two days at 25 results a second; a longer file is not read to its end."""
_MOST_CLASSES = 10_000
_LONGEST_NAME = 200
_AROUND = 4
"""Results before and after a moment that the boxes at that moment may depend on."""
_REMEMBERED = 64
"""Results whose arrays are kept, for playing back and forth."""
_LONGEST_GAP = 10.0
"""Seconds from the nearest result beyond which nothing is known."""
_EXTRAS = ("keypoints", "corners", "mask")

_Json: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[float, float]


class Recorded:
    """All results of a sidecar, in columns: some 30 bytes an object.

    ``detections_at`` remembers where it was asked last, so each thread has a Recorded of its own.
    """

    def __init__(self, header: SidecarHeader) -> None:
        self.header = header
        self.broken = 0
        """Lines that could not be understood, or not in time order."""
        self._times, self._generations = array("d"), array("q")
        self._ends = array("q")  # of each result's objects, in the columns below
        self._boxes, self._confidences = array("d"), array("d")
        self._names, self._class_ids, self._tracks = array("i"), array("q"), array("q")
        self._name_numbers: dict[str, int] = {}
        self._extras: dict[int, list[Object]] = {}
        self._timeline = Timeline(_REMEMBERED, math.inf)
        self._known, self._known_generation = range(0), 0
        """Which results are in the timeline."""

    def __repr__(self) -> str:
        return f"<Recorded {len(self)} results, {len(self._names)} objects, {self.broken} broken lines>"

    def __len__(self) -> int:
        return len(self._times)

    @property
    def times(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """``(n,)`` seconds in the file of each result, increasing."""
        return np.array(self._times, np.float64)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of all classes that were found, the earliest first."""
        return tuple(self._name_numbers)

    def between(self, start: float, end: float) -> range:
        """Return which results are of ``start`` to ``end`` seconds in the file, both included."""
        return range(bisect_left(self._times, start), bisect_right(self._times, end))

    def moment(self, number: int) -> tuple[int, float]:
        """Return generation and time in the file of the result ``number``."""
        return self._generations[number], self._times[number]

    def result(self, number: int) -> sv.Detections:
        """Return what the result ``number``, 0 to ``len() - 1``, says; what cannot be true is left out."""
        rows = slice(self._ends[number - 1] if number else 0, self._ends[number])
        names = self.classes
        tracks = np.array(self._tracks[rows], int)
        detections = sv.Detections(
            xyxy=storable(self._boxes[4 * rows.start : 4 * rows.stop]),
            confidence=np.array(self._confidences[rows], np.float32),
            class_id=np.array(self._class_ids[rows], int),
            tracker_id=tracks if (tracks >= 0).any() else None,
            data={"class_name": np.array([names[index] for index in self._names[rows]], dtype=str)},
        )
        if number in self._extras:
            try:
                add_extras(detections, self._extras[number], self.header.size)
            except (ValueError, TypeError, OverflowError):
                self.broken += 1
        return sound(detections, self.header.size)[0]

    def detections_at(self, time: float) -> sv.Detections:
        """Return what was where at ``time`` seconds in the file, between results as :class:`Timeline` has it."""
        following = bisect_left(self._times, time)
        neighbours = [at for at in (following - 1, following) if 0 <= at < len(self)]
        nearest = min(neighbours, key=lambda at: abs(self._times[at] - time), default=None)
        if nearest is None or abs(self._times[nearest] - time) > _LONGEST_GAP:
            return sv.Detections.empty()
        generation = self._generations[nearest]
        around = range(max(0, following - _AROUND), min(len(self), following + _AROUND))
        self._know(generation, [at for at in around if self._generations[at] == generation])
        return self._timeline.detections_at(generation, time)

    def spans(self, name: str, confidence: float = 0.0, gap: float = 1.0) -> list[Span]:
        """Return when a class was there, from ``confidence`` on, as (first, last) seconds in the file.

        Sightings at most ``gap`` seconds apart are one span; one that was seen in a single result has no length.
        """
        number = self._name_numbers.get(name)
        if number is None:
            return []
        counts: np.ndarray[Any, Any] = np.diff(np.array(self._ends, int), prepend=0)
        there = (np.frombuffer(self._names, np.int32) == number) & (np.frombuffer(self._confidences) >= confidence)
        times = np.unique(np.repeat(np.frombuffer(self._times), counts)[there])
        if not len(times):
            return []
        breaks = np.flatnonzero(np.diff(times) > gap)
        firsts, lasts = times[np.r_[0, breaks + 1]], times[np.r_[breaks, len(times) - 1]]
        return list(zip(firsts.tolist(), lasts.tolist(), strict=True))

    def for_another_thread(self) -> Recorded:
        """Return one of the same results that remembers another place.  Nothing is added to either any more."""
        other = copy(self)
        other._timeline = Timeline(_REMEMBERED, math.inf)
        other._known, other._known_generation = range(0), 0
        return other

    def add_line(self, line: bytes) -> None:
        """Take one line of the file; one that cannot be understood is counted."""
        try:
            self._add(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            self.broken += 1

    def _add(self, result: _Json) -> None:
        time, things = float(result["t"]), result["objects"]
        generation = int(result.get("generation", 0))
        if not math.isfinite(time) or (self._times and time <= self._times[-1]) or len(things) > MOST_OBJECTS:
            raise ValueError("out of order, or too much")
        # All of it is understood before any of it is taken.
        boxes = array("d", [number for thing in things for number in thing["box"]])
        if any(len(thing["box"]) != 4 for thing in things):
            raise ValueError("a box has four numbers")
        confidences = array("d", [thing.get("confidence", 1.0) for thing in things])
        class_ids = array("q", [thing.get("class_id", -1) for thing in things])
        tracks = array("q", [thing.get("track", -1) for thing in things])
        names = array("i", [self._number_of(thing["class"]) for thing in things])
        if any(key in thing for thing in things for key in _EXTRAS):
            self._extras[len(self)] = [{key: thing.get(key) for key in _EXTRAS} for thing in things]
        self._generations.append(generation)
        self._boxes += boxes
        self._confidences += confidences
        self._class_ids += class_ids
        self._tracks += tracks
        self._names += names
        self._ends.append(len(self._names))
        self._times.append(time)

    def _number_of(self, name: object) -> int:
        if not isinstance(name, str) or len(name) > _LONGEST_NAME:
            raise ValueError("no name of a class")
        if len(self._name_numbers) >= _MOST_CLASSES and name not in self._name_numbers:
            raise ValueError("too many classes")
        return self._name_numbers.setdefault(name, len(self._name_numbers))

    def _know(self, generation: int, around: list[int]) -> None:
        """Have the results ``around`` in the timeline: the next ones, or from there on anew after a jump."""
        known = self._known
        if self._known_generation != generation or not known.start <= around[0] <= known.stop:
            start = around[0]
            # Some more, for whoever steps back from here.
            while start > max(0, around[0] - _AROUND) and self._generations[start - 1] == generation:
                start -= 1
            self._timeline = Timeline(_REMEMBERED, math.inf)
            self._known_generation, known = generation, range(start, start)
        stop = max(known.stop, around[-1] + 1)
        for number in range(known.stop, stop):
            sighting = Sighting(self._times[number], self.header.size, self.result(number))
            self._timeline.insert(generation, sighting)
        self._known = range(max(known.start, stop - _REMEMBERED), stop)


def read_sidecar(path: Path, interrupted: threading.Event | None = None) -> Recorded:
    """Read a whole sidecar: some seconds for an hour, in any thread.

    A last line that was cut off, as a killed program leaves it, is ignored, and what cannot be understood is counted
    in ``broken``.  Once ``interrupted``, the rest is not read.  Raises SourceUnusable where the file cannot be read or
    is no sidecar.
    """
    try:
        with path.open("rb") as file:
            lines = _lines(file)
            recorded = Recorded(read_header(next(lines, b""), path.name))
            for line, _ in zip(lines, range(_MOST_RESULTS), strict=False):
                if interrupted is not None and interrupted.is_set():
                    break
                recorded.add_line(line)
    except OSError as error:
        raise SourceUnusable(
            say("{name} could not be read: {reason}.", name=path.name, reason=error.strerror)
        ) from None
    return recorded


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield whole lines; of one that is too long only its beginning, which nobody will understand."""
    while line := file.readline(LONGEST_LINE):
        if line.endswith(b"\n"):
            yield line
            continue
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        if rest:
            yield line
