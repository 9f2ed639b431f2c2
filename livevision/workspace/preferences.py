"""What an operator likes, whatever is watched.  ``preferences.toml`` holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from livevision.workspace.camera_settings import CameraSettings, MonitorStyle, PrivacySettings
from livevision.workspace.recording_settings import RecordingDefaults
from livevision.workspace.settings import Address, Document, FolderPath, Name, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_RECENT = 10
_CAMERAS = "recent_cameras"


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
    keep_screen_on: bool = True
    """Whether the screen stays on while a camera is watched."""
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
    recent_cameras: tuple[CameraSettings, ...] = Field(default=(), max_length=MOST_RECENT, repr=False)
    """The latest first, with all that was set for them: whoever was hidden is hidden when one is opened again."""
    allowed_python_models: tuple[Name, ...] = Field(default=(), max_length=100)
    """Python models that the operator said yes to; see :mod:`livevision.workspace.python_models`."""

    @classmethod
    def bounded(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Leave out the oldest cameras where two windows had more together than there may be."""
        cameras = data.get(_CAMERAS)
        if not isinstance(cameras, list):
            return data
        # What both opened is one.
        once: dict[str, Any] = {}
        for camera in cameras:
            once.setdefault(camera["source"], camera)
        return data | {_CAMERAS: list(once.values())[:MOST_RECENT]}

    def with_recent(self, model: str) -> Preferences:
        """Return preferences with ``model`` as the latest."""
        others = tuple(each for each in self.recent_models if each != model)
        return self.but(recent_models=(model, *others)[:MOST_RECENT])

    def with_recent_camera(self, camera: CameraSettings) -> Preferences:
        """Return preferences with ``camera`` as the latest; one with its source is that camera."""
        others = (each for each in self.recent_cameras if each.source != camera.source and each.id != camera.id)
        return self.but(recent_cameras=(camera, *others)[:MOST_RECENT])

    def with_settings_of(self, cameras: Iterable[CameraSettings]) -> Preferences:
        """Return preferences in which recent cameras have the settings that they have among ``cameras``."""
        now = {camera.source: camera for camera in cameras}
        return self.but(recent_cameras=tuple(now.get(each.source, each) for each in self.recent_cameras))

    def with_allowed(self, model: str) -> Preferences:
        """Return preferences that allow the Python model ``model``; of too many the oldest has to be allowed anew."""
        others = tuple(each for each in self.allowed_python_models if each != model)
        return self.but(allowed_python_models=(*others, model)[-100:])
