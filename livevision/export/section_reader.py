"""The pictures of a section, exactly, for whoever takes a FrameReader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from livevision.playback.video import SAME, Video
from livevision.sources.reader import SourceInfo

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.export.section import Section
    from livevision.frame import Frame
    from livevision.sources.reader import Demand


class SectionReader:
    """A :class:`FrameReader` of one section, as fast as it can be decoded; ``Frame.pts`` is the time in the file."""

    def __init__(self, path: Path, section: Section, started: float | None) -> None:
        self._video = Video(path)
        self._section = section
        self._started = started
        """Time of day at file time 0, where it is known."""

    def open(self) -> SourceInfo:
        """Open the file and go to a keyframe before the section.  Raises SourceUnusable."""
        info, _ = self._video.open()
        self._video.seek(self._section.start)
        return SourceInfo(*info.size, 1 / info.interval, "", info.end - info.start)

    def read(self) -> Frame | None:
        """Return the next picture of the section; None behind its last."""
        while (frame := self._video.read()) is not None:
            if frame.pts > self._section.end + SAME:
                return None
            if frame.pts >= self._section.start - SAME:
                return frame if self._started is None else replace(frame, wall=self._started + frame.pts)
        return None

    def want(self, demand: Demand) -> None:
        """Every picture is read."""

    def interrupt(self) -> None:
        """Let reading end soon; from any thread."""
        self._video.interrupt()

    def close(self) -> None:
        """Close the file."""
        self._video.close()
