"""What an operator likes, whatever is watched.  ``preferences.toml`` holds it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from livevision.workspace.camera_settings import MonitorStyle, PrivacySettings
from livevision.workspace.recording_settings import RecordingDefaults
from livevision.workspace.settings import Address, Document, FolderPath, Name, Word

MOST_RECENT = 10


class Preferences(Document):
    """One person's habits on one computer."""

    version: Literal[1] = 1
    """Of the file's form."""
    language: Word = ""
    """As in de or en_GB; empty: the system's."""
    theme: Literal["system", "dark", "light"] = "system"
    startup: Literal["reopen", "empty"] = "reopen"
    """Open with what was there the last time, or with the start page."""
    output_folder: FolderPath = ""
    """For recordings and snapshots; empty: the platform's folder for videos."""
    recording: RecordingDefaults = RecordingDefaults()
    snapshot_format: Literal["png", "jpeg"] = "png"
    lost_after_s: float = Field(default=30, ge=0, le=86_400)
    """Seconds that a camera is lost before the desktop says so; 0: never."""
    privacy: PrivacySettings = PrivacySettings()
    """For cameras that say nothing else."""
    monitor: MonitorStyle = "compact"
    """The FPSMonitor of cameras that say nothing else."""
    cycle_s: float = Field(default=10, ge=1, le=3600)
    """Seconds a page is shown when cycling is switched on."""
    recent_models: tuple[Address, ...] = Field(default=(), max_length=MOST_RECENT, repr=False)
    """The latest first."""
    allowed_python_models: tuple[Name, ...] = Field(default=(), max_length=100)
    """Python models that the operator said yes to; see :mod:`livevision.workspace.python_models`."""

    def with_recent(self, model: str) -> Preferences:
        """Return preferences with ``model`` as the latest."""
        others = tuple(each for each in self.recent_models if each != model)
        return self.but(recent_models=(model, *others)[:MOST_RECENT])

    def with_allowed(self, model: str) -> Preferences:
        """Return preferences that allow the Python model ``model``; of too many the oldest has to be allowed anew."""
        others = tuple(each for each in self.allowed_python_models if each != model)
        return self.but(allowed_python_models=(*others, model)[-100:])
