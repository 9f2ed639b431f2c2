"""One camera: its capture thread, its tasks, and whoever watches it."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from livevision.failures import Failures
from livevision.inference.filter import DetectionFilter
from livevision.inference.live import LiveInference
from livevision.metrics import CameraMetrics
from livevision.newest_frame import NewestFrame
from livevision.sources.capture import Capture
from livevision.sources.latest import LatestSlot
from livevision.sources.packets import tapped
from livevision.sources.reader import Demand
from livevision.sources.retry import Retry
from livevision.sources.status import CameraState, CameraStatus
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from concurrent.futures import Executor

    from livevision.frame import Frame, Result
    from livevision.inference.detector import Detector
    from livevision.sources.packets import PacketSink
    from livevision.sources.reader import FrameReader, OpenReader

logger = logging.getLogger(__name__)

T = TypeVar("T")

_WATCH_EVERY = 0.25
_UNWANTED_AFTER = 2.0
"""Seconds without anybody who looks, after which only keyframes are decoded; looking again may mean to wait for one."""
_JOIN_TIMEOUT = 2.0
"""Seconds that a capture thread gets to end; past it the thread is left to end by itself, unheard."""
_JOIN_POLL = 0.01
_AGAIN_AFTER = 1.0
"""Seconds after which a task begins again that a mistake has ended."""


class Subscriber(Protocol):
    """Whoever wants what a camera gives.  Called on the event loop, in order; must return at once."""

    @property
    def wants(self) -> Demand:
        """How many pictures it needs at this moment.  A detector wants all of them anyway."""

    def on_frame(self, frame: Frame) -> None:
        """Take the newest picture."""

    def on_result(self, result: Result) -> None:
        """Take what the detector found, already filtered."""

    def on_status(self, status: CameraStatus) -> None:
        """Take a change of state."""


class CameraSession:
    """Reads one camera, awaits its detector, and tells its subscribers.  Knows nothing of windows.

    Lives on one event loop: ``async with session`` starts it, and leaving stops its thread and tasks.  ``detector``,
    ``keep`` and the subscribers may change while it runs; the detector stays its owner's, who closes it afterwards.
    ``is_answering`` says whether anybody is there at the camera's address, see :class:`Retry`; None where nobody knows.
    """

    def __init__(
        self,
        name: str,
        open_reader: OpenReader,
        convert_in: Executor,
        detector: Detector | None = None,
        keep: DetectionFilter | None = None,
        is_answering: Callable[[], bool] | None = None,
    ) -> None:
        self.name = name
        self.metrics = CameraMetrics()
        self.inference = LiveInference(name, convert_in, self.metrics, self._publish_result)
        """Its detector, and which detections are wanted; both may be set at any time."""
        self.inference.keep = keep or DetectionFilter()
        self.inference.detector = detector
        self._subscribers: list[Subscriber] = []
        self._subscriber_failures: dict[int, Failures] = {}
        """By ``id``, for as long as they subscribe."""
        self._task_failures: dict[str, Failures] = {}
        self._status = CameraStatus(CameraState.CONNECTING, time.monotonic())
        self.packets: PacketSink | None = None
        """Where encoded packets go, of a source that has any; to be set before it is started."""
        self._open_reader = open_reader
        self._capture = Capture(name, self._opened, self._deliver, self._report, Retry(is_answering=is_answering))
        self._wanted_at = time.monotonic()
        self._skipped = 0  # written by the capture thread
        self._counted = (0, 0)  # dropped and skipped so far
        self._body: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<CameraSession {self.name!r} {self._status.state.value}, {len(self._subscribers)} subscribers>"

    @property
    def status(self) -> CameraStatus:
        """The state that subscribers were last told."""
        return self._status

    @property
    def detector(self) -> Detector | None:
        """What is awaited for each newest picture; may be set at any time."""
        return self.inference.detector

    @detector.setter
    def detector(self, detector: Detector | None) -> None:
        self.inference.detector = detector
        self.update_demand()

    @property
    def keep(self) -> DetectionFilter:
        """Which detections are published; may be set at any time."""
        return self.inference.keep

    @keep.setter
    def keep(self, keep: DetectionFilter) -> None:
        self.inference.keep = keep

    @property
    def detector_trouble(self) -> str:
        """Why the detector does not answer, in the operator's words; empty while it does."""
        return self.inference.trouble

    @property
    def trouble(self) -> str:
        """What goes wrong again and again with showing or recording it, in the operator's words; else empty."""
        if reason := next((reason for each in self._subscriber_failures.values() if (reason := each.reason)), ""):
            return say("Showing or recording this camera fails unexpectedly: {reason}", reason=reason)
        if reason := next((reason for each in self._task_failures.values() if (reason := each.reason)), ""):
            return say("A part of this camera fails unexpectedly and begins again: {reason}", reason=reason)
        return ""

    def retry_now(self) -> None:
        """Try at once instead of waiting, or again what had ended, failed or been refused; otherwise do nothing."""
        self._capture.retry_now()

    def update_demand(self) -> None:
        """Ask the source for as many pictures as anybody wants.  A subscriber that wants more from now on calls this.

        That nobody wants them any more is noticed by itself, after a while.
        """
        now = time.monotonic()
        if self.detector is not None or any(each.wants is Demand.EVERY_FRAME for each in self._subscribers):
            self._wanted_at = now
            self._capture.want(Demand.EVERY_FRAME)
        elif now - self._wanted_at > _UNWANTED_AFTER:
            self._capture.want(Demand.KEYFRAMES)

    async def __aenter__(self) -> Self:
        """Start reading."""
        self._loop = asyncio.get_running_loop()
        self._arrived: LatestSlot[Frame] = LatestSlot()
        self._wanted_at = time.monotonic()
        self._body = asyncio.create_task(self._run(), name=f"camera {self.name}")
        self._capture.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Stop as :meth:`aclose` does."""
        await self.aclose()

    async def aclose(self) -> None:
        """Stop the capture thread and the tasks.  May be called twice."""
        body, self._body = self._body, None
        if body is None:
            return
        self._capture.stop()
        self._arrived.close()
        body.cancel()
        await asyncio.gather(body, return_exceptions=True)
        await self._join_capture()
        self._publish_status(self._capture.status)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Add a subscriber, tell it the state, and return what removes it again."""
        self._subscribers.append(subscriber)
        self.update_demand()
        subscriber.on_status(self._status)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)
            self._subscriber_failures.pop(id(subscriber), None)

        return unsubscribe

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Yield the newest frames as they come, until the camera has ended.

        Raises SourceRefused where user name or password were refused, and SourceError where it failed for good.
        """
        newest = NewestFrame()
        unsubscribe = self.subscribe(newest)
        try:
            while (frame := await newest.next()) is not None:
                yield frame
        finally:
            unsubscribe()

    # In the capture thread.

    def _opened(self, generation: int) -> FrameReader:
        opened = self._open_reader if self.packets is None else tapped(self._open_reader, self.packets)
        return opened(generation)

    def _deliver(self, frame: Frame) -> None:
        self.metrics.captured.mark()
        self._skipped += frame.skipped
        self._arrived.put(frame)

    def _report(self, status: CameraStatus) -> None:
        self._loop.call_soon_threadsafe(self._publish_status, status)

    # On the loop.

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for what, work in (("receive", self._receive), ("infer", self.inference.run), ("watch", self._watch)):
                tasks.create_task(self._keep_up(what, work), name=f"{what} {self.name}")

    async def _keep_up(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        # A mistake in one of them must neither end the others nor pass in silence.
        failures = self._task_failures[what] = Failures(lambda: f"{self.name}: {what}")
        while True:
            try:
                await work()
            except Exception as error:
                failures.add(error)
                self.metrics.drop("failed")
            await asyncio.sleep(_AGAIN_AFTER)
            failures.worked()

    def _publish_status(self, status: CameraStatus) -> None:
        # The picture before "ended" is seen before "ended".
        if (frame := self._arrived.take()) is not None:
            self._publish_frame(frame)
        self._status = status
        for subscriber in tuple(self._subscribers):
            self._tell(subscriber, subscriber.on_status, status)

    async def _receive(self) -> None:
        while True:
            self._publish_frame(await self._arrived.get())

    def _publish_frame(self, frame: Frame) -> None:
        self.metrics.newest_captured = frame.captured
        dropped, skipped = self._counted
        self._counted = (self._arrived.dropped, self._skipped)
        self.metrics.drop("capture", self._counted[0] - dropped)
        self.metrics.drop("backlog", self._counted[1] - skipped)
        for subscriber in tuple(self._subscribers):
            self._tell(subscriber, subscriber.on_frame, frame)
        self.inference.offer(frame)

    def _publish_result(self, result: Result) -> None:
        if result.frame.generation == self._capture.status.generation:
            for subscriber in tuple(self._subscribers):
                self._tell(subscriber, subscriber.on_result, result)

    def _tell(self, subscriber: Subscriber, tell: Callable[[T], None], what: T) -> None:
        try:
            tell(what)
        except Exception as error:
            # A mistake in one of them is not to keep the others waiting.
            if subscriber in self._subscribers:
                failures = self._subscriber_failures.setdefault(
                    id(subscriber), Failures(lambda: f"{self.name}: showing or recording it")
                )
                failures.add(error)
                self.metrics.drop("failed")
        else:
            if (failed := self._subscriber_failures.get(id(subscriber))) is not None:
                failed.worked()

    async def _join_capture(self) -> None:
        give_up = time.monotonic() + _JOIN_TIMEOUT
        while not self._capture.join(0):
            if time.monotonic() > give_up:
                logger.warning("%s: the reader does not return; it is left to end by itself", self.name)
                return
            await asyncio.sleep(_JOIN_POLL)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_EVERY)
            self._capture.check(time.monotonic(), time.time())
            self.update_demand()
