"""What a source is like: read for some seconds by the same readers that the viewer uses."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from livevision.errors import SourceError, SourceUnavailable, UsageError
from livevision.pictures import DecodedPicture, PictureTraits, traits_of
from livevision.sources.registry import SourceRegistry, display_name
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livevision.frame import Frame
    from livevision.sources.reader import FrameReader, OpenReader, SourceInfo

_SETTLING = 0.5
"""Seconds after the first picture that do not count for the jitter: what waited at the camera comes in a bunch."""
_LONGEST = 3600.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One picture: its stamp, when it came (seconds, monotonic), and what the decoder says of it."""

    pts: float
    captured: float
    keyframe: bool | None
    """None where pictures are not coded, or where it is not known."""
    damaged: bool = False
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """What the arrivals of some seconds show."""

    pictures: int
    fps: float | None
    """Pictures a second, by their own stamps; None with fewer than two."""
    coded: bool
    """Whether there are keyframes at all: pictures of a webcam and of a folder stand alone."""
    keyframe_interval: float | None
    """Seconds from one to the next; None where fewer than two were seen."""
    jitter_ms: float | None
    """By how much 95 % of the pictures at most come earlier or later than their stamps say."""
    damaged: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """All that ``livevision probe`` says; times in seconds."""

    name: str
    codec: str
    width: int
    height: int
    declared_fps: float | None
    duration: float | None
    open_seconds: float
    first_picture_seconds: float
    """From the start of opening to the first picture."""
    measured_seconds: float
    ended: str
    """Why watching ended before its time; empty where it did not."""
    measured: Measured
    traits: PictureTraits = field(default_factory=PictureTraits)
    """How pictures are stored; ``width`` and ``height`` are those of the pictures as they are shown."""

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON: flat, numbers rounded to what they are worth."""
        report = asdict(self)
        report |= report.pop("measured")
        report |= report.pop("traits")
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in report.items()}

    def lines(self) -> list[str]:
        """Say it in words, a line each."""
        seen = self.measured
        rates = [f"{seen.fps:.1f} a second measured" if seen.fps else "too few pictures to measure a rate"]
        rates += [f"{self.declared_fps:.4g} declared"] if self.declared_fps else ["none declared"]
        damage = [f"{seen.damaged} damaged" if seen.damaged else "none seen"]
        damage += [f"{seen.skipped} left out to catch up"] if seen.skipped else []
        rows = [
            ("picture", f"{self.width}x{self.height}, {self.codec}"),
            *([("stored", ", ".join(stored))] if (stored := self._stored_words()) else []),
            ("rate", ", ".join(rates)),
            ("keyframes", self._keyframe_words()),
            ("opened in", f"{self.open_seconds:.2f} s, first picture after {self.first_picture_seconds:.2f} s"),
            ("jitter", "too few pictures" if seen.jitter_ms is None else f"{seen.jitter_ms:.0f} ms (95 %)"),
            ("damage", ", ".join(damage)),
            ("watched", f"{seen.pictures} pictures in {self.measured_seconds:.1f} s"),
        ]
        if self.ended:
            rows.append(("ended", self.ended))
        if self.duration is not None:
            rows.insert(1, ("length", f"{self.duration:.1f} s"))
        return [self.name, *(f"  {label:<10} {words}" for label, words in rows)]

    def _stored_words(self) -> list[str]:
        """Say what is done to pictures before they are shown, where it is anything."""
        traits, words = self.traits, []
        if traits.pixel_aspect:
            words.append(f"{traits.stored[0]}x{traits.stored[1]}, pixels {traits.pixel_aspect}")
        if traits.turned:
            words.append(f"turned {traits.turned}° clockwise")
        if traits.mirrored:
            words.append("mirrored")
        if traits.interlaced:
            words.append("interlaced (combs are taken out)")
        if traits.hdr:
            words.append(f"HDR, {traits.hdr} (shown as an ordinary picture)")
        if traits.bits > 8:
            words.append(f"{traits.bits} bit")
        return words

    def _keyframe_words(self) -> str:
        interval, fps = self.measured.keyframe_interval, self.measured.fps
        if not self.measured.coded:
            return "none: every picture stands alone"
        if interval is None:
            return "fewer than two seen: watch longer (--seconds)"
        if fps and interval * fps < 1.5:
            return "every picture is one"
        return f"every {interval:.2f} s"


def measure(arrivals: Sequence[Arrival]) -> Measured:
    """Return what the arrivals of one generation, in order, show."""
    span = arrivals[-1].pts - arrivals[0].pts if arrivals else 0.0
    keys = [arrival.pts for arrival in arrivals if arrival.keyframe]
    intervals = [later - earlier for earlier, later in pairwise(keys)]
    settled = [one for one in arrivals if one.captured - arrivals[0].captured >= _SETTLING]
    return Measured(
        pictures=len(arrivals),
        fps=(len(arrivals) - 1) / span if span > 0 else None,
        coded=any(arrival.keyframe is not None for arrival in arrivals),
        keyframe_interval=median(intervals) if intervals else None,
        jitter_ms=_jitter(settled if len(settled) >= 2 else arrivals),
        damaged=sum(arrival.damaged for arrival in arrivals),
        skipped=sum(arrival.skipped for arrival in arrivals),
    )


def _jitter(arrivals: Sequence[Arrival]) -> float | None:
    if len(arrivals) < 2:
        return None
    delays = [arrival.captured - arrival.pts for arrival in arrivals]
    usual = median(delays)
    deviations = sorted(abs(delay - usual) for delay in delays)
    return 1000 * deviations[math.ceil(0.95 * len(deviations)) - 1]


def probe(source: str, seconds: float = 3.0) -> ProbeReport:
    """Open ``source``, watch it for ``seconds``, and report.  Blocks for as long, and as opening takes.

    Raises UsageError or SourceError as the readers do, and SourceUnavailable when no picture comes.
    """
    if not 0 < seconds <= _LONGEST:
        raise UsageError(
            say(
                "--seconds {seconds:g} is out of bounds; choose from 0.1 to {longest:g}",
                seconds=seconds,
                longest=_LONGEST,
            )
        )
    return probe_reader(display_name(source), SourceRegistry().opener(source), seconds)


def probe_reader(
    name: str, open_reader: OpenReader, seconds: float, clock: Callable[[], float] = time.monotonic
) -> ProbeReport:
    """Do what :func:`probe` does with a reader of its own; ``clock`` is the frames' ``captured`` clock."""
    reader = open_reader(0)
    started = clock()
    try:
        info = reader.open()
        opened = clock()
        # A source that sends nothing is given up on, too.
        giving_up = threading.Timer(seconds + _SETTLING, reader.interrupt)
        giving_up.name = "probe's end"
        giving_up.start()
        try:
            watched = _watch(reader, seconds)
        finally:
            giving_up.cancel()
            giving_up.join()
    finally:
        reader.close()
    if not watched.arrivals:
        raise SourceUnavailable(
            say("{name} was opened, but no picture came within {seconds:g} s.", name=name, seconds=seconds)
        )
    return _report(name, info, watched, (started, opened))


@dataclass(frozen=True, slots=True)
class _Watched:
    arrivals: list[Arrival]
    size: tuple[int, int]
    ended: str
    traits: PictureTraits


def _watch(reader: FrameReader, seconds: float) -> _Watched:
    arrivals: list[Arrival] = []
    size, traits = (0, 0), PictureTraits()
    while not arrivals or arrivals[-1].captured - arrivals[0].captured < seconds:
        try:
            frame = reader.read()
        except SourceError as error:
            if not arrivals:
                raise
            return _Watched(arrivals, size, error.text, traits)
        if frame is None:
            break
        arrivals.append(_arrival(frame))
        size = frame.size
        if isinstance(frame.picture, DecodedPicture):
            traits = traits_of(frame.picture)
    return _Watched(arrivals, size, "", traits)


def _arrival(frame: Frame) -> Arrival:
    if not isinstance(frame.picture, DecodedPicture):
        return Arrival(frame.pts, frame.captured, None, skipped=frame.skipped)
    decoded = frame.picture.decoded
    return Arrival(frame.pts, frame.captured, bool(decoded.key_frame), bool(decoded.is_corrupt), frame.skipped)


def _report(name: str, info: SourceInfo, watched: _Watched, times: tuple[float, float]) -> ProbeReport:
    (started, opened), arrivals = times, watched.arrivals
    return ProbeReport(
        name=name,
        codec=info.codec,
        # What came, where that differs from what was announced.
        width=watched.size[0],
        height=watched.size[1],
        declared_fps=info.fps,
        duration=info.duration,
        open_seconds=opened - started,
        first_picture_seconds=arrivals[0].captured - started,
        measured_seconds=arrivals[-1].captured - arrivals[0].captured,
        ended=watched.ended,
        measured=measure(arrivals),
        traits=watched.traits,
    )
