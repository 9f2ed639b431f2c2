"""The capture thread of one camera: reads, watches for stalls, and is the only one that tries again."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.errors import SourceError, SourceRefused, SourceUnavailable
from livevision.sources.clock import Clock, MonotonicClock, SleepWatch
from livevision.sources.reader import Audible, Demand
from livevision.sources.retry import Retry
from livevision.sources.stall import StallWatch
from livevision.sources.status import RETRIED_ON_DEMAND, CameraState, CameraStatus
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Frame
    from livevision.sources.reader import FrameReader, OpenReader, SourceInfo

logger = logging.getLogger(__name__)

_MAX_HUNG = 3
"""Abandoned threads at a time; only when one of them has ended is the camera tried again."""
_HUNG_POLL = 1.0


@dataclass(eq=False, slots=True)
class _Turn:
    """One thread's turn at reading the camera.  It is over when the capture has another turn, or none."""

    generation: int
    reader: FrameReader | None = None
    watch: StallWatch | None = None
    """None while no picture is waited for."""


class _TurnOver(Exception):
    """Another thread has taken over, or the capture was stopped: say nothing more and end."""


class Capture:
    """Reads one camera in a thread of its own, and again in a new generation when it was lost.

    ``deliver`` and ``on_status`` are called in the capture thread, one at a time, and never after :meth:`stop` has
    returned; they must not wait for the thread that calls :meth:`stop`.  The owner calls :meth:`check` every 250 ms
    or so; a reader that hangs is interrupted and left to end by itself while a fresh thread takes its turn.
    """

    def __init__(
        self,
        name: str,
        open_reader: OpenReader,
        deliver: Callable[[Frame], None],
        on_status: Callable[[CameraStatus], None],
        retry: Retry | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._name = name
        self._open_reader = open_reader
        self._deliver = deliver
        self._on_status = on_status
        self._retry = retry or Retry()
        self._clock = clock or MonotonicClock()
        self._state = threading.Condition()  # guards what follows; never held while calling out
        self._turn: _Turn | None = None
        self._calling: int | None = None  # the thread that is calling out
        self._threads: list[threading.Thread] = []
        self._demand = Demand.EVERY_FRAME
        self._status = CameraStatus(CameraState.STOPPED, self._clock.now())
        self._stopped = threading.Event()
        self._sleep = SleepWatch()

    def __repr__(self) -> str:
        return f"<Capture {self._name!r} {self._status.state.value}, generation {self._status.generation}>"

    @property
    def status(self) -> CameraStatus:
        """The state right now; from any thread."""
        return self._status

    def start(self) -> None:
        """Start the thread; once."""
        with self._state:
            if self._threads or self._stopped.is_set():
                raise RuntimeError(f"capture {self._name} was started before")
            self._status = self._status.then(CameraState.CONNECTING, self._clock.now())
            self._take_turn(_Turn(generation=0))

    def want(self, demand: Demand) -> None:
        """Have no more than this decoded, now and by every later reader; from any thread."""
        with self._state:
            if demand is not self._demand:
                self._demand = demand
                self._tell_demand()

    def check(self, now: float, wall: float | None = None) -> None:
        """Hand over to a fresh thread if the reader has been silent for too long; ``now`` is the clock's time.

        ``wall`` is the time of day, which tells that the computer has slept: then a camera that waits is tried at
        once, and one that does not send soon is connected anew.
        """
        with self._state:
            late = self._turn
            if wall is not None and self._sleep.woke(now, wall):
                self._wake(now, late)
            if late is None or late.watch is None or not late.watch.is_late(now, self._demand, _heard(late.reader)):
                return
            error = SourceUnavailable(say("No picture came after connecting."))
            live_for = self._live_for(now)
            if self._status.state is CameraState.LIVE:
                error = SourceUnavailable(say("The camera stopped sending pictures."))
            self._status = self._status.then(CameraState.STALLED, now, error)
            self._take_turn(_Turn(late.generation + 1), error, live_for)
            reader = late.reader
        logger.warning("%s: %s", self._name, error)
        if reader is not None:
            reader.interrupt()

    def retry_now(self) -> None:
        """Try at once instead of waiting, or again what had ended or failed; otherwise do nothing.  From any thread."""
        with self._state:
            state = self._status.state
            if state is CameraState.BACKING_OFF:
                self._retry.hurry()
            elif state in RETRIED_ON_DEMAND:
                generation = self._status.generation + 1
                self._status = self._status.then(CameraState.CONNECTING, self._clock.now(), generation=generation)
                self._retry.start_over()
                self._take_turn(_Turn(generation))

    def stop(self) -> None:
        """End reading, at once as far as the owner can tell.  May be called twice, and from a callback."""
        with self._state:
            turn, self._turn = self._turn, None
            self._stopped.set()
            self._retry.hurry()
            if self._status.state is not CameraState.STOPPED:
                self._status = self._status.then(CameraState.STOPPED, self._clock.now())
            reader = turn.reader if turn else None
        if reader is not None:
            reader.interrupt()
        with self._state:
            self._state.wait_for(lambda: self._calling in (None, threading.get_ident()))

    def join(self, timeout: float) -> bool:
        """Wait until every thread has ended and say whether that is so; not on the event loop."""
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not self._hung()

    # In the owner's thread or a capture thread, with the lock.

    def _take_turn(self, turn: _Turn, error: SourceUnavailable | None = None, live_for: float = 0.0) -> None:
        self._turn = turn
        thread = threading.Thread(
            target=self._run, args=(turn, error, live_for), name=f"capture {self._name}", daemon=True
        )
        self._threads = [*self._hung(), thread]
        thread.start()

    def _wake(self, now: float, turn: _Turn | None) -> None:
        logger.info("%s: the computer was asleep", self._name)
        if turn is not None and turn.watch is not None:
            turn.watch.woke(now)
        if self._status.state is CameraState.BACKING_OFF:
            self._retry.hurry()
        elif self._status.state is CameraState.LIVE:
            self._retry.start_over()

    def _tell_demand(self) -> None:
        # The one call out with the lock held, so that the last demand is the one that a reader heard last.
        if self._turn is not None and self._turn.reader is not None:
            self._turn.reader.want(self._demand)

    def _hung(self) -> list[threading.Thread]:
        return [thread for thread in self._threads if thread.is_alive() and thread is not threading.current_thread()]

    def _live_for(self, now: float) -> float:
        return now - self._status.since if self._status.state is CameraState.LIVE else 0.0

    # In a capture thread, without it.

    def _run(self, turn: _Turn, error: SourceUnavailable | None, live_for: float) -> None:
        with suppress(_TurnOver):
            try:
                self._call(turn, self._on_status, self._status)
                if error is not None:
                    self._back_off(turn, error, live_for)
                self._keep_reading(turn)
            except SourceRefused as refused:
                self._enter(turn, CameraState.AUTH_FAILED, refused)
            except SourceError as failed:
                self._enter(turn, CameraState.FAILED, failed)
            except _TurnOver:
                raise
            except Exception as surprise:
                if self._turn is turn:
                    logger.exception("Reading %s failed unexpectedly", self._name)
                kind = type(surprise).__name__
                words = say("livevision failed ({kind}): a mistake in it. The log has the details.", kind=kind)
                self._enter(turn, CameraState.FAILED, SourceError(words))

    def _keep_reading(self, turn: _Turn) -> None:
        while True:
            try:
                self._read(turn)
            except SourceUnavailable as error:
                with self._state:
                    self._expect(turn)  # a reader that was abandoned and fails late makes nobody wait longer
                    live_for = self._live_for(self._clock.now())
                    if self._status.state is CameraState.LIVE:
                        turn.generation += 1  # a generation is what brought pictures
                self._back_off(turn, error, live_for)
            else:
                self._enter(turn, CameraState.ENDED)
                return

    def _read(self, turn: _Turn) -> None:
        reader = self._open_reader(turn.generation)
        watch = StallWatch(self._clock.now())
        try:
            with self._state:
                self._expect(turn)
                turn.reader = reader
                turn.watch = watch
                self._tell_demand()
            info = reader.open()
            watch.opened(info.fps, info.patience)
            while (frame := reader.read()) is not None:
                watch.arrived(self._clock.now(), self._demand)
                if self._status.state is not CameraState.LIVE:
                    self._enter(turn, CameraState.LIVE, info=info)
                self._call(turn, self._deliver, frame)
        finally:
            with self._state:
                turn.reader = None
                turn.watch = None
            reader.close()

    def _back_off(self, turn: _Turn, error: SourceUnavailable, live_for: float) -> None:
        delay = self._retry.delay_after(live_for)
        logger.info("%s: %s Trying again in %.1f s", self._name, error, delay)
        self._enter(turn, CameraState.BACKING_OFF, error, retry_at=self._clock.now() + delay)
        self._retry.wait(delay)
        while len(self._hung()) > _MAX_HUNG and not self._stopped.is_set():
            self._clock.wait(self._stopped, _HUNG_POLL)
        self._enter(turn, CameraState.CONNECTING, error)

    def _enter(
        self,
        turn: _Turn,
        state: CameraState,
        error: SourceError | None = None,
        retry_at: float | None = None,
        info: SourceInfo | None = None,
    ) -> None:
        with self._state:
            self._expect(turn)
            status = self._status.then(state, self._clock.now(), _bare(error), retry_at, info, turn.generation)
            self._status = status
        self._call(turn, self._on_status, status)

    def _call(self, turn: _Turn, callback: Callable[..., None], *args: object) -> None:
        with self._state:
            self._state.wait_for(lambda: self._calling is None)
            self._expect(turn)
            self._calling = threading.get_ident()
        try:
            callback(*args)
        finally:
            with self._state:
                self._calling = None
                self._state.notify_all()

    def _expect(self, turn: _Turn) -> None:
        if self._turn is not turn:
            raise _TurnOver


def _heard(reader: object) -> float | None:
    return reader.heard if isinstance(reader, Audible) else None


def _bare(error: SourceError | None) -> SourceError | None:
    """Return ``error`` without what it was raised from and where: that would keep a reader and its pictures alive."""
    if error is not None:
        error.__context__ = error.__cause__ = None
        error.with_traceback(None)
    return error
