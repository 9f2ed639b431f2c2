"""Where decoding can begin: at keyframes, and where an encoder begins to refresh its picture bit by bit (pure).

Drones and low-latency encoders send no keyframes: a column of each picture is coded anew, so that all of it is right
after some pictures.  A recovery point says where such a refresh begins, and how many pictures it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.sources.nal_units import SYNTAXES, split

if TYPE_CHECKING:
    from livevision.sources.nal_units import Syntax

_RECOVERY_POINT = 6
"""The type of such a message, in H.264 and HEVC."""
_SIGNED = frozenset({39})
"""SEI types whose count is signed: HEVC's."""
_MOST_BITS = 32


def pictures_to_recover(codec: str, picture: bytes) -> int | None:
    """Return how many pictures it takes until all is right where decoding begins with this one.

    0 for a keyframe, None where decoding cannot begin, as far as the beginning of ``picture`` says: start codes and
    NAL units of H.264 or HEVC, by FFmpeg's name of the codec.
    """
    syntax = SYNTAXES.get(codec)
    if syntax is None:
        return None
    count = None
    for nal in split(picture):
        if len(nal) <= syntax.header:
            continue
        kind = syntax.type_of(nal)
        if kind in syntax.slices:
            return 0 if kind in syntax.keys else count
        if kind == syntax.sei and count is None:
            count = recovery_count(nal, syntax)
    return None


def recovery_count(sei: bytes, syntax: Syntax) -> int | None:
    """Return how many pictures a refresh takes that begins here, as a SEI message says; None where it says nothing."""
    # A zero that would look like a start code is followed by a 3.
    data = sei.replace(b"\0\0\3", b"\0\0")
    at = syntax.header
    while at + 1 < len(data) and data[at] != 0x80:
        kind, at = _sei_number(data, at)
        size, at = _sei_number(data, at)
        if kind == _RECOVERY_POINT:
            number = _exp_golomb(data[at : at + size])
            if number is None or syntax.type_of(sei) not in _SIGNED:
                return number
            return (number + 1) // 2 if number % 2 else 0  # in HEVC it may lie in the past
        at += size
    return None


def _exp_golomb(data: bytes) -> int | None:
    bits = "".join(f"{byte:08b}" for byte in data[:8])
    zeros = len(bits) - len(bits.lstrip("0"))
    if zeros >= min(_MOST_BITS, len(bits)) or 2 * zeros + 1 > len(bits):
        return None
    return int(bits[zeros : 2 * zeros + 1], 2) - 1


def _sei_number(sei: bytes, at: int) -> tuple[int, int]:
    number = 0
    while at < len(sei) and sei[at] == 0xFF:
        number += 0xFF
        at += 1
    return (number + sei[at], at + 1) if at < len(sei) else (number, at)
