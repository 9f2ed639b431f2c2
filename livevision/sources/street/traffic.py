"""Who is where at what time: a timetable that is a pure function of the seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from livevision.sources.street.view import KERB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livevision.sources.street.view import View


class Kind(Enum):
    """What moves; the values are the class names of the truth."""

    PERSON = "person"
    CAR = "car"
    BICYCLE = "bicycle"

    @property
    def class_id(self) -> int:
        """The number of the class, as COCO counts them."""
        return _COCO[self]


_COCO = {Kind.PERSON: 0, Kind.BICYCLE: 1, Kind.CAR: 2}


@dataclass(frozen=True, slots=True)
class Lane:
    """A line along the street on which one kind of object keeps moving one way."""

    kind: Kind
    depth: float
    ahead: int
    """1 to the right, -1 to the left."""
    offset: float
    """Seconds by which its timetable is shifted against the other lanes'."""

    @property
    def pace(self) -> Pace:
        """How its objects follow each other."""
        return _PACES[self.kind]

    @property
    def up(self) -> float:
        """Height of the ground over the road, metres."""
        return KERB if self.kind is Kind.PERSON else 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two objects of a lane, on average, and their speeds in metres per second."""

    headway: float
    slowest: float
    fastest: float


# The timetables of a kind interlock: there is nearly always one of each kind to see, and never a crowd.
_PACES = {
    Kind.PERSON: Pace(12.0, 1.25, 1.55),
    Kind.BICYCLE: Pace(10.0, 4.0, 5.0),
    Kind.CAR: Pace(4.0, 8.0, 10.0),
}
LANES = (
    Lane(Kind.PERSON, 23.0, 1, 0.0),
    Lane(Kind.PERSON, 21.9, -1, 5.0),
    Lane(Kind.BICYCLE, 19.7, -1, -2.0),
    Lane(Kind.CAR, 17.2, -1, -1.5),
    Lane(Kind.CAR, 14.2, 1, 0.7),
    Lane(Kind.BICYCLE, 12.35, 1, 3.3),
    Lane(Kind.PERSON, 11.0, -1, 2.0),
    Lane(Kind.PERSON, 10.3, 1, 8.0),
)

# Of each lane: which of the lanes of its kind it is, and how many there are.
_TURNS = [
    (sum(other.kind is lane.kind for other in LANES[:i]), sum(other.kind is lane.kind for other in LANES))
    for i, lane in enumerate(LANES)
]

_JITTER = 0.08  # of the headway, either way
_MARGIN = 2.6  # metres outside the picture where objects come from: half the longest car


@dataclass(frozen=True, slots=True)
class Mover:
    """One object at one moment."""

    identity: int
    lane: int
    x: float
    """Metres right of the middle of the picture."""
    travelled: float
    """Metres since it came into being: turns wheels and legs."""
    looks: int
    """Chooses how it looks: neighbours of a kind have different numbers, an identity always the same."""


@dataclass(frozen=True, slots=True)
class _Trip:
    start: float
    speed: float


class Timetable:
    """Objects on all lanes for any time from 0 on.  Thread-safe."""

    def __init__(self, view: View, seed: int) -> None:
        self._reach = [view.half_width(lane.depth) + _MARGIN for lane in LANES]
        self._trip = lru_cache(maxsize=512)(partial(_trip, seed))

    def at(self, time: float) -> Iterator[Mover]:
        """Yield the objects in or near the picture at ``time``, in seconds; from far to near."""
        for number, (lane, reach) in enumerate(zip(LANES, self._reach, strict=True)):
            headway = lane.pace.headway
            longest = 2 * reach / lane.pace.slowest + headway
            # The street is full from the first picture on: the first ones set out before time 0.
            before = math.ceil(longest / headway) + 1
            last = math.floor((time - lane.offset) / headway) + 1
            first = math.floor((time - lane.offset - longest) / headway)
            for nth in range(first, last + 1):
                trip = self._trip(number, nth)
                travelled = (time - trip.start) * trip.speed
                if 0 <= travelled <= 2 * reach:
                    identity = (nth + before) * len(LANES) + number + 1
                    turn, alike = _TURNS[number]
                    yield Mover(identity, number, lane.ahead * (travelled - reach), travelled, nth * alike + turn)


def _trip(seed: int, number: int, nth: int) -> _Trip:
    lane = LANES[number]
    # What seeds a generator must not be negative; trips that set out before time 0 are.
    rng = np.random.default_rng((seed, number, nth + (1 << 20)))
    start = (nth + float(rng.uniform(-_JITTER, _JITTER))) * lane.pace.headway + lane.offset
    return _Trip(start, float(rng.uniform(lane.pace.slowest, lane.pace.fastest)))
