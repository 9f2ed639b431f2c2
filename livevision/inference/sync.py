"""Any detector behind a plain callback, as ``sv.process_video`` wants it: one loop and one session for all frames."""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Coroutine

    import supervision as sv

    from livevision.frame import Image
    from livevision.inference.detector import Detector

logger = logging.getLogger(__name__)

Draw: TypeAlias = "Callable[[Image, sv.Detections, tuple[int, int]], Image]"
"""Draws boxes on a writable ``(h, w, 3)`` BGR picture and returns it; the last argument is its (width, height)."""


class SyncCallback:
    """Called with a picture and its number, returns a copy with the detections drawn in.

    The detector lives on an event loop in a thread of its own, called ``sync callback``, from the first moment to the
    last; ``load`` is awaited there at once, and what it raises is raised here.  :meth:`close`, the end of a ``with``,
    of the object or of the program ends both.  For any thread, one call at a time; each waits for its answer, so it is
    not for use on an event loop.
    """

    def __init__(self, load: Callable[[], Awaitable[Detector]], draw: Draw) -> None:
        self._draw = draw
        self._home = _Home(load)
        # Knows only the home, so that whoever drops the callback ends it: no `with` is needed in a single expression.
        self._end = weakref.finalize(self, self._home.end)
        try:
            self._detector = self._home.opened()
        except BaseException:
            self._end()
            raise

    def __repr__(self) -> str:
        return f"<SyncCallback {self._detector.name} {'open' if self._end.alive else 'closed'}>"

    def __call__(self, frame: Image, index: int = 0) -> Image:
        """Return the ``(h, w, 3)`` BGR picture with what was found in it; the argument is left as it is.

        Raises DetectorError.
        """
        detections = self._home.run(self._detector.detect(frame))
        height, width = frame.shape[:2]
        return self._draw(frame.copy(), detections, (width, height))

    def __enter__(self) -> Self:
        """Nothing more to open."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """End as :meth:`close` does."""
        self.close()

    def close(self) -> None:
        """Close the detector and end its thread.  May be called twice."""
        self._end()


class _Home:
    """The thread and loop of a detector."""

    def __init__(self, load: Callable[[], Awaitable[Detector]]) -> None:
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = Future()
        self._opened: Future[Detector] = Future()
        # A daemon: others are waited for before anything is told that the program ends.
        self._thread = threading.Thread(target=self._work, args=(load,), name="sync callback", daemon=True)
        self._thread.start()

    def opened(self) -> Detector:
        """Wait for the detector.  Raises what loading did."""
        return self._opened.result()

    def run(self, work: Coroutine[Any, Any, sv.Detections]) -> sv.Detections:
        """Do ``work`` on the loop and wait for it."""
        if not self._thread.is_alive():
            work.close()
            raise RuntimeError("this callback was closed; make another one")
        future = asyncio.run_coroutine_threadsafe(work, self._started.result()[0])
        try:
            return future.result()
        except BaseException:
            future.cancel()  # for Ctrl+C: nothing else interrupts the waiting
            raise

    def end(self) -> None:
        """Close the detector, end the loop, and wait for the thread."""
        loop, task = self._started.result()
        with suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(task.cancel)
        # Garbage is collected in any thread, this one too.
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _work(self, load: Callable[[], Awaitable[Detector]]) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._live(load))

    async def _live(self, load: Callable[[], Awaitable[Detector]]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._started.set_result((asyncio.get_running_loop(), task))
        try:
            detector = await load()
        except BaseException as error:
            self._opened.set_exception(error)
            if isinstance(error, Exception):
                return
            raise
        self._opened.set_result(detector)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            try:
                await detector.aclose()
            except RuntimeError as error:
                # When the program ends, Python has ended the threads of executors by now.
                if "shutdown" not in str(error):
                    logger.exception("%s could not be closed", detector.name)
