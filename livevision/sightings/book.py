"""The entries of what was detected of late, of all cameras, bounded."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.failures import all_of
from livevision.sightings.watcher import CameraWatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from livevision.frame import Image, Result
    from livevision.sightings.in_view import ObjectInView

MOST = 500
"""Entries; with thumbnails of at most 96x96 pixels they hold 14 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One object that a camera saw, as far as it is known by now."""

    number: int
    """Unique, rising in the order of appearance."""
    camera: str
    class_name: str
    """As the model had it when it was surest."""
    confidence: float | None
    """The best so far, 0 to 1; None where the model says none."""
    tracker_id: int | None
    first_seen: float
    """When it appeared, :func:`time.time`."""
    last_seen: float
    generation: int
    """With ``pts`` where in the stream it appeared, to find it in a recording."""
    pts: float
    thumbnail: Image | None = None
    """``(h, w, 3)`` BGR of at most 96 pixels a side, read-only; None until there is one."""


class Sightings:
    """Collects what the detectors of all cameras find.  On the event loop; thumbnails are cut out in ``work``.

    Whoever shows it looks at ``version`` as often as the screen can follow, and asks again where it is another one.
    """

    def __init__(self, work: Executor, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self.version = 0
        """Another number after each change of :meth:`recent`."""
        self._work = work
        self._most = most
        self._clock = clock
        self._next = 1
        self._entries: OrderedDict[int, Sighting] = OrderedDict()
        self._watchers: list[CameraWatcher] = []

    def __repr__(self) -> str:
        return f"<Sightings {len(self._entries)} of {len(self._watchers)} cameras>"

    @property
    def cameras(self) -> tuple[str, ...]:
        """The cameras that are watched."""
        return tuple(watcher.camera for watcher in self._watchers)

    @property
    def total(self) -> int:
        """How many there were since the start, those forgotten included."""
        return self._next - 1

    def watch(self, camera: str) -> CameraWatcher:
        """Return a subscriber for a camera's session; close it when the camera goes.  Its entries stay."""
        watcher = CameraWatcher(camera, self, self._work, self._clock)
        self._watchers.append(watcher)
        return watcher

    def recent(self) -> tuple[Sighting, ...]:
        """Return the latest entries, the newest first."""
        return tuple(reversed(self._entries.values()))

    def counts(self, camera: str | None = None) -> Counter[str]:
        """Return how many of each class there are at this moment, before one camera or all."""
        counted: Counter[str] = Counter()
        for watcher in self._watchers:
            if camera is None or watcher.camera == camera:
                counted.update(watcher.counts())
        return counted

    def clear(self) -> None:
        """Forget all entries.  What is seen goes on being the same object, and is not entered again."""
        self._entries.clear()
        self.version += 1

    async def aclose(self) -> None:
        """Stop all thumbnails.  May be called twice."""
        await all_of("closing the detections", (watcher.aclose() for watcher in tuple(self._watchers)))

    def add(self, camera: str, seen: ObjectInView, result: Result) -> int:
        """Enter an object that has appeared, and return its number."""
        number, self._next = self._next, self._next + 1
        frame = result.frame
        self._entries[number] = Sighting(
            number,
            camera,
            seen.class_name,
            seen.best,
            seen.tracker_id,
            frame.wall,
            frame.wall,
            frame.generation,
            frame.pts,
        )
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)
        self.version += 1
        return number

    def update(self, seen: ObjectInView, wall: float) -> None:
        """Take what is new of an object that is still there."""
        old = self._entries.get(seen.number)
        if old is not None:
            self._put(old, seen.class_name, seen.best, wall, old.thumbnail, seen.tracker_id)

    def illustrate(self, pictures: Iterable[tuple[int, Image]]) -> None:
        """Take thumbnails, by the entries' numbers."""
        for number, picture in pictures:
            old = self._entries.get(number)
            if old is not None:
                self._put(old, old.class_name, old.confidence, old.last_seen, picture, old.tracker_id)

    def drop_pictures(self, camera: str) -> None:
        """Show no thumbnails of this camera any more."""
        for old in tuple(self._entries.values()):
            if old.camera == camera and old.thumbnail is not None:
                self._put(old, old.class_name, old.confidence, old.last_seen, None, old.tracker_id)

    def forget(self, watcher: CameraWatcher) -> None:
        """Watch this camera no more."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    def _put(
        self,
        old: Sighting,
        class_name: str,
        best: float | None,
        wall: float,
        picture: Image | None,
        tracker_id: int | None,
    ) -> None:
        # Not dataclasses.replace, which takes four times as long, for every object of every result.
        self._entries[old.number] = Sighting(
            old.number,
            old.camera,
            class_name,
            best,
            tracker_id,
            old.first_seen,
            wall,
            old.generation,
            old.pts,
            picture,
        )
        self.version += 1
