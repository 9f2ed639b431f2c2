"""Straight lines through what was seen over time: weighted least squares, many objects at once.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from livevision.association import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Straight lines through what ``n`` objects did along two axes; ``…`` is as in :func:`fit`."""

    values: Floats
    """``(…, n, 2)`` at the newest sighting, NaN where none counts."""
    slopes: Floats
    """``(…, n, 2)`` a second, NaN where fewer than two count."""
    explained: Floats
    """``(…, n, 2)`` which share of the changes the slope explains, 0 to 1."""


def fit(times: Floats, places: Floats, weights: Floats) -> Lines:
    """Fit straight lines by weighted least squares through each object's ``places``, ``(…, n, 2, k)``.

    ``times`` is ``(n, k)`` seconds, ``weights`` as ``places``, 0 for what does not count.  As much of the slope goes
    into ``values`` as it explains: what only swings is at its middle.  Several kinds of places at once cost hardly more
    than one.
    """
    counts = weights > 0
    total = weights.sum(axis=-1)
    some = np.where(total > 0, total, np.nan)
    when = np.where(counts, (times - times[:, -1:])[:, None], 0.0)
    where = np.where(counts, places, 0.0)
    mean_when, mean_where = _dot(weights, when) / some, _dot(weights, where) / some
    early, off = when - mean_when[..., None], where - mean_where[..., None]
    weighted = weights * early
    spread, together, changes = _dot(weighted, early), _dot(weighted, off), _dot(weights * off, off)
    enough = (counts.sum(axis=-1) > 1) & (spread > 0)
    slopes = np.divide(together, spread, out=np.full_like(spread, np.nan), where=enough)
    moving = enough & (changes > 0)
    explained = np.divide(together**2, spread * changes, out=np.zeros_like(spread), where=moving)
    return Lines(mean_where - np.where(enough, slopes * explained, 0.0) * mean_when, slopes, explained)


def forgotten(times: Floats, memory: float) -> Floats:
    """Return ``(n, k)`` weights: 1 for the newest of ``times``, e times less for each ``memory`` seconds before it.

    NaN where the time is.
    """
    return np.asarray(np.exp((times - times[:, -1:]) / memory))


def _dot(some: Floats, others: Floats) -> Floats:
    return np.asarray(np.einsum("...k,...k", some, others))
