"""H.264 in MP4 through PyAV: real times, right colours, and a file that plays even if the program is killed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from livevision.errors import RecordingError
from livevision.recording.encoders import DEFAULT_ENCODING, SOFTWARE, TIME_BASE, Chosen, Encoding, choose_encoder
from livevision.recording.failure import recording_error
from livevision.recording.partial import NewFile
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.frame import Image

__all__ = ["Mp4Sink", "TimedImage", "fit", "recording_error"]

_USUAL_INTERVAL = 3_600
_LONGEST_LAST_PICTURE = 90_000
_KEYFRAME_EVERY = 2 * 90_000

_CONTAINER_OPTIONS = {
    # While recording: fragments, so that a killed program leaves all but the last one.  On closing: rewritten in
    # place as a plain MP4 with one index, which every player can seek in.  That index is what grows in memory
    # meanwhile: 6 MB an hour at 25 pictures a second.
    "movflags": "hybrid_fragmented+empty_moov+default_base_moof",
    "frag_duration": "500000",
    "flush_packets": "1",
}
_BUFFER = 4 << 20
"""More than half a second of video: a fragment goes to the file in one piece, or not at all."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedImage:
    """A ``(h, w, 3)`` BGR picture, its time in the file in seconds, and the time of day (:func:`time.time`)."""

    image: Image
    time: float
    wall: float


class Mp4Sink:
    """Writes pictures to a new MP4 file.  Blocking; one thread makes, uses and closes it.

    The file is created at once, by ``new_file``, and never over one that exists.  Its picture size is that of the
    first picture, less an odd column or row; later pictures of another size are scaled to fit, with black bars where
    the shape differs.  Every method raises RecordingError.
    """

    def __init__(
        self,
        path: Path,
        title: str = "",
        encoding: Encoding = DEFAULT_ENCODING,
        new_file: Callable[[Path], NewFile] = NewFile,
    ) -> None:
        self.path = path
        """Where the file is to be; once closed, where it is."""
        self.note = ""
        """Why another encoder is used than was asked for, known after the first picture; from any thread."""
        self._title = title
        self._encoding = encoding
        if SOFTWARE.codec not in av.codecs_available:
            raise RecordingError(
                say(
                    "Cannot record {path}: this build of PyAV has no {codec}; install av from PyPI, which has it",
                    path=path.name,
                    codec=SOFTWARE.codec,
                )
            )
        try:
            self._file = new_file(path)
        except OSError as error:
            raise recording_error(path, error) from error
        self._stream: _Stream | None = None

    @property
    def bytes_written(self) -> int:
        """Size of the file so far; from any thread."""
        return self._file.size

    def write(self, item: TimedImage) -> None:
        """Encode a picture; its time must be later than that of the one before."""
        try:
            if self._stream is None:
                self._stream = self._start(item)
            self._stream.write(item)
        except Exception as error:
            raise recording_error(self.path, self._file.error or error) from error

    def close(self) -> None:
        """Write what is still in the encoder, and the index; a file without pictures is removed.  Idempotent."""
        if self._file.closed:
            return
        try:
            if self._stream is None:
                self._file.discard()
                return
            self._stream.close()
            self.path = self._file.complete()
        except Exception as error:
            raise recording_error(self.path, self._file.error or error) from error
        finally:
            self._file.close()

    def _start(self, first: TimedImage) -> _Stream:
        height, width = first.image.shape[:2]
        size = width - width % 2, height - height % 2
        chosen = choose_encoder(self._encoding.choice, size)
        try:
            stream = _Stream(self._file, first, self._title, (chosen, self._encoding), size)
        except av.FFmpegError as error:
            if chosen.encoder is SOFTWARE or self._file.size:
                raise
            # It worked when it was tried; a driver's sessions may all be in use by now.
            note = say(
                "{encoder} is busy ({reason}); recording with libx264 instead",
                encoder=chosen.encoder.name,
                reason=error.strerror,
            )
            chosen = Chosen(SOFTWARE, note)
            stream = _Stream(self._file, first, self._title, (chosen, self._encoding), size)
        self.note = chosen.note
        return stream


class _Stream:
    """Encoder and container, which exist once the size of the pictures is known."""

    def __init__(
        self, file: NewFile, first: TimedImage, title: str, how: tuple[Chosen, Encoding], size: tuple[int, int]
    ) -> None:
        chosen, encoding = how
        self._size = size
        self._pix_fmt = chosen.encoder.pix_fmt
        self._container = av.open(file, "w", format="mp4", options=_CONTAINER_OPTIONS, buffer_size=_BUFFER)
        self._container.metadata["title"] = title
        self._container.metadata["creation_time"] = datetime.fromtimestamp(first.wall, UTC).isoformat()
        self._video = chosen.encoder.add_to(self._container, size, encoding.quality)
        self._video.codec_context.open()
        self._reformatter = VideoReformatter()
        self._last: int | None = None
        self._interval = _USUAL_INTERVAL
        self._last_keyframe = 0

    def write(self, item: TimedImage) -> None:
        ticks = round(item.time / TIME_BASE)
        if self._last is not None:
            ticks = max(ticks, self._last + 1)
            self._interval = ticks - self._last
        frame = self._converted(fit(item.image, self._size))
        frame.pts, frame.time_base = ticks, TIME_BASE
        # By time and not by count: a camera that slows down must stay as easy to seek in.
        if self._last is None or ticks - self._last_keyframe >= _KEYFRAME_EVERY:
            frame.pict_type = PictureType.I
            self._last_keyframe = ticks
        self._last = ticks
        self._container.mux(self._video.encode(frame))

    def close(self) -> None:
        try:
            packets = self._video.encode(None)
            if packets:
                # Without it the last picture would be shown for no time; after a long gap, not for as long again.
                packets[-1].duration = min(self._interval, _LONGEST_LAST_PICTURE)
            self._container.mux(packets)
        finally:
            self._container.close()

    def _converted(self, image: Image) -> av.VideoFrame:
        # from_ndarray copies into an aligned buffer, which swscale wants: it reads a little past the end of others.
        # cv2.cvtColor to I420 would take 0.6 ms instead of 4, but it knows BT.601 only.
        return self._reformatter.reformat(
            av.VideoFrame.from_ndarray(image, format="bgr24"),
            format=self._pix_fmt,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.FAST_BILINEAR,
            threads=1,
        )


def fit(image: Image, size: tuple[int, int]) -> Image:
    """Return ``image`` at ``size`` (width, height): as it is, less an odd edge, or scaled, with black bars."""
    height, width = image.shape[:2]
    if (width - width % 2, height - height % 2) == size:
        return image[: size[1], : size[0]]
    scale = min(size[0] / width, size[1] / height)
    inner_width, inner_height = min(size[0], round(width * scale)), min(size[1], round(height * scale))
    left, top = (size[0] - inner_width) // 2, (size[1] - inner_height) // 2
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    canvas[top : top + inner_height, left : left + inner_width] = cv2.resize(
        image, (inner_width, inner_height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    return canvas
