"""The cast of a street: every picture of everyone in it, drawn once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from livevision.sources.street.cars import draw_car, fleet_of
from livevision.sources.street.cyclists import REVOLUTION, draw_cyclist
from livevision.sources.street.gait import STRIDE
from livevision.sources.street.people import draw_person
from livevision.sources.street.sprite import Figure, Shadow, Sprite, bake
from livevision.sources.street.traffic import LANES, Kind, Mover
from livevision.sources.street.wardrobe import cast_of, riders_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.sources.street.view import View

# Odd numbers: they share no factor with the numbers of lanes, so that everybody appears on every lane in turn.
_PEOPLE, _PEOPLE_PHASES = 9, 16
_RIDERS, _RIDER_PHASES = 5, 16
_CARS = 9

_SHADOWS = {
    Kind.PERSON: Shadow(0.2, 0.045, 0.55),
    Kind.BICYCLE: Shadow(0.8, 0.05, 0.55),
    Kind.CAR: Shadow(2.05, 0.14, 0.85),
}


@dataclass(frozen=True, slots=True)
class _Role:
    """One individual's pictures through a cycle of movement that covers ``cycle`` metres."""

    figures: tuple[Figure, ...]
    cycle: float


class Players:
    """Finds the sprite of a moving object.  Thread-safe: two threads may at worst prepare the same sprite twice.

    ``step`` is called between two figures while they are drawn; what it raises ends the work.
    """

    def __init__(self, view: View, rng: np.random.Generator, step: Callable[[], None]) -> None:
        scales = [view.scale(lane.depth) for lane in LANES]
        nearest = {kind: max(s for s, lane in zip(scales, LANES, strict=True) if lane.kind is kind) for kind in Kind}
        self._roles = {
            Kind.PERSON: _people(nearest[Kind.PERSON], rng, step),
            Kind.BICYCLE: _riders(nearest[Kind.BICYCLE], rng, step),
            Kind.CAR: _cars(nearest[Kind.CAR], rng, step),
        }
        # As many as pass by within some seconds; a car's sprite takes 0.2 MB, and half a millisecond to prepare.
        self._sprite = lru_cache(maxsize=320)(partial(_baked, self._roles, scales))

    def sprite(self, mover: Mover) -> Sprite:
        """Return the picture of ``mover`` as it is now; prepared on first use, for its lane's distance."""
        roles = self._roles[LANES[mover.lane].kind]
        who = mover.looks % len(roles)
        role = roles[who]
        phase = math.floor(mover.travelled / role.cycle * len(role.figures)) % len(role.figures)
        return self._sprite(mover.lane, who, phase)


def _baked(roles: dict[Kind, list[_Role]], scales: list[float], number: int, who: int, phase: int) -> Sprite:
    lane = LANES[number]
    return bake(roles[lane.kind][who].figures[phase], scales[number], _SHADOWS[lane.kind], mirrored=lane.ahead < 0)


def _people(scale: float, rng: np.random.Generator, step: Callable[[], None]) -> list[_Role]:
    roles = []
    for person in cast_of(_PEOPLE, rng):
        step()
        figures = tuple(draw_person(person, i / _PEOPLE_PHASES, scale) for i in range(_PEOPLE_PHASES))
        roles.append(_Role(figures, STRIDE * person.height / 1.75))
    return roles


def _riders(scale: float, rng: np.random.Generator, step: Callable[[], None]) -> list[_Role]:
    roles = []
    for rider in riders_of(_RIDERS, rng):
        step()
        figures = tuple(draw_cyclist(rider, i / _RIDER_PHASES, scale) for i in range(_RIDER_PHASES))
        roles.append(_Role(figures, REVOLUTION))
    return roles


def _cars(scale: float, rng: np.random.Generator, step: Callable[[], None]) -> list[_Role]:
    roles = []
    for car in fleet_of(_CARS, rng):
        step()
        # The wheels have five spokes: they look the same after a fifth of a turn.
        roles.append(_Role(tuple(draw_car(car, scale)), 2 * math.pi * car.model.wheels.radius / 5))
    return roles
