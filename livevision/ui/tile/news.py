"""What a camera's newest results say about who must be hidden, and what of it was not used yet."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from livevision.pictures import NoPicture

if TYPE_CHECKING:
    from livevision.frame import Frame, Result

_MOST = 64
"""Results: 2 s of a quick model."""


class News:
    """Hands out each result once, to the first picture that is not older; without pixels, which are big."""

    def __init__(self) -> None:
        self._results: deque[Result] = deque(maxlen=_MOST)
        self._told = (-1, -math.inf)

    def add(self, result: Result) -> None:
        """Keep a result."""
        frame = replace(result.frame, picture=NoPicture(result.frame.size))
        unseen = None if result.unseen is None else replace(result.unseen, mask=None)
        shown = replace(result.detections, mask=None)
        self._results.append(replace(result, frame=frame, detections=shown, unseen=unseen))

    def up_to(self, frame: Frame) -> tuple[Result, ...]:
        """Return what is new since the last call, as of ``frame``, oldest first."""
        until = frame.generation, frame.pts
        some = [each for each in self._results if self._told < _moment(each) <= until and _is_of(each, frame)]
        if some:
            self._told = max(map(_moment, some))
        return tuple(some)

    def forget_told(self) -> None:
        """Hand out everything again: to somebody else."""
        self._told = (-1, -math.inf)


def _moment(result: Result) -> tuple[int, float]:
    return result.frame.generation, result.frame.pts


def _is_of(result: Result, frame: Frame) -> bool:
    return result.frame.generation == frame.generation
