"""When each class was seen, for the time line (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livevision.inference.filter import DetectionFilter
    from livevision.recording.recorded import Recorded, Span

MOST_LANES = 6
_LEAST_GAP = 1.0
_FINEST = 2000
"""Parts of a video that a time line can tell apart: what is closer is one mark."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One class and when it was there."""

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The classes that were there longest, and how many more there are."""

    shown: tuple[Lane, ...] = ()
    more: tuple[str, ...] = ()


def lanes_of(recorded: Recorded, keep: DetectionFilter, length: float) -> Lanes:
    """Return the lanes of what ``keep`` leaves of a video of ``length`` seconds.

    Takes some milliseconds an hour and class: call it from a worker thread.
    """
    gap = max(_LEAST_GAP, length / _FINEST)
    wanted = None if keep.classes is None else {name.casefold() for name in keep.classes}
    found = []
    for name in recorded.classes:
        if wanted is None or name.casefold() in wanted:
            spans = recorded.spans(name, keep.confidence, gap)
            if spans:
                found.append((sum(last - first for first, last in spans), len(spans), Lane(name, tuple(spans))))
    found.sort(key=lambda each: each[:2], reverse=True)
    lanes = [lane for _, _, lane in found]
    return Lanes(tuple(lanes[:MOST_LANES]), tuple(lane.name for lane in lanes[MOST_LANES:]))
