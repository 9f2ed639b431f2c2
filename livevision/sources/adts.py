"""AAC as transport streams carry it: each frame with an ADTS header (ISO/IEC 13818-7), of which files want one only."""

from __future__ import annotations

_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_LOW_COMPLEXITY = 2
_HEADER, _CHECKSUM = 7, 2


def audio_specific_config(sample_rate: int, channels: int) -> bytes:
    """Return what files say of AAC-LC once instead (ISO/IEC 14496-3); nothing where it is none that ADTS can carry."""
    if sample_rate not in _RATES or not 1 <= channels <= 6:
        return b""
    return (_LOW_COMPLEXITY << 11 | _RATES.index(sample_rate) << 7 | channels << 3).to_bytes(2, "big")


def bare_frame(data: bytes, config: bytes) -> bytes:
    """Return the AAC frame without its header; nothing where it has none, or one that says other than ``config``."""
    if len(data) < _HEADER or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:
        return b""
    kind, rate = (data[2] >> 6) + 1, data[2] >> 2 & 15
    channels = (data[2] & 1) << 2 | data[3] >> 6
    if (kind << 11 | rate << 7 | channels << 3).to_bytes(2, "big") != config:
        return b""
    has_checksum = not data[1] & 1
    return data[_HEADER + _CHECKSUM * has_checksum :]
