"""What a tile says about its camera, in the operator's words and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from livevision.inference import detector as detectors
from livevision.recording.wording import size
from livevision.sources.status import RETRIED_ON_DEMAND, CameraState
from livevision.ui.notice import Notice
from livevision.ui.translation import told
from livevision.url_secrets import concealed

if TYPE_CHECKING:
    from livevision.inference.detector import Detector
    from livevision.recording.recorder import RecordingProgress
    from livevision.sources.status import CameraStatus

translate = QCoreApplication.translate
_STALE_AFTER = 1.0
"""Seconds without a new picture after which the old one must not look live."""
_STALE_FRAMES = 3
_WORTH_A_BUTTON = 1.0
"""Seconds of a wait; a shorter one is over before anybody presses it."""


def notice(
    status: CameraStatus, since_picture: float | None, now: float, interval: float | None = None
) -> Notice | None:
    """Return what stands over the picture, or None while it is live.

    ``since_picture`` is the age of the newest picture in seconds, None before the first; ``now`` is monotonic, and
    ``interval`` the seconds between pictures of late, where that is known.
    """
    if status.state is CameraState.LIVE:
        if since_picture is None or since_picture <= _patience(status, interval):
            return None
        return Notice(translate("words", "No picture for {}").format(duration(since_picture)))
    if status.state is CameraState.BACKING_OFF:
        return Notice(_reconnecting(status, since_picture, now), told(status.reason), _action(status))
    last = ""
    if since_picture is not None:
        last = translate("words", "Last picture {} ago").format(duration(since_picture))
    detail = "\n".join(text for text in (told(status.reason), last) if text)
    return Notice(_headline(status.state), detail, _action(status))


def unshown(trouble: str) -> Notice | None:
    """Return what stands over a picture that is old because the newer ones cannot be shown; None where they can."""
    return Notice(translate("words", "Cannot be shown"), told(trouble)) if trouble else None


def state(state: CameraState) -> str:
    """Say how a camera is, in a word."""
    return {
        CameraState.CONNECTING: translate("CameraState", "connecting"),
        CameraState.LIVE: translate("CameraState", "live"),
        CameraState.STALLED: translate("CameraState", "stalled"),
        CameraState.BACKING_OFF: translate("CameraState", "reconnecting"),
        CameraState.AUTH_FAILED: translate("CameraState", "refused"),
        CameraState.ENDED: translate("CameraState", "ended"),
        CameraState.FAILED: translate("CameraState", "failed"),
        CameraState.STOPPED: translate("CameraState", "stopped"),
    }[state]


def _patience(status: CameraStatus, interval: float | None) -> float:
    fps = status.info.fps if status.info else None
    # What is declared is a promise, and in the dark no camera keeps it.
    return max(_STALE_AFTER, _STALE_FRAMES / fps if fps else 0.0, _STALE_FRAMES * (interval or 0.0))


def _headline(state: CameraState) -> str:
    return {
        CameraState.CONNECTING: translate("words", "Connecting…"),
        CameraState.STALLED: translate("words", "The picture has stopped"),
        CameraState.AUTH_FAILED: translate("words", "Access refused"),
        CameraState.ENDED: translate("words", "Ended"),
        CameraState.FAILED: translate("words", "Cannot be shown"),
        CameraState.STOPPED: translate("words", "Stopped"),
    }[state]


def _reconnecting(status: CameraStatus, since_picture: float | None, now: float) -> str:
    wait = (status.retry_at or now) - now
    if since_picture is None:
        words = translate("words", "Reconnecting in {} s") if wait >= 1 else translate("words", "Reconnecting…")
        return words.format(f"{wait:.0f}")
    if wait >= 1:
        words = translate("words", "No picture for {since}, reconnecting in {wait} s")
    else:
        words = translate("words", "No picture for {since}, reconnecting…")
    return words.format(since=duration(since_picture), wait=f"{wait:.0f}")


def _action(status: CameraStatus) -> str:
    if status.state is CameraState.ENDED:
        return translate("words", "Play again")
    waits = status.retry_at is not None and status.retry_at - status.since >= _WORTH_A_BUTTON
    return translate("words", "Retry now") if waits or status.state in RETRIED_ON_DEMAND else ""


def model_name(model: str) -> str:
    """Return what a model is called in few words, without secrets: a file without its folder, a server's address."""
    name = concealed(model).replace("\\", "/")
    return name if "://" in name else name.rpartition("/")[2] or name


def model(detector: Detector | None, loading: str, waited: float = 0.0) -> str:
    """Say which model works, or is being loaded, and where: ``yolox_nano.onnx · CPU``.

    ``waited`` are the seconds that it has been loaded for.
    """
    if loading:
        words = translate("words", "loading {}…").format(model_name(loading))
        return words if waited < 1 else f"{words} {duration(waited)}"
    if detector is None:
        return ""
    where = runs_on(detector)
    # The address of a server says where it is.
    return detector.name if not where or where in detector.name else f"{detector.name} · {where}"


def runs_on(detector: Detector) -> str:
    """Say what really runs a model; empty where that is not known."""
    return detectors.runs_on(detector)


def model_notice(detector: Detector) -> str:
    """Return what is to be said of a model although it works."""
    return told(detectors.notice(detector))


def recording(progress: RecordingProgress) -> str:
    """Say of a recording what is to be known beside its length: ``12.3 MB · 2 pictures dropped · closing``."""
    dropped = ""
    if progress.dropped:
        dropped = translate("words", "{} dropped").format(progress.dropped)
    return " · ".join(part for part in (size(progress.bytes), dropped, told(progress.words)) if part)


def duration(seconds: float) -> str:
    """Write a span of time as people say it: ``8 s``, ``3 min``, ``2 h 5 min``."""
    if seconds < 60:
        return translate("words", "{} s").format(int(seconds))
    hours, minutes = divmod(int(seconds // 60), 60)
    if hours == 0:
        return translate("words", "{} min").format(minutes)
    return translate("words", "{} h {} min").format(hours, minutes)


def frozen(behind: float) -> str:
    """Say that the picture stands, and by how much: ``frozen · 12 s behind``."""
    return translate("words", "frozen · {} behind").format(duration(behind))
