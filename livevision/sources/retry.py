"""The wait before a camera is tried again, and what makes it shorter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livevision.sources.backoff import Backoff
from livevision.sources.clock import Clock, MonotonicClock

if TYPE_CHECKING:
    from collections.abc import Callable

_PROBE_EVERY = 1.0


class Retry:
    """Waits as long as the backoff says, or until somebody is in a hurry, or until the camera answers again.

    ``is_answering`` says at once, or nearly so, whether anybody is there.  It is asked every second of a wait that
    begins with no answer: a camera that was switched off is found the moment it is back.  One that does answer, but
    wrongly, is left alone until its time has come.  :meth:`delay_after` and :meth:`wait` belong to the capture thread;
    :meth:`hurry` may be called from any.
    """

    def __init__(
        self,
        backoff: Backoff | None = None,
        is_answering: Callable[[], bool] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._backoff = backoff or Backoff()
        self._is_answering = is_answering
        self._clock = clock or MonotonicClock()
        self._hurried = threading.Event()

    def __repr__(self) -> str:
        return f"<Retry {self._backoff!r}{', hurried' if self._hurried.is_set() else ''}>"

    def delay_after(self, live_for: float) -> float:
        """Return the seconds to wait after an attempt that brought pictures for ``live_for``; :meth:`wait` is next."""
        self._hurried.clear()
        return self._backoff.delay_after(live_for)

    def start_over(self) -> None:
        """Begin with short delays again; while no wait is under way."""
        self._backoff.start_over()

    def wait(self, seconds: float) -> None:
        """Wait, no longer than ``seconds``.  After a wait that ended early the delays begin anew."""
        ends = self._clock.now() + seconds
        probing = seconds > _PROBE_EVERY and self._is_answering is not None and not self._answers()
        while (left := ends - self._clock.now()) > 0 and not self._hurried.is_set():
            self._clock.wait(self._hurried, min(left, _PROBE_EVERY) if probing else left)
            if self._hurried.is_set() or (probing and self._answers()):
                self._backoff.start_over()
                return

    def hurry(self) -> None:
        """End the wait that is under way, or the one for which :meth:`delay_after` has been asked."""
        self._hurried.set()

    def _answers(self) -> bool:
        return self._is_answering is not None and self._is_answering()
