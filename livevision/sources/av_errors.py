"""What FFmpeg's errors mean to an operator."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlsplit

from av import error as av_error

from livevision.errors import SourceError, SourceRefused, SourceUnavailable, SourceUnusable
from livevision.wording import Wording, say

_Meaning: TypeAlias = tuple[type[av_error.FFmpegError], Callable[[str], Wording]]
"""What FFmpeg raises, and what to say of the camera that has this name."""
_REFUSED: tuple[_Meaning, ...] = (
    # Many cameras say it instead of 401, of others it means a lock after wrong passwords: asking on prolongs that.
    (
        av_error.HTTPForbiddenError,
        lambda name: say("{name}: access was refused (403). Check what this user may see.", name=name),
    ),
)
_UNUSABLE: tuple[_Meaning, ...] = (
    (av_error.ProtocolNotFoundError, lambda name: say("{name} uses a protocol that cannot be read here.", name=name)),
    (
        av_error.DecoderNotFoundError,
        lambda name: say("{name} has video of a kind that cannot be decoded here.", name=name),
    ),
    (
        av_error.ArgumentError,
        lambda name: say("{name} is not a video, or leads to an address that it must not lead to.", name=name),
    ),
    (
        av_error.PermissionError,
        lambda name: say("{name} is not a video, or leads to an address that it must not lead to.", name=name),
    ),
)
_UNAVAILABLE: tuple[_Meaning, ...] = (
    (
        av_error.HTTPNotFoundError,
        lambda name: say("{name}: the server has nothing there (404). Check the path in the address.", name=name),
    ),
    (
        av_error.HTTPTooManyRequestsError,
        lambda name: say("{name}: the server asks to be left alone for a while (429).", name=name),
    ),
    (
        av_error.HTTPClientError,
        lambda name: say("{name}: the server refused the request. Check the address.", name=name),
    ),
    (av_error.HTTPServerError, lambda name: say("{name}: the server has trouble of its own (5xx).", name=name)),
    (
        av_error.ConnectionRefusedError,
        lambda name: say("{name} refuses connections. Is it switched on, and is the port right?", name=name),
    ),
    (
        av_error.TimeoutError,
        lambda name: say("{name} does not answer. Is it switched on and on this network?", name=name),
    ),
    (av_error.ConnectionResetError, lambda name: say("{name} closed the connection.", name=name)),
    (av_error.BrokenPipeError, lambda name: say("{name} closed the connection.", name=name)),
    (av_error.EOFError, lambda name: say("{name} closed the connection.", name=name)),
)
_NO_ROOM = frozenset({453, 503})
"""What RTSP cameras answer that have as many viewers as they can serve."""
_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def opening_failed(error: av_error.FFmpegError, url: str, name: str) -> SourceError:
    """Return what to raise when ``url`` could not be opened; its message knows only ``name``, which has no secrets."""
    if isinstance(error, av_error.InvalidDataError):
        return SourceUnavailable(_wrong_answer(url, name))
    if isinstance(error, av_error.HTTPUnauthorizedError):
        return SourceRefused(_login_refused(url, name))
    for kind, words in _REFUSED:
        if isinstance(error, kind):
            return SourceRefused(words(name))
    for kind, words in _UNUSABLE:
        if isinstance(error, kind):
            return SourceUnusable(words(name))
    if error.errno == errno.EIO and not _is_known(url):
        # FFmpeg says only "input/output error" when a name has no address.
        return SourceUnavailable(
            say("{name}: no such host. Check the name in the address, and the network.", name=name)
        )
    return connection_lost(error, name)


def _login_refused(url: str, name: str) -> Wording:
    parts = urlsplit(url)
    if not parts.username:
        return say(
            "{name} wants a user name and a password, and its address has none. Add them: {example}",
            name=name,
            example=f"{parts.scheme}://user:password@…",
        )
    if parts.scheme.lower() == "rtsps":
        # FFmpeg does not say what was asked for, and nobody else can look into the connection.
        return say(
            "{name} refused the login. Check user name and password; if they are right, "
            "set its RTSP authentication to digest/MD5, as SHA-256 cannot be given over rtsps.",
            name=name,
        )
    return say("{name}: the camera refused the user name or the password. Check them.", name=name)


def is_refusal(error: av_error.FFmpegError) -> bool:
    """Say whether a camera answered a request with a refusal that may be meant for a part of it only."""
    if isinstance(error, av_error.HTTPUnauthorizedError | av_error.HTTPForbiddenError | av_error.HTTPNotFoundError):
        return False
    refused = isinstance(error, av_error.HTTPClientError | av_error.HTTPServerError)
    return refused or error.errno == errno.EPROTONOSUPPORT


def rtsp_refusal(status: int, unknown: frozenset[str], name: str) -> SourceError | None:
    """Return what to raise for an RTSP ``status``, which FFmpeg does not tell; None where its error says enough.

    ``unknown`` are the algorithms of the digests that the camera asks for, where none can be answered.
    """
    if status == HTTPStatus.UNAUTHORIZED and unknown:
        return SourceRefused(
            say(
                "{name} wants a login of a kind that is not known here ({algorithms}). "
                "Set its RTSP authentication to digest/MD5.",
                name=name,
                algorithms=", ".join(sorted(unknown)),
            )
        )
    if status in _NO_ROOM:
        return SourceUnavailable(
            say(
                "{name} has no room for another viewer now ({status}). Close one of its viewers; "
                "one that was cut off counts for about a minute.",
                name=name,
                status=status,
            )
        )
    return None


def unknown_login(algorithms: frozenset[str], name: str) -> SourceRefused:
    """Return what to raise for a web camera that wants digests with ``algorithms``, which cannot be given there."""
    return SourceRefused(
        say(
            "{name} wants a login that cannot be given here ({algorithms}). Set its web authentication to digest/MD5.",
            name=name,
            algorithms=", ".join(sorted(algorithms)),
        )
    )


def _wrong_answer(url: str, name: str) -> Wording:
    if url.lower().startswith("rtsp"):
        # Also what FFmpeg says of a camera that accepts the connection and stays silent, as some do while they start.
        return say("{name} does not answer as a camera does. Is it still starting, is the port right?", name=name)
    # A server that is starting may answer with a page, an encoder with an empty playlist.
    return say("{name} is not a video, at least not now. Check the address.", name=name)


def connection_lost(error: av_error.FFmpegError, name: str) -> SourceUnavailable:
    """Return what to raise when the connection failed for a reason that may pass."""
    for kind, words in _UNAVAILABLE:
        if isinstance(error, kind):
            return SourceUnavailable(words(name))
    if error.errno in _UNREACHABLE:
        return SourceUnavailable(say("{name} cannot be reached. Check the network.", name=name))
    if error.errno == errno.EPROTONOSUPPORT:
        return SourceUnavailable(
            say(
                "{name} does not send its pictures this way. Try ?transport=udp or ?transport=tcp in its address.",
                name=name,
            )
        )
    if error.errno == errno.EIO:
        # FFmpeg's "input/output error" says no more than this.
        return SourceUnavailable(say("{name}: the connection was lost.", name=name))
    # Only FFmpeg's own words: the text of the error as a whole has the address in it, with its password.
    return SourceUnavailable(say("{name}: the connection was lost ({reason}).", name=name, reason=error.strerror))


def _is_known(url: str) -> bool:
    try:
        socket.getaddrinfo(urlsplit(url).hostname, None)
    except (OSError, ValueError):
        return False
    return True
