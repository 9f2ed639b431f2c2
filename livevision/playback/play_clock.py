"""Which time of a video is due at which moment, at the speed that it is played with (pure)."""

from __future__ import annotations


class PlayClock:
    """Runs from a position on, ``speed`` seconds of video a second.  ``now`` is monotonic seconds."""

    def __init__(self) -> None:
        self.speed = 1.0
        self._position = 0.0
        self._since = 0.0

    def __repr__(self) -> str:
        return f"<PlayClock {self._position:.3f} s at {self._since:.3f}, speed {self.speed:g}>"

    def start(self, position: float, now: float) -> None:
        """Be at ``position`` now."""
        self._position, self._since = position, now

    def set_speed(self, speed: float, now: float) -> None:
        """Go on from where it is at another speed."""
        self.start(self.position(now), now)
        self.speed = speed

    def position(self, now: float) -> float:
        """Return which second of the video is due."""
        return self._position + (now - self._since) * self.speed

    def wait(self, position: float, now: float) -> float:
        """Return the seconds until ``position`` is due; negative by how much it is late."""
        return self._since + (position - self._position) / self.speed - now
