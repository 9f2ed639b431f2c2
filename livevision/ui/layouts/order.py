"""Putting things in order (pure)."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


class Drop(Enum):
    """What becomes of two tiles when one is dropped on the other."""

    BEFORE = auto()
    SWAP = auto()
    AFTER = auto()


def dropped(items: Sequence[T], item: T, target: T, drop: Drop) -> list[T]:
    """Return ``items`` after ``item`` was dropped on ``target``."""
    ordered = list(items)
    if item == target:
        return ordered
    here, there = ordered.index(item), ordered.index(target)
    if drop is Drop.SWAP:
        ordered[here], ordered[there] = target, item
        return ordered
    ordered.pop(here)
    ordered.insert(ordered.index(target) + (drop is Drop.AFTER), item)
    return ordered


def named_first(items: Sequence[T], names: Sequence[str], name: Callable[[T], str]) -> list[T]:
    """Return ``items`` in the order of ``names``; those not named follow as they are."""
    ranks = {each: rank for rank, each in enumerate(names)}
    return sorted(items, key=lambda item: ranks.get(name(item), len(ranks)))
