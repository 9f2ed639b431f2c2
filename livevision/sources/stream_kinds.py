"""What kinds of live streams there are, and what was learned of single ones while reading them."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer

SEGMENT_PATIENCE = 45.0
"""Seconds that a stream of segments may pause: some are 10 s long and more, and a server may be late with one."""

STRICT_MJPEG = "mpjpeg"
"""FFmpeg's reader of the parts of a message, as cameras on the web send pictures."""
LENIENT_MJPEG = "mjpeg"
"""FFmpeg's reader of JPEG pictures with anything at all between them."""
_UNTIMED = frozenset({STRICT_MJPEG, LENIENT_MJPEG})
_IN_SEGMENTS = frozenset({"hls", "dash"})
_MOST = 256


class StreamKind(Enum):
    """How the pictures of a stream come."""

    LIVE = "each when it was made"
    UNTIMED = "without a time: the moment of arrival is the best there is"
    IN_SEGMENTS = "many seconds at once: what comes late there is no backlog"
    RECORDED = "as fast as they are read: it has an end"


def kind_of(container: InputContainer) -> StreamKind:
    """Return the kind of what was opened."""
    # A live stream has no duration; a size that the server names, or a finished playlist, is a recording.
    name = container.format.name
    has_end = container.size > 0 or name in _IN_SEGMENTS
    if container.duration and container.duration > 0 and has_end:
        return StreamKind.RECORDED
    if name in _UNTIMED:
        return StreamKind.UNTIMED
    return StreamKind.IN_SEGMENTS if name in _IN_SEGMENTS else StreamKind.LIVE


class Addresses:
    """Addresses that were found to be unusual, so that the next generation loses no time on it: the newest 256."""

    def __init__(self) -> None:
        self._known: deque[str] = deque(maxlen=_MOST)

    def __contains__(self, address: str) -> bool:
        """Say whether it is one of them; from any thread."""
        return address in self._known

    def add(self, address: str) -> None:
        """Take one; from any thread."""
        if address not in self._known:
            self._known.append(address)

    def remove(self, address: str) -> None:
        """Take one back; from any thread."""
        with suppress(ValueError):
            self._known.remove(address)

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()


NEEDS_PARSER = Addresses()
"""For which the low-latency way failed."""
NEEDS_RELAY = Addresses()
"""RTSP cameras that want a login that FFmpeg cannot give."""
NEEDS_SOUND = Addresses()
"""RTSP cameras that send nothing before their sound is asked for, too."""
SOUND_REFUSED = Addresses()
"""RTSP cameras that refuse to send the sound that they have."""
BROKEN_MJPEG = Addresses()
"""Whose boundaries between pictures are not as they should be."""
WITHOUT_PICTURE = Addresses()
"""Whose last attempt brought no picture for long: the next one looks for pictures in another way."""
PAUSES = Addresses()
"""That fell silent for longer than usual, and may do so."""
