"""Enters what the detector of one camera finds."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from typing import TYPE_CHECKING, Protocol

from livevision.overlay import Privacy, PrivacyMask
from livevision.overlay.text import class_names
from livevision.sightings.in_view import ObjectsInView
from livevision.sightings.thumbnails import Wanted, thumbnails
from livevision.sources.reader import Demand
from livevision.sources.status import CameraState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from livevision.frame import Frame, Image, Result
    from livevision.sightings.in_view import ObjectInView
    from livevision.sources.status import CameraStatus

logger = logging.getLogger(__name__)

_COUNTED_FOR = 3.0
"""Seconds that what a result says counts as now, where the model is not slower than that…"""
_SLOW = 3.0
"""…or so many times as long as the model takes."""
_BETTER_BY = 0.05
"""How much surer a model has to be for another thumbnail: each one is work."""
_MOST_WAITING = 4
"""Results of a camera whose pictures wait for thumbnails; a picture is megabytes."""


class Book(Protocol):
    """Where entries are made."""

    def add(self, camera: str, seen: ObjectInView, result: Result) -> int:
        """Enter an object that has appeared, and return its number."""

    def update(self, seen: ObjectInView, wall: float) -> None:
        """Take what is new of an object that is still there."""

    def illustrate(self, pictures: Iterable[tuple[int, Image]]) -> None:
        """Take thumbnails, by the entries' numbers."""

    def drop_pictures(self, camera: str) -> None:
        """Show no thumbnails of this camera any more."""

    def forget(self, watcher: CameraWatcher) -> None:
        """Watch this camera no more."""


class CameraWatcher:
    """The subscriber that enters one camera's objects.  ``privacy`` may be set at any time."""

    wants = Demand.KEYFRAMES
    """A detector wants all pictures anyway."""

    def __init__(self, camera: str, book: Book, work: Executor, clock: Callable[[], float]) -> None:
        self.camera = camera
        self._book = book
        self._work = work
        self._clock = clock
        self._in_view = ObjectsInView()
        self._mask = PrivacyMask(Privacy())
        self._counts: Counter[str] = Counter()
        self._counted_until = 0.0
        self._waiting: deque[tuple[Result, list[Wanted]]] = deque(maxlen=_MOST_WAITING)
        self._cutting: asyncio.Task[None] | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"<CameraWatcher {self.camera!r}, {len(self._waiting)} waiting>"

    @property
    def privacy(self) -> Privacy:
        """Who must not be seen on thumbnails."""
        return self._mask.privacy

    @privacy.setter
    def privacy(self, privacy: Privacy) -> None:
        if privacy != self._mask.privacy:
            self._mask = PrivacyMask(privacy)
            # Who was shown until now may be one who is to be hidden.
            self._book.drop_pictures(self.camera)
            self._in_view.picture_anew()

    def counts(self) -> Counter[str]:
        """Return how many of each class there are now; nothing where the newest result is an old one."""
        return self._counts if self._clock() < self._counted_until else Counter()

    def on_frame(self, frame: Frame) -> None:
        """Nothing to do before it is known what is on it."""

    def on_result(self, result: Result) -> None:
        """Enter what is new, and bring up to date what is still there.  0.15 ms for 30 objects."""
        if self._closed:
            return
        frame, names = result.frame, class_names(result.detections)
        self._counts = Counter(names)
        taken = result.finished - result.started
        self._counted_until = self._clock() + max(_COUNTED_FOR, _SLOW * taken)
        self._mask.observe(result)
        wanted: list[Wanted] = []
        for seen in self._in_view.update(result, names):
            if seen.number == 0:
                seen.number = self._book.add(self.camera, seen, result)
            else:
                self._book.update(seen, frame.wall)
            best = seen.best or 0.0
            if seen.pictured is None or best > seen.pictured + _BETTER_BY:
                seen.pictured = best
                wanted.append(Wanted(seen.number, seen.box))
        if wanted:
            self._waiting.append((result, wanted))
            if self._cutting is None or self._cutting.done():
                self._cutting = asyncio.create_task(self._cut(), name=f"thumbnails {self.camera}")

    def on_status(self, status: CameraStatus) -> None:
        """Count nothing before a camera that shows nothing."""
        if status.state is not CameraState.LIVE:
            self._counts = Counter()

    async def aclose(self) -> None:
        """Stop.  May be called twice."""
        self._closed = True
        self._waiting.clear()
        self._book.forget(self)
        cutting, self._cutting = self._cutting, None
        if cutting is not None:
            cutting.cancel()
            await asyncio.gather(cutting, return_exceptions=True)

    async def _cut(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            result, wanted = self._waiting.popleft()
            mask = self._mask
            try:
                pictures = await loop.run_in_executor(self._work, thumbnails, result, wanted, mask)
            except Exception:
                # A picture that cannot be converted is no reason to have no thumbnails from now on.
                logger.exception("no thumbnails of a picture of %s", self.camera)
                continue
            if mask is self._mask:
                self._book.illustrate(pictures)
