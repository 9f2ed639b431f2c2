"""What state a camera is in, and which state may follow which."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livevision.errors import SourceError
    from livevision.sources.reader import SourceInfo


class CameraState(Enum):
    """Where a camera is on its way.  The values are the words that are shown."""

    CONNECTING = "connecting"
    """An attempt is under way; after a failure its reason is kept until there is a picture."""
    LIVE = "live"
    STALLED = "stalled"
    """The reader has been silent for too long and is being given up."""
    BACKING_OFF = "reconnecting"
    """Waiting for the next attempt."""
    AUTH_FAILED = "refused"
    """User name or password were refused.  Only the operator tries again: doing it unasked would lock the account."""
    ENDED = "ended"
    FAILED = "failed"
    STOPPED = "stopped"


_OVER = {CameraState.CONNECTING, CameraState.STOPPED}
"""What follows a state in which nothing happens by itself: the operator tries again, or closes the camera."""

TRANSITIONS: Mapping[CameraState, frozenset[CameraState]] = {
    state: frozenset(following)
    for state, following in {
        CameraState.CONNECTING: set(CameraState) - {CameraState.CONNECTING},
        CameraState.LIVE: set(CameraState) - {CameraState.CONNECTING, CameraState.LIVE},
        CameraState.STALLED: {CameraState.BACKING_OFF, CameraState.FAILED, CameraState.STOPPED},
        CameraState.BACKING_OFF: {CameraState.CONNECTING, CameraState.FAILED, CameraState.STOPPED},
        CameraState.AUTH_FAILED: _OVER,
        CameraState.ENDED: _OVER,
        CameraState.FAILED: _OVER,
        CameraState.STOPPED: {CameraState.CONNECTING},
    }.items()
}
"""Every change of state that there is.  FAILED follows each state in which code runs, for that may have a bug."""

RETRIED_ON_DEMAND = frozenset({CameraState.AUTH_FAILED, CameraState.ENDED, CameraState.FAILED})
"""States that last until the operator tries again."""


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """One camera's state at one moment; times are :func:`time.monotonic`."""

    state: CameraState
    since: float
    error: SourceError | None = None
    """Why, as it was raised; None when there is nothing to say."""
    retry_at: float | None = None
    """When the next attempt starts, while backing off."""
    info: SourceInfo | None = None
    """What is or was open, once something has been."""
    generation: int = 0

    @property
    def reason(self) -> str:
        """Why, in one line for the operator; empty when there is nothing to say."""
        return "" if self.error is None else self.error.text

    def then(
        self,
        state: CameraState,
        now: float,
        error: SourceError | None = None,
        retry_at: float | None = None,
        info: SourceInfo | None = None,
        generation: int | None = None,
    ) -> CameraStatus:
        """Return what follows; raises RuntimeError where :data:`TRANSITIONS` does not have it, which is a bug."""
        if state not in TRANSITIONS[self.state]:
            raise RuntimeError(f"a camera that is {self.state.value} cannot become {state.value}")
        number = self.generation if generation is None else generation
        return CameraStatus(state, now, error, retry_at, info or self.info, number)
