"""The capture thread of one camera: reads, watches for stalls, and is the only one that tries again."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from livevision.errors import SourceError, SourceUnavailable
from livevision.sources.backoff import Backoff
from livevision.sources.status import CameraState, CameraStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Frame
    from livevision.sources.reader import FrameReader, OpenReader, SourceInfo

logger = logging.getLogger(__name__)

_STALL_SECONDS = 3.0
_STALL_INTERVALS = 10
_FIRST_PICTURE_SECONDS = 20.0
"""From the start of an attempt to its first picture; FFmpeg's own timeouts are shorter."""
_UNKNOWN_INTERVAL = 1.0
"""What is assumed between pictures until their rate is known."""
_MAX_HUNG = 3
"""Abandoned threads at a time; only when one of them has ended is the camera tried again."""
_HUNG_POLL = 1.0


class Clock(Protocol):
    """Time, and waiting for it to pass."""

    def now(self) -> float:
        """Return the seconds of a clock that only goes forward."""

    def wait(self, ended: threading.Event, seconds: float) -> None:
        """Wait until the time is over or ``ended`` is set."""


class MonotonicClock:
    """The real time: :func:`time.monotonic`."""

    def now(self) -> float:
        """Return :func:`time.monotonic`."""
        return time.monotonic()

    def wait(self, ended: threading.Event, seconds: float) -> None:
        """Wait until the time is over or ``ended`` is set."""
        ended.wait(seconds)


@dataclass(eq=False, slots=True)
class _Turn:
    """One thread's turn at reading the camera.  It is over when the capture has another turn, or none."""

    generation: int
    reader: FrameReader | None = None
    deadline: float | None = None
    """When the next picture must have come; None while none is waited for."""
    live_since: float | None = None


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
        backoff: Backoff | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._name = name
        self._open_reader = open_reader
        self._deliver = deliver
        self._on_status = on_status
        self._backoff = backoff or Backoff()
        self._clock = clock or MonotonicClock()
        self._state = threading.Condition()  # guards what follows; never held while calling out
        self._turn: _Turn | None = None
        self._calling: int | None = None  # the thread that is calling out
        self._threads: list[threading.Thread] = []
        self._status = CameraStatus(CameraState.STOPPED, self._clock.now())
        self._stopped = threading.Event()

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
            self._status = CameraStatus(CameraState.CONNECTING, self._clock.now())
            self._take_turn(_Turn(generation=0), "", 0.0)

    def check(self, now: float) -> None:
        """Hand over to a fresh thread if the reader has been silent for too long; ``now`` is the clock's time."""
        with self._state:
            late = self._turn
            if late is None or late.deadline is None or now <= late.deadline:
                return
            reason = "No picture came in time after connecting."
            live_for = 0.0
            if late.live_since is not None:
                live_for = now - late.live_since
                reason = "The camera stopped sending pictures."
                self._status = CameraStatus(
                    CameraState.STALLED, now, reason, info=self._status.info, generation=late.generation
                )
            self._take_turn(_Turn(late.generation + 1), reason, live_for)
            reader = late.reader
        logger.warning("%s: %s", self._name, reason)
        if reader is not None:
            reader.interrupt()

    def stop(self) -> None:
        """End reading, at once as far as the owner can tell.  May be called twice, and from a callback."""
        with self._state:
            turn, self._turn = self._turn, None
            self._stopped.set()
            self._status = CameraStatus(CameraState.STOPPED, self._clock.now(), generation=self._status.generation)
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

    def _take_turn(self, turn: _Turn, reason: str, live_for: float) -> None:
        self._turn = turn
        thread = threading.Thread(
            target=self._run, args=(turn, reason, live_for), name=f"capture {self._name}", daemon=True
        )
        self._threads = [*self._hung(), thread]
        thread.start()

    def _hung(self) -> list[threading.Thread]:
        return [thread for thread in self._threads if thread.is_alive() and thread is not threading.current_thread()]

    # In a capture thread, without it.

    def _run(self, turn: _Turn, reason: str, live_for: float) -> None:
        with suppress(_TurnOver):
            try:
                if not reason or self._status.state is CameraState.STALLED:
                    self._report(turn, self._status)
                if reason:
                    self._back_off(turn, reason, live_for)
                self._keep_reading(turn)
            except SourceError as error:
                self._enter(turn, CameraState.FAILED, str(error))
            except _TurnOver:
                raise
            except Exception as error:
                if self._turn is turn:
                    logger.exception("Reading %s failed unexpectedly", self._name)
                words = f"Reading failed unexpectedly ({type(error).__name__}); the log has the details."
                self._enter(turn, CameraState.FAILED, words)

    def _keep_reading(self, turn: _Turn) -> None:
        while True:
            try:
                self._read(turn)
            except SourceUnavailable as error:
                live_for = 0.0 if turn.live_since is None else self._clock.now() - turn.live_since
                if turn.live_since is not None:
                    turn.generation += 1
                    turn.live_since = None
                self._back_off(turn, str(error), live_for)
            else:
                self._enter(turn, CameraState.ENDED)
                return

    def _read(self, turn: _Turn) -> None:
        reader = self._open_reader(turn.generation)
        try:
            with self._state:
                self._expect(turn)
                turn.reader = reader
                turn.deadline = self._clock.now() + _FIRST_PICTURE_SECONDS
            info = reader.open()
            interval = 1 / info.fps if info.fps else _UNKNOWN_INTERVAL
            last = None
            while (frame := reader.read()) is not None:
                now = self._clock.now()
                if last is not None:
                    interval += 0.1 * (now - last - interval)
                last = now
                # Behind a reader that was abandoned meanwhile this changes a turn that nobody looks at.
                turn.deadline = now + max(_STALL_SECONDS, _STALL_INTERVALS * interval)
                if turn.live_since is None:
                    turn.live_since = now
                    self._enter(turn, CameraState.LIVE, info=info)
                self._call(turn, self._deliver, frame)
        finally:
            with self._state:
                turn.reader = None
                turn.deadline = None
            reader.close()

    def _back_off(self, turn: _Turn, reason: str, live_for: float) -> None:
        delay = self._backoff.delay_after(live_for)
        logger.info("%s: %s Trying again in %.1f s", self._name, reason, delay)
        self._enter(turn, CameraState.RECONNECTING, reason, retry_at=self._clock.now() + delay)
        self._clock.wait(self._stopped, delay)
        while len(self._hung()) > _MAX_HUNG and not self._stopped.is_set():
            self._clock.wait(self._stopped, _HUNG_POLL)
        self._enter(turn, CameraState.RECONNECTING, reason)

    def _enter(
        self,
        turn: _Turn,
        state: CameraState,
        reason: str = "",
        retry_at: float | None = None,
        info: SourceInfo | None = None,
    ) -> None:
        before = self._status
        since = before.since if before.state is state else self._clock.now()
        self._report(turn, CameraStatus(state, since, reason, retry_at, info or before.info, turn.generation))

    def _report(self, turn: _Turn, status: CameraStatus) -> None:
        with self._state:
            self._expect(turn)
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
