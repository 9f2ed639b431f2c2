"""What FFmpeg's errors mean to an operator."""

from __future__ import annotations

import errno
import socket
from urllib.parse import urlsplit

from av import error as av_error

from livevision.errors import SourceError, SourceRefused, SourceUnavailable, SourceUnusable

_REFUSED: tuple[tuple[type[av_error.FFmpegError], str], ...] = (
    (av_error.HTTPUnauthorizedError, "{name}: the camera refused the user name or the password. Check them."),
    # Many cameras say it instead of 401, of others it means a lock after wrong passwords: asking on prolongs that.
    (av_error.HTTPForbiddenError, "{name}: access was refused (403). Check what this user may see."),
)
_UNUSABLE: tuple[tuple[type[av_error.FFmpegError], str], ...] = (
    (av_error.InvalidDataError, "{name} is not a video."),
    (av_error.ProtocolNotFoundError, "{name} uses a protocol that cannot be read here."),
    (av_error.DecoderNotFoundError, "{name} has video of a kind that cannot be decoded here."),
    (av_error.ArgumentError, "{name} is not a video, or leads to an address that it must not lead to."),
    (av_error.PermissionError, "{name} is not a video, or leads to an address that it must not lead to."),
)
_UNAVAILABLE: tuple[tuple[type[av_error.FFmpegError], str], ...] = (
    (av_error.HTTPNotFoundError, "{name}: the server has nothing there (404). Check the path in the address."),
    (av_error.HTTPTooManyRequestsError, "{name}: the server asks to be left alone for a while (429)."),
    (av_error.HTTPClientError, "{name}: the server refused the request. Check the address."),
    (av_error.HTTPServerError, "{name}: the server has trouble of its own (5xx)."),
    (av_error.ConnectionRefusedError, "{name} refuses connections. Is it switched on, and is the port right?"),
    (av_error.TimeoutError, "{name} does not answer. Is it switched on and on this network?"),
    (av_error.ConnectionResetError, "{name} closed the connection."),
    (av_error.BrokenPipeError, "{name} closed the connection."),
    (av_error.EOFError, "{name} closed the connection."),
)
_NO_TRANSPORT = "{name} does not send its pictures this way. Try ?transport=udp or ?transport=tcp in its address."
_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def opening_failed(error: av_error.FFmpegError, url: str, name: str) -> SourceError:
    """Return what to raise when ``url`` could not be opened; its message knows only ``name``, which has no secrets."""
    if isinstance(error, av_error.InvalidDataError) and url.lower().startswith("rtsp"):
        # Also what FFmpeg says of a camera that accepts the connection and stays silent, as some do while they start.
        return SourceUnavailable(f"{name} does not answer as a camera does. Is it still starting, is the port right?")
    for kind, words in _REFUSED:
        if isinstance(error, kind):
            return SourceRefused(words.format(name=name))
    for kind, words in _UNUSABLE:
        if isinstance(error, kind):
            return SourceUnusable(words.format(name=name))
    if error.errno == errno.EIO and not _is_known(url):
        # FFmpeg says only "input/output error" when a name has no address.
        return SourceUnavailable(f"{name}: no such host. Check the name in the address, and the network.")
    return connection_lost(error, name)


def connection_lost(error: av_error.FFmpegError, name: str) -> SourceUnavailable:
    """Return what to raise when the connection failed for a reason that may pass."""
    for kind, words in _UNAVAILABLE:
        if isinstance(error, kind):
            return SourceUnavailable(words.format(name=name))
    if error.errno in _UNREACHABLE:
        return SourceUnavailable(f"{name} cannot be reached. Check the network.")
    if error.errno == errno.EPROTONOSUPPORT:
        return SourceUnavailable(_NO_TRANSPORT.format(name=name))
    if error.errno == errno.EIO:
        # FFmpeg's "input/output error" says no more than this.
        return SourceUnavailable(f"{name}: the connection was lost.")
    # Only FFmpeg's own words: the text of the error as a whole has the address in it, with its password.
    return SourceUnavailable(f"{name}: the connection was lost ({error.strerror}).")


def _is_known(url: str) -> bool:
    try:
        socket.getaddrinfo(urlsplit(url).hostname, None)
    except (OSError, ValueError):
        return False
    return True
