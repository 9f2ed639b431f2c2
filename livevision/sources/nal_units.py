"""NAL units: the pieces that H.264 and HEVC pictures consist of, and how they are put together from fragments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = b"\0\0\1"
LONG_START = b"\0\0\0\1"
"""What FFmpeg's depacketizer puts in front of each NAL unit; what follows in further fragments has none."""
_NEVER_FRAGMENTED = 500
"""Bytes.  The smallest packets that any network makes are larger."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """What of a codec's NAL units has to be known here."""

    header: int
    """Bytes in front of the payload."""
    type_shift: int
    type_mask: int
    slices: frozenset[int]
    keys: frozenset[int]
    """The slices of pictures at which decoding can begin."""
    trailing: frozenset[int]
    """What may follow the slices and still belong to their picture."""
    sei: int

    def type_of(self, nal: bytes) -> int:
        """Return the type of a NAL unit without its start code."""
        return nal[0] >> self.type_shift & self.type_mask

    def begins_picture(self, nal: bytes) -> bool:
        """Say whether a slice is the first of its picture.

        ``first_mb_in_slice`` is 0 where its first bit is set, and ``first_slice_segment_in_pic_flag`` is that bit.
        """
        return bool(nal[self.header] & 0x80)


H264 = Syntax(
    header=1,
    type_shift=0,
    type_mask=31,
    slices=frozenset({1, 2, 5}),
    keys=frozenset({5}),
    trailing=frozenset({3, 4, 10, 11, 12, 19}),
    sei=6,
)
HEVC = Syntax(
    header=2,
    type_shift=1,
    type_mask=63,
    slices=frozenset(range(32)),
    keys=frozenset(range(16, 24)),
    trailing=frozenset({36, 37, 38, 40}),
    sei=39,
)
SYNTAXES = {"h264": H264, "hevc": HEVC}
"""By FFmpeg's name of the codec."""


class NalUnits:
    """Puts fragments together, and knows where it can when the last one has come.

    All fragments of a NAL unit carry the same number of bytes, only the last one may carry fewer; the first has
    ``overhead`` bytes more, the start code and the header that each RTP packet has in another form.
    """

    def __init__(self, overhead: int) -> None:
        self._overhead = overhead
        self._parts: list[bytes] = []
        self._ended_with: tuple[int, int] = (0, 0)  # fragments of the last unit, and bytes of its first one
        self._seen_fragments = False
        self._even = True
        self._is_aggregate = False
        self._fragmented_from = _NEVER_FRAGMENTED
        self.size = 0
        self.is_whole = False

    def add(self, data: bytes) -> bool:
        """Take a packet; False where it continues something that has ended, or never began."""
        if data.startswith(LONG_START):
            self._parts = [data]
            self.size = len(data)
            # Several units in one packet are whole, and say nothing of how long a fragment is.
            self._is_aggregate = data.find(LONG_START, len(LONG_START)) > 0
            self.is_whole = self._is_aggregate or len(data) < self._fragmented_from
            return True
        if not self._parts:
            self._learn_from_fault()
            return False
        self._parts.append(data)
        self.size += len(data)
        first = len(self._parts[0])
        self._learn_fragmented(first)
        self.is_whole = self._even and len(data) < first - self._overhead
        return True

    def end(self) -> bytes:
        """Return the unit, or what there is of it; empty where there is none."""
        parts, self._parts = self._parts, []
        if not parts:
            return b""
        if len(parts) == 1 and not self._seen_fragments and not self._is_aggregate:
            # A packet that holds a unit by itself holds one byte more of it than the first of several does.
            self._fragmented_from = max(self._fragmented_from, len(parts[0]) - 1)
        self._ended_with = (len(parts), len(parts[0]))
        self.size = 0
        self.is_whole = False
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _learn_fragmented(self, first: int) -> None:
        self._fragmented_from = min(self._fragmented_from, first) if self._seen_fragments else first
        self._seen_fragments = True

    def _learn_from_fault(self) -> None:
        fragments, first = self._ended_with
        if fragments > 1:
            self._even = False
        elif fragments == 1:
            self._learn_fragmented(first)


def split(data: bytes) -> Iterator[bytes]:
    """Yield the NAL units in ``data`` without start codes: several may come in one packet."""
    at = data.find(_START)
    while at >= 0:
        begin = at + len(_START)
        at = data.find(_START, begin)
        # No NAL unit ends with a zero: those belong to the next start code.
        yield data[begin:].rstrip(b"\0") if at < 0 else data[begin:at].rstrip(b"\0")
