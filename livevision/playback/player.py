"""Plays a video file in a thread of its own: play, pause, step, seek, speed."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from livevision.disk_threads import DiskThreads
from livevision.errors import LivevisionError
from livevision.failures import Failures
from livevision.playback.play_clock import PlayClock
from livevision.playback.reel import Reel
from livevision.playback.video import Video, VideoInfo
from livevision.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livevision.frame import Frame

SLOWEST, FASTEST = 0.25, 8.0
_LATE = 0.5
"""Seconds behind its time from which on only keyframes are decoded, to catch up."""
_TOO_LATE = 3.0
"""Seconds from which on it is given up: the computer slept, or cannot even do that."""
_LONGEST_WAIT = 0.05
_EARLY_END = 1.0
"""Seconds of video that may be missing at the end before the file counts as damaged."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is to be seen now."""

    frame: Frame | None
    """Its ``pts`` is its time in the file.  None where there is nothing to see."""
    info: VideoInfo | None = None
    is_exact: bool = True
    """False for a picture on the way to the one that was asked for."""
    is_playing: bool = False
    dropped: int = 0
    """Pictures left out so far, because they would have come too late."""
    trouble: str = ""
    """Why there is nothing to see, or not everything."""


class Player:
    """Decodes and paces one file.  ``show`` is called in its thread for each picture and each change.

    The orders may come from any thread and return at once; a newer place to go to replaces one that is not reached.
    """

    def __init__(self, path: Path, show: Callable[[Shown], None], now: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._now = now
        self._video = Video(path)
        self._reel = Reel(self._video)
        self._clock = PlayClock()
        self._changed = threading.Condition()
        self._target: float | None = None
        self._steps = 0
        self._playing = False
        self._closed = False
        self._info: VideoInfo | None = None
        self._dropped = 0
        self._trouble = ""
        self._position = 0.0
        self._failures = Failures(lambda: f"{path.name}: playing it")
        self._pool = DiskThreads(f"player {path.name}")

    def __repr__(self) -> str:
        state = "closed" if self._closed else "playing" if self._playing else "paused"
        return f"<Player {state} at {self._position:.3f} s, speed {self._clock.speed:g}>"

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._playing

    @property
    def speed(self) -> float:
        """Seconds of video a second."""
        return self._clock.speed

    @property
    def position(self) -> float:
        """Time in the file of what is shown, or is going to be."""
        with self._changed:
            return self._position if self._target is None else self._target

    def start(self) -> None:
        """Open the file and show its first picture."""
        self._pool.submit(self._run)

    def play(self) -> None:
        """Go on; from the beginning where it is over."""
        with self._changed:
            if not self._playing and self._reel.is_at_end:
                self._target = self._info.start if self._info else 0.0
            self._playing = True
            self._clock.start(self._position, self._now())
            self._changed.notify()

    def pause(self) -> None:
        """Stay at the current picture."""
        with self._changed:
            self._playing = False
            self._changed.notify()

    def seek(self, seconds: float) -> None:
        """Go to the picture that is shown at a time in the file; a place outside means its nearest end."""
        with self._changed:
            self._target, self._steps = self._within(seconds), 0
            self._changed.notify()

    def step(self, pictures: int) -> None:
        """Pause, and go so many pictures on, or back where it is negative."""
        with self._changed:
            self._playing = False
            self._steps += pictures
            self._changed.notify()

    def set_speed(self, speed: float) -> None:
        """Play slower or faster, from 0.25 to 8."""
        with self._changed:
            self._clock.set_speed(min(max(speed, SLOWEST), FASTEST), self._now())
            self._changed.notify()

    async def aclose(self) -> None:
        """Stop, and wait until the file is closed, unless its disk does not answer.  Idempotent."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._video.interrupt()
        await self._pool.aclose()

    # In the player's thread.

    def _run(self) -> None:
        try:
            info = self._reel.open()
            with self._changed:
                self._info = info
            self._tell(self._reel.current)
            while not self._closed:
                self._work_on()
        except LivevisionError as error:
            self._fail(error.text)
        except Exception as error:
            self._fail(self._unexpected(error))
        finally:
            self._video.close()

    def _work_on(self) -> None:
        try:
            self._work()
        except LivevisionError as error:
            # It may be readable elsewhere.
            self._reel.give_up()
            self._fail(error.text)
        except Exception as error:
            self._reel.give_up()
            self._fail(self._unexpected(error))
            # Not again at once, until somebody wants something else of it.
            self._wait(None)

    def _unexpected(self, error: Exception) -> str:
        self._failures.add(error)
        return say("Playing it failed unexpectedly: {reason}", reason=self._failures.reason)

    def _fail(self, trouble: str) -> None:
        if not self._closed:
            self._trouble, self._playing = trouble, False
            self._tell(None)

    def _work(self) -> None:
        with self._changed:
            target, self._target = self._target, None
            steps, self._steps = (self._steps, 0) if target is None else (0, self._steps)
            playing = self._playing
        if target is not None:
            self._go(target)
        elif steps:
            self._step(steps)
        elif playing:
            self._play_on()
        elif not self._reel.read_ahead():
            self._wait(None)

    def _go(self, target: float) -> None:
        self._trouble = ""
        found = self._reel.go(target, lambda frame: self._tell(frame, is_exact=False), self._has_other_orders)
        if found is None:
            if not self._has_other_orders():
                self._trouble = say("Nothing can be read there: the file is damaged.")
                self._tell(None)
            return
        self._clock.start(found.pts, self._now())
        if target > found.pts and self._reel.is_at_end:
            self._correct_end(found.pts)
        self._tell(found)

    def _step(self, steps: int) -> None:
        for _ in range(abs(steps)):
            moved = self._reel.forward() if steps > 0 else self._reel.back(self._has_other_orders)
            if moved is None or self._has_other_orders():
                break
        self._tell(self._reel.current)

    def _play_on(self) -> None:
        following = self._reel.following()
        if following is None:
            self._end()
            return
        wait = self._clock.wait(following.pts, self._now())
        if wait > 0:
            self._video.keyframes_only = False
            if not self._reel.read_ahead():
                self._wait(wait)
            return
        frame = self._reel.forward()
        while (after := self._reel.ready()) is not None and self._clock.wait(after.pts, self._now()) <= 0:
            frame = self._reel.forward()
            self._dropped += 1
        if frame is not None:
            late = -self._clock.wait(frame.pts, self._now())
            self._video.keyframes_only = late > _LATE
            if late > _TOO_LATE:
                self._clock.start(frame.pts, self._now())
            self._tell(frame)

    def _end(self) -> None:
        with self._changed:
            self._playing = False
        self._correct_end(self._position)
        self._tell(self._reel.current)

    def _correct_end(self, last: float) -> None:
        if self._info is None or last >= self._info.end:
            return
        missing = self._info.end - last
        if missing > _EARLY_END:
            self._trouble = say("There is no picture in the last {seconds} s of the file.", seconds=f"{missing:.0f}")
        else:
            # Sound that ends a little later than the pictures; the file said where that is.
            self._info = replace(self._info, end=last)

    def _tell(self, frame: Frame | None, *, is_exact: bool = True) -> None:
        if frame is not None:
            self._position = frame.pts
        dropped = self._dropped + self._video.skipped
        self._show(Shown(frame, self._info, is_exact, self._playing, dropped, self._trouble))

    def _wait(self, seconds: float | None) -> None:
        with self._changed:
            if self._closed or self._target is not None or self._steps or (seconds is None and self._playing):
                return
            self._changed.wait(None if seconds is None else min(seconds, _LONGEST_WAIT))

    def _has_other_orders(self) -> bool:
        return self._closed or self._target is not None

    def _within(self, seconds: float) -> float:
        if self._info is None:
            return max(0.0, seconds)
        return min(max(seconds, self._info.start), self._info.end)
