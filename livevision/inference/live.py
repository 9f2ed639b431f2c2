"""Awaiting a camera's detector for its newest pictures, without anything else ever waiting for it."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from livevision.errors import DetectorError
from livevision.frame import Result
from livevision.inference.detector import Tunable, turns_of
from livevision.inference.filter import DetectionFilter
from livevision.inference.foreign_code import failure
from livevision.inference.soundness import AnswerCheck
from livevision.inference.vocabulary import Vocabulary
from livevision.inference.window import LiveWindow
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from livevision.frame import Frame
    from livevision.inference.detector import Detector
    from livevision.inference.sought import Sought
    from livevision.metrics import CameraMetrics

logger = logging.getLogger(__name__)


class Tracker(Protocol):
    """What knows an object of one result again in the next one."""

    def update(self, result: Result) -> Result:
        """Return ``result`` with identities; called in a worker thread, in the order of the frames."""


_WORTH_A_TIME = 5.0
"""Seconds of trouble after which it is said since when."""
_HALF_A_DAY = 12 * 3600.0
"""Seconds after which a time of day would leave open of which day."""


@dataclass(frozen=True, slots=True)
class _Trouble:
    text: str
    retry_at: float
    """Monotonic seconds."""
    began: float
    """When the first one of the row came, in monotonic seconds."""
    wall: float
    """The same on the clock on the wall, as :func:`time.time` gives it."""


class LiveInference:
    """Gives a detector the newest picture whenever it has room, and publishes what it finds, newest pictures only.

    Belongs to the event loop.  ``detector``, ``keep`` and ``tracker`` may be set at any time; the detector stays its
    owner's.
    """

    def __init__(
        self,
        name: str,
        convert_in: Executor,
        metrics: CameraMetrics,
        publish: Callable[[Result], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._convert_in = convert_in
        self._metrics = metrics
        self._publish = publish
        self._clock = clock
        self.tracker: Tracker | None = None
        """What gives the objects of the results identities, if anything."""
        self._tracked_in_turn = asyncio.Lock()
        self._detector: Detector | None = None
        self._vocabulary: Vocabulary | None = None
        self._keep = DetectionFilter()
        self._sought: Sought | None = None
        self._newest: Frame | None = None
        self._wake = asyncio.Event()
        self._trouble: _Trouble | None = None
        self._serving: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<LiveInference {self._name!r} with {self._detector.name if self._detector else 'no detector'}>"

    @property
    def detector(self) -> Detector | None:
        """What is awaited for each newest picture."""
        return self._detector

    @detector.setter
    def detector(self, detector: Detector | None) -> None:
        self._detector = detector
        self._vocabulary = None if detector is None else Vocabulary(detector)
        self._trouble = None
        self._tune()
        self._wake.set()
        if self._serving is not None:
            # Its answers are not wanted any more, however long they would take.
            self._serving.cancel()

    @property
    def keep(self) -> DetectionFilter:
        """Which of its detections are published."""
        return self._keep

    @keep.setter
    def keep(self, keep: DetectionFilter) -> None:
        self._keep = keep
        self._tune()

    @property
    def sought(self) -> Sought | None:
        """What must be known of, shown or not, and goes into ``Result.unseen``; None for nothing."""
        return self._sought

    @sought.setter
    def sought(self, sought: Sought | None) -> None:
        self._sought = sought
        self._tune()

    @property
    def trouble(self) -> str:
        """Why the detector does not answer, since when, and when it is asked again, in words; else empty."""
        if self._trouble is None:
            return ""
        now, said = self._clock(), self._trouble.text
        lasts = now - self._trouble.began
        if lasts >= _WORTH_A_TIME:
            form = "%H:%M:%S" if lasts < _HALF_A_DAY else "%Y-%m-%d %H:%M"
            since = time.strftime(form, time.localtime(self._trouble.wall))
            said = say("{trouble}, since {time}", trouble=said, time=since)
        wait = math.ceil(self._trouble.retry_at - now)
        return say("{trouble}, trying again in {seconds} s", trouble=said, seconds=wait) if wait > 1 else said

    def offer(self, frame: Frame) -> None:
        """Take the newest picture; one that still waits is forgotten."""
        self._newest = frame
        if self._detector is not None:
            self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            while self._detector is None:
                await self._sleep()
            self._serving = asyncio.create_task(self._serve(self._detector), name=f"await detector of {self._name}")
            try:
                await asyncio.wait({self._serving})
            finally:
                self._serving.cancel()
                await asyncio.gather(self._serving, return_exceptions=True)
            if not self._serving.cancelled():
                self._serving.result()

    async def _serve(self, detector: Detector) -> None:
        late = 0
        turns = turns_of(detector)
        check = AnswerCheck()
        async with LiveWindow(self._answered, self._failed, detector.max_in_flight) as window:
            while True:
                window.most = detector.max_in_flight  # a server that is too slow for more has fewer
                await window.room()
                while self._newest is None:
                    await self._sleep()
                if turns is not None:
                    await turns.acquire()
                frame, self._newest = self._newest, None
                task = window.start(self._detect(detector, frame, check))
                if turns is not None:
                    # However it ends, and if it never begins.
                    task.add_done_callback(lambda _task: turns.release())
                self._metrics.drop("late", window.late - late)
                late = window.late

    async def _sleep(self) -> None:
        self._wake.clear()
        await self._wake.wait()

    async def _detect(self, detector: Detector, frame: Frame, check: AnswerCheck) -> tuple[Detector, Result]:
        loop = asyncio.get_running_loop()
        image = await loop.run_in_executor(self._convert_in, frame.bgr)
        # Now and not when it has answered: it was not asked for what is to be known only since then.
        sought, vocabulary = self._sought, self._vocabulary
        started = time.monotonic()
        self._metrics.in_flight += 1
        try:
            detections = await detector.detect(image)
        finally:
            self._metrics.in_flight -= 1
        finished = time.monotonic()
        self._metrics.inferred.mark()
        self._metrics.inference.add(finished - started)
        checked = check.check(detections, frame.size)
        self._metrics.drop("unsound boxes", checked.left_out)
        if checked.trouble:
            raise DetectorError(say("{name}: {reason}", name=detector.name, reason=checked.trouble))
        true = checked.detections
        result = Result(frame, self._keep.apply(true), started, finished)
        if sought is not None and vocabulary is not None:
            look = partial(sought.look, image, frame.pts, true, vocabulary)
            unseen, looked_for = await loop.run_in_executor(self._convert_in, look) if sought.movement else look()
            result = replace(result, unseen=unseen, looked_for=looked_for)
        return detector, await self._tracked(result)

    async def _tracked(self, result: Result) -> Result:
        # In turn, and nothing is awaited from here until the window has published it: so results are tracked in the
        # order in which they are published.  What comes after a newer one is left out by both.
        async with self._tracked_in_turn:
            if self.tracker is None:
                return result
            return await asyncio.get_running_loop().run_in_executor(self._convert_in, self.tracker.update, result)

    def _answered(self, answer: tuple[Detector, Result]) -> None:
        detector, result = answer
        if detector is self._detector:
            self._trouble = None
            self._publish(result)

    def _failed(self, error: Exception) -> None:
        detector = self._detector
        if detector is None:
            return
        if isinstance(error, DetectorError):
            self._note(error.text, error.retry_in)
            return
        # A detector may be anybody's code: whatever it raises must not stop the camera.
        logger.error("%s: %s failed", self._name, detector.name, exc_info=error)
        self._note(say("{name}: {reason}", name=detector.name, reason=failure(error)), 0.0)

    def _note(self, text: str, retry_in: float) -> None:
        now, before = self._clock(), self._trouble
        began, wall = (now, time.time()) if before is None else (before.began, before.wall)
        self._trouble = _Trouble(text, now + retry_in, began, wall)

    def _tune(self) -> None:
        detector = self._detector
        if detector is not None and isinstance(detector, Tunable):
            detector.tune(self._keep if self._sought is None else self._sought.also(self._keep))
