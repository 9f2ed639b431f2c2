"""G.711, the sound of many cameras, as plain samples: the same values, in a form that every container can hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from livevision.sources.packets import StreamFormat

_PLAIN = "pcm_s16le"


def is_g711(form: StreamFormat) -> bool:
    """Say whether sound of this kind is G.711."""
    return form.codec in _TABLES


def expanded_format(form: StreamFormat) -> StreamFormat:
    """Return what the sound is once it is expanded."""
    return replace(form, codec=_PLAIN, extradata=b"")


def expand(codec: str, data: bytes) -> bytes:
    """Return the samples that ``data`` stands for, as 16 bit little endian numbers."""
    return _TABLES[codec][np.frombuffer(data, np.uint8)].tobytes()


def _a_law(code: int) -> int:
    code ^= 0x55
    exponent, mantissa = code >> 4 & 7, code & 15
    value = (mantissa << 4) + 8 if exponent == 0 else (mantissa << 4) + 0x108 << exponent - 1
    return value if code & 0x80 else -value


def _mu_law(code: int) -> int:
    code ^= 0xFF
    exponent, mantissa = code >> 4 & 7, code & 15
    value = ((mantissa << 3) + 0x84 << exponent) - 0x84
    return -value if code & 0x80 else value


_TABLES = {
    "pcm_alaw": np.array([_a_law(code) for code in range(256)], "<i2"),
    "pcm_mulaw": np.array([_mu_law(code) for code in range(256)], "<i2"),
}
"""ITU-T G.711, tables 1 and 2, scaled to 16 bits."""
