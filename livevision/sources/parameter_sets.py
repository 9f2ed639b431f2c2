"""Parameter sets of H.264 and HEVC: what a decoder must know before the first picture, found in a keyframe."""

from __future__ import annotations

from livevision.sources.nal_units import LONG_START, SYNTAXES

_START = b"\0\0\1"
_KINDS = {"h264": (frozenset({7, 8}), 7), "hevc": (frozenset({32, 33, 34}), 33)}
_HVCC_ARRAYS = 22
"""Where the configuration record of HEVC says how many kinds of NAL units follow (ISO/IEC 14496-15, 8.3.3.1)."""
"""By codec: the types of parameter sets, and which of them is the sequence's."""
_LENGTHS = 1
"""First byte of extradata whose packets have lengths and no start codes in front of NAL units (ISO/IEC 14496-15)."""


def travels_apart(codec: str, extradata: bytes) -> bool:
    """Say whether packets of this stream have no parameter sets in them, as it is in MP4, Matroska and FLV."""
    return codec not in _KINDS or extradata[:1] == bytes([_LENGTHS])


def are_complete(codec: str, extradata: bytes) -> bool:
    """Say whether a decoder that knows ``extradata`` needs no parameter sets from the packets."""
    kinds, _ = _KINDS[codec]
    if not travels_apart(codec, extradata):
        return kinds <= {SYNTAXES[codec].type_of(nal) for nal in _heads(extradata, codec)}
    return codec != "hevc" or kinds <= _kinds_in_hvcc(extradata)


def updated(codec: str, extradata: bytes, keyframe: bytes) -> bytes:
    """Return the extradata from ``keyframe`` on: ``extradata``, or what the keyframe says, where that is news.

    ``keyframe`` has start codes; see :func:`travels_apart`.
    """
    kinds, sequence = _KINDS[codec]
    syntax = SYNTAXES[codec]
    found: dict[bytes, int] = {}
    for nal in _heads(keyframe, codec):
        kind = syntax.type_of(nal)
        if kind in kinds:
            found[nal] = kind
    if sequence not in found.values() or set(found) == set(_heads(extradata, codec)):
        return extradata
    return b"".join(LONG_START + nal for nal in found)


def sets_in(codec: str, picture: bytes) -> list[tuple[bytes, bool]]:
    """Return the parameter sets in front of a picture's slices, and of each whether it is the sequence's."""
    kinds, sequence = _KINDS[codec]
    found = [(nal, SYNTAXES[codec].type_of(nal)) for nal in _heads(picture, codec)]
    return [(nal, kind == sequence) for nal, kind in found if kind in kinds]


def _kinds_in_hvcc(extradata: bytes) -> set[int]:
    found = set[int]()
    at = _HVCC_ARRAYS + 1
    for _ in range(extradata[_HVCC_ARRAYS] if len(extradata) > _HVCC_ARRAYS else 0):
        if at + 3 > len(extradata):
            break
        kind, units = extradata[at] & 63, int.from_bytes(extradata[at + 1 : at + 3], "big")
        at += 3
        for _ in range(units):
            at += 2 + int.from_bytes(extradata[at : at + 2], "big")
        if units and at <= len(extradata):
            found.add(kind)
    return found


def _heads(data: bytes, codec: str) -> list[bytes]:
    """Return the NAL units in front of the first slice, which is most of the data and not looked at."""
    syntax = SYNTAXES[codec]
    heads: list[bytes] = []
    at = data.find(_START)
    while 0 <= at < len(data) - len(_START) - syntax.header:
        begin = at + len(_START)
        if syntax.type_of(data[begin : begin + 1]) in syntax.slices:
            break
        at = data.find(_START, begin)
        heads.append((data[begin:] if at < 0 else data[begin:at]).rstrip(b"\0"))
    return heads
