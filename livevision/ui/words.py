"""What a tile says about its camera, in the operator's words (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.detector import Placed
from livevision.sources.status import RETRIED_ON_DEMAND, CameraState
from livevision.ui.notice import Notice

if TYPE_CHECKING:
    from livevision.inference.detector import Detector
    from livevision.sources.status import CameraStatus

_STALE_AFTER = 1.0
"""Seconds without a new picture after which the old one must not look live."""
_STALE_FRAMES = 3
_WORTH_A_BUTTON = 1.0
"""Seconds of a wait; a shorter one is over before anybody presses it."""
_HEADLINES = {
    CameraState.CONNECTING: "Connecting…",
    CameraState.STALLED: "The picture has stopped",
    CameraState.AUTH_FAILED: "Access refused",
    CameraState.ENDED: "Ended",
    CameraState.FAILED: "Cannot be shown",
    CameraState.STOPPED: "Stopped",
}


def notice(status: CameraStatus, since_picture: float | None, now: float) -> Notice | None:
    """Return what stands over the picture, or None while it is live.

    ``since_picture`` is the age of the newest picture in seconds, None before the first; ``now`` is monotonic.
    """
    if status.state is CameraState.LIVE:
        if since_picture is None or since_picture <= _patience(status):
            return None
        return Notice(f"No picture for {duration(since_picture)}")
    if status.state is CameraState.BACKING_OFF:
        return Notice(_reconnecting(status, since_picture, now), status.reason, _action(status))
    last = "" if since_picture is None else f"Last picture {duration(since_picture)} ago"
    detail = "\n".join(text for text in (status.reason, last) if text)
    return Notice(_HEADLINES[status.state], detail, _action(status))


def _patience(status: CameraStatus) -> float:
    fps = status.info.fps if status.info else None
    return max(_STALE_AFTER, _STALE_FRAMES / fps if fps else 0.0)


def _reconnecting(status: CameraStatus, since_picture: float | None, now: float) -> str:
    wait = (status.retry_at or now) - now
    when = f"econnecting in {wait:.0f} s" if wait >= 1 else "econnecting…"
    return f"R{when}" if since_picture is None else f"No picture for {duration(since_picture)}, r{when}"


def _action(status: CameraStatus) -> str:
    if status.state is CameraState.ENDED:
        return "Play again"
    waits = status.retry_at is not None and status.retry_at - status.since >= _WORTH_A_BUTTON
    return "Retry now" if waits or status.state in RETRIED_ON_DEMAND else ""


def model(detector: Detector | None, loading: str) -> str:
    """Say which model works, or is being loaded, and where: ``yolox_nano.onnx · CPU``."""
    if loading:
        return f"loading {loading.replace(chr(92), '/').rpartition('/')[2] or loading}…"
    if detector is None:
        return ""
    return " · ".join(filter(None, (detector.name, runs_on(detector))))


def runs_on(detector: Detector) -> str:
    """Say what really runs a model; empty where that is not known."""
    return detector.runs_on if isinstance(detector, Placed) else ""


def model_notice(detector: Detector) -> str:
    """Return what is to be said of a model although it works."""
    return detector.notice if isinstance(detector, Placed) else ""


def duration(seconds: float) -> str:
    """Write a span of time as people say it: ``8 s``, ``3 min``, ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def frozen(behind: float) -> str:
    """Say that the picture stands, and by how much: ``frozen · 12 s behind``."""
    return f"frozen · {duration(behind)} behind"
