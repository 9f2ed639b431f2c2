"""Live streams that come in bursts, a segment at a time: read as they come, and handed on as evenly as they were made.

A playlist without an end names segments of some seconds, each when it is complete.  So many seconds come at once, and
then nothing comes for as long.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livevision.sources.backlog import Backlog
from livevision.sources.pacing import Pacer
from livevision.sources.timestamps import Timestamps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

_MOST_BYTES = 64 << 20
"""Of packets that wait: more than the usual three segments.  Beyond it reading waits, too."""
_LONGEST_PAUSE = 60.0
"""Seconds between two pictures that are waited for; a longer one is a clock set anew."""
_CLOSING = 0.1
"""Seconds that the thread gets to close the container; where it waits for the next segment, it does so later."""


@dataclass(frozen=True, slots=True)
class _Read:
    packet: Packet[Any]
    position: float | None
    """Seconds of the stream, always rising; None for sound."""


class ReadAhead:
    """Reads ``container`` in a thread of its own, and owns it: nobody else reads or closes it.

    :meth:`demux`, :meth:`delay` and :meth:`close` belong to the capture thread, :meth:`interrupt` to any.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        interrupted: threading.Event,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._container = container
        self._stream = stream
        self._interrupted = interrupted
        self._clock = clock
        self._pacer = Pacer(clock, _LONGEST_PAUSE)
        rate = stream.average_rate
        self._positions = Timestamps(float(1 / rate) if rate else 1 / 25, _LONGEST_PAUSE)
        self._backlog = Backlog()
        self._changed = threading.Condition()  # guards what follows
        self._waiting: deque[_Read] = deque()
        self._bytes = 0
        self._newest = 0.0  # monotonic seconds of position 0, had its picture come as quickly as the quickest one
        self._shown: float | None = None
        self._error: Exception | None = None
        self._has_ended = False
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def __repr__(self) -> str:
        return f"<ReadAhead {len(self._waiting)} packets, {self._bytes} bytes{', closed' if self._is_closed else ''}>"

    def demux(self, *streams: Stream) -> Iterator[Packet[Any]]:
        """Yield packets as :meth:`InputContainer.demux` does, those of the picture each when its time has come.

        Raises what reading raised, after what came before; may be called again after that.
        """
        self._has_ended = False
        self._thread = threading.Thread(target=self._fill, args=(streams,), name="read ahead", daemon=True)
        self._thread.start()
        while (read := self._next()) is not None:
            if read.position is not None:
                self._pacer.hold(read.position, self._interrupted)
                self._shown = read.position
            yield read.packet
        error, self._error = self._error, None
        if error is not None:
            raise error

    def delay(self) -> float:
        """Return by how many seconds what was yielded last is behind the newest that the server could have had."""
        return 0.0 if self._shown is None else max(0.0, self._clock() - self._shown - self._newest)

    def interrupt(self) -> None:
        """End :meth:`demux` soon; ``interrupted`` is set."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Give everything back: at once, or as soon as FFmpeg lets go of it."""
        with self._changed:
            thread = None if self._has_ended else self._thread
            is_closed, self._is_closed = self._is_closed, True
            self._waiting.clear()
            self._bytes = 0
            self._changed.notify_all()
        if thread is not None:
            thread.join(_CLOSING)  # It closes the container as its last act.
        elif not is_closed:
            self._container.close()

    def _next(self) -> _Read | None:
        with self._changed:
            while not self._waiting and not (self._has_ended or self._interrupted.is_set() or self._is_closed):
                self._changed.wait()
            if not self._waiting or self._interrupted.is_set():
                return None
            read = self._waiting.popleft()
            self._bytes -= read.packet.size
            self._changed.notify_all()
            return read

    # In the thread.

    def _fill(self, streams: tuple[Stream, ...]) -> None:
        error: Exception | None = None
        try:
            for packet in self._container.demux(*streams):
                if not self._take(packet):
                    break
        except Exception as raised:
            error = raised
        with self._changed:
            self._error = error
            self._has_ended = True
            self._changed.notify_all()
            is_ours = self._is_closed
        if is_ours:
            self._container.close()

    def _take(self, packet: Packet[Any]) -> bool:
        """Queue a packet, once there is room; False where nobody wants any more."""
        position = None
        if packet.stream_index == self._stream.index and packet.size:
            position = self._position(packet, self._clock())
        with self._changed:
            while self._bytes > _MOST_BYTES and not (self._interrupted.is_set() or self._is_closed):
                self._changed.wait()
            if self._interrupted.is_set() or self._is_closed:
                return False
            self._waiting.append(_Read(packet, position))
            self._bytes += packet.size
            self._changed.notify_all()
            return True

    def _position(self, packet: Packet[Any], arrived: float) -> float:
        # In the order of decoding, in which they come: that is even, too, and never goes back.
        stamp = packet.dts if packet.dts is not None else packet.pts
        raw = float(stamp * packet.time_base) if stamp is not None and packet.time_base else None
        position = self._positions.next(raw)
        behind = self._backlog.measure(arrived, position)
        self._newest = arrived - position - behind
        return position
