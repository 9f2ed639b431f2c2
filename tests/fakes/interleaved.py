"""An RTSP camera that sends exactly what a test says: pictures, sound and sender reports, with whatever times."""

from __future__ import annotations

import struct
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.odd_server import OddServer, rtsp_answer
from tests.fakes.rtp import START, nal_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Self

VIDEO, VIDEO_REPORT, SOUND, SOUND_REPORT = range(4)
"""The channels of the connection."""
CLOCK = 90_000
SOUND_CLOCK = 8000
NTP_EPOCH = 2_208_988_800
_MTU = 1200
_TYPES = {"h264": ("H264/90000", 1), "hevc": ("H265/90000", 2)}


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that the camera sends ``at`` seconds after it was asked to play."""

    at: float
    channel: int
    stamp: int
    """In the clock of its stream, modulo 2³²; of a report, the one that belongs to ``ntp``."""
    data: bytes = b""
    ntp: float = 0.0
    """Of a report: the camera's time of day."""


class InterleavedCamera:
    """Sends what ``script`` makes, once for each connection, paced by the clock or as fast as it goes.

    ``codec`` is h264 or hevc.  ``fps`` is what the session description declares.  After the last thing the connection
    stays open until the end, unless it ``hangs_up``.
    """

    hangs_up = False

    def __init__(
        self,
        script: Callable[[], Iterable[Sent]],
        codec: str = "h264",
        fps: float | None = None,
        sound: bool = False,
        paced: bool = True,
    ) -> None:
        self._script = script
        self._codec = codec
        self._fps = fps
        self._sound = sound
        self._paced = paced
        self._over = threading.Event()
        self._numbers = [0, 0]
        self._server = OddServer(self._answer)
        self.played = 0
        """How often it was asked to play."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"rtsp://127.0.0.1:{self._server.port}/cam"

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.__exit__(kind, error, trace)

    def _answer(self, request: bytes) -> object:
        verb = request.partition(b" ")[0]
        if verb == b"DESCRIBE":
            return rtsp_answer(request, self._description().encode())
        if verb == b"SETUP":
            channels = request.partition(b"interleaved=")[2][:3].decode()
            transport = f"Transport: RTP/AVP/TCP;unicast;interleaved={channels}\r\nSession: 1\r\n"
            return rtsp_answer(request, head=transport)
        if verb == b"PLAY":
            self.played += 1
            return self._play(rtsp_answer(request, head="Session: 1\r\n"))
        return rtsp_answer(request, head="Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")

    def _description(self) -> str:
        name, _ = _TYPES[self._codec]
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=cam", "t=0 0", "a=control:*"]
        lines += ["m=video 0 RTP/AVP 96", f"a=rtpmap:96 {name}", "a=control:video"]
        if self._codec == "h264":
            lines.append("a=fmtp:96 packetization-mode=1")
        if self._fps:
            lines.append(f"a=framerate:{self._fps:g}")
        if self._sound:
            lines += ["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=control:audio"]
        return "\r\n".join(lines) + "\r\n"

    def _play(self, answer: bytes) -> Iterator[bytes | None]:
        yield answer
        begun = time.monotonic()
        for sent in self._script():
            if self._paced and self._over.wait(max(0.0, begun + sent.at - time.monotonic())):
                return
            for packet in self._packets(sent):
                yield struct.pack(">cBH", b"$", sent.channel, len(packet)) + packet
        while not self.hangs_up and not self._over.wait(0.05):
            pass
        yield None

    def _packets(self, sent: Sent) -> Iterator[bytes]:
        if sent.channel in (VIDEO_REPORT, SOUND_REPORT):
            seconds = sent.ntp + NTP_EPOCH
            ntp = int(seconds * 2**32) & (2**64 - 1)
            yield struct.pack(">BBHIQIII", 0x80, 200, 6, sent.channel // 2 + 1, ntp, sent.stamp % 2**32, 1, 1)
            return
        if sent.channel == SOUND:
            yield self._rtp(1, 8, True, sent.stamp, sent.data)
            return
        payloads = list(self._payloads(sent.data))
        for number, payload in enumerate(payloads):
            yield self._rtp(0, 96, number == len(payloads) - 1, sent.stamp, payload)

    def _rtp(self, track: int, kind: int, marker: bool, stamp: int, payload: bytes) -> bytes:
        self._numbers[track] = (self._numbers[track] + 1) % 2**16
        head = struct.pack(">BBHII", 0x80, kind | marker << 7, self._numbers[track], stamp % 2**32, track + 1)
        return head + payload

    def _payloads(self, picture: bytes) -> Iterator[bytes]:
        _, header = _TYPES[self._codec]
        for nal in nal_units(picture):
            if len(nal) <= _MTU:
                yield nal
                continue
            parts = [nal[at : at + _MTU] for at in range(header, len(nal), _MTU)]
            for number, part in enumerate(parts):
                edge = (number == 0) << 7 | (number == len(parts) - 1) << 6
                if self._codec == "h264":
                    yield bytes([nal[0] & 0xE0 | 28, edge | nal[0] & 31]) + part
                else:
                    yield bytes([nal[0] & 0x81 | 49 << 1, nal[1], edge | nal[0] >> 1 & 63]) + part


def annex_b(*nals: bytes) -> bytes:
    """Put NAL units together."""
    return b"".join(START + nal for nal in nals)
