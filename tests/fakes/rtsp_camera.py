"""An RTSP camera of our own, inside its connection: what it asks for and what it refuses is a test's choice."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from tests.fakes.clips import numbered
from tests.fakes.odd_server import rtsp_answer
from tests.fakes.rtp import nal_units

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD, REALM, NONCE = "anna", "p@ss:w/rd#", "x", "00ff"
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def encoded(count: int) -> list[list[bytes]]:
    """Return so many numbered pictures as H.264, each a list of NAL units; the first has the parameters."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = 320, 240, "yuv420p"
    context.framerate, context.time_base = 25, Fraction(1, 25)
    context.options = {"tune": "zerolatency", "preset": "ultrafast", "g": "10", "threads": "1"}
    made = []
    for number in range(count):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(numbered(number)), format="bgr24")
        frame.pts = number
        made += [nal_units(bytes(packet)) for packet in context.encode(frame)]
    return made


@dataclass
class RtspCamera:
    """What an :class:`OddServer` answers with.  ``methods``, ``setups`` and
    ``logins`` are what came."""

    pictures: list[list[bytes]]
    algorithms: tuple[str, ...] = ()
    """Of the digests that it asks for, a line each."""
    audio: str = ""
    """Empty: it has none; else where it stands in the description: first or last."""
    audio_status: str = "200 OK"
    wants_both: bool = False
    status: dict[str, str] = field(default_factory=dict)
    """What it answers to a method, if not that all is well."""
    methods: list[str] = field(default_factory=list)
    setups: list[str] = field(default_factory=list)
    logins: int = 0
    verified: set[str] = field(default_factory=set)

    def __call__(self, request: bytes) -> object:
        text = request.decode("latin-1")
        method, uri = text.split(" ")[:2]
        self.methods.append(method)
        if method == "OPTIONS":
            return rtsp_answer(request, head="Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")
        if self.algorithms and not self._lets_in(method, text):
            lines = [
                f'WWW-Authenticate: Digest realm="{REALM}", nonce="{NONCE}", algorithm={each}, qop="auth"\r\n'
                for each in self.algorithms
            ]
            return rtsp_answer(request, status="401 Unauthorized", head="".join(lines))
        if method in self.status:
            return rtsp_answer(request, status=self.status[method])
        return self._answer(method, uri, request)

    def _answer(self, method: str, uri: str, request: bytes) -> object:
        if method == "DESCRIBE":
            self.setups.clear()
            return rtsp_answer(request, self._description())
        if method == "SETUP":
            return self._set_up(uri, request)
        if method == "PLAY" and not (self.wants_both and len(self.setups) < 2):
            return self._play(request)
        return rtsp_answer(request, head="Session: 1\r\n")

    def _set_up(self, uri: str, request: bytes) -> bytes:
        if "audio" in uri and not self.audio_status.startswith("200"):
            return rtsp_answer(request, status=self.audio_status)
        transport = re.search(r"interleaved=\d+-\d+", request.decode("latin-1"))
        if transport is None:
            return rtsp_answer(request, status="461 Unsupported Transport")
        self.setups.append(uri)
        return rtsp_answer(request, head=f"Transport: RTP/AVP/TCP;unicast;{transport[0]}\r\nSession: 1\r\n")

    def _lets_in(self, method: str, text: str) -> bool:
        login = re.search(r"^Authorization: Digest (.*)\r$", text, re.MULTILINE)
        if login is None:
            return False
        self.logins += 1
        said = dict(re.findall(r'(\w+)="?([^",]*)"?', login[1]))
        algorithm = said.get("algorithm", "MD5")
        if algorithm not in self.algorithms:
            return False

        def digest(*parts: str) -> str:
            return _HASHES[algorithm](":".join(parts).encode()).hexdigest()

        secret = digest(USER, REALM, PASSWORD)
        right = digest(secret, NONCE, said["nc"], said["cnonce"], "auth", digest(method, said["uri"]))
        if said["response"] != right:
            return False
        self.verified.add(algorithm)
        return True

    def _description(self) -> bytes:
        sets = ",".join(base64.b64encode(unit).decode() for unit in self.pictures[0] if unit[0] & 31 in (7, 8))
        video = (
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\na=control:video\r\n"
        )
        audio = "m=audio 0 RTP/AVP 8\r\na=control:audio\r\n" if self.audio else ""
        media = audio + video if self.audio == "first" else video + audio
        return f"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\na=control:*\r\n{media}".encode()

    def _play(self, request: bytes) -> Iterator[bytes]:
        channel = next(number for number, uri in enumerate(self.setups) if "video" in uri) * 2
        yield rtsp_answer(request, head="Session: 1\r\n")
        sequence = 0
        for number in range(1 << 20):
            units = self.pictures[number % len(self.pictures)]
            for unit in units:
                head = bytes([0x80, 96 | (0x80 if unit is units[-1] else 0)]) + (sequence & 0xFFFF).to_bytes(2, "big")
                packet = head + (number * 3600).to_bytes(4, "big") + b"\0\0\0\1" + unit
                yield bytes([0x24, channel]) + len(packet).to_bytes(2, "big") + packet
                sequence += 1
            time.sleep(0.02)
