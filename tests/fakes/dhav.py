"""Recordings as Dahua's recorders write them (``.dav``): pictures in DHAV frames, no index, times of whole seconds."""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = 24
_TRAILER = 8
_EPOCH = 1_700_000_000


def write_dhav(path: Path, source: Path, fps: int) -> Path:
    """Wrap the H.264 pictures of ``source``, in byte-stream format, with ``fps`` of them a second."""
    with av.open(source) as container, path.open("wb") as file:
        stream = container.streams.video[0]
        width, height = stream.codec_context.width, stream.codec_context.height
        packets = [packet for packet in container.demux(stream) if packet.size]
        for number, packet in enumerate(packets):
            extension = struct.pack("<BBBB", 0x81, 0, 0x02, fps) + struct.pack("<BxxxHH", 0x82, width, height)
            data = bytes(packet)
            length = _HEADER + len(extension) + len(data) + _TRAILER
            kind = 0xFD if packet.is_keyframe else 0xFC
            milliseconds = round(number * 1000 / fps)
            header = struct.pack("<4sBBBBII", b"DHAV", kind, 0, 0, 0, number, length)
            header += struct.pack(
                "<IHBB", _date(_EPOCH + milliseconds // 1000), milliseconds % 65_536, len(extension), 0
            )
            file.write(header + extension + data + struct.pack("<4sI", b"dhav", length))
    return path


def _date(seconds: int) -> int:
    day = time.gmtime(seconds)
    high = (day.tm_year - 2000) << 26 | day.tm_mon << 22 | day.tm_mday << 17
    return high | day.tm_hour << 12 | day.tm_min << 6 | day.tm_sec
