"""What all sections of the panel have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.ui.panel.facts import CameraFacts
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences


class Part(QWidget):
    """The body of a section.  It shows what it is given, and edits it through ``editing``."""

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = editing

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is set, and where nothing is, what is usual."""

    def tell(self, settings: CameraSettings, facts: CameraFacts) -> None:
        """Show what is so."""

    def summary(self, settings: CameraSettings) -> str:
        """Return what is set in a few words, for the header."""
        return ""

    @property
    def settings(self) -> CameraSettings:
        """What is set at this moment; for slots of controls, which are there only while something is."""
        settings = self._editing.settings
        assert settings is not None
        return settings

    def change(self, what: str, **parts: Any) -> None:
        """Set these fields of the camera's settings."""
        self._editing.change(what, **parts)

    def drag(self, what: str, **parts: Any) -> None:
        """Set them while something is dragged."""
        self._editing.drag(what, **parts)
