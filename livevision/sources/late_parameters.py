"""Cameras that change their size and send the new parameter sets just behind the keyframe that needs them (pure)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from livevision.sources.access_units import AccessUnit
from livevision.sources.parameter_sets import sets_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAITED_FOR = 2
"""Pictures behind a keyframe in which its parameter sets may come."""
_REMEMBERED = 8


class LateParameters:
    """Sends such a keyframe once more, with what belongs to it: else nothing could be decoded up to the next one.

    ``extradata`` is what is known in the beginning, with start codes.
    """

    def __init__(self, codec: str, extradata: bytes) -> None:
        self._codec = codec
        self._known: deque[bytes] = deque((nal for nal, _ in sets_in(codec, extradata)), _REMEMBERED)
        self._keyframe: AccessUnit | None = None
        self._waited = 0

    def mend(self, unit: AccessUnit) -> Iterator[AccessUnit]:
        """Yield ``unit``, and in front of it what it makes whole."""
        if not unit.keyframe and self._keyframe is None:
            yield unit
            return
        sets = sets_in(self._codec, unit.data)
        has_sequence = any(is_sequence for _, is_sequence in sets)
        news = [nal for nal, is_sequence in sets if is_sequence and nal not in self._known]
        self._known.extend(news)
        if unit.keyframe:
            self._keyframe, self._waited = (None if has_sequence else unit), 0
        elif self._keyframe is not None:
            self._waited += 1
            if news:
                late = b"".join(b"\0\0\0\1" + nal for nal, _ in sets)
                yield AccessUnit(late + self._keyframe.data, self._keyframe.pts, True)
            if news or self._waited >= _WAITED_FOR:
                self._keyframe = None
        yield unit
