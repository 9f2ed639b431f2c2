"""Where boxes are now, given where they were: constant velocity from the last few sightings.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from livevision.association import at_high_edge, at_low_edge
from livevision.tracking.lines import fit, forgotten

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livevision.association import Floats, Indices, Sighting, Size

Flags: TypeAlias = "NDArray[np.bool_]"

SIGHTINGS = 32
"""How many of an object's last sightings tell how it moves: more than a second's worth at the video's rate."""
_MEMORY = 0.8
"""Seconds in which what a sighting tells about the speed becomes e times less worth."""
_SIZE_MEMORY = 1.5
"""The same for the size: a walker's box is twice as wide in the middle of a step as before and after it."""
_MOMENT = 0.08
"""Seconds for which a box that is off its line stays so: limbs swing on, and detectors err at random."""
_TRUST = 1.0
"""Seconds over which a speed is believed; beyond them it is damped, with the same time constant."""
_FASTEST = 4.0
"""Lengths of its longer side that an object moves in a second at most; a car passing by makes 2.5."""
_LEAST_SEEN = 0.25
"""A box of which a smaller share is inside the picture has left it."""


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """The last sightings of ``n`` objects, ``k`` each, newest last; what is missing is at the front and NaN."""

    times: Floats
    """``(n, k)`` seconds."""
    boxes: Floats
    """``(n, k, 4)`` x1, y1, x2, y2 in pixels."""

    @property
    def counts(self) -> Indices:
        """How many sightings each has, ``(n,)``."""
        return np.asarray(np.isfinite(self.times).sum(axis=1))

    @property
    def durations(self) -> Floats:
        """Return ``(n,)`` seconds from the first to the last of them."""
        return np.asarray(self.times[:, -1] - np.fmin.reduce(self.times, axis=1))

    @classmethod
    def empty(cls) -> Histories:
        """Return those of nobody."""
        return cls(np.empty((0, SIGHTINGS)), np.empty((0, SIGHTINGS, 4)))

    def followed(self, rows: Indices, kept: Indices, sighting: Sighting) -> Histories:
        """Return the histories after ``sighting``: of its objects, and then of those in ``kept``, which are not in it.

        ``rows`` says for each of its objects which one here it is, -1 where none.
        """
        count = len(rows)
        again, before = np.flatnonzero(rows >= 0), rows[rows >= 0]
        times, boxes = (
            np.full((count + len(kept), SIGHTINGS), np.nan),
            np.full((count + len(kept), SIGHTINGS, 4), np.nan),
        )
        times[again, :-1], boxes[again, :-1] = self.times[before, 1:], self.boxes[before, 1:]
        times[:count, -1], boxes[:count, -1] = sighting.time, sighting.boxes
        times[count:], boxes[count:] = self.times[kept], self.boxes[kept]
        return Histories(times, boxes)


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """How ``n`` objects move: along each axis a middle and a whole size, also of what the border hides, and rates."""

    times: Floats
    """``(n,)`` when each was last seen, seconds."""
    middles: Floats
    """``(n, 2)`` x and y in pixels, then."""
    sizes: Floats
    """``(n, 2)`` width and height in pixels, then."""
    velocities: Floats
    """``(n, 2)`` pixels per second; NaN where not known."""
    growths: Floats
    """``(n, 2)`` pixels per second."""
    departures: tuple[Floats, Floats]
    """By how much middles and sizes ``(n, 2)`` were off these lines when last seen, in pixels."""

    def or_else(self, velocities: Floats) -> Courses:
        """Return these courses with other ``velocities``, ``(n, 2)``, where their own are not known."""
        return replace(self, velocities=np.where(np.isfinite(self.velocities), self.velocities, velocities))

    def at(self, time: float) -> Floats:
        """Return ``(n, 4)`` boxes at ``time``, over the picture's border where they are."""
        since = time - self.times[:, None]
        seconds = _believed(since)
        moment = np.exp(-((since / _MOMENT) ** 2))
        middles = (
            self.middles
            + np.where(np.isfinite(self.velocities), self.velocities, 0.0) * seconds
            + self.departures[0] * moment
        )
        sizes = (
            limited(self.sizes + self.growths * seconds, self.sizes / 2, self.sizes * 2) + self.departures[1] * moment
        )
        halves = sizes / 2
        return np.concatenate((middles - halves, middles + halves), axis=1)


def clipped(boxes: Floats, size: Size) -> tuple[Floats, Flags]:
    """Return what of ``boxes`` is inside a picture of ``size`` (width, height), and which of them have not left it."""
    inside = limited(boxes, 0.0, np.array(size * 2, np.float64))
    seen, whole = inside[:, 2:] - inside[:, :2], boxes[:, 2:] - boxes[:, :2]
    return inside, np.asarray((seen > _LEAST_SEEN * whole).all(axis=1))


def limited(values: Floats, low: Floats | float, high: Floats) -> Floats:
    """Return what ``np.clip`` does, in a fifth of its time for a few objects."""
    return np.asarray(np.minimum(np.maximum(values, low), high))


def uncut(histories: Histories, sighting: Sighting) -> Flags:
    """Tell of which objects the newest of their boxes is not cut off by the picture's border."""
    newest = histories.boxes[:, -1]
    return np.asarray(~(at_low_edge(newest) | at_high_edge(newest, sighting.size)).any(axis=1))


def courses(histories: Histories, size: Size, least: Floats) -> Courses:
    """Fit how objects move in pictures of ``size`` (width, height).

    A side of a box on the picture's border is the border's and not the object's: where only one side is free, its
    speed is the object's.  ``least`` is ``(n, 2)``: how large an object of which something is hidden is thought to be
    at least, in pixels.  Velocities are a weighted least-squares fit, the newer the sighting the more it counts.
    """
    times = histories.times
    known = np.isfinite(times)[:, None]
    # The newest last also in memory: sums over time are most of the work.
    sides = np.ascontiguousarray(histories.boxes.transpose(0, 2, 1))
    low, high = sides[:, :2], sides[:, 2:]
    flat = histories.boxes.reshape(-1, 4)
    low_cut, high_cut = (
        np.asarray(cut).reshape(*times.shape, 2).transpose(0, 2, 1)
        for cut in (at_low_edge(flat), at_high_edge(flat, size))
    )
    low_free, high_free = ~low_cut & known, ~high_cut & known
    free = low_free & high_free
    span, middle = high - low, (low + high) / 2
    places, counted = np.stack((span, low, high, middle)), np.stack((free, low_free, high_free, free))
    worth = np.stack((forgotten(times, _SIZE_MEMORY), *(forgotten(times, _MEMORY),) * 3))
    lines = fit(times, places, np.where(counted, worth[:, :, None], 0.0))
    # What the border hides of an object is at least as much as was seen of it, or is usual.
    is_free, newest, size_now = free[..., -1], span[..., -1], lines.values[0]
    extents = np.where(is_free, newest, np.fmax(np.fmax(newest, size_now), least))
    only_high, only_low = low_cut[..., -1] & ~high_cut[..., -1], high_cut[..., -1] & ~low_cut[..., -1]
    seen = np.where(
        only_high, high[..., -1] - extents / 2, np.where(only_low, low[..., -1] + extents / 2, middle[..., -1])
    )
    there = np.isfinite(lines.slopes)
    velocities = np.where(there[3], lines.slopes[3], np.where(there[2], lines.slopes[2], lines.slopes[1]))
    middles = np.where(is_free & there[3], lines.values[3], seen)
    sizes = np.where(is_free & np.isfinite(size_now), size_now, extents)
    fastest = _FASTEST * extents.max(axis=1, initial=1.0, keepdims=True)
    # Two sizes say nothing about growth: the next one may be the first again.
    growths = np.where(there[0] & (free.sum(axis=-1) > 2), lines.slopes[0] * lines.explained[0], 0.0)
    return Courses(
        times[:, -1],
        middles,
        sizes,
        limited(velocities, -fastest, fastest),
        growths,
        (seen - middles, extents - sizes),
    )


def _believed(seconds: Floats) -> Floats:
    """Return for how long a speed is taken to last when it was seen ``seconds`` ago."""
    beyond = np.maximum(seconds - _TRUST, 0.0)
    return np.minimum(seconds, _TRUST) + _TRUST * (1 - np.exp(-beyond / _TRUST))
