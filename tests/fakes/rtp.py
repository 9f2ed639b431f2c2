"""What FFmpeg's RTSP demuxer makes of a camera's packets, without a network: NAL units and fragments of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

START = b"\0\0\0\1"


def nal_units(data: bytes) -> list[bytes]:
    """Take an Annex B stream apart."""
    return [part.rstrip(b"\0") for part in data.split(b"\0\0\1")[1:]]


def depacketized(data: bytes, size: int, header: int, aggregated: bool = False) -> Iterator[bytes]:
    """Yield a picture as it arrives in RTP payloads of at most ``size`` bytes.

    ``header`` is the codec's: 1 byte for H.264, 2 for HEVC.  ``aggregated`` puts small units into one packet.
    """
    together: list[bytes] = []
    for nal in nal_units(data):
        if aggregated and sum(map(len, together)) + len(nal) + 2 * len(together) + 3 <= size:
            together.append(nal)
            continue
        if together:
            yield b"".join(START + each for each in together)
            together = []
        if len(nal) <= size:
            yield START + nal
            continue
        # FU: its own header takes one byte more than the one that it stands for.
        step = size - header - 1
        payload = nal[header:]
        yield START + nal[:header] + payload[:step]
        yield from (payload[at : at + step] for at in range(step, len(payload), step))
    if together:
        yield b"".join(START + each for each in together)
