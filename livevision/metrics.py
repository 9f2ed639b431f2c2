"""How fast and how fresh one camera is: rates, latencies and drop counters, read as one immutable snapshot."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]

_RATE_WINDOW = 2.0
_LATENCY_WINDOW = 5.0
_GAPS = 5
_MOST_EVENTS = 1024
"""Bounds the memory of a meter; 5 s at 200 per second."""


class RateMeter:
    """Events per second over the last two seconds; falls to 0 when they stop.  Safe to mark from any thread.

    Of events that come more rarely it is the last interval that counts, as long as the next one is not overdue.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=_MOST_EVENTS)
        self._gaps: deque[float] = deque(maxlen=_GAPS)
        self._last: float | None = None
        self.total = 0

    def mark(self) -> None:
        """Count one event now."""
        with self._lock:
            now = self._clock()
            if self._last is not None:
                self._gaps.append(now - self._last)
            self._last = now
            self._times.append(now)
            self.total += 1

    @property
    def interval(self) -> float | None:
        """Seconds between events, the longest of the last five; None before the second one."""
        with self._lock:
            return max(self._gaps, default=None)

    @property
    def rate(self) -> float:
        """Events per second."""
        now = self._clock()
        with self._lock:
            while len(self._times) > 2 and now - self._times[0] > _RATE_WINDOW:
                self._times.popleft()
            times = list(self._times)
        if len(times) < 2:
            return 0.0  # one is no rate
        interval = (times[-1] - times[0]) / (len(times) - 1)
        if now - times[-1] <= 2 * interval and interval > 0:
            return 1 / interval
        # The next event is overdue: what the window holds, over all of the window, sinks to 0 by itself.
        return sum(now - each <= _RATE_WINDOW for each in times) / _RATE_WINDOW


class LatencyWindow:
    """Percentiles, in seconds, of what was measured in the last five seconds."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._measured: deque[tuple[float, float]] = deque(maxlen=_MOST_EVENTS)

    def add(self, seconds: float) -> None:
        """Note one measurement."""
        self._measured.append((self._clock(), seconds))

    def percentiles(self, *which: float) -> tuple[float | None, ...]:
        """Return the value at each of ``which`` (0 to 1, nearest rank), or None where nothing was measured."""
        horizon = self._clock() - _LATENCY_WINDOW
        while self._measured and self._measured[0][0] < horizon:
            self._measured.popleft()
        if not self._measured:
            return (None,) * len(which)
        values = sorted(seconds for _, seconds in self._measured)
        return tuple(values[min(len(values) - 1, int(share * len(values)))] for share in which)


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """One camera's figures at one moment.  Rates are per second, times in seconds, None where nothing is known."""

    captured_fps: float
    shown_fps: float
    inferred_fps: float
    shown: int
    """Pictures painted since the start."""
    age_p50: float | None
    """Age of the picture when it was painted: since it should have arrived, by the stream's own clock."""
    age_p95: float | None
    inference_p50: float | None
    in_flight: int
    """Pictures that are with the detector now."""
    dropped: Mapping[str, int]
    """Pictures lost since the start, by cause."""
    since_picture: float | None
    """Seconds since the newest picture arrived; None before the first."""
    interval: float | None = None
    """Seconds from one picture to the next of late; None before the second."""


class CameraMetrics:
    """The meters of one camera.  Belongs to the event loop's thread, except ``captured``."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self.captured = RateMeter(clock)
        self.shown = RateMeter(clock)
        self.inferred = RateMeter(clock)
        self.age = LatencyWindow(clock)
        self.inference = LatencyWindow(clock)
        self.in_flight = 0
        self.newest_captured: float | None = None
        self._dropped: Counter[str] = Counter()

    def painted(self, due: float) -> None:
        """Count a picture that reached the screen now and was due here (monotonic seconds) then."""
        self.shown.mark()
        self.age.add(self._clock() - due)

    def drop(self, cause: str, count: int = 1) -> None:
        """Count pictures that were lost to ``cause``."""
        self._dropped[cause] += count

    def snapshot(self) -> MetricsSnapshot:
        """Return the figures of this moment."""
        age_p50, age_p95 = self.age.percentiles(0.5, 0.95)
        (inference_p50,) = self.inference.percentiles(0.5)
        newest = self.newest_captured
        return MetricsSnapshot(
            captured_fps=self.captured.rate,
            shown_fps=self.shown.rate,
            inferred_fps=self.inferred.rate,
            shown=self.shown.total,
            age_p50=age_p50,
            age_p95=age_p95,
            inference_p50=inference_p50,
            in_flight=self.in_flight,
            dropped=dict(self._dropped),
            since_picture=None if newest is None else max(0.0, self._clock() - newest),
            interval=self.captured.interval,
        )
