"""When a silent camera is a stalled one (pure)."""

from __future__ import annotations

from livevision.sources.reader import Demand

_STALL_SECONDS = 3.0
_STALL_INTERVALS = 10
_SPARSE_SECONDS = 30.0
"""While only keyframes are wanted: some cameras send one every 10 s, and a camera that is not looked at may wait."""
_FIRST_PICTURE_SECONDS = 20.0
"""From the start of an attempt to its first picture; FFmpeg's own timeouts are shorter."""
_UNKNOWN_INTERVAL = 1.0
"""What is assumed between pictures until their rate is known."""
_SMOOTHING = 0.1


class StallWatch:
    """Knows when the next decoded picture must have come, whatever the connection says.  Times are in seconds.

    That is 10 usual intervals after the last one and at least 3 s, or 30 s while only keyframes are wanted.  When every
    frame is wanted again, the shorter limit counts from the next picture on: a decoder has to wait for a keyframe.
    Fed by the thread that reads; :meth:`is_late` may be asked from any.
    """

    def __init__(self, now: float) -> None:
        self._last = now
        self._limit = _FIRST_PICTURE_SECONDS
        self._interval = _UNKNOWN_INTERVAL
        self._demand: Demand | None = None  # under which the last picture came

    def opened(self, fps: float | None) -> None:
        """Note the declared rate; None where the source does not say."""
        self._interval = 1 / fps if fps else _UNKNOWN_INTERVAL

    def arrived(self, now: float, demand: Demand) -> None:
        """Note a picture; ``demand`` is what is wanted at this moment."""
        if self._demand is demand is Demand.EVERY_FRAME:
            self._interval += _SMOOTHING * (now - self._last - self._interval)
        self._demand = demand
        # In this order, so that a limit that has become shorter is never held against the picture before.
        self._last = now
        self._limit = self._patience(demand)

    def is_late(self, now: float, demand: Demand) -> bool:
        """Say whether the next picture should have come by now."""
        limit = self._limit if demand is Demand.EVERY_FRAME else max(self._limit, self._patience(demand))
        return now - self._last > limit

    def _patience(self, demand: Demand) -> float:
        least = _STALL_SECONDS if demand is Demand.EVERY_FRAME else _SPARSE_SECONDS
        return max(least, _STALL_INTERVALS * self._interval)
