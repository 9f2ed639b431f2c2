"""Generated scenes with known ground truth, in real time: ``synthetic:street?size=1280x720&fps=25&seed=1``."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakValueDictionary

from livevision.errors import SourceUnavailable, UsageError
from livevision.frame import Frame
from livevision.pictures import ArrayPicture
from livevision.sources.options import nearest, read_options, read_rate, read_size
from livevision.sources.reader import Demand, SourceInfo
from livevision.sources.schemes import SYNTHETIC
from livevision.sources.street import clock as bar_code
from livevision.sources.street.scene import Street
from livevision.wording import say

if TYPE_CHECKING:
    import supervision as sv

SCENES = ("street",)

_SMALLEST, _LARGEST = (160, 90), (3840, 2160)
_SLOWEST, _FASTEST = 0.1, 120.0
_LOOK_EVERY = 0.05
"""Seconds between two looks at whether a scene is still wanted that another camera is building."""
_SWITCH = {"on": True, "1": True, "true": True, "yes": True, "off": False, "0": False, "false": False, "no": False}

Wait: TypeAlias = Callable[[threading.Event, float], bool]
"""Waits for an event for some seconds; True if it was set."""


@dataclass(frozen=True, slots=True)
class SyntheticOptions:
    """Which scene, and how; ``size`` is width and height in pixels, ``clock`` draws the time into the pictures."""

    scene: str = "street"
    size: tuple[int, int] = (1280, 720)
    fps: float = 25.0
    seed: int = 1
    clock: bool = False


def parse_synthetic(source: str) -> SyntheticOptions:
    """Understand ``synthetic:SCENE?size=WxH&fps=F&seed=N&clock=on``; everything after the colon may be left out.

    Raises UsageError.
    """
    scene, _, query = source.removeprefix(SYNTHETIC).partition("?")
    scene = scene or SCENES[0]
    if scene not in SCENES:
        raise UsageError(
            say(
                "unknown scene {scene!r}{hint}; try {known}",
                scene=scene,
                hint=nearest(scene, SCENES),
                known=f"{SYNTHETIC}{SCENES[0]}",
            )
        )
    given = read_options(query, ("size", "fps", "seed", "clock"), say("a synthetic scene"))
    options = SyntheticOptions(
        scene,
        read_size(given.get("size", "1280x720"), _SMALLEST, _LARGEST),
        read_rate(given.get("fps", "25"), _SLOWEST, _FASTEST),
        _seed(given.get("seed", "1")),
        _clock(given.get("clock", "off")),
    )
    if options.clock and options.size[0] < bar_code.WIDTH:
        raise UsageError(
            say(
                "clock=on needs a size at least {width} pixels wide, not {given}; try size=640x360",
                width=bar_code.WIDTH,
                given=options.size[0],
            )
        )
    return options


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise UsageError(say("seed={text} is not a whole number from 0 on; try seed=1", text=text))
    return int(text)


def _clock(text: str) -> bool:
    try:
        return _SWITCH[text.lower()]
    except KeyError:
        raise UsageError(say("clock={text} is neither on nor off", text=text)) from None


# Cameras that show the same scene share it, as long as one of them is open.
_streets: WeakValueDictionary[tuple[tuple[int, int], float, int], Street] = WeakValueDictionary()
_building = threading.Lock()


def _street(options: SyntheticOptions, check: Callable[[], None]) -> Street:
    """Return the scene, built if need be, which is one after the other; ``check`` raises when it is not wanted."""
    key = options.size, options.fps, options.seed
    check()
    while not _building.acquire(timeout=_LOOK_EVERY):
        check()
    try:
        street = _streets.get(key)
        if street is None:
            street = _streets[key] = Street(*key, check)
        return street
    finally:
        _building.release()


def _wait(event: threading.Event, seconds: float) -> bool:
    return event.wait(seconds)


class SyntheticReader:
    """Draws a scene in real time, as a camera would send it; implements FrameReader.

    Pictures come when they are due.  A reader that is called too late skips those it has missed, so that
    ``Frame.index`` always counts the scene's pictures: ``truth(frame.index)`` belongs to ``frame``.
    ``now`` is :func:`time.monotonic` and ``wait`` waits for the interruption.
    """

    def __init__(
        self,
        options: SyntheticOptions,
        generation: int,
        *,
        now: Callable[[], float] = time.monotonic,
        wait: Wait = _wait,
    ) -> None:
        self._options, self._generation = options, generation
        self._now, self._wait = now, wait
        self._interrupted = threading.Event()
        self._street: Street | None = None
        self._started = 0.0
        self._next = 0

    def __repr__(self) -> str:
        state = "interrupted" if self._interrupted.is_set() else "open" if self._street else "closed"
        return f"<SyntheticReader {self._options.scene} {state}, next is {self._next}>"

    def open(self) -> SourceInfo:
        """Build the scene, which takes about half a second, and start its time.

        Raises SourceUnavailable when interrupted.
        """
        width, height = self._options.size
        self._street = _street(self._options, self._expect_wanted)
        self._started = self._now()
        return SourceInfo(width, height, self._options.fps, "raw")

    def read(self) -> Frame | None:
        """Wait until the next picture is due and draw it; None after an interrupt, and when not open."""
        if self._street is None:
            return None
        fps = self._options.fps
        # The picture that is due now, or the next one: late is late, nothing is sent twice as fast to catch up.
        index = max(self._next, int((self._now() - self._started) * fps))
        if self._wait(self._interrupted, max(0.0, self._started + index / fps - self._now())):
            return None
        self._next = index + 1
        image = self._street.draw(index)
        wall = time.time()
        if self._options.clock:
            bar_code.stamp(image, int(wall * 1000))
        return Frame(index, self._generation, index / fps, self._now(), wall, ArrayPicture(image))

    def truth(self, index: int) -> sv.Detections:
        """Return what picture ``index`` shows, as :meth:`Street.truth` does; only while open."""
        if self._street is None:
            raise UsageError(say("the truth of a synthetic scene is known only while it is open"))
        return self._street.truth(index)

    def want(self, demand: Demand) -> None:
        """Every picture is cheap to leave out when nobody takes it: nothing to save."""

    def interrupt(self) -> None:
        """End a waiting :meth:`read` at once, :meth:`open` soon, and every later one; from any thread."""
        self._interrupted.set()

    def close(self) -> None:
        """Forget the scene."""
        self._street = None

    def _expect_wanted(self) -> None:
        if self._interrupted.is_set():
            raise SourceUnavailable(say("{name}: opening was interrupted.", name=self._options.scene))
