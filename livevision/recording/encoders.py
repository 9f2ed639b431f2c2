"""H.264 encoders: which there are, which of them work on this machine, and what each calls the same quality."""

from __future__ import annotations

import io
import logging
import threading
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from av.codec.hwaccel import HWAccel
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc

from livevision.errors import RecordingError, UsageError
from livevision.recording.quality import Quality
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.container import OutputContainer
    from av.video.stream import VideoStream

_log = logging.getLogger(__name__)

TIME_BASE = Fraction(1, 90_000)
_AVCOL_SPC_BT709 = 1
_TRIAL_PICTURES = 2
_GREY = 128


class EncoderChoice(Enum):
    """Who encodes.  The default everywhere is SOFTWARE: its files are the smallest, and the same on every machine."""

    SOFTWARE = "libx264"
    AUTOMATIC = "automatic"
    """The first hardware encoder that works, libx264 if none does."""
    NVENC = "nvenc"
    QSV = "qsv"
    VAAPI = "vaapi"
    VIDEOTOOLBOX = "videotoolbox"


def parse_encoder(text: str) -> EncoderChoice:
    """Understand what a user typed.  Raises UsageError."""
    try:
        return EncoderChoice(text.strip().lower())
    except ValueError:
        known = ", ".join(choice.value for choice in EncoderChoice)
        raise UsageError(say("There is no encoder {text}; there are {known}", text=text, known=known)) from None


@dataclass(frozen=True, slots=True)
class Encoding:
    """What an operator may choose of how pictures are encoded."""

    choice: EncoderChoice = EncoderChoice.SOFTWARE
    quality: Quality = Quality.GOOD


DEFAULT_ENCODING = Encoding()


@dataclass(frozen=True, slots=True)
class Encoder:
    """One of FFmpeg's H.264 encoders, set up for recording: no picture held back for long, keyframes when asked."""

    name: str
    """For the operator."""
    codec: str
    """FFmpeg's name."""
    options: Mapping[str, str] = field(repr=False)
    qualities: Mapping[Quality, Mapping[str, str]] = field(repr=False)
    pix_fmt: str = "yuv420p"
    """What it is given."""
    device: str | None = None
    """FFmpeg's name of the device that pictures are uploaded to, where the encoder does not do it by itself."""

    def add_to(self, container: OutputContainer, size: tuple[int, int], quality: Quality) -> VideoStream:
        """Add a BT.709 video stream of ``size`` (even width and height) to ``container``.

        Raises what PyAV raises where there is no such device.
        """
        hwaccel = None if self.device is None else HWAccel(self.device)
        options = {**self.options, **self.qualities[quality]}
        stream = container.add_stream(self.codec, rate=25, options=options, hwaccel=hwaccel, time_base=TIME_BASE)
        video = cast("VideoStream", stream)
        video.width, video.height = size
        video.pix_fmt = self.pix_fmt
        context = video.codec_context
        # One thread: several cameras record at once, beside decoding and detection.  With so short a lookahead a second
        # one gained libx264 nothing that could be measured at 1080p.
        context.thread_count = 1
        context.color_range = ColorRange.MPEG
        context.colorspace = _AVCOL_SPC_BT709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        return video


def _same(option: str, small: int, good: int, best: int, **more: str) -> Mapping[Quality, Mapping[str, str]]:
    numbers = {Quality.SMALL: small, Quality.GOOD: good, Quality.BEST: best}
    return MappingProxyType({quality: {option: str(number), **more} for quality, number in numbers.items()})


# x264's own default is 23; FFmpeg's guide to H.264 calls 17 to 28 the sane range, 18 nearly lossless to the eye, and
# says that 6 more is half the size.  NVENC's cq, QSV's ICQ and VAAPI's qp are on the same scale, H.264's quantiser from
# 0 to 51, so they get the same numbers: about the same quality, in somewhat bigger files.
_X264_SCALE = (28, 23, 18)

SOFTWARE = Encoder(
    "libx264",
    "libx264",
    {
        # veryfast, with its motion search shortened: 9.6 instead of 14.5 ms for a 1080p picture, for 8 % more bytes.
        # superfast takes 11.6 ms for two and a half times the bytes, ultrafast 6 ms for three times as many.
        "preset": "veryfast",
        "forced-idr": "1",
        # Three pictures of lookahead make the file half as big as none; more, and B-frames, gain little and would be
        # lost in a kill.  force-cfr takes away one more picture of delay and leaves the times alone.
        "x264-params": "subme=1:bframes=0:rc-lookahead=3:sync-lookahead=0:force-cfr=1:keyint=infinite",
    },
    _same("crf", *_X264_SCALE),
)

# Keyframes come when the sink asks for them; g is only so long that the encoder adds none of its own.
_NEVER = {"g": "10000", "bf": "0"}
HARDWARE: Mapping[EncoderChoice, Encoder] = MappingProxyType(
    {
        EncoderChoice.VIDEOTOOLBOX: Encoder(
            "VideoToolbox (Apple)",
            "h264_videotoolbox",
            {**_NEVER, "realtime": "1", "allow_sw": "0", "flags": "+qscale"},
            # Its quality goes from 0 to 100; Apple calls 50 normal and 75 high.  FFmpeg wants it times FF_QP2LAMBDA.
            _same("global_quality", 50 * 118, 65 * 118, 75 * 118),
        ),
        EncoderChoice.NVENC: Encoder(
            "NVENC (NVIDIA)",
            "h264_nvenc",
            {**_NEVER, "preset": "p4", "tune": "hq", "rc": "vbr", "b": "0", "forced-idr": "1", "delay": "0"},
            _same("cq", *_X264_SCALE),
        ),
        EncoderChoice.QSV: Encoder(
            "Quick Sync (Intel)",
            "h264_qsv",
            {**_NEVER, "preset": "veryfast", "async_depth": "1", "forced_idr": "1"},
            _same("global_quality", *_X264_SCALE),
            "nv12",
        ),
        EncoderChoice.VAAPI: Encoder(
            "VAAPI",
            "h264_vaapi",
            {**_NEVER, "rc_mode": "CQP", "async_depth": "1"},
            _same("qp", *_X264_SCALE),
            "nv12",
            "vaapi",
        ),
    }
)
"""In the order in which AUTOMATIC tries them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An encoder, and why it is not the one that was asked for: one line for the operator, or nothing."""

    encoder: Encoder
    note: str = ""


_trials: dict[tuple[str, tuple[int, int]], str] = {}
_trying = threading.Lock()


def choose_encoder(wanted: EncoderChoice, size: tuple[int, int]) -> Chosen:
    """Return the encoder for ``wanted`` that works for pictures of ``size`` (even width and height).

    Hardware is tried once a process and size, with pictures that are thrown away, which takes up to a second: call it
    from a worker thread.  Raises RecordingError where PyAV has no H.264 encoder at all.
    """
    if wanted is EncoderChoice.AUTOMATIC:
        for encoder in HARDWARE.values():
            if not why_not(encoder, size):
                return Chosen(encoder)
        return Chosen(_software())
    if wanted in HARDWARE:
        encoder = HARDWARE[wanted]
        if not (why := why_not(encoder, size)):
            return Chosen(encoder)
        note = say(
            "{encoder} cannot be used here ({reason}); recording with libx264 instead", encoder=encoder.name, reason=why
        )
        return Chosen(_software(), note)
    return Chosen(_software())


def why_not(encoder: Encoder, size: tuple[int, int]) -> str:
    """Return why an encoder cannot be used for ``size``; nothing where it can.  Remembered for the process."""
    # One at a time: some drivers allow only a few sessions at once.
    with _trying:
        key = encoder.codec, size
        if key not in _trials:
            _trials[key] = _try(encoder, size)
            _log.info("%s at %dx%d: %s", encoder.name, *size, _trials[key] or "works")
        return _trials[key]


def _software() -> Encoder:
    if SOFTWARE.codec not in av.codecs_available:
        raise RecordingError(
            say(
                "Cannot record: this build of PyAV has no {codec}; install av from PyPI, which has it",
                codec=SOFTWARE.codec,
            )
        )
    return SOFTWARE


def _try(encoder: Encoder, size: tuple[int, int]) -> str:
    if encoder.codec not in av.codecs_available:
        return say("this build of PyAV has no such encoder")
    try:
        levels = _there_and_back(encoder, size)
    except Exception as error:
        # A driver may fail in any way; whatever it is, this encoder is not to be trusted with a recording.
        return f"{getattr(error, 'strerror', '') or error}".splitlines()[0] if str(error) else type(error).__name__
    if len(levels) != _TRIAL_PICTURES or any(abs(level - _GREY) > 4 for level in levels):
        return say("its pictures come out wrong")
    return ""


def _there_and_back(encoder: Encoder, size: tuple[int, int]) -> list[float]:
    """Encode grey pictures, decode them, and return how bright each is."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        video = encoder.add_to(container, size, Quality.GOOD)
        for number in range(_TRIAL_PICTURES):
            picture = np.full((size[1] * 3 // 2, size[0]), _GREY, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p").reformat(format=encoder.pix_fmt)
            frame.pts, frame.time_base = number * 3_600, TIME_BASE
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    file.seek(0)
    with av.open(file, "r") as recorded:
        return [float(frame.to_ndarray(format="gray").mean()) for frame in recorded.decode(video=0)]
