"""The last seconds of a camera as encoded packets, so that pressing record includes what has just happened."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livevision.sources.clock import slept
from livevision.sources.packets import EncodedPacket, MediaFormat, Medium, PacketSink

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 10.0
BYTES = 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """A keyframe and what follows it up to the next: what can be kept, or thrown away, by itself."""

    media: MediaFormat
    packets: list[EncodedPacket] = field(default_factory=list)

    @property
    def captured(self) -> float:
        return self.packets[0].captured


class PacketRing:
    """A :class:`PacketSink` that remembers, and hands on to whoever is attached.

    It always begins with a keyframe.  It reaches back ``seconds``, and as much further as it takes to begin with one;
    with 0 seconds it holds what came since the newest keyframe.  It never holds more than ``limit`` bytes: where there
    are not even that many between two keyframes it is empty until the next one.

    Packets come in the capture thread; :meth:`attach` and what it returns may be called from any thread.  Consumers are
    called with the lock held: they return at once, and never attach or detach anybody.
    """

    def __init__(
        self, seconds: float = SECONDS, limit: int = BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds = seconds
        """How far to reach back; may be set at any time and counts from the next packet on."""
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._groups: deque[_Group] = deque()
        self._bytes = 0
        self._media: MediaFormat | None = None
        self._generation = -1
        self._has_begun = False  # whether a keyframe has come since the last change of format
        self._consumers: list[_Consumer] = []

    def __repr__(self) -> str:
        return f"<PacketRing {self.held_seconds:.1f} s, {self._bytes} bytes, {len(self._consumers)} attached>"

    @property
    def held_bytes(self) -> int:
        """How much is remembered at the moment."""
        return self._bytes

    @property
    def held_seconds(self) -> float:
        """How far back it reaches, counted from the newest packet."""
        with self._lock:
            return self._groups[-1].packets[-1].captured - self._groups[0].captured if self._groups else 0.0

    @property
    def media(self) -> MediaFormat | None:
        """What the camera sends; None as long as nothing came.  A source that has no packets never says."""
        return self._media

    def on_format(self, media: MediaFormat, generation: int) -> None:
        """Take what comes from now on."""
        with self._lock:
            if generation >= self._generation:
                self._media, self._generation = media, generation
                self._has_begun = False

    def on_packet(self, packet: EncodedPacket) -> None:
        """Remember a packet and hand it on; one of a reader that was given up is left out."""
        with self._lock:
            if self._media is None or packet.generation != self._generation:
                return
            begins = packet.medium is Medium.VIDEO and packet.is_keyframe
            self._has_begun = self._has_begun or begins
            if not self._has_begun:
                return
            self._remember(packet, self._media, begins)
            for consumer in self._consumers:
                consumer.take(packet, self._media, begins)

    def attach(self, consumer: PacketSink, seconds: float) -> Callable[[], None]:
        """Hand over what came since the newest keyframe that is ``seconds`` old or older, then all as it comes.

        Where none is as old, since the oldest that is remembered; where none is remembered, from the next one on.
        ``on_format`` comes before the first packet, and wherever another kind of stream or generation begins.  Returns
        what ends it: nothing comes once that has returned.
        """
        attached = _Consumer(consumer)
        with self._lock:
            since = self._clock() - seconds
            groups = list(self._groups)
            while len(groups) > 1 and groups[1].captured <= since:
                del groups[0]
            for group in groups:
                for number, packet in enumerate(group.packets):
                    attached.take(packet, group.media, number == 0)
            self._consumers.append(attached)

        def detach() -> None:
            with self._lock:
                if attached in self._consumers:
                    self._consumers.remove(attached)

        return detach

    def _remember(self, packet: EncodedPacket, media: MediaFormat, begins: bool) -> None:
        if begins:
            if self._groups and _slept_between(self._groups[-1].packets[-1], packet):
                # Hours ago by the time of day, however little that is for the monotonic clock.
                self._groups.clear()
                self._bytes = 0
            self._groups.append(_Group(media))
        if not self._groups:
            return  # it would not have fitted
        self._groups[-1].packets.append(packet)
        self._bytes += len(packet.data)
        while len(self._groups) > 1 and self._groups[1].captured <= packet.captured - self.seconds:
            self._forget_oldest()
        while self._bytes > self._limit:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        self._bytes -= sum(len(packet.data) for packet in self._groups.popleft().packets)


def _slept_between(earlier: EncodedPacket, later: EncodedPacket) -> bool:
    return slept(later.captured - earlier.captured, later.wall - earlier.wall) > 0


class _Consumer:
    """Whoever is attached: gets a format before its first keyframe, and nothing that cannot be decoded."""

    def __init__(self, sink: PacketSink) -> None:
        self._sink = sink
        self._told: tuple[MediaFormat, int] | None = None
        self._waits = True

    def take(self, packet: EncodedPacket, media: MediaFormat, begins: bool) -> None:
        now = media, packet.generation
        if begins:
            self._waits = False
            if self._told != now:
                self._told = now
                self._sink.on_format(media, packet.generation)
        if not self._waits:
            self._sink.on_packet(packet)
