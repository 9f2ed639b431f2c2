"""What people look like: skin, hair, clothes and what they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from livevision.sources.street.canvas import Colour, colour

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")

SKINS = tuple(map(colour, ("#f0c8a8", "#e2b08c", "#c98f67", "#9a6642", "#6d452e")))
HAIR = tuple(map(colour, ("#2a211d", "#46301f", "#6f4a2a", "#b58a50", "#8d8b88", "#8a3b22")))
TOPS = tuple(map(colour, ("#c8442f", "#e0a12c", "#2f6f9f", "#3c7d55", "#f0ede4", "#8c3f66", "#27384f", "#d9764a")))
LEGWEAR = tuple(map(colour, ("#2b3446", "#3f5878", "#4b443e", "#23252b", "#8c7b62", "#5d6470")))
SHOES = tuple(map(colour, ("#f2f0ea", "#3a2a22", "#1d1e22", "#7b4a2c", "#b8392f")))


class Garment(Enum):
    """What is worn over the torso; coats and dresses also hide the thighs."""

    JACKET = "jacket"
    SHIRT = "shirt"
    COAT = "coat"
    DRESS = "dress"


class Head(Enum):
    """What is on the head."""

    SHORT = "short hair"
    LONG = "long hair"
    BUN = "bun"
    CAP = "cap"
    BEANIE = "beanie"


class Bag(Enum):
    """What is carried."""

    NONE = "none"
    BACKPACK = "backpack"
    SHOULDER = "shoulder bag"
    SHOPPING = "shopping bag"


@dataclass(frozen=True, slots=True)
class Colours:
    """What colours somebody is and wears; ``accent`` is for bags and headgear."""

    skin: Colour
    hair: Colour
    top: Colour
    legs: Colour
    shoes: Colour
    accent: Colour


@dataclass(frozen=True, slots=True)
class Person:
    """One walker's looks; height in metres."""

    height: float
    colours: Colours
    garment: Garment
    head: Head
    bag: Bag


@dataclass(frozen=True, slots=True)
class Cyclist:
    """One cyclist's looks; the helmet has the accent's colour."""

    colours: Colours
    frame: Colour
    basket: bool


def deal(cards: Sequence[T], count: int, rng: np.random.Generator) -> list[T]:
    """Return ``count`` cards; none comes again before all others have."""
    return [cards[i] for _ in range(-(-count // len(cards))) for i in rng.permutation(len(cards))][:count]


def cast_of(count: int, rng: np.random.Generator) -> list[Person]:
    """Return ``count`` people who differ."""
    garments = (Garment.JACKET, Garment.SHIRT, Garment.COAT, Garment.DRESS, Garment.JACKET)
    looks = zip(
        rng.uniform(1.62, 1.86, count).tolist(),
        _colours(count, rng),
        deal(garments, count, rng),
        deal(tuple(Head), count, rng),
        deal(tuple(Bag), count, rng),
        strict=True,
    )
    return [Person(*person) for person in looks]


def riders_of(count: int, rng: np.random.Generator) -> list[Cyclist]:
    """Return ``count`` cyclists in different clothes, every other one with a basket."""
    looks = zip(_colours(count, rng), deal(TOPS, count, rng), strict=True)
    return [Cyclist(colours, frame, basket=i % 2 == 1) for i, (colours, frame) in enumerate(looks)]


def _colours(count: int, rng: np.random.Generator) -> list[Colours]:
    palettes = SKINS, HAIR, TOPS, LEGWEAR, SHOES, TOPS
    return [Colours(*colours) for colours in zip(*(deal(p, count, rng) for p in palettes), strict=True)]
