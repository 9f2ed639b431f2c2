"""Live streams over the network: RTSP, MJPEG, HLS, MPEG-TS; and recorded media on a web server."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import av
import av.error

from livevision.errors import SourceError, SourceRefused, SourceUnavailable, SourceUnusable
from livevision.sources import low_latency
from livevision.sources.address import PORTS, scheme_of
from livevision.sources.av_errors import connection_lost, is_refusal, opening_failed, rtsp_refusal, unknown_login
from livevision.sources.backlog import Backlog
from livevision.sources.decoding import FrameMaker, UprightPictures, describe, packets, video_stream
from livevision.sources.live import LiveDecoder
from livevision.sources.pacing import Pacer
from livevision.sources.packet_times import PictureClock, reorder_depth
from livevision.sources.protocols import MORE_PROBING, PROBING, SCHEMES, protocol_options
from livevision.sources.read_ahead import ReadAhead
from livevision.sources.reader import Demand
from livevision.sources.receiver_reports import ReceiverReports
from livevision.sources.rtsp_relay import RtspRelay
from livevision.sources.sockets import Connection, Ending
from livevision.sources.stream_kinds import (
    BROKEN_MJPEG,
    LENIENT_MJPEG,
    NEEDS_PARSER,
    NEEDS_RELAY,
    NEEDS_SOUND,
    PAUSES,
    SEGMENT_PATIENCE,
    SOUND_REFUSED,
    STRICT_MJPEG,
    WITHOUT_PICTURE,
    StreamKind,
    kind_of,
)
from livevision.sources.tap import Tap
from livevision.sources.timestamps import Timestamps
from livevision.sources.web_login import SINGLE_FORMATS, web_login
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from livevision.frame import Frame
    from livevision.pictures import DecodedPicture
    from livevision.sources.address import Transport
    from livevision.sources.packets import PacketSink
    from livevision.sources.reader import SourceInfo
    from livevision.sources.tap import SoundTap

__all__ = ["SCHEMES", "StreamReader"]

logger = logging.getLogger(__name__)

TIMEOUT = 5.0
"""Seconds without a byte after which a connection counts as lost."""

_PATIENCE = 45.0
"""The same for a camera that was found to send so rarely; that one that sends often is silent is noticed elsewhere."""

_LONG = 10.0
"""Seconds of opening a web camera in vain after which the next attempt goes about it in another way."""

_FAREWELL = 1.0
"""Seconds within which a camera whose reading is ended is told so; then the connection is cut."""

_LONGEST_GAP = 60.0
"""Seconds between pictures that are a clock set anew: a connection that pauses so long is lost before."""
_DAMAGED = 50
"""Packets in a row without a sound picture after which another way of reading is tried; reordering holds back 16."""


class StreamReader:
    """A :class:`FrameReader` of one address.  Messages call it ``name``, for the address may have a password in it.

    RTSP cameras with H.264 or HEVC are read without FFmpeg's parser, which is a frame interval faster; where that
    leads to damaged pictures, the reader goes back to the parser by itself.
    """

    def __init__(self, url: str, name: str, generation: int, transport: Transport | None = None) -> None:
        self._url = url
        self._name = name
        self._generation = generation
        self._transport = transport
        self._interrupted = threading.Event()
        self._container: InputContainer | None = None
        self._connection: Connection | None = None
        self._farewell: threading.Timer | None = None
        self._ending = threading.Lock()  # of the three above, between threads
        self._whole: low_latency.WholePictures | None = None
        self._tap: Tap | None = None
        self._clock = PictureClock(Timestamps(1 / 25, _LONGEST_GAP))
        self._frames = FrameMaker(generation, self._clock.timestamps)
        self._packets: Iterator[av.Packet[VideoStream]] = iter(())
        self._ready: deque[tuple[DecodedPicture, float]] = deque()
        self._pacer: Pacer | None = None
        self._ahead: ReadAhead | None = None
        self._untimed = False
        self._relay: RtspRelay | None = None
        self._refusal: SourceError | None = None
        self._reports: ReceiverReports | None = None
        self._answered_wrongly = False
        self.heard: float | None = None
        """When the last packet came, decoded or not."""
        self._demand = Demand.EVERY_FRAME  # set by any thread, read by this one

    def __repr__(self) -> str:
        way = "unparsed" if self._whole else "parsed"
        return f"<StreamReader {self._name!r} {f'open, {way}' if self._container else 'closed'}>"

    def tap(self, sink: PacketSink) -> None:
        """Send the packets there, those of sound included; before :meth:`open`."""
        self._tap = Tap(sink, self._generation)

    def open(self) -> SourceInfo:
        """Connect and decode the first picture; takes seconds at most where the camera sends one.

        Raises SourceRefused, SourceUnavailable or SourceUnusable.
        """
        began = time.monotonic()
        try:
            info = self._connect()
            while not self._ready and self._advance():
                pass
        finally:
            if not self._ready and self._is_web() and time.monotonic() - began > _LONG:
                WITHOUT_PICTURE.add(self._url)
        if not self._ready:
            raise SourceUnavailable(
                say("{name}: opening was interrupted.", name=self._name)
                if self._interrupted.is_set()
                else say("{name}: no picture could be made of its video.", name=self._name)
            )
        first, pts = self._ready[0]
        info = replace(info, width=first.size[0], height=first.size[1])
        if self._tap is not None:
            self._tap.open(pts)
        return info

    def read(self) -> Frame | None:
        """Wait for the next picture.  None after an interrupt, and at the end of recorded media.

        Raises SourceUnavailable when the connection is lost, within :data:`TIMEOUT`.
        """
        while not self._ready:
            if not self._advance():
                if self._pacer is None and not self._interrupted.is_set():
                    raise SourceUnavailable(say("{name} ended the stream.", name=self._name))
                return None
        picture, pts = self._ready.popleft()
        if self._pacer is not None:
            self._pacer.hold(pts, self._interrupted)
        if self._interrupted.is_set():
            return None
        skipped, self._decoder.skipped = self._decoder.skipped, 0
        delay = self._ahead.delay() if self._ahead is not None else 0.0
        return self._frames.make(picture, pts, skipped, self._decoder.behind, delay)

    def want(self, demand: Demand) -> None:
        """Decode every picture, or keyframes only; from any thread.

        With every picture wanted again the next one comes at once: those since the last keyframe were kept.
        """
        self._demand = demand

    def interrupt(self) -> None:
        """End reading; from any thread.

        At once where the connection's socket can be found, else with the next packet or FFmpeg's timeout: PyAV's
        interrupt callback would cost the GIL at every poll.  An RTSP camera can be told by :meth:`close`, so that it
        has room for the next viewer; the connection is cut where that takes more than a second.
        """
        self._interrupted.set()
        ahead = self._ahead
        if ahead is not None:
            ahead.interrupt()
        with self._ending:
            connection = self._connection
            if connection is None:
                return
            says_goodbye = self._container is not None and self._is_rtsp()
            connection.shut_down(Ending.INPUT if says_goodbye else Ending.BOTH)
            if self._farewell is None:
                # Also where it was not made yet: who answers nonsense for ever would be read for ever.
                self._farewell = threading.Timer(_FAREWELL, connection.shut_down)
                self._farewell.name = f"farewell to {self._name}"
                self._farewell.daemon = True
                self._farewell.start()

    def close(self) -> None:
        """Disconnect."""
        self._packets = iter(())
        self._whole = None
        self._ready.clear()
        self._refusal = None
        self._reports = None
        ahead, self._ahead = self._ahead, None
        container = self._container
        if ahead is not None:
            ahead.close()
        elif container is not None:
            container.close()
        with self._ending:
            self._container = None
            connection, self._connection = self._connection, None
            farewell, self._farewell = self._farewell, None
        if farewell is not None:
            farewell.cancel()
            farewell.join()
        relay, self._relay = self._relay, None
        if relay is not None:
            relay.close()
        if connection is not None:
            connection.forget()

    def _advance(self) -> bool:
        """Take the next packet; False at the end, and after an interrupt."""
        try:
            packet = next(self._packets, None)
        except av.error.FFmpegError as error:
            if self._interrupted.is_set():
                return False
            if self._may_need_sound():
                NEEDS_SOUND.add(self._url)
                self._begin_anew("nothing comes; it may send when its sound is asked for, too")
                return True
            if isinstance(error, av.error.TimeoutError) and self._url not in PAUSES:
                PAUSES.add(self._url)
                self._begin_anew(f"it was silent for {TIMEOUT:g} s, and may be from now on")
                return True
            if isinstance(error, av.error.InvalidDataError) and self._is_strict_mjpeg():
                self._read_leniently()
                return True
            raise connection_lost(error, self._name) from None
        if packet is None or self._interrupted.is_set():
            return False
        if self._pacer is None:
            self._decoder.demand = self._demand
        self.heard = time.monotonic()
        if self._reports is not None:
            self._reports.tell(self.heard)
        self._take(packet, self.heard)
        if self._whole is not None and (self._whole.is_unreliable or self._decoder.damaged > _DAMAGED):
            NEEDS_PARSER.add(self._url)
            self._begin_anew("its pictures come out damaged; from now on it is read with a frame's delay")
        elif self._decoder.damaged > _DAMAGED and self._is_strict_mjpeg():
            self._read_leniently()
        return True

    def _may_need_sound(self) -> bool:
        """Say whether not a byte came of an RTSP camera whose sound was left out."""
        asked = self._tap is not None or self._url in NEEDS_SOUND
        begun = self.heard is not None or (self._whole is not None and self._whole.has_begun)
        return self._is_rtsp() and not begun and not asked

    def _is_strict_mjpeg(self) -> bool:
        return self._container is not None and self._container.format.name == STRICT_MJPEG

    def _read_leniently(self) -> None:
        BROKEN_MJPEG.add(self._url)
        self._begin_anew("what is between its pictures is not as it should be; from now on only they are looked at")

    def _take(self, packet: av.Packet[VideoStream], arrived: float) -> None:
        context = self._decoder.context
        pts = None
        if packet.size:  # an empty one gets the last pictures out of the decoder
            came = arrived if self._pacer is None and self._ahead is None else None
            pts = self._clock.stamp(packet, reorder_depth(context), came, not self._untimed)
        pictures = [self._upright.of(decoded) for decoded in self._decoder.decode(packet, arrived)]
        self._ready.extend((picture, self._clock.time_of(picture.decoded)) for picture in pictures)
        if self._tap is not None:
            self._tap.shown(pictures)
            if pts is not None:
                self._tap.picture(packet, pts, context, arrived)

    def _connect(self) -> SourceInfo:
        silence = _PATIENCE if self._url in PAUSES else TIMEOUT
        options = protocol_options(self._url.partition("://")[0].lower(), silence)
        if self._is_rtsp() and self._url not in NEEDS_PARSER:
            container = self._open_container(options | low_latency.OPTIONS)
            stream = self._video_stream(container)
            if low_latency.is_possible(stream):
                info = describe(container, stream)
                sound = self._prepare(container, stream, info)
                self._whole = low_latency.WholePictures(container, stream, self._interrupted, sound)
                self._packets = iter(self._whole)
                self._decoder = LiveDecoder(low_latency.decoder(stream), Backlog())
                self._upright = UprightPictures(stream, self._decoder.context)
                return info
            NEEDS_PARSER.add(self._url)
        return self._connect_parsed(options)

    def _connect_parsed(self, options: dict[str, str]) -> SourceInfo:
        container, stream = self._open_parsed(options | PROBING)
        # Slice threads decode without delay; frame threads hold back a picture each.
        stream.thread_type = "SLICE"
        kind = kind_of(container)
        self._untimed = kind is StreamKind.UNTIMED
        self._pacer = Pacer() if kind is StreamKind.RECORDED else None
        info = describe(container, stream)
        if self._untimed:
            info = replace(info, fps=None)  # FFmpeg's guess
        if kind is StreamKind.IN_SEGMENTS:
            info = replace(info, patience=SEGMENT_PATIENCE)
            self._ahead = ReadAhead(container, stream, self._interrupted)
        sound = self._prepare(container, stream, info)
        self._packets = packets(self._ahead or container, stream, self._interrupted, sound)
        self._decoder = LiveDecoder(stream.codec_context, Backlog() if kind is StreamKind.LIVE else None)
        self._upright = UprightPictures(stream, self._decoder.context)
        return info

    def _prepare(self, container: InputContainer, stream: VideoStream, info: SourceInfo) -> SoundTap | None:
        """Make clock and tap ready for what comes; return where sound goes, if it is wanted and there is any."""
        timestamps = self._clock.timestamps
        timestamps.interval = 1 / info.fps if info.fps else 1 / 25
        timestamps.longest_gap = _LONGEST_GAP if self._pacer is None else math.inf
        if self._tap is None:
            return None
        return self._tap.connect(container, stream, info, timestamps)

    def _open_parsed(self, options: dict[str, str]) -> tuple[InputContainer, VideoStream]:
        if self._url in BROKEN_MJPEG:
            return self._open_lenient(options)
        try:
            if self._url in WITHOUT_PICTURE:
                # Lines that end wrongly keep FFmpeg reading for ever, in search of where a picture ends.
                WITHOUT_PICTURE.remove(self._url)
                with suppress(SourceError):
                    return self._open_lenient(options)
            container = self._open_container(options)
        except SourceRefused:
            raise
        except SourceUnavailable as reason:
            if not self._is_web() or not self._answered_wrongly:
                raise
            return self._open_second_way(options, reason)
        try:
            return container, self._stream_of(container)
        except SourceUnavailable as reason:
            if self._is_strict_mjpeg():
                return self._open_second_way(options, reason)
            logger.info("%s Probing longer.", reason)
        container = self._open_container(options | MORE_PROBING)
        return container, self._stream_of(container)

    def _open_second_way(
        self, options: dict[str, str], reason: SourceUnavailable
    ) -> tuple[InputContainer, VideoStream]:
        """Look for pictures in what is no video to FFmpeg: MJPEG with broken boundaries, as some cameras send it."""
        try:
            return self._open_lenient(options)
        except SourceError:
            raise reason from None

    def _open_lenient(self, options: dict[str, str]) -> tuple[InputContainer, VideoStream]:
        container = self._open_container(options, LENIENT_MJPEG)
        opened = container, self._stream_of(container)
        if self._url not in BROKEN_MJPEG:
            BROKEN_MJPEG.add(self._url)
            logger.warning("%s: what is between its pictures is not as it should be.", self._name)
        return opened

    def _begin_anew(self, reason: str) -> None:
        """Connect again without a new generation."""
        logger.warning("%s: connecting anew, because %s.", self._name, reason)
        ready = list(self._ready)
        self._connect()
        self._clock.begin_again()
        self._ready.extend(ready)

    def _open_container(self, options: dict[str, str], form: str | None = None) -> InputContainer:
        self.close()
        self._answered_wrongly = False
        try:
            return self._open_rtsp(options) if self._is_rtsp() else self._open_web(options, form)
        except av.error.FFmpegError as error:
            self._answered_wrongly = isinstance(error, av.error.InvalidDataError)
            if isinstance(error, av.error.TimeoutError) and not self._is_rtsp():
                PAUSES.add(self._url)  # Its first picture may be seen with the second one only.
            raise self._refusal or opening_failed(error, self._url, self._name) from None

    def _open_web(self, options: dict[str, str], form: str | None) -> InputContainer:
        """Open; with our own login where the server wants one that FFmpeg cannot give."""
        try:
            return self._open_at(self._url, options, form)
        except av.error.HTTPUnauthorizedError:
            self.close()
            if not self._is_web() or (login := web_login(self._url, TIMEOUT)) is None:
                raise
        self._refusal = unknown_login(login.algorithms, self._name)
        with_login = {"headers": login.header, "max_redirects": "0", "format_whitelist": SINGLE_FORMATS}
        with_login["auth_type"] = "basic"  # else FFmpeg sends the same login again where it is refused
        try:
            container = self._open_at(login.url, options | with_login, form)
        except av.error.HTTPUnauthorizedError:
            if login.header:
                self._refusal = None
            raise
        self._refusal = None
        return container

    def _open_rtsp(self, options: dict[str, str]) -> InputContainer:
        """Open with sound where that is wanted, without where the camera refuses it, and with our login if need be."""
        options = options | {"rtsp_transport": self._transport.value if self._transport else "tcp"}
        wants_sound = (self._tap is not None or self._url in NEEDS_SOUND) and self._url not in SOUND_REFUSED
        first = options | {"allowed_media_types": "video+audio"} if wants_sound else options
        if self._url in NEEDS_RELAY:
            return self._open_relayed(first)
        try:
            return self._open_at(self._url, first)
        except av.error.FFmpegError as error:
            refusal = is_refusal(error)
            if not refusal and not isinstance(error, av.error.HTTPUnauthorizedError):
                raise
            reason = error
        if wants_sound and refusal:
            self.close()
            with suppress(av.error.FFmpegError):
                container = self._open_at(self._url, options)
                SOUND_REFUSED.add(self._url)
                logger.warning("%s refuses to send its sound; its pictures come without.", self._name)
                return container
        if scheme_of(self._url) != "rtsp":
            raise reason
        return self._open_relayed(first, reason)

    def _open_relayed(self, options: dict[str, str], reason: av.error.FFmpegError | None = None) -> InputContainer:
        """Open through a relay, which can log in where FFmpeg cannot, and knows what the camera answered.

        Raises ``reason`` where nobody answers any more.
        """
        self.close()
        try:
            relay = self._relay = RtspRelay(self._url, TIMEOUT)
        except OSError as error:
            raise reason or av.error.TimeoutError(error.errno or 0, str(error.strerror)) from None
        try:
            container = self._open_at(relay.local_url, options | {"rtsp_transport": "tcp"})
        except av.error.FFmpegError:
            answered = relay.answered
            self._refusal = rtsp_refusal(answered.status, answered.unknown, self._name)
            raise
        if relay.answered.logged_in:
            NEEDS_RELAY.add(self._url)
        return container

    def _open_at(self, url: str, options: dict[str, str], form: str | None = None) -> InputContainer:
        parts = urlsplit(url)
        connection = self._connection = Connection(parts.hostname or "", parts.port or PORTS[parts.scheme] or 0)
        if self._interrupted.is_set():
            raise SourceUnavailable(say("{name}: opening was interrupted.", name=self._name))
        self._container = av.open(url, "r", format=form, options=options)
        connection.claim()
        if scheme_of(url) == "rtsp" and options["rtsp_transport"] == "tcp":
            tracks = len(self._container.streams)
            self._reports = ReceiverReports(connection.send, tracks, time.monotonic())
        return self._container

    def _stream_of(self, container: InputContainer) -> VideoStream:
        stream = self._video_stream(container)
        if not (stream.codec_context.width and stream.codec_context.pix_fmt):
            raise SourceUnavailable(say("{name}: no picture could be made of its video.", name=self._name))
        return stream

    def _video_stream(self, container: InputContainer) -> VideoStream:
        try:
            return video_stream(container, self._name)
        except SourceUnusable as reason:
            # Of a camera it may become true again: one behind a recorder that is unplugged, one that is starting.
            raise SourceUnavailable(*reason.args) from None

    def _is_web(self) -> bool:
        return self._url.lower().startswith(("http:", "https:"))

    def _is_rtsp(self) -> bool:
        return self._url.lower().startswith(("rtsp:", "rtsps:"))
