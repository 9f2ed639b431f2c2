"""Big pictures in tiles, so that small objects are found: with any detector, the tiles awaited together."""

from __future__ import annotations

import asyncio
import math
import re
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import supervision as sv

from livevision.errors import DetectorError, UsageError
from livevision.inference.detector import Tunable
from livevision.inference.one_thread import OneThread
from livevision.inference.options import Tiles
from livevision.inference.soundness import AnswerCheck
from livevision.inference.tile_merging import SAME_OBJECT, merged
from livevision.inference.wrapper import DetectorWrapper
from livevision.wording import say

if TYPE_CHECKING:
    from livevision.frame import Image
    from livevision.inference.detector import Detector
    from livevision.inference.filter import DetectionFilter

Place: TypeAlias = "tuple[int, int, int, int]"
"""A tile's x1, y1, x2, y2 in pixels of the picture."""

_SIZE = re.compile(r"(\d+)(?:\s*[x×*]\s*(\d+))?", re.IGNORECASE)
_LEAST_SIDE = 64
_MOST_OVERLAP = 0.8
_MOST_TILES = 400
"""A 16K picture in tiles of 640×640 has 390."""


def parse_tiles(size: str, overlap: float = 0.2) -> Tiles:
    """Read ``640x640``, or ``640`` for square ones.  Raises UsageError."""
    found = _SIZE.fullmatch(size.strip())
    if found is None:
        raise UsageError(say("{size!r} is no size of tiles; write width x height, as in 640x640", size=size))
    width, height = int(found[1]), int(found[2] or found[1])
    if min(width, height) < _LEAST_SIDE:
        raise UsageError(
            say(
                "tiles of {width}x{height} are too small; {least}x{least} is the least",
                width=width,
                height=height,
                least=_LEAST_SIDE,
            )
        )
    if not 0 <= overlap <= _MOST_OVERLAP:
        raise UsageError(
            say(
                "the overlap of tiles is {overlap:g}, but goes from 0 to {most}, as in 0.2",
                overlap=overlap,
                most=_MOST_OVERLAP,
            )
        )
    return Tiles(width, height, overlap)


class SlicedDetector(DetectorWrapper, Tunable):
    """Gives the inner detector overlapping tiles of each picture, at full size, and puts its answers together.

    As many tiles are with it at once as it takes, of up to two pictures, so that the last tiles of one picture do not
    leave a server idle.  The whole picture is no tile: what needs it is larger than a tile, which is what to choose
    then.  One tile that fails fails the picture.  Raises UsageError for a detector that remembers the pictures before.
    """

    def __init__(self, detector: Detector, tiles: Tiles) -> None:
        super().__init__(detector)
        if self.remembers:
            raise UsageError(
                say(
                    "{detector} compares each picture with the ones before, which tiles are not: use it without them",
                    detector=detector.name,
                )
            )
        self._tiles = tiles
        self._iou = SAME_OBJECT
        self._check = AnswerCheck()
        self._room = asyncio.Semaphore(detector.max_in_flight)
        self._thread = OneThread(f"tiles {detector.name}")

    @property
    def max_in_flight(self) -> int:
        """How many pictures may be with it at once."""
        return min(2, self._inner.max_in_flight)

    def tune(self, keep: DetectionFilter) -> None:
        """Take what is wanted from the next picture on."""
        self._iou = SAME_OBJECT if keep.iou is None else keep.iou
        if isinstance(self._inner, Tunable):
            self._inner.tune(keep)

    async def detect(self, image: Image) -> sv.Detections:
        """Find objects in a ``(h, w, 3)`` BGR picture; those of one tile after those of another, from the top left.

        Raises DetectorError.
        """
        size = (image.shape[1], image.shape[0])
        places = tile_places(size, self._tiles)
        if len(places) == 1:
            async with self._room:
                return await self._inner.detect(image)
        if len(places) > _MOST_TILES:
            raise DetectorError(
                say(
                    "a picture of {width}x{height} would be {count} tiles; choose larger ones",
                    width=size[0],
                    height=size[1],
                    count=len(places),
                )
            )
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._tile(image, place), name=f"tile {place}") for place in places]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        answers = [task.result() for task in tasks]
        try:
            return await self._thread.run(lambda: merged(answers, places, size, self._iou))
        except ValueError as error:
            # supervision's, for a detector that gives masks for one tile and none for another.
            raise DetectorError(
                say("{name}: its answers for tiles do not fit together: {error}", name=self.name, error=error)
            ) from error

    async def aclose(self) -> None:
        """Close the inner one, and end the thread that cuts and merges."""
        try:
            await self._inner.aclose()
        finally:
            await self._thread.aclose()

    async def _tile(self, image: Image, place: Place) -> sv.Detections:
        async with self._room:
            # Copied only now, so that no more tiles than are in flight exist.
            found = await self._inner.detect(await self._thread.run(lambda: _cut(image, place)))
        checked = self._check.check(found, (place[2] - place[0], place[3] - place[1]))
        if checked.trouble:
            raise DetectorError(say("{name}: {reason}", name=self.name, reason=checked.trouble))
        return found


def tile_places(size: tuple[int, int], tiles: Tiles) -> list[Place]:
    """Return where the tiles of a picture of ``size`` (width, height) are, row by row.

    All are of full size, or as large as the picture where that is smaller, and overlap at least as much as is wanted.
    """
    rows = _starts(size[1], tiles.height, tiles.overlap)
    columns = _starts(size[0], tiles.width, tiles.overlap)
    width, height = min(tiles.width, size[0]), min(tiles.height, size[1])
    return [(x, y, x + width, y + height) for y in rows for x in columns]


def _starts(whole: int, part: int, overlap: float) -> list[int]:
    if part >= whole:
        return [0]
    steps = math.ceil((whole - part) / max(1.0, part * (1 - overlap)))
    return [round(step * (whole - part) / steps) for step in range(steps + 1)]


def _cut(image: Image, place: Place) -> Image:
    x1, y1, x2, y2 = place
    # Contiguous: most models and coders would copy it otherwise, each for itself.
    tile = np.ascontiguousarray(image[y1:y2, x1:x2])
    tile.flags.writeable = False
    return tile
