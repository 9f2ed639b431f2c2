"""A street whose people are easily recognised, models that know where they are, and how much of them can be seen.

Each picture has its number in a bar code at the top, so that a model and a judge know which one they look at, however
it came to them.  Each person wears a chequered pattern, so fine that no mosaic of it has a pixel like it.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import av
import numpy as np
import supervision as sv

from livevision.errors import DetectorUnavailable
from livevision.sources.street import clock
from livevision.sources.street.scene import Street

if TYPE_CHECKING:
    from pathlib import Path

    from livevision.frame import Image

SIZE = (640, 360)
FPS = 25
SEED = 3
LIKE = 64
"""Levels by which each colour of a pixel may differ from the original and still be recognised."""
_CELL = 2
_BAR = clock.CELL + 2
SMALLEST = 8
"""Pixels of a side; of less there is nothing to recognise."""
_HOLD = 2 * FPS
_ENCODER = {"preset": "veryfast", "crf": "10", "x264-params": "slices=1:sliced-threads=0:keyint=25:bframes=0"}


@lru_cache(1)
def street() -> Street:
    return Street(SIZE, FPS, SEED)


@lru_cache(2000)
def truth(index: int) -> sv.Detections:
    """Return everything in picture ``index``, as a perfect detector answers: without identities."""
    found = street().truth(index)
    return sv.Detections(found.xyxy, confidence=found.confidence, class_id=found.class_id, data=dict(found.data))


@lru_cache(2000)
def people(index: int) -> dict[int, tuple[int, int, int, int]]:
    """Return the boxes of those whom one might recognise, x1, y1, x2, y2, below the bar code, by their identities."""
    found = street().truth(index)
    rows = found.data["class_name"] == "person"
    placed = {
        identity: (x1, max(y1, _BAR), x2, y2)
        for identity, (x1, y1, x2, y2) in zip(
            found.tracker_id[rows].tolist(), found.xyxy[rows].astype(int).tolist(), strict=True
        )
    }
    return {each: box for each, box in placed.items() if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST}


def picture(index: int) -> Image:
    """Draw picture ``index``: (360, 640, 3) BGR."""
    image = street().draw(index)
    for x1, y1, x2, y2 in people(index).values():
        image[y1:y2, x1:x2] = _pattern()[: y2 - y1, : x2 - x1]
    clock.stamp(image, index)
    return image


def write(path: Path, count: int) -> Path:
    """Write the first ``count`` pictures as H.264 in Matroska, one slice each, a keyframe every second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options=_ENCODER)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for index in range(count):
            frame = av.VideoFrame.from_ndarray(picture(index), "bgr24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def number_of(image: Image) -> int | None:
    """Return which picture it is, at its full size; None where that cannot be made out."""
    number = clock.read(image)
    return number if number is not None and number < 100_000 else None


@dataclass
class Judge:
    """Compares what somebody sees with the originals, picture by picture."""

    originals: dict[int, Image]
    """Pictures as the camera sent them, decoded."""
    met: dict[int, list[int]] | None = None
    """In which pictures the model found each person: who is not found for 2 s cannot be hidden.  None: all count."""
    shares: list[float] = field(default_factory=list)
    """Of the pixels of all people in a picture, how many are recognisable: one for each picture with people."""
    pictures: int = 0
    whole: int = 0
    """Pictures that were hidden as a whole."""
    unjudged: int = 0
    """Pictures of which nobody knows which they are."""

    def look(self, image: Image) -> int | None:
        """Judge a picture of the original size, and return its number; one without a number must be a mosaic."""
        self.pictures += 1
        index = number_of(image)
        if index is None or index not in self.originals:
            levels = image[::3, ::3].astype(np.int32) // 24
            colours = len(np.unique(levels @ np.array((1, 11, 121))))
            grey = np.abs(image[: clock.CELL, : clock.WIDTH].astype(int) - 128) < 96
            if colours >= 200 and grey.mean() > 0.02:
                self.unjudged += 1  # A part of the bar code is hidden.
                return None
            assert colours < 200, f"a picture that is neither known nor hidden: {colours} colours"
            self.whole += 1
            if index is None:
                self.shares.append(0.0)
            return None
        seen = total = 0
        for identity, (x1, y1, x2, y2) in people(index).items():
            if self.met is not None and not any(0 <= index - at < _HOLD for at in self.met.get(identity, ())):
                continue
            before = self.originals[index][y1:y2, x1:x2].astype(int)
            like = (np.abs(image[y1:y2, x1:x2].astype(int) - before) < LIKE).all(axis=2)
            seen, total = seen + int(like.sum()), total + like.size
        if total:
            self.shares.append(seen / total)
        return index

    @property
    def mean(self) -> float:
        """Mean share over all pictures with people."""
        return float(np.mean(self.shares)) if self.shares else 0.0

    @property
    def worst(self) -> float:
        """The largest share in any picture."""
        return max(self.shares, default=0.0)

    def __str__(self) -> str:
        unjudged = f", {self.unjudged} not judged" if self.unjudged else ""
        return (
            f"{self.mean:7.2%} {self.worst:8.2%} {self.pictures:6} pictures, {self.whole} hidden as a whole{unjudged}"
        )


class Model:
    """Answers the truth about the picture that it is given: late, with gaps, or until it dies."""

    name = "truthful"
    max_in_flight = 1
    classes: tuple[str, ...] | None = ("person", "bicycle", "car")

    def __init__(self, delay: float = 0.0, misses: float = 0.0, dies_at: int | None = None, blind: str = "") -> None:
        self.delay, self.misses, self.dies_at, self.blind = delay, misses, dies_at, blind
        self.answered: list[int] = []
        """Which pictures."""
        self.met: dict[int, list[int]] = {}
        """In which pictures it found each person."""
        self._chance = random.Random(1)

    async def detect(self, image: Image) -> sv.Detections:
        index = number_of(image)
        await asyncio.sleep(self.delay)
        if index is None or (self.dies_at is not None and index >= self.dies_at):
            raise DetectorUnavailable("the model has died", 0.2)
        self.answered.append(index)
        found = truth(index)
        if self.blind:
            found = sv.Detections.merge([found[found.data["class_name"] != self.blind], _BAR_CODE])  # type: ignore[list-item]
        kept = np.array([self._chance.random() >= self.misses for _ in range(len(found))], bool)
        if not self.blind:
            for identity in street().truth(index).tracker_id[kept].tolist():
                self.met.setdefault(identity, []).append(index)
        return found[kept]  # type: ignore[return-value]

    async def aclose(self) -> None:
        """Nothing is open."""


_BAR_CODE = sv.Detections(
    np.array([(0, 0, clock.WIDTH, _BAR)], np.float32),
    confidence=np.ones(1, np.float32),
    class_id=np.array([74]),
    data={"class_name": np.array(["clock"])},
)
"""What moves most in these pictures, and may be seen."""


@lru_cache(1)
def _pattern() -> Image:
    rows, columns = np.indices((SIZE[1], SIZE[0])) // _CELL
    return np.repeat(((rows + columns) % 2 * 255).astype(np.uint8)[:, :, None], 3, axis=2)
