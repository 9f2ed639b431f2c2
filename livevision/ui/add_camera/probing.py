"""One look at a camera that is about to be added: ``livevision probe`` in a thread of its own, with its first picture.

Nothing of it calls into the event loop: its owner looks every now and then, so that a thread which FFmpeg keeps for
some seconds longer harms nobody.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import threading
import time
from typing import TYPE_CHECKING, cast

import cv2

from livevision.errors import LivevisionError, SourceError, SourceUnavailable
from livevision.probe import ProbeReport, probe_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from livevision.frame import Frame, Image
    from livevision.sources.reader import Demand, FrameReader, OpenReader, SourceInfo

logger = logging.getLogger(__name__)

WATCHED = 3.0
"""Seconds from the first picture on: most cameras send two keyframes in that time."""
LIMIT = 10.0
"""Seconds for all of it."""
_ATTEMPTS = 2
"""An opener tries the other transport the second time."""
_JOIN_TIMEOUT = 2.0
"""Seconds that the thread gets to end; past it, it is left to end by itself, unheard."""
_POLL = 0.02


class ProbeRun:
    """Looks at one source, once.  ``room`` is how many device pixels there are for the first picture.

    Belongs to the event loop, but for what is marked below.
    """

    def __init__(self, name: str, room: tuple[int, int]) -> None:
        self._name = name
        self._room = room
        self._stopped = threading.Event()
        self._reader: FrameReader | None = None  # what follows is written by the thread
        self._picture: Image | None = None
        self._taken = False
        self._outcome: ProbeReport | LivevisionError | None = None

    def __repr__(self) -> str:
        return f"<ProbeRun {self._name!r}{', stopped' if self._stopped.is_set() else ''}>"

    def stop(self) -> None:
        """End soon, with what has been seen so far."""
        self._stopped.set()
        reader = self._reader
        if reader is not None:
            reader.interrupt()

    async def run(
        self, open_reader: OpenReader, show: Callable[[Image], None], limit: float = LIMIT
    ) -> ProbeReport | None:
        """Return what was found within ``limit`` seconds; None where it was stopped before there was a picture.

        ``show`` gets the first picture, ``(h, w, 4)`` BGRA.  Raises SourceError as the readers do.
        """
        thread = threading.Thread(target=self._probe, args=(open_reader,), name=f"test {self._name}", daemon=True)
        thread.start()
        give_up = time.monotonic() + limit
        try:
            while thread.is_alive() and not self._stopped.is_set() and time.monotonic() < give_up:
                await asyncio.sleep(_POLL)
                self._show_once(show)
            is_late = thread.is_alive() and not self._stopped.is_set()
        finally:
            self.stop()
            await _ended(thread)
        self._show_once(show)
        return self._result(is_late)

    def _show_once(self, show: Callable[[Image], None]) -> None:
        picture, self._picture = self._picture, None
        if picture is not None:
            show(picture)

    def _result(self, is_late: bool) -> ProbeReport | None:
        if isinstance(self._outcome, LivevisionError):
            # A copy, for raising it makes it hold on to whoever waits here.
            raise copy.copy(self._outcome)
        if self._outcome is None and is_late:
            raise SourceUnavailable(f"{self._name} does not answer in time. Is it switched on and on this network?")
        return self._outcome

    # In the thread.

    def _probe(self, open_reader: OpenReader) -> None:
        def opened(generation: int) -> FrameReader:
            reader = self._reader = _Watched(open_reader(generation), self._take)
            if self._stopped.is_set():
                reader.interrupt()
            return reader

        for _ in range(_ATTEMPTS):
            outcome = self._attempt(opened)
            if self._stopped.is_set() and not isinstance(outcome, ProbeReport):
                return
            # Of two reasons the first is the better one: what cannot be reached by TCP cannot be by UDP either.
            if self._outcome is None or not isinstance(outcome, SourceUnavailable):
                self._outcome = outcome
            if not isinstance(outcome, SourceUnavailable):
                return

    def _attempt(self, opened: OpenReader) -> ProbeReport | LivevisionError:
        try:
            return probe_reader(self._name, opened, WATCHED)
        except LivevisionError as error:
            return error
        except Exception:
            logger.exception("Testing %s failed", self._name)
            return SourceError(f"{self._name} could not be tested. The log says more.")

    def _take(self, frame: Frame) -> None:
        if self._taken:
            return
        self._taken = True
        scale = min(self._room[0] / frame.width, self._room[1] / frame.height)
        image = frame.bgr((max(2, round(frame.width * scale)), max(2, round(frame.height * scale))))
        self._picture = cast("Image", cv2.cvtColor(image, cv2.COLOR_BGR2BGRA))


class _Watched:
    """A reader whose pictures are shown to somebody, too."""

    def __init__(self, reader: FrameReader, take: Callable[[Frame], None]) -> None:
        self._reader = reader
        self._take = take

    def open(self) -> SourceInfo:
        return self._reader.open()

    def read(self) -> Frame | None:
        frame = self._reader.read()
        if frame is not None:
            self._take(frame)
        return frame

    def want(self, demand: Demand) -> None:
        self._reader.want(demand)

    def interrupt(self) -> None:
        self._reader.interrupt()

    def close(self) -> None:
        self._reader.close()


async def _ended(thread: threading.Thread) -> None:
    for _ in range(round(_JOIN_TIMEOUT / _POLL)):
        if not thread.is_alive():
            return
        await asyncio.sleep(_POLL)
    logger.warning("%s: the reader does not return; it is left to end by itself", thread.name)
