"""The street itself: draws any picture of it, and knows what is in it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
import supervision as sv

from livevision.sources.street.backdrop import paint_backdrop
from livevision.sources.street.players import Players
from livevision.sources.street.traffic import LANES, Kind, Timetable
from livevision.sources.street.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from livevision.frame import Image
    from livevision.sources.street.sprite import Sprite
    from livevision.sources.street.traffic import Mover

VISIBLE = 0.25
"""An object belongs to the truth when at least this share of its usual length lies inside the picture."""

# Metres.  Not the box of the moment: whoever stands at the edge must not come and go with the swing of the legs.
_LENGTHS = {Kind.PERSON: 0.45, Kind.BICYCLE: 1.7, Kind.CAR: 4.3}

_NOISE = 7  # grey levels between the darkest and the brightest grain of the sensor
_ROOM = 64  # the noise is this much larger than the picture, so that it can be laid elsewhere each time


class Street:
    """A street with people, cars and cyclists, seen by a fixed camera.

    Everything is a function of ``size`` (width, height), ``fps``, ``seed`` (0 or more) and a picture's index: pictures
    can be drawn in any order, and from several threads.  Making one takes half a second for 640x360, four for 4K;
    ``step`` is called many times meanwhile, and what it raises ends the work.
    """

    def __init__(self, size: tuple[int, int], fps: float, seed: int, step: Callable[[], None] = lambda: None) -> None:
        self.size, self.fps, self.seed = size, fps, seed
        view = View(*size)
        # Each part has its own stream of chance, so that a change in one does not repaint the others.
        paints, looks, grains = np.random.default_rng(seed).spawn(3)
        backdrop = paint_backdrop(view, paints, step)
        self._players = Players(view, looks, step)
        step()
        self._timetable = Timetable(view, seed)
        self._feet = [view.point(0, lane.depth, lane.up) for lane in LANES]
        self._scales = [view.scale(lane.depth) for lane in LANES]
        # The noise is added, never subtracted: the picture is darker by the noise's mean before.
        self._picture = cast("Image", cv2.subtract(backdrop.picture, np.full_like(backdrop.picture, _NOISE // 2)))
        self._standing = backdrop.standing
        self._noise = _noise(size, grains)

    def __repr__(self) -> str:
        return f"<Street {self.size[0]}x{self.size[1]} {self.fps:g} fps seed {self.seed}>"

    def draw(self, index: int) -> Image:
        """Draw picture ``index`` as a fresh, writable ``(h, w, 3)`` BGR array.  Takes milliseconds."""
        return self._drawn(index, self._timetable.at(index / self.fps))

    def empty(self, index: int) -> Image:
        """Draw picture ``index``, noise included, with nobody in it: what is behind the objects of the truth."""
        return self._drawn(index, ())

    def _drawn(self, index: int, movers: Iterable[Mover]) -> Image:
        image = self._picture.copy()
        waiting = deque(self._standing)
        for mover in movers:
            depth = LANES[mover.lane].depth
            while waiting and waiting[0].depth > depth:
                thing = waiting.popleft()
                thing.sprite.blend(image, *thing.at)
            sprite, x, y = self._placed(mover)
            sprite.blend(image, x, y)
        for thing in waiting:
            thing.sprite.blend(image, *thing.at)
        return self._with_noise(image, index)

    def truth(self, index: int) -> sv.Detections:
        """Return what picture ``index`` shows: boxes clipped to the picture, COCO's class ids, identities.

        The box is that of the object as it was drawn, without its shadow and as if nothing stood before it: passing
        objects hide each other in part.  Objects of which less than about a quarter is inside the picture are left
        out.
        """
        rows: list[tuple[float, float, float, float]] = []
        kinds, identities = [], []
        width, height = self.size
        for mover in self._timetable.at(index / self.fps):
            sprite, x, y = self._placed(mover)
            x1, y1, x2, y2 = sprite.box
            kind = LANES[mover.lane].kind
            half = _LENGTHS[kind] / 2 * self._scales[mover.lane]
            if min(width, x + half) - max(0, x - half) >= VISIBLE * 2 * half:
                rows.append((max(0.0, x + x1), max(0.0, y + y1), min(float(width), x + x2), min(float(height), y + y2)))
                kinds.append(kind)
                identities.append(mover.identity)
        return sv.Detections(
            xyxy=np.array(rows, np.float32).reshape(-1, 4),
            confidence=np.ones(len(rows), np.float32),
            class_id=np.array([kind.class_id for kind in kinds], int),
            tracker_id=np.array(identities, int),
            data={"class_name": np.array([kind.value for kind in kinds], dtype="<U7")},
        )

    def _placed(self, mover: Mover) -> tuple[Sprite, float, int]:
        middle, foot = self._feet[mover.lane]
        return self._players.sprite(mover), middle + mover.x * self._scales[mover.lane], round(foot)

    def _with_noise(self, image: Image, index: int) -> Image:
        # Where the noise is taken from jumps about without repeating for a while.
        x, y = index * 37 % _ROOM, index * 23 % (_ROOM - 1)
        height, width = image.shape[:2]
        cv2.add(image, self._noise[y : y + height, x : x + width], image)
        return image


def _noise(size: tuple[int, int], rng: np.random.Generator) -> Image:
    shape = size[1] + _ROOM, size[0] + _ROOM, 3
    grain = rng.integers(0, _NOISE // 2 + 1, shape, dtype=np.uint8)
    grain += rng.integers(0, _NOISE // 2 + 1, shape, dtype=np.uint8)
    return grain
