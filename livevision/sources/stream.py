"""Live streams over the network: RTSP, MJPEG, HLS, MPEG-TS; and recorded media on a web server."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import av
import av.error

from livevision.errors import SourceError, SourceUnavailable
from livevision.sources.av_errors import connection_lost, opening_failed
from livevision.sources.decoding import FrameMaker, decode, describe, video_stream
from livevision.sources.pacing import Pacer
from livevision.sources.timestamps import Timestamps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from livevision.frame import Frame
    from livevision.sources.reader import Demand, SourceInfo

logger = logging.getLogger(__name__)

TIMEOUT = 5.0
"""Seconds without a byte after which a connection counts as lost."""

_LOW_LATENCY = {
    "flags": "low_delay",
    # Zero fails on some cameras.
    "analyzeduration": "500000",
    "probesize": "500000",
}
_MORE_PROBING = {"analyzeduration": "5000000", "probesize": "5000000"}
"""For cameras that send their parameters late."""
_WEB = {
    # A playlist from somewhere else must not reach files here.
    "protocol_whitelist": "http,https,tcp,tls,crypto,data,httpproxy",
}
_RTSP = {
    "rtsp_transport": "tcp",
    # What was read while probing is old by then.  A recording on a web server would lose its beginning.
    "fflags": "nobuffer",
    # Sound and camera events are not used, and some cameras take long to send any.
    "allowed_media_types": "video",
    "protocol_whitelist": "rtsp,rtsps,rtp,srtp,tcp,udp,tls,crypto",
}
_OPTIONS = {"rtsp": _RTSP, "rtsps": _RTSP, "http": _WEB, "https": _WEB}
_TIMEOUT_OPTION = {"rtsp": "timeout", "rtsps": "timeout", "http": "rw_timeout", "https": "rw_timeout"}
SCHEMES = tuple(_OPTIONS)
"""The schemes of an address that can be read."""

_UNTIMED = frozenset({"mpjpeg"})
"""Formats whose pictures carry no time: the moment of arrival is the best there is."""


class StreamReader:
    """A :class:`FrameReader` of one address.  Messages call it ``name``, for the address may have a password in it."""

    def __init__(self, url: str, name: str, generation: int) -> None:
        self._url = url
        self._name = name
        self._generation = generation
        self._interrupted = threading.Event()
        self._container: InputContainer | None = None
        self._pictures: Iterator[av.VideoFrame] = iter(())
        self._pacer: Pacer | None = None
        self._untimed = False

    def __repr__(self) -> str:
        return f"<StreamReader {self._name!r} {'open' if self._container else 'closed'}>"

    def open(self) -> SourceInfo:
        """Connect; takes seconds at most.  Raises SourceUnavailable or SourceUnusable."""
        container, stream = self._connect()
        info = describe(container, stream)
        # Slice threads decode without delay; frame threads hold back a picture each.
        stream.thread_type = "SLICE"
        self._untimed = container.format.name in _UNTIMED
        if self._untimed:
            info = replace(info, fps=None)  # FFmpeg's guess
        self._pacer = Pacer() if _is_recorded(container) else None
        self._frames = FrameMaker(self._generation, Timestamps(1 / info.fps if info.fps else 1 / 25))
        self._pictures = decode(container, stream, self._interrupted)
        return info

    def read(self) -> Frame | None:
        """Wait for the next picture.  None after an interrupt, and at the end of recorded media.

        Raises SourceUnavailable when the connection is lost, within :data:`TIMEOUT`.
        """
        try:
            decoded = next(self._pictures, None)
        except av.error.FFmpegError as error:
            raise connection_lost(error, self._name) from None
        if self._interrupted.is_set():
            return None
        if decoded is None:
            if self._pacer is None:
                raise SourceUnavailable(f"{self._name} ended the stream.")
            return None
        pts = self._frames.stamp(time.monotonic() if self._untimed else decoded.time)
        if self._pacer is not None:
            self._pacer.hold(pts, self._interrupted)
        return self._frames.make(decoded, pts)

    def want(self, demand: Demand) -> None:
        """Every picture is decoded, for now: nothing to save."""

    def interrupt(self) -> None:
        """End reading with the next packet; from any thread.

        A connection on which nothing comes is not ended sooner than FFmpeg's timeout: closing its socket under
        FFmpeg's hands is not safe, and PyAV's interrupt callback costs the GIL at every poll.
        """
        self._interrupted.set()

    def close(self) -> None:
        """Disconnect."""
        self._pictures = iter(())
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def _connect(self) -> tuple[InputContainer, VideoStream]:
        scheme = self._url.partition("://")[0].lower()
        options = _LOW_LATENCY | _OPTIONS[scheme] | {_TIMEOUT_OPTION[scheme]: str(round(TIMEOUT * 1e6))}
        container = self._open_container(options)
        try:
            return container, self._stream_of(container)
        except SourceError as reason:
            logger.info("%s Probing longer.", reason)
        container = self._open_container(options | _MORE_PROBING)
        return container, self._stream_of(container)

    def _open_container(self, options: dict[str, str]) -> InputContainer:
        self.close()
        try:
            self._container = av.open(self._url, "r", options=options)
        except av.error.FFmpegError as error:
            raise opening_failed(error, self._url, self._name) from None
        return self._container

    def _stream_of(self, container: InputContainer) -> VideoStream:
        stream = video_stream(container, self._name)
        if not (stream.codec_context.width and stream.codec_context.pix_fmt):
            raise SourceUnavailable(f"{self._name} sends video, but no picture could be made of it.")
        return stream


def _is_recorded(container: InputContainer) -> bool:
    # A live stream has no duration; a size that the server names, or a finished playlist, is a recording.
    has_end = container.size > 0 or container.format.name == "hls"
    return bool(container.duration and container.duration > 0 and has_end)
