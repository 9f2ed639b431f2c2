"""Decoding a live stream: every picture while that keeps up, keyframes only where more would be in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av.error

from livevision.sources.random_access import pictures_to_recover
from livevision.sources.reader import Demand

if TYPE_CHECKING:
    import av
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

    from livevision.sources.backlog import Backlog

BEHIND = 0.3
"""Seconds of backlog from which on pictures are left out."""
_CURRENT = 0.1
"""Seconds of backlog at which all are decoded again."""
_NO_GAIN = 2.0
"""Seconds of leaving out that gained nothing: it was no backlog, or the network is too slow for the stream."""
_UNMARKED = "hevc"
_KEPT = 16 << 20
"""Bytes of pictures that are kept undecoded; behind more than that, the next keyframe is waited for."""


class LiveDecoder:
    """Turns packets, a whole picture each, into pictures, and leaves out what would only make the delay grow.

    Left out are pictures between keyframes, while the arrival is behind or nobody wants more.  They are kept, up to a
    bound, until the next keyframe makes them worthless: when every picture is wanted again they are decoded at once
    and only the last one is shown, so that nobody has to wait for a keyframe.  A camera that sends none, but refreshes
    its picture bit by bit, is decoded on, as each picture builds on all before; nothing is shown that is not whole.

    ``demand`` is what is wanted of the next packet, ``behind`` by how many seconds the last one was late.  ``skipped``
    counts what was left out to catch up since it was set to 0, and ``damaged`` the packets in a row, since the first
    keyframe, out of which no sound picture came.
    """

    def __init__(self, context: VideoCodecContext, backlog: Backlog | None) -> None:
        self.demand = Demand.EVERY_FRAME
        self.skipped = 0
        self.behind = 0.0
        self.damaged = 0
        self.context = context
        self._backlog = backlog
        self._catching_up_since: float | None = None
        self._least_behind = 0.0
        self._kept: list[Packet[VideoStream]] = []
        self._kept_bytes = 0
        self._kept_behind = 0  # how many of them because the arrival was behind
        self._needs_keyframe = False
        self._has_begun = False
        self._refreshes = False  # bit by bit, without keyframes
        self._unsound = 0  # pictures that are not whole yet

    def decode(self, packet: Packet[VideoStream], arrived: float) -> list[av.VideoFrame]:
        """Return the pictures to show now; ``arrived`` is when the packet came, in monotonic seconds.

        A packet in which a refresh begins is a keyframe afterwards: FFmpeg's parser does not know those of HEVC.
        """
        catching_up = self._is_catching_up(packet, arrived)
        if not packet.is_keyframe and self.context.name == _UNMARKED:
            packet.is_keyframe = pictures_to_recover(_UNMARKED, bytes(packet)) is not None
        if packet.is_keyframe:
            to_recover = pictures_to_recover(self.context.name, bytes(packet)) or 0
            self._refreshes = to_recover > 0
            if not self._refreshes:
                # Worth it at all times: a sign of life, and what follows can be decoded.
                self._drop_kept()
                self._needs_keyframe = False
                self._has_begun = True
                self._unsound = 0
                return self._decode(packet)
            if self._needs_keyframe:
                self._needs_keyframe = False
                self._unsound = to_recover
        leaves_out = catching_up or (self.demand is Demand.KEYFRAMES and not self._refreshes)
        if self._needs_keyframe:
            self.skipped += catching_up
            return []
        if leaves_out:
            self._keep(packet, catching_up)
            return []
        pictures = [picture for kept in self._kept for picture in self._decode(kept)]
        self._drop_kept()
        pictures = self._decode(packet) or pictures[-1:]
        if self._unsound > 0:
            self._unsound -= 1
            return []
        return pictures

    def _decode(self, packet: Packet[VideoStream]) -> list[av.VideoFrame]:
        try:
            pictures = self.context.decode(packet)
        except av.error.FFmpegError:
            pictures = []
        is_sound = bool(pictures) and not any(picture.is_corrupt for picture in pictures)
        # Before the first keyframe, and the end of the first refresh, nothing can come out.
        self._has_begun = self._has_begun or is_sound
        self.damaged = 0 if is_sound or not self._has_begun else self.damaged + 1
        return pictures

    def _keep(self, packet: Packet[VideoStream], catching_up: bool) -> None:
        self._kept.append(packet)
        self._kept_bytes += packet.size
        self._kept_behind += catching_up
        if self._kept_bytes > _KEPT:
            self._drop_kept()
            self._needs_keyframe = True

    def _drop_kept(self) -> None:
        self.skipped += self._kept_behind
        self._kept = []
        self._kept_bytes = self._kept_behind = 0

    def _is_catching_up(self, packet: Packet[VideoStream], arrived: float) -> bool:
        if self._backlog is None or packet.pts is None:
            return self._catching_up_since is not None
        behind = self.behind = self._backlog.measure(arrived, float(packet.pts * packet.time_base))
        if self._catching_up_since is None:
            if behind > BEHIND:
                self._catching_up_since, self._least_behind = arrived, behind
        elif behind < _CURRENT:
            self._catching_up_since = None
        elif behind < self._least_behind - _CURRENT:
            self._catching_up_since, self._least_behind = arrived, behind
        elif arrived - self._catching_up_since > _NO_GAIN:
            self._backlog.begin_again()
            self._catching_up_since = None
        return self._catching_up_since is not None
