"""Receiver reports inside an RTSP connection: the sign of life that some cameras wait for every 5 to 10 s.

FFmpeg sends one for each 280 kB only, which takes a stream of few pictures longer than such a camera waits.  RFC 3550,
section 6.4.2: a report without blocks says that there is a receiver, and no more.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = 4.0
"""Seconds."""
_INTERLEAVED = 0x24
_RECEIVER_REPORT, _SOURCE_DESCRIPTION, _CNAME = 201, 202, 1
_NAME = b"livevision"


def empty_report(ssrc: int, channel: int) -> bytes:
    """Return a receiver report of nobody in particular with its source description, as it is sent in a connection."""
    source = ssrc.to_bytes(4, "big")
    item = bytes([_CNAME, len(_NAME)]) + _NAME
    item += bytes(4 - len(item) % 4)  # one zero at least ends the list
    report = bytes([0x80, _RECEIVER_REPORT, 0, 1]) + source
    description = bytes([0x81, _SOURCE_DESCRIPTION]) + (1 + len(item) // 4).to_bytes(2, "big") + source + item
    both = report + description
    return bytes([_INTERLEAVED, channel]) + len(both).to_bytes(2, "big") + both


class ReceiverReports:
    """Sends an empty report every :data:`EVERY` s; used by the thread that reads, between two packets."""

    def __init__(self, send: Callable[[bytes], None], tracks: int, now: float) -> None:
        self._send = send
        ssrc = secrets.randbits(32)
        # Track n is asked for on the channels 2n and, for reports, 2n + 1.
        self._reports = b"".join(empty_report(ssrc, 2 * track + 1) for track in range(tracks))
        self._due = now + EVERY

    def tell(self, now: float) -> None:
        """Send what is due at ``now`` (monotonic seconds)."""
        if now >= self._due:
            self._due = now + EVERY
            self._send(self._reports)
