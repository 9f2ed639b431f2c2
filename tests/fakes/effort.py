"""What work costs, told in a way that holds on any processor and beside any other program."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BOXES = json.dumps([{"name": f"thing {number}", "box": [number / 7, 2, 3.5, 4]} for number in range(300)])
"""What one unit of effort is measured with: about 0.5 ms of a processor of 2024."""


def effort(work: Callable[[], object], times: int = 15) -> float:
    """Return how often Python could read and sort 300 boxes in the processor time that ``work`` takes.

    The best of some times each, in turn, since whoever shares the processor slows both down.
    """
    works, units = [], []
    for _ in range(times):
        units.append(_seconds(_unit))
        works.append(_seconds(work))
    return min(works) / min(units)


def _unit() -> None:
    found = json.loads(_BOXES)
    found.sort(key=lambda each: -each["box"][0])
    {each["name"]: tuple(float(side) for side in each["box"]) for each in found}


def _seconds(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
