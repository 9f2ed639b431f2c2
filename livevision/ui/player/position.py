"""Times of a recording as the player writes them (pure)."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

_NICE = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)


def clock(seconds: float) -> str:
    """Write a time in a file to the hundredth: ``0:12.48``, ``1:02:07.00``."""
    hundredths = max(0, round(seconds * 100))
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}:{minutes:02}" if hours else f"{minutes}") + f":{rest // 100:02}.{rest % 100:02}"


def short_clock(seconds: float) -> str:
    """Write it for a scale: without hundredths where there are none."""
    return clock(seconds).removesuffix(".00")


def time_of_day(started: datetime | None, seconds: float) -> str:
    """Write the time of day, in the zone of the recording, ``14:05:09``; nothing where it is not known."""
    if started is None:
        return ""
    try:
        return f"{started + timedelta(seconds=seconds):%H:%M:%S}"
    except OverflowError:
        return ""


def scale(length: float, most: int) -> list[float]:
    """Return the round seconds to write along a time line, at most ``most`` of them."""
    if not (length > 0 and math.isfinite(length)) or most < 1:
        return []
    step = next((each for each in _NICE if length / each <= most), None)
    if step is None:
        step = math.ceil(length / most / 86400) * 86400
    return [number * step for number in range(int(length / step + 1e-9) + 1)]
