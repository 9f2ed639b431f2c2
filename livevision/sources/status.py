"""What state a camera is in, in the operator's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livevision.sources.reader import SourceInfo


class CameraState(Enum):
    """Where a camera is on its way.  The values are the words that are shown."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALLED = "stalled"
    RECONNECTING = "reconnecting"
    ENDED = "ended"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """One camera's state at one moment; times are :func:`time.monotonic`."""

    state: CameraState
    since: float
    reason: str = ""
    """Why, in one line for the operator; empty when there is nothing to say."""
    retry_at: float | None = None
    """When the next attempt starts, while reconnecting."""
    info: SourceInfo | None = None
    """What is open, once it is."""
    generation: int = 0
