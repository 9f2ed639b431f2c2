"""What FFmpeg is told for each scheme, and what it may not do: the leash (pure)."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_FILE = {"protocol_whitelist": "file"}
"""A recorded file reads itself and the files beside it, never the network: playlists and scripts are files, too."""

PROBING = {
    "flags": "low_delay",
    # Zero fails on some cameras.
    "analyzeduration": "500000",
    "probesize": "500000",
}
MORE_PROBING = {"analyzeduration": "5000000", "probesize": "5000000"}
"""For cameras that send their parameters late."""


@dataclass(frozen=True, slots=True)
class _Protocol:
    """``may_use`` are the protocols that FFmpeg may open on behalf of such an address, its own included."""

    may_use: str
    timeout_option: str
    """What FFmpeg calls the microseconds of silence after which a connection is lost."""
    options: tuple[tuple[str, str], ...] = ()


_RTSP_OPTIONS = (
    # What was read while probing is old by then.  A recording on a web server would lose its beginning.
    ("fflags", "nobuffer"),
    # Sound and camera events are not used, and some cameras take long to send any.
    ("allowed_media_types", "video"),
)
# Packets that come while nobody reads are lost then, but the stream goes on.
_UDP_OPTIONS = (("fflags", "nobuffer"), ("overrun_nonfatal", "1"))
_RTSP = _Protocol("rtsp,rtsps,rtp,srtp,tcp,udp,tls,crypto", "timeout", _RTSP_OPTIONS)
# Segments may be called anything (.jpg, no suffix at all): what a playlist leads to is bounded by the protocols alone,
# and one from somewhere else must not reach files here.
_WEB_OPTIONS = (("extension_picky", "0"), ("allowed_extensions", "ALL"), ("allowed_segment_extensions", "ALL"))
_WEB = _Protocol("http,https,tcp,tls,crypto,data,httpproxy", "rw_timeout", _WEB_OPTIONS)
_PROTOCOLS = {
    "rtsp": _RTSP,
    "rtsps": _RTSP,
    "http": _WEB,
    "https": _WEB,
    "rtmp": _Protocol("rtmp,tcp", "rw_timeout", (("fflags", "nobuffer"), ("rtmp_live", "live"))),
    "rtmps": _Protocol("rtmps,tls,tcp", "rw_timeout", (("fflags", "nobuffer"), ("rtmp_live", "live"))),
    "udp": _Protocol("udp", "timeout", _UDP_OPTIONS),
}
SCHEMES = tuple(_PROTOCOLS)
"""The schemes of an address that can be read."""


def protocol_options(scheme: str, timeout: float) -> dict[str, str]:
    """Return FFmpeg's options for an address of ``scheme``; ``timeout`` is in seconds without a byte."""
    protocol = _PROTOCOLS[scheme]
    limits = {"protocol_whitelist": protocol.may_use, protocol.timeout_option: str(round(timeout * 1e6))}
    return limits | dict(protocol.options)
