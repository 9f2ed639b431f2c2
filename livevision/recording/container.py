"""H.264 in MP4 through PyAV: real times, right colours, and a file that plays even if the program is killed."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Self, cast

import av
import cv2
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter

from livevision.errors import RecordingError

if TYPE_CHECKING:
    from pathlib import Path

    from av.video.stream import VideoStream

    from livevision.frame import Image

_CODEC = "libx264"
_TIME_BASE = Fraction(1, 90_000)
_USUAL_INTERVAL = 3_600
_LONGEST_LAST_PICTURE = 90_000
_KEYFRAME_EVERY = 2 * 90_000
_AVCOL_SPC_BT709 = 1

_CONTAINER_OPTIONS = {
    # While recording: fragments, so that a killed program leaves all but the last one.  On closing: rewritten in
    # place as a plain MP4 with one index, which every player can seek in.  That index is what grows in memory
    # meanwhile: 6 MB an hour at 25 pictures a second.
    "movflags": "hybrid_fragmented+empty_moov+default_base_moof",
    "frag_duration": "500000",
    "flush_packets": "1",
}
_ENCODER_OPTIONS = {
    "preset": "veryfast",
    "crf": "21",
    "forced-idr": "1",
    # Three pictures of lookahead make the file half as big as none; more, and B-frames, gain little and would be
    # lost in a kill.  force-cfr takes away one more picture of delay and leaves the times alone.
    "x264-params": "bframes=0:rc-lookahead=3:sync-lookahead=0:force-cfr=1:keyint=infinite",
}

_EXPLAINED = {
    errno.ENOSPC: ("the disk is full", "make room or choose another disk"),
    errno.EDQUOT: ("your quota of the disk is used up", "make room or choose another disk"),
    errno.EFBIG: ("the file is as big as this disk allows", "choose another disk"),
    errno.EACCES: ("no permission to write there", "choose another folder"),
    errno.EPERM: ("no permission to write there", "choose another folder"),
    errno.EROFS: ("the disk is read-only", "choose another folder"),
    errno.EEXIST: ("it exists already", "choose another name"),
    errno.ENOENT: ("there is no such folder", "create it or choose another"),
    errno.ENOTDIR: ("there is no such folder", "create it or choose another"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
}
"""What went wrong and what to try, in the operator's words."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedImage:
    """A ``(h, w, 3)`` BGR picture, its time in the file in seconds, and the time of day (:func:`time.time`)."""

    image: Image
    time: float
    wall: float


class Mp4Sink:
    """Writes pictures to a new MP4 file.  Blocking; one thread makes, uses and closes it.

    The file is created at once, and never over one that exists.  Its picture size is that of the first picture, less
    an odd column or row; later pictures of another size are scaled to fit, with black bars where the shape differs.
    Every method raises RecordingError.
    """

    def __init__(self, path: Path, title: str = "") -> None:
        self.path = path
        self._title = title
        if _CODEC not in av.codecs_available:
            raise RecordingError(
                f"Cannot record {path.name}: this build of PyAV has no {_CODEC}; install av from PyPI, which has it"
            )
        try:
            self._file = _NewFile(path)
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
                self._stream = _Stream(self._file, item, self._title)
            self._stream.write(item)
        except Exception as error:
            raise recording_error(self.path, error) from error

    def close(self) -> None:
        """Write what is still in the encoder, and the index; a file without pictures is removed.  Idempotent."""
        if self._file.closed:
            return
        try:
            with self._file:
                if self._stream is not None:
                    self._stream.close()
            if self._stream is None:
                self.path.unlink(missing_ok=True)
        except Exception as error:
            raise recording_error(self.path, error) from error


class _Stream:
    """Encoder and container, which exist once the size of the pictures is known."""

    def __init__(self, file: _NewFile, first: TimedImage, title: str) -> None:
        height, width = first.image.shape[:2]
        self._size = width - width % 2, height - height % 2
        self._container = av.open(file, "w", format="mp4", options=_CONTAINER_OPTIONS, buffer_size=1 << 18)
        self._container.metadata["title"] = title
        self._container.metadata["creation_time"] = datetime.fromtimestamp(first.wall, UTC).isoformat()
        video = self._container.add_stream(_CODEC, rate=25, options=_ENCODER_OPTIONS, time_base=_TIME_BASE)
        self._video = cast("VideoStream", video)
        self._video.width, self._video.height = self._size
        context = self._video.codec_context
        # One thread: several cameras record at once, beside decoding and detection.
        context.thread_count = 1
        context.color_range = ColorRange.MPEG
        context.colorspace = _AVCOL_SPC_BT709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        self._reformatter = VideoReformatter()
        self._last: int | None = None
        self._interval = _USUAL_INTERVAL
        self._last_keyframe = 0

    def write(self, item: TimedImage) -> None:
        ticks = round(item.time / _TIME_BASE)
        if self._last is not None:
            ticks = max(ticks, self._last + 1)
            self._interval = ticks - self._last
        frame = self._converted(fit(item.image, self._size))
        frame.pts, frame.time_base = ticks, _TIME_BASE
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
        return self._reformatter.reformat(
            av.VideoFrame.from_ndarray(image, format="bgr24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.FAST_BILINEAR,
            threads=1,
        )


class _NewFile:
    """A file that did not exist, written without a buffer of its own, so that nothing is lost in a kill.

    FFmpeg takes a negative number for an error, after which it writes nothing more, so that what is there stays
    readable; it complains to stderr of exceptions, which it has no place for.
    """

    def __init__(self, path: Path) -> None:
        self._raw = path.open("xb", buffering=0)
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._raw.close()

    @property
    def closed(self) -> bool:
        return self._raw.closed

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._raw.write(rest) :]
            self.size = max(self.size, self._raw.tell())
        except OSError as error:
            return -(error.errno or errno.EIO)
        return len(data)

    def seek(self, offset: int, whence: int) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()


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


def recording_error(path: Path, error: Exception) -> RecordingError:
    """Say in one line what went wrong with a recording, and what to try."""
    if isinstance(error, RecordingError):
        return error
    if isinstance(error, OSError | av.FFmpegError):
        what, advice = _EXPLAINED.get(error.errno or 0, (error.strerror or str(error), "try another folder"))
    else:
        what, advice = f"{type(error).__name__}: {error}".splitlines()[0], "try again, and report this if it comes back"
    return RecordingError(f"Cannot record {path}: {what}; {advice}")
