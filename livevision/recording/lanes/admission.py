"""How many packets a lane takes on: what it has no room for is dropped up to the next keyframe, and counted."""

from __future__ import annotations

import math
import threading
from collections import deque
from typing import TYPE_CHECKING

from livevision.sources.packets import Medium

if TYPE_CHECKING:
    from livevision.sources.packets import EncodedPacket

MOST_PACKETS = 6000
"""Half a minute of 60 pictures and 50 pieces of sound a second, pre-roll included, and much to spare."""
MOST_BYTES = 96 << 20
"""The whole pre-roll, and a disk that is busy for some seconds."""


class Admission:
    """Keeps the packets that are on their way through a lane, in order, within bounds.  Any thread.

    They are never more than ``most``, nor more than ``most_bytes``; and once a pre-roll is caught up with, the newest
    is at most ``longest`` seconds ahead of the oldest.
    """

    def __init__(self, most: int = MOST_PACKETS, most_bytes: int = MOST_BYTES, longest: float = math.inf) -> None:
        self.dropped = 0
        """Pictures that were not let in."""
        self._most = most
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._longest = longest
        self._captured: deque[float] = deque()
        """Of those on their way."""
        self._bytes = 0
        self._has_caught_up = False
        self._waits = False  # for a keyframe

    def admits(self, packet: EncodedPacket) -> bool:
        """Say whether there is room for ``packet``, and for what it builds on."""
        with self._lock:
            is_picture = packet.medium is Medium.VIDEO
            if is_picture and packet.is_keyframe:
                self._waits = False
            size = len(packet.data)
            if self._is_full(packet.captured, size):
                self._waits = self._waits or is_picture
                self.dropped += is_picture
                return False
            if self._waits and is_picture:
                self.dropped += 1
                return False
            self._captured.append(packet.captured)
            self._bytes += size
            return True

    def release(self, packet: EncodedPacket) -> None:
        """Note that one that was let in is through."""
        with self._lock:
            self._captured.popleft()
            self._bytes -= len(packet.data)
            self._has_caught_up = self._has_caught_up or self._span(packet.captured) <= self._longest

    def _is_full(self, captured: float, size: int) -> bool:
        late = self._has_caught_up and bool(self._captured) and captured - self._captured[0] > self._longest
        return late or len(self._captured) >= self._most or self._bytes + size > self._most_bytes

    def _span(self, now: float) -> float:
        return (self._captured[-1] if self._captured else now) - now
