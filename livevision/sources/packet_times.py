"""The times of packets: a packet and the picture that is in it have the same one, whatever the source says."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

    from livevision.sources.timestamps import Timestamps

_REMEMBERED = 512
"""Packets whose pictures may still come; more than any decoder holds back, those of a long stall included."""
_TICK = 1e-4
"""Seconds between decoding times that have to differ somehow."""
_TOGETHER = 10.0
"""Seconds between sound and picture from which on their clocks have nothing to do with each other."""
_IN_STEP = 1.5
"""Seconds between them that are usual."""
_PIECE = 0.5
"""Seconds from one piece of sound to the next that are more than any lasts."""


def reorder_depth(context: VideoCodecContext) -> int:
    """Return how many pictures the decoder holds back to sort B-frames, as far as is known by now."""
    # Not in PyAV's type hints, and only in newer versions.
    return int(getattr(context, "reorder_depth", int(context.has_b_frames)))


class PictureClock:
    """Stamps packets before they are decoded, and gives each picture the time of its packet.

    The time of a picture whose packet had none comes from ``timestamps`` when it comes out.  Pictures come in order, so
    their times strictly increase; those of packets do where nothing is reordered.
    """

    def __init__(self, timestamps: Timestamps) -> None:
        self.timestamps = timestamps
        self._times: dict[int | None, list[float]] = {}
        self._shown: float | None = None

    def begin_again(self) -> None:
        """Let the next packet follow the last one whatever it says: it is from another pass or connection."""
        self.timestamps.begin_again()
        self._times.clear()

    def stamp(
        self, packet: Packet[VideoStream], depth: int, arrived: float | None = None, is_timed: bool = True
    ) -> float | None:
        """Return the ``pts`` of a packet's picture, in seconds; ``arrived`` is when it came, as it was made.

        That counts where its source has no times.  None where it cannot be known: pictures are reordered, and their
        source does not say how.
        """
        raw = seconds_of(packet) if is_timed else arrived
        if depth == 0:
            seconds = self.timestamps.next(raw, arrived)
        elif raw is not None:
            seconds = self.timestamps.next_decoded(raw, arrived)
        else:
            return None
        if len(self._times) >= _REMEMBERED:
            del self._times[next(iter(self._times))]
        self._times.setdefault(packet.pts, []).append(seconds)
        return seconds

    def time_of(self, picture: av.VideoFrame) -> float:
        """Return the ``pts`` of the picture that comes next."""
        stamped = self._times.get(picture.pts)
        seconds = stamped.pop(0) if stamped else self.timestamps.next(picture.time)
        if not stamped:
            self._times.pop(picture.pts, None)
        if self._shown is not None and seconds <= self._shown:
            seconds = self._shown + _TICK
        self._shown = seconds
        return seconds


class DecodingTimes:
    """Makes decoding times out of presentation times that come in decoding order: the same ones, sorted and earlier.

    So it does not matter whether a source has any, and they fit whatever was corrected.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._ahead: list[float] = []
        self._last: float | None = None

    def next(self, pts: float, depth: int) -> float:
        """Return the decoding time of a packet: later than the one before and, if that is possible, by ``pts``."""
        heappush(self._ahead, pts)
        dts = heappop(self._ahead) if len(self._ahead) > depth else None
        while len(self._ahead) > depth:
            dts = heappop(self._ahead)
        if dts is None:
            missing = depth + 1 - len(self._ahead)
            dts = self._ahead[0] - missing * self._interval
        dts = min(dts, pts)
        if self._last is not None and dts <= self._last:
            dts = self._last + _TICK
        self._last = dts
        return dts


class SoundTimes:
    """Puts sound on the clock of the pictures.

    It moves with a correction of theirs when its own stamps do, or when it would be out of step otherwise: clocks are
    set for picture and sound at different moments, and a single picture with a wrong stamp is no reason to move.
    """

    def __init__(self, pictures: Timestamps) -> None:
        self._pictures = pictures
        self._shift: float | None = None
        self._raw: float | None = None
        self._last: float | None = None

    def next(self, raw: float, arrived: float | None = None) -> float:
        """Return the seconds for sound with the raw stamp ``raw``, which came at ``arrived``; strictly increasing."""
        shared = self._pictures.shift
        shift = shared if self._shift is None else self._shift
        shown = self._pictures.last if arrived is None else self._pictures.at(arrived)
        if shown is not None and shift != shared:
            jumped = self._raw is not None and abs(raw - self._raw) > _PIECE
            fits = abs(raw + shared - shown) <= _IN_STEP
            if fits and (jumped or abs(raw + shift - shown) > _IN_STEP):
                shift = shared
        if shown is not None and abs(raw + shift - shown) > _TOGETHER:
            shift = shown - raw
        self._shift, self._raw = shift, raw
        seconds = raw + shift
        if self._last is not None and seconds <= self._last:
            seconds = self._last + _TICK
        self._last = seconds
        return seconds


def seconds_of(packet: Packet[VideoStream]) -> float | None:
    """Return a packet's raw presentation time; None where it has none."""
    if packet.pts is None or not packet.time_base:
        return None
    return float(packet.pts * packet.time_base)
