"""This machine's own screen as a camera: ``screen:?size=1280x720&at=100,50&fps=15``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av.error

from livevision.errors import SourceError, SourceUnavailable, SourceUnusable, UsageError
from livevision.pictures import DecodedPicture
from livevision.sources.decoding import FrameMaker, decode, describe, video_stream
from livevision.sources.options import read_options, read_position, read_rate, read_size
from livevision.sources.schemes import SCREEN
from livevision.sources.timestamps import Timestamps
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer

    from livevision.frame import Frame
    from livevision.sources.reader import Demand, SourceInfo

_PROCESS = str(Path(__file__).with_name("screen_process.py"))
_FROM_PIPE = {"protocol_whitelist": "pipe", "analyzeduration": "0", "probesize": "32"}
"""The stream's header says all: nothing has to be probed."""
_KNOWN = ("size", "at", "fps", "display")
_SLOWEST, _FASTEST = 1.0, 60.0


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """Which part of the screen, in pixels: all of it unless ``size`` (width, height) and ``at`` (left, top) say so."""

    size: tuple[int, int] | None = None
    at: tuple[int, int] = (0, 0)
    fps: float = 15.0
    display: str = ""
    """The X display; empty for the one that the environment names."""


def parse_screen(source: str) -> ScreenOptions:
    """Understand ``screen:?size=WxH&at=LEFT,TOP&fps=F&display=:0``; everything may be left out.  Raises UsageError."""
    rest, _, query = source[len(SCREEN) :].partition("?")
    if rest.strip("/"):
        raise UsageError(
            say("screen:{rest} is not known; there is one screen:, try screen:?size=1280x720&at=0,0", rest=rest)
        )
    given = read_options(query, _KNOWN, say("the screen"))
    return ScreenOptions(
        read_size(given["size"]) if "size" in given else None,
        read_position(given.get("at", "0,0")),
        read_rate(given.get("fps", "15"), _SLOWEST, _FASTEST),
        given.get("display", ""),
    )


@dataclass(frozen=True, slots=True)
class _Grab:
    """What FFmpeg is asked for: a device of this system, what it calls the screen, and its options."""

    device: str
    target: str
    options: dict[str, str]


def _grab(options: ScreenOptions, platform: str, environment_display: str | None) -> _Grab:
    """Say how this system's screen is read.  Raises SourceUnusable where it cannot be."""
    asked = {"framerate": f"{options.fps:g}"}
    if options.size is not None:
        asked["video_size"] = "{}x{}".format(*options.size)
    left, top = options.at
    if platform == "win32":
        return _Grab("gdigrab", "desktop", asked | {"offset_x": str(left), "offset_y": str(top)})
    if platform == "darwin":
        if options.size is not None or options.at != (0, 0):
            raise SourceUnusable(say("On macOS the whole screen is read: leave out size and at."))
        return _Grab("avfoundation", "Capture screen 0:none", asked | {"capture_cursor": "1"})
    display = options.display or environment_display
    if not display:
        raise SourceUnusable(
            say("There is no X display to read the screen from: DISPLAY is not set. Try screen:?display=:0.")
        )
    return _Grab("x11grab", f"{display}+{left},{top}", asked)


class ScreenReader:
    """A :class:`FrameReader` of the screen, or of a part of it; grabbed by a process that ends with the reader."""

    def __init__(self, options: ScreenOptions, generation: int) -> None:
        self._options = options
        self._generation = generation
        self._interrupted = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._container: InputContainer | None = None
        self._pictures: Iterator[av.VideoFrame] = iter(())
        self._began: float | None = None

    def __repr__(self) -> str:
        return f"<ScreenReader {'open' if self._container else 'closed'}>"

    def open(self) -> SourceInfo:
        """Begin to read the screen.  Raises SourceUnavailable or SourceUnusable."""
        grab = _grab(self._options, sys.platform, os.environ.get("DISPLAY"))
        self._process = subprocess.Popen(
            [sys.executable, _PROCESS, grab.device, grab.target, json.dumps(grab.options)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        pipe = f"pipe:{self._process.stdout.fileno()}"
        try:
            self._container = av.open(pipe, "r", format="nut", options=_FROM_PIPE)
        except av.error.FFmpegError:
            raise self._failure() from None
        stream = video_stream(self._container, say("The screen"))
        self._frames = FrameMaker(self._generation, Timestamps(1 / self._options.fps))
        self._pictures = decode(self._container, stream, self._interrupted)
        return replace(describe(self._container, stream), fps=self._options.fps, codec="raw")

    def read(self) -> Frame | None:
        """Wait for the next picture; None after an interrupt.  Raises SourceUnavailable when the screen is gone."""
        try:
            decoded = next(self._pictures, None)
        except av.error.FFmpegError:
            decoded = None
        if self._interrupted.is_set() or self._container is None:
            return None
        if decoded is None:
            raise SourceUnavailable(say("The screen could not be read any more. Was the session closed?"))
        # Its clock is the time of day: seconds since the first picture are easier to read.
        time = decoded.time or 0.0
        self._began = time if self._began is None else self._began
        return self._frames.make(DecodedPicture(decoded), self._frames.stamp(time - self._began))

    def want(self, demand: Demand) -> None:
        """Every picture is taken anyway: nothing to save."""

    def interrupt(self) -> None:
        """End reading at once, by ending the process that grabs; from any thread."""
        self._interrupted.set()
        process = self._process
        if process is not None:
            process.terminate()

    def close(self) -> None:
        """Read no more."""
        self._pictures = iter(())
        container, self._container = self._container, None
        if container is not None:
            container.close()
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        # Closes the pipes and waits; a killed process is gone at once.
        process.communicate()

    def _failure(self) -> SourceError:
        """Return what the process said when it ended."""
        assert self._process is not None
        _, said = self._process.communicate()
        words = said.decode(errors="replace").strip().splitlines()
        reason = words[-1] if words else say("it ended")
        if reason.startswith("no "):
            return SourceUnusable(
                say("The screen cannot be read here: this FFmpeg was built without {reason}.", reason=reason[3:])
            )
        if reason == "Invalid argument":
            return SourceUnusable(say("The screen could not be read. Does size, from at on, fit on it?"))
        return SourceUnavailable(
            say("The screen could not be read ({reason}). Is it there, and may this program record it?", reason=reason)
        )
