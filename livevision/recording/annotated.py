"""Frames with their boxes drawn in: the heavy work of an annotated recording, all of it in the writer's thread."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from livevision.recording.container import Mp4Sink, TimedImage
from livevision.recording.encoders import DEFAULT_ENCODING, Encoding
from livevision.recording.failure import recording_error
from livevision.recording.partial import NewFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import supervision as sv

    from livevision.frame import Frame, Image


class Draw(Protocol):
    """Draws boxes, as ``Overlay().draw`` does; one recording has its own, as it is called in the writer's thread."""

    def __call__(
        self, image: Image, detections: sv.Detections, frame_size: tuple[int, int], moment: tuple[int, float], /
    ) -> Image:
        """Draw on the writable ``(h, w, 3)`` BGR ``image`` and return it; boxes are in pixels of ``frame_size``.

        ``moment`` is the picture's generation and pts.
        """


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedFrame:
    """A frame, what was found in it, and its time in the file in seconds."""

    frame: Frame
    detections: sv.Detections
    time: float


class AnnotatedMp4:
    """A sink of annotated frames: converts them to full-size BGR, draws, and encodes to MP4.

    The figures may be read from any thread; the methods belong to the writer's, and raise RecordingError.
    """

    def __init__(
        self,
        path: Path,
        title: str,
        draw: Draw,
        encoding: Encoding = DEFAULT_ENCODING,
        new_file: Callable[[Path], NewFile] = NewFile,
    ) -> None:
        self.path = path
        """Where the file is to be; once closed, where it is."""
        self.frames = 0
        self.seconds = 0.0
        """Time in the file of the newest picture."""
        self._title = title
        self._draw = draw
        self._encoding = encoding
        self._new_file = new_file
        self._mp4: Mp4Sink | None = None

    @property
    def bytes_written(self) -> int:
        """Size of the file so far."""
        return 0 if self._mp4 is None else self._mp4.bytes_written

    @property
    def note(self) -> str:
        """Why another encoder is used than was asked for; nothing where it is not."""
        return "" if self._mp4 is None else self._mp4.note

    @property
    def created(self) -> bool:
        """Whether the file is there, and ours."""
        return self._mp4 is not None

    def open(self) -> AnnotatedMp4:
        """Create the file, and its folder where there is none."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            # Of the folder's name, not of the recording's.
            raise recording_error(self.path, NotADirectoryError(errno.ENOTDIR, error.strerror)) from error
        except OSError as error:
            raise recording_error(self.path, error) from error
        self._mp4 = Mp4Sink(self.path, self._title, self._encoding, self._new_file)
        return self

    def write(self, item: AnnotatedFrame) -> None:
        """Draw and encode one frame."""
        if self._mp4 is None:
            raise RuntimeError("write() before open()")
        try:
            # A copy: others look at the frame's own picture.
            frame = item.frame
            image = self._draw(frame.bgr().copy(), item.detections, frame.size, (frame.generation, frame.pts))
        except Exception as error:
            raise recording_error(self.path, error) from error
        self._mp4.write(TimedImage(image, item.time, item.frame.wall))
        self.frames += 1
        self.seconds = item.time

    def close(self) -> None:
        """Complete the file."""
        if self._mp4 is not None:
            try:
                self._mp4.close()
            finally:
                self.path = self._mp4.path
