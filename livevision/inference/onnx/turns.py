"""Whose turn it is: one queue a camera, served round robin.  Pure."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Job = TypeVar("Job")


class Turns(Generic[Job]):
    """Jobs of several owners.  An owner with many waits no less, and lets others wait no longer, than one with few.

    Not for several threads at once.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[Job]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, owner: Hashable, job: Job) -> None:
        """Queue ``job`` behind its owner's others."""
        self._waiting.setdefault(owner, deque()).append(job)

    def take(self, most: int) -> list[Job]:
        """Return up to ``most`` jobs, one of each owner before a second of any; empty where none waits."""
        taken: list[Job] = []
        while self._waiting and len(taken) < most:
            owner, jobs = next(iter(self._waiting.items()))
            taken.append(jobs.popleft())
            # To the end of the line, or out of it.
            del self._waiting[owner]
            if jobs:
                self._waiting[owner] = jobs
        return taken
