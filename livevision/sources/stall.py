"""When a silent camera is a stalled one (pure)."""

from __future__ import annotations

from collections import deque

from livevision.sources.reader import Demand

_STALL_SECONDS = 3.0
_STALL_INTERVALS = 10
_STALL_GAPS = 3
"""A pause that is so many times as long as the longest of late is a stall, where that is more."""
_UNMEASURED_SECONDS = 25.0
"""Until the rate has been measured: cameras send 1 picture in 10 s in the dark, whatever they declare."""
_MEASURED_SECONDS = 1.0
"""Seconds of pictures that make a rate: the first ones may come in a bunch."""
_SPARSE_SECONDS = 30.0
"""While only keyframes are wanted: some cameras send one every 10 s, and a camera that is not looked at may wait."""
_FIRST_PICTURE_SECONDS = 30.0
"""From the start of an attempt to its first picture; FFmpeg's own timeouts are shorter."""
_FIRST_KEYFRAME_SECONDS = 90.0
"""The same where packets come, but no picture that could be begun with: some cameras send a keyframe a minute."""
_AWAKE_SECONDS = 2.5
"""After a sleep of the computer: most connections are dead then without saying so."""
_HEARD_SECONDS = 10.0
"""Since the last packet, for which a camera counts as sending."""
_UNKNOWN_INTERVAL = 1.0
"""What is assumed between pictures until their rate is known."""
_SMOOTHING = 0.1
_LONG_GAP = 1.0
_OF_LATE = 60.0
_MOST_GAPS = 16


class StallWatch:
    """Knows when the next decoded picture must have come, whatever the connection says.  Times are in seconds.

    That is 10 usual intervals after the last one, 3 of the longest of late, and at least 3 s; or 30 s while only
    keyframes are wanted and nothing is heard at all.  What a source declares is no rate yet: until that was
    measured it gets 25 s.  When every frame is wanted again, the shorter limit counts from the next picture on: a
    decoder has to wait for a keyframe.

    Fed by the thread that reads; :meth:`is_late` may be asked from any.
    """

    def __init__(self, now: float) -> None:
        self._last = now
        self._limit = _FIRST_PICTURE_SECONDS
        self._interval = _UNKNOWN_INTERVAL
        self._measured = 0.0  # seconds
        self._patience = 0.0
        self._gaps: deque[tuple[float, float]] = deque(maxlen=_MOST_GAPS)
        self._demand: Demand | None = None  # under which the last picture came

    def opened(self, fps: float | None, patience: float = 0.0) -> None:
        """Note the declared rate, None where the source does not say, and what pauses its kind of source has."""
        self._interval = 1 / fps if fps else _UNKNOWN_INTERVAL
        self._patience = patience

    def arrived(self, now: float, demand: Demand) -> None:
        """Note a picture; ``demand`` is what is wanted at this moment."""
        if self._demand is demand is Demand.EVERY_FRAME:
            gap = now - self._last
            self._interval += _SMOOTHING * (gap - self._interval) if self._measured else gap - self._interval
            self._measured += gap
            if gap > _LONG_GAP:
                self._gaps.append((now, gap))
        while self._gaps and now - self._gaps[0][0] > _OF_LATE:
            self._gaps.popleft()
        self._demand = demand
        # In this order, so that a limit that has become shorter is never held against the picture before.
        self._last = now
        self._limit = self._patience_for(demand)

    def woke(self, now: float) -> None:
        """Note that the computer has slept: what does not send soon is gone."""
        self._last = now
        self._limit = _AWAKE_SECONDS

    def is_late(self, now: float, demand: Demand, heard: float | None = None) -> bool:
        """Say whether the next picture should have come by now; ``heard`` is when the last packet of any kind came."""
        last, limit = self._last, self._limit
        if heard is not None and self._demand is None and now - heard < _HEARD_SECONDS:
            limit = max(limit, _FIRST_KEYFRAME_SECONDS)
        if demand is Demand.KEYFRAMES and self._demand is not None:
            if limit != _AWAKE_SECONDS:
                limit = max(limit, self._patience_for(demand))
            last = max(last, heard or last)
        return now - last > limit

    def _patience_for(self, demand: Demand) -> float:
        if demand is Demand.KEYFRAMES:
            least = _SPARSE_SECONDS
        else:
            least = _STALL_SECONDS if self._measured >= _MEASURED_SECONDS else _UNMEASURED_SECONDS
        longest = max((gap for _, gap in self._gaps), default=0.0)
        return max(least, self._patience, _STALL_INTERVALS * self._interval, _STALL_GAPS * longest)
