"""Small recordings, written when a test wants them: every picture of them is known."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from livevision.frame import Image

_BITS = 8
_RATE = 8000
_EXACTLY = Interpolation.BICUBIC | Interpolation.ACCURATE_RND
"""Without it, swscale's quick way from BGR to YUV darkens a picture by 3 levels."""
_UNSPECIFIED = 2
"""AVCOL_SPC_UNSPECIFIED."""


@dataclass(frozen=True)
class Encoding:
    """How a clip is written.  ``matrix`` is what RGB becomes YUV with; ``tagged`` whether the file says so."""

    codec: str = "libx264"
    fps: int = 25
    matrix: Colorspace = Colorspace.ITU601
    tagged: bool = False
    rotation: int = 0
    """Counter-clockwise degrees of the display matrix, which mirrors afterwards where that is wanted."""
    hflip: bool = False
    vflip: bool = False
    pixel_aspect: Fraction | None = None
    """Width of a pixel by its height, in the stream and in the container."""
    gop: int = 12
    b_frames: int = 0
    """Between two others; libx264 only."""
    sound: str = ""
    """The encoder of a tone of 440 Hz beside the pictures, 8 kHz mono; none if not given."""


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (320, 240)) -> Image:
    """A picture of one BGR colour."""
    return np.full((size[1], size[0], 3), colour, np.uint8)


def numbered(number: int, size: tuple[int, int] = (320, 240)) -> Image:
    """A picture that shows a number below 256, so that a reader of it knows which one it got."""
    image = plain((90, 90, 90), size)
    band = size[0] // _BITS
    for bit in range(_BITS):
        image[size[1] // 2 :, bit * band : (bit + 1) * band] = 255 * (number >> bit & 1)
    return image


def number_in(image: Image) -> int:
    """Read the number of a :func:`numbered` picture, at whatever size it arrived."""
    height, width = image.shape[:2]
    row = image[height * 3 // 4].mean(axis=1)
    return sum(int(row[(2 * bit + 1) * width // (2 * _BITS)] > 128) << bit for bit in range(_BITS))


def quarters(size: tuple[int, int] = (320, 240)) -> Image:
    """A picture that shows how it is turned: grey, red at its upper left, green at its upper right, blue below that."""
    image = plain((90, 90, 90), size)
    width, height = size
    image[: height // 2, : width // 2] = (40, 40, 220)
    image[: height // 2, width // 2 :] = (40, 200, 40)
    image[height // 2 :, width // 2 :] = (220, 60, 40)
    return image


def write_clip(
    path: Path,
    pictures: Iterable[Image],
    encoding: Encoding | None = None,
    times: Sequence[float] | None = None,
) -> Path:
    """Write BGR pictures of one size; at ``times`` in seconds, or evenly."""
    encoding = encoding or Encoding()
    pictures = list(pictures)
    height, width = pictures[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(encoding.codec, rate=encoding.fps)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if encoding.codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000) if times else Fraction(1, encoding.fps)
        stream.codec_context.gop_size = encoding.gop
        if encoding.codec == "libx264":
            stream.codec_context.options = {"preset": "ultrafast", "crf": "8"}
            if encoding.b_frames:
                stream.codec_context.options |= {
                    "x264-params": f"bframes={encoding.b_frames}:b-adapt=0:b-pyramid=normal"
                }
        if encoding.tagged:
            tag = 1 if encoding.matrix is Colorspace.ITU709 else 6
            stream.codec_context.colorspace = tag
            stream.codec_context.color_primaries = tag
            stream.codec_context.color_trc = tag
            stream.codec_context.color_range = ColorRange.MPEG
        if encoding.rotation or encoding.hflip or encoding.vflip:
            stream.set_display_rotation(encoding.rotation, encoding.hflip, encoding.vflip)
        if encoding.pixel_aspect:
            stream.codec_context.sample_aspect_ratio = encoding.pixel_aspect
        heard = container.add_stream(encoding.sound, rate=_RATE, layout="mono") if encoding.sound else None
        for number, image in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(image, "bgr24").reformat(
                format=stream.pix_fmt, dst_colorspace=encoding.matrix, interpolation=_EXACTLY
            )
            if not encoding.tagged and encoding.codec != "mjpeg":
                frame.colorspace = _UNSPECIFIED
                frame.color_range = ColorRange.UNSPECIFIED
            frame.pts = round(times[number] * 1000) if times else number
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
            if heard is not None:
                container.mux(heard.encode(_tone(number, encoding.fps, heard.format.name)))
        container.mux(stream.encode(None))
        if heard is not None:
            container.mux(heard.encode(None))
    return path


def _tone(number: int, fps: int, sample_format: str) -> av.AudioFrame:
    """The sound that belongs to a picture."""
    count = _RATE // fps
    wave = 8000 * np.sin(2 * np.pi * 440 / _RATE * (np.arange(count) + number * count))
    frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[np.newaxis], "s16", "mono")
    frame.sample_rate, frame.pts, frame.time_base = _RATE, number * count, Fraction(1, _RATE)
    return av.AudioResampler(sample_format, "mono", _RATE).resample(frame)[0]


def encoded(pictures: Iterable[Image], codec: str, options: dict[str, str], gop: int = 8) -> list[av.Packet]:
    """Encode BGR pictures of one size as a camera does: no container, parameter sets in front of each keyframe."""
    pictures = list(pictures)
    context = av.CodecContext.create(codec, "w")
    context.height, context.width = pictures[0].shape[:2]
    context.pix_fmt = "yuv420p"
    context.time_base = Fraction(1, 25)
    context.framerate = Fraction(25)
    context.gop_size = gop
    context.options = options
    packets = []
    for number, image in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(image, "bgr24").reformat(format="yuv420p")
        frame.pts, frame.time_base = number, context.time_base
        packets += context.encode(frame)
    return packets + context.encode(None)
