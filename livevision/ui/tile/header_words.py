"""What a tile's header says of its camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from livevision.recording.wording import clock
from livevision.sources.status import CameraState
from livevision.ui import words
from livevision.ui.translation import told

if TYPE_CHECKING:
    from livevision.cameras import Camera

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """What a header says beside the name; empty is what there is nothing to say of."""

    state: CameraState = CameraState.CONNECTING
    model: str = ""
    box_age: str = ""
    trouble: str = ""
    recording: str = ""
    """How long it is by now: all that is to be known at a glance."""
    details: str = ""
    """Of the recording; only for those who ask."""
    figures: str = ""
    """Those of an FPS monitor that there is no room for; only for those who ask."""

    @property
    def line(self) -> str:
        """All of it but the figures in one line."""
        recording = f"REC {self.recording}" if self.recording else ""
        parts = (words.state(self.state), self.model, self.box_age, recording, self.details, self.trouble)
        return " · ".join(part for part in parts if part)


def header_words(camera: Camera, box_age: float | None, figures: str, unshown: str = "") -> HeaderWords:
    """Return what there is to say now; ``box_age`` in seconds, None where it is said elsewhere.

    ``unshown`` says why its pictures, or what was found in them, cannot be shown.
    """
    session, detector = camera.session, camera.session.detector
    progress = camera.recorder.progress if camera.recorder is not None else None
    return HeaderWords(
        session.status.state,
        words.model(detector, camera.loading, camera.loading_s),
        "" if box_age is None else translate("tile", "boxes {} ms").format(f"{box_age * 1000:.0f}"),
        told(camera.trouble or unshown or session.trouble or camera.model_trouble or session.detector_trouble)
        or (words.model_notice(detector) if detector else ""),
        clock(progress.seconds) if progress else "",
        words.recording(progress) if progress else "",
        figures,
    )
