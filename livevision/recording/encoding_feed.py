"""Packets for a camera that sends none: its frames, encoded here, in a thread of their own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from livevision.recording.container import fit
from livevision.recording.encoders import SOFTWARE, TIME_BASE, Chosen, choose_encoder
from livevision.recording.failure import recording_error
from livevision.recording.remux import TimedPacket
from livevision.recording.segmented import Placed
from livevision.recording.writer import ThreadedWriter
from livevision.sources.packets import EncodedPacket, MediaFormat, Medium, StreamFormat
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from av.video.stream import VideoStream

    from livevision.frame import Frame
    from livevision.recording.encoders import Encoding
    from livevision.recording.lanes.lane import Course, PacketLane, TimedFrame

_MOST_HELD = 60
"""Frames that wait to be encoded; what comes then is dropped."""
_KEYFRAME_EVERY = 2.0


class EncodingFeed:
    """Encodes frames and hands the packets to ``lanes``, which cannot tell them from a camera's own.

    Made, fed and closed on the event loop, before its lanes are closed.
    """

    def __init__(self, course: Course, lanes: Sequence[PacketLane]) -> None:
        self._sink = _EncodingSink(course, lanes)
        self._course = course
        self._writer: ThreadedWriter[Placed[TimedFrame]] = ThreadedWriter(
            f"{course.camera} encoding", lambda: self._sink, _MOST_HELD, self._failed
        )

    def __repr__(self) -> str:
        return f"<EncodingFeed {self._writer!r}>"

    @property
    def dropped(self) -> int:
        """Frames that were not encoded."""
        return self._writer.dropped

    @property
    def left(self) -> int:
        """Frames that wait to be encoded."""
        return self._writer.queued

    @property
    def note(self) -> str:
        """Why another encoder is used than was asked for."""
        return self._sink.note

    @property
    def has_failed(self) -> bool:
        """Whether it has come to an end with an error."""
        return self._writer.error is not None

    def on_frame(self, placed: Placed[TimedFrame]) -> None:
        """Take a frame."""
        self._writer.offer(placed)

    async def aclose(self, deadline: float) -> None:
        """Encode what waits, for at most ``deadline`` seconds.  May be called again."""
        await self._writer.aclose(deadline)

    def _failed(self, error: Exception) -> None:
        self._course.fail(recording_error(self._course.plan.folder, error))


class _EncodingSink:
    """What the thread does."""

    def __init__(self, course: Course, lanes: Sequence[PacketLane]) -> None:
        self.note = ""
        self._encoding = course.plan.encoding
        self._lanes = tuple(lanes)
        self._encoder: _FrameEncoder | None = None
        self._segment = -1

    def write(self, placed: Placed[TimedFrame]) -> None:
        if placed.segment != self._segment:
            # Each file has an encoder of its own: it begins with a keyframe, and may be of another size.
            self.close()
            self._encoder = _FrameEncoder(placed.item.frame.size, self._encoding, self._pass_on)
            self.note = self._encoder.note
            self._segment = placed.segment
        assert self._encoder is not None
        self._encoder.write(placed)

    def close(self) -> None:
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            encoder.close()

    def _pass_on(self, placed: Placed[TimedPacket]) -> None:
        for lane in self._lanes:
            lane.on_packet(placed)


class _FrameEncoder:
    """Encodes frames of about one size."""

    def __init__(
        self, size: tuple[int, int], encoding: Encoding, pass_on: Callable[[Placed[TimedPacket]], None]
    ) -> None:
        self._pass_on = pass_on
        self._size = size[0] - size[0] % 2, size[1] - size[1] % 2
        chosen = choose_encoder(encoding.choice, self._size)
        try:
            self._open(chosen, encoding)
        except av.FFmpegError as error:
            if chosen.encoder is SOFTWARE:
                raise
            note = say(
                "{encoder} is busy ({reason}); recording with libx264 instead",
                encoder=chosen.encoder.name,
                reason=error.strerror,
            )
            chosen = Chosen(SOFTWARE, note)
            self._open(chosen, encoding)
        self.note = chosen.note
        self._reformatter = VideoReformatter()
        self._pending: dict[int, Placed[TimedFrame]] = {}
        self._last = -1
        self._last_keyframe: float | None = None

    def write(self, placed: Placed[TimedFrame]) -> None:
        frame, time = placed.item.frame, placed.item.time
        picture = self._converted(frame)
        # Only to tell pictures apart and for the encoder's sense of rate; the exact times travel beside it.
        self._last = picture.pts = max(round(time / TIME_BASE), self._last + 1)
        picture.time_base = TIME_BASE
        if self._last_keyframe is None or time - self._last_keyframe >= _KEYFRAME_EVERY:
            picture.pict_type = PictureType.I
            self._last_keyframe = time
        self._pending[self._last] = placed
        self._hand_over(self._video.encode(picture))

    def close(self) -> None:
        try:
            self._hand_over(self._video.encode(None))
        finally:
            self._pending.clear()

    def _open(self, chosen: Chosen, encoding: Encoding) -> None:
        self._pix_fmt = chosen.encoder.pix_fmt
        # Only for its settings, which depend on what the packets are for; nothing is written to it.
        self._container = av.open(io.BytesIO(), "w", format="matroska")
        self._video = chosen.encoder.add_to(self._container, self._size, encoding.quality)
        self._video.codec_context.open()
        extradata = self._video.codec_context.extradata or b""
        self._media = MediaFormat(StreamFormat("h264", extradata, *self._size))

    def _hand_over(self, packets: Sequence[av.Packet[VideoStream]]) -> None:
        for packet in packets:
            placed = self._pending.pop(packet.pts, None) if packet.pts is not None else None
            if placed is None:
                continue
            frame = placed.item.frame
            # The encoders hold no B-frames, so that a packet's decoding time is that of its picture.
            encoded = EncodedPacket(
                Medium.VIDEO,
                bytes(packet),
                frame.pts,
                frame.pts,
                packet.is_keyframe,
                frame.generation,
                frame.captured,
                frame.wall,
            )
            self._pass_on(Placed(placed.segment, placed.at, TimedPacket(self._media, encoded, placed.item.time)))

    def _converted(self, frame: Frame) -> av.VideoFrame:
        return self._reformatter.reformat(
            av.VideoFrame.from_ndarray(fit(frame.bgr(), self._size), format="bgr24"),
            format=self._pix_fmt,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.FAST_BILINEAR,
            threads=1,
        )
