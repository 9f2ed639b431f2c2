"""From NAL units and fragments of them, as a network delivers them, to whole pictures, without waiting for the next.

FFmpeg's parser ends a picture when the next one begins, which costs a frame interval.  Here the end is known from what
arrived: a fragment shorter than the ones before it ends its NAL unit, and a picture is complete when it has as many
slices as pictures of this stream usually have.  Where that is not known, the next picture's beginning tells, as ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livevision.sources.nal_units import LONG_START, NalUnits, split
from livevision.sources.random_access import recovery_count

if TYPE_CHECKING:
    from livevision.sources.nal_units import Syntax

_LARGEST = 16 << 20
"""Bytes of a picture; more is no picture, and is thrown away."""
_FEWER_IN_A_ROW = 25
"""Pictures with fewer slices than usual that make the fewer usual."""
_CUT_SHORT = 3
"""Times that a picture had more slices than usual, after which nothing is called usual any more."""


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One whole picture with what belongs to it: parameter sets, delimiters; ``pts`` in units of the stream.

    Decoding can begin with a ``keyframe``, which may be the beginning of a refresh: see :mod:`random_access`.
    """

    data: bytes
    pts: int | None
    keyframe: bool


class AccessUnits:
    """Takes what the demuxer yields, in order, and gives back the pictures that it completes.

    ``faults`` counts what did not fit: pieces of pictures that had been given back already, or whose beginning was
    lost.  What such a fault teaches is learned: this stream's pictures wait for the next one from then on.
    """

    def __init__(self, syntax: Syntax) -> None:
        self.faults = 0
        self._syntax = syntax
        self._nals = NalUnits(syntax.header + len(LONG_START))
        self._usual = {True: _Usual(), False: _Usual()}
        self._last = (0, False)  # slices of the picture given back last, and whether it was a keyframe
        self._is_cut = False  # whether more of that picture came later
        self._pts: int | None = None
        self._begin()

    def feed(self, data: bytes, pts: int | None) -> list[AccessUnit]:
        """Take one packet of the demuxer; ``pts`` is the same for all packets of a picture."""
        done: list[AccessUnit] = []
        if data.startswith(LONG_START) or (pts is not None and pts != self._pts):
            self._take(self._nals.end(), done)
        if pts is not None and pts != self._pts:
            # The time belongs to what comes now, of which some may have come already, without a time.
            self._finish(done)
            self._last = (0, False)
            self._pts = pts
        if not self._nals.add(data):
            self.faults += 1
        elif self._nals.is_whole:
            self._take(self._nals.end(), done)
        if self._size + self._nals.size > _LARGEST:
            self.faults += 1
            self._nals.end()
            self._begin()
        return done

    def flush(self) -> list[AccessUnit]:
        """Give back what is left at the end of the stream."""
        done: list[AccessUnit] = []
        self._take(self._nals.end(), done)
        self._finish(done)
        return done

    def _begin(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._slices = 0
        self._key = False

    def _take(self, data: bytes, done: list[AccessUnit]) -> None:
        for nal in split(data):
            if len(nal) > self._syntax.header:
                self._take_nal(nal, done)

    def _take_nal(self, nal: bytes, done: list[AccessUnit]) -> None:
        kind = self._syntax.type_of(nal)
        if kind in self._syntax.slices:
            if self._syntax.begins_picture(nal):
                self._finish_if_any(done)
            elif not self._slices:
                self._late_slice()
                return
            self._slices += 1
            self._key = self._key or kind in self._syntax.keys
        elif kind in self._syntax.trailing:
            if not self._slices:
                return  # filler behind a picture that has been given back already
        else:
            self._finish_if_any(done)
            self._key = self._key or (kind == self._syntax.sei and recovery_count(nal, self._syntax) is not None)
        self._parts += (LONG_START, nal)
        self._size += len(nal)
        if self._slices and self._is_complete():
            self._give_back(done)

    def _is_complete(self) -> bool:
        usual = self._usual[self._key]
        return self._slices == (usual.slices or self._usual[not self._key].slices) and not usual.varies

    def _late_slice(self) -> None:
        self.faults += 1
        slices, key = self._last
        if slices:
            self._last = (slices + 1, key)
            self._usual[key].learn_late(slices + 1, is_first=not self._is_cut)
            self._is_cut = True

    def _finish_if_any(self, done: list[AccessUnit]) -> None:
        if self._slices:
            self._finish(done)

    def _finish(self, done: list[AccessUnit]) -> None:
        """End a picture because the next one begins."""
        if self._slices:
            self._usual[self._key].learn(self._slices)
            self._give_back(done)

    def _give_back(self, done: list[AccessUnit]) -> None:
        done.append(AccessUnit(b"".join(self._parts), self._pts, self._key))
        self._last = (self._slices, self._key)
        self._is_cut = False
        self._begin()


class _Usual:
    """How many slices pictures have: the most of late, because giving back too early does the damage.

    0 where it is not known yet.
    """

    def __init__(self) -> None:
        self.slices = 0
        self._fewer: list[int] = []
        self._cut_short = 0

    @property
    def varies(self) -> bool:
        """Whether only the next picture's beginning can tell the end of one."""
        return self._cut_short >= _CUT_SHORT

    def learn(self, slices: int) -> None:
        """Take note of a picture that had this many."""
        if slices >= self.slices:
            self.slices = slices
            self._fewer.clear()
            return
        self._fewer.append(slices)
        if len(self._fewer) == _FEWER_IN_A_ROW:
            self.slices = max(self._fewer)
            self._fewer.clear()

    def learn_late(self, slices: int, is_first: bool) -> None:
        """Take note of a picture that was given back too early; it had ``slices`` at least."""
        self._cut_short += is_first
        self.learn(slices)
