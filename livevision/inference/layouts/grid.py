"""How many answers a detector with a grid of cells has for a picture of some size: strong evidence of its family."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livevision.inference.layouts.image_input import ImageInput

STRIDES = ((8, 16, 32), (8, 16, 32, 64), (4, 8, 16, 32))
"""Pixels a cell: the usual ones, those of models for large pictures (P6) and for small objects (P2)."""

UNITS = tuple(sum((strides[-1] // stride) ** 2 for stride in strides) for strides in STRIDES)
"""Cells in all for each of the coarsest: pictures are whole numbers of those."""


def cells(size: tuple[int, int], strides: tuple[int, ...]) -> int:
    """Return how many cells there are, in all grids, for a picture of ``size`` (width, height)."""
    return sum(-(-size[0] // stride) * -(-size[1] // stride) for stride in strides)


def strides_for(answers: int, size: tuple[int, int], anchors: int) -> tuple[int, ...] | None:
    """Return the strides with which a model of ``size`` has so many answers, ``anchors`` to a cell."""
    return next((strides for strides in STRIDES if cells(size, strides) * anchors == answers), None)


def fits_grid(answers: int | None, source: ImageInput, anchors: int) -> bool:
    """Say whether a model could have so many answers, ``anchors`` to a cell; free sizes fit."""
    if answers is None:
        return True
    if source.width is not None and source.height is not None:
        return strides_for(answers, (source.width, source.height), anchors) is not None
    return any(answers % (anchors * unit) == 0 for unit in UNITS)
