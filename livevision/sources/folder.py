"""Folders of pictures, shown one after the other: ``snapshots/?fps=2``."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from livevision.errors import SourceUnusable
from livevision.frame import Frame
from livevision.pictures import ArrayPicture
from livevision.pictures.levels import eight_bits, spread_of
from livevision.sources.file import AtEnd, Pace
from livevision.sources.natural import natural_key
from livevision.sources.options import read_options, read_rate
from livevision.sources.pacing import Pacer
from livevision.sources.reader import Demand, SourceInfo
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.frame import Image

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm"})
"""The names of files that are taken for pictures."""

_MOST_BYTES = 256 << 20
"""A larger file is no camera's picture."""


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """Which folder, how many of its pictures a second, and what happens at the end."""

    path: Path
    fps: float = 2.0
    pace: Pace = Pace.REAL_TIME
    at_end: AtEnd = AtEnd.STOP


def parse_folder(path: Path, query: str, pace: Pace = Pace.REAL_TIME, at_end: AtEnd = AtEnd.STOP) -> FolderOptions:
    """Understand ``?fps=F`` behind a folder.  Raises UsageError, and SourceUnusable where no picture is in it."""
    given = read_options(query, ("fps",), say("a folder of pictures"))
    options = FolderOptions(path, read_rate(given.get("fps", "2")), pace, at_end)
    if not pictures_in(path):
        raise SourceUnusable(
            say("{path} is a folder without pictures (jpg, png, …). Name a video in it, or another folder.", path=path)
        )
    return options


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of ``folder`` in natural order, without subfolders and links that lead out of it.

    Raises SourceUnusable.
    """
    try:
        home = folder.resolve()
        names = sorted((entry.name for entry in folder.iterdir() if _is_picture(entry, home)), key=natural_key)
    except OSError as error:
        raise SourceUnusable(say("{name} could not be read: {reason}.", name=folder, reason=error.strerror)) from None
    return [folder / name for name in names]


def _is_picture(entry: Path, home: Path) -> bool:
    if entry.suffix.lower() not in SUFFIXES:
        return False
    # A camera's upload folder may be written to by others: a link must not show them what lies elsewhere.
    return entry.is_file() and (not entry.is_symlink() or entry.resolve().is_relative_to(home))


class FolderReader:
    """A :class:`FrameReader` of the pictures in one folder.  One that cannot be decoded is left out, and counted."""

    def __init__(self, options: FolderOptions, generation: int) -> None:
        self._options, self._generation = options, generation
        self._interrupted = threading.Event()
        self._pacer = Pacer()
        self._paths: list[Path] = []
        self._position = 0
        self._turn = 0
        self._index = 0
        self._first: Image | None = None

    def __repr__(self) -> str:
        return f"<FolderReader {self._options.path.name!r} at {self._position} of {len(self._paths)}>"

    def open(self) -> SourceInfo:
        """List the folder and decode its first picture.  Raises SourceUnusable."""
        self._paths = pictures_in(self._options.path)
        self._first = self._next_image()
        if self._first is None:
            raise SourceUnusable(
                say("{folder}: none of its pictures could be decoded.", folder=self._options.path.name)
            )
        height, width = self._first.shape[:2]
        codec = self._paths[self._position - 1].suffix[1:].lower()
        seconds = len(self._paths) / self._options.fps
        return SourceInfo(width, height, self._options.fps, codec, seconds, len(self._paths))

    def read(self) -> Frame | None:
        """Return the next picture when it is due; None at the end, and after an interrupt."""
        image, self._first = self._first if self._first is not None else self._next_image(), None
        if image is None and self._options.at_end is AtEnd.LOOP and self._index > 0:
            # What has been added meanwhile is shown in the next round.
            self._turn += len(self._paths)
            self._paths, self._position = pictures_in(self._options.path), 0
            image = self._next_image()
        if image is None:
            return None
        pts = (self._turn + self._position - 1) / self._options.fps
        if self._options.pace is Pace.REAL_TIME:
            self._pacer.hold(pts, self._interrupted)
        if self._interrupted.is_set():
            return None
        frame = Frame(self._index, self._generation, pts, time.monotonic(), time.time(), ArrayPicture(image))
        self._index += 1
        return frame

    def want(self, demand: Demand) -> None:
        """Every picture is read at its own pace anyway: nothing to save."""

    def interrupt(self) -> None:
        """End the wait for the next picture; from any thread."""
        self._interrupted.set()

    def close(self) -> None:
        """Forget the list."""
        self._paths, self._position, self._first = [], 0, None

    def _next_image(self) -> Image | None:
        while self._position < len(self._paths) and not self._interrupted.is_set():
            image = _decode(self._paths[self._position])
            self._position += 1
            if image is not None:
                return image
        return None


def _decode(path: Path) -> Image | None:
    """Return a picture as BGR, upright; None where it is damaged or has gone."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        # Not cv2.imread, which on Windows opens no name with accents.
        content = np.frombuffer(path.read_bytes(), np.uint8)
        if not content.size:
            return None
        # Ordinary ones as ever; cv2 would cut the grey of a thermal camera to its upper 8 bits, too.
        image = cv2.imdecode(content, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
        if image is not None and image.dtype == np.uint16:
            deep = image.astype(np.uint16, copy=False)
            image = eight_bits(deep, spread_of(deep, 16))
        elif image is not None and image.dtype != np.uint8:
            image = cv2.imdecode(content, cv2.IMREAD_COLOR)
        return cast("Image | None", image)
    except (OSError, cv2.error):
        return None
