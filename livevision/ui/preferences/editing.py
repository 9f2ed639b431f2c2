"""The preferences that are being edited, and the only way in which they change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from livevision.errors import SettingsError
from livevision.ui.translation import told
from livevision.workspace.preferences import Preferences


class PreferencesEditing(QObject):
    """``changed`` gives new preferences as soon as a control is moved."""

    changed = Signal(object)

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = preferences

    def change(self, **parts: Any) -> str:
        """Set these fields; return what is wrong with them, or nothing."""
        try:
            preferences = self.preferences.but(**parts)
        except SettingsError as error:
            return told(error.text)
        if preferences != self.preferences:
            self.preferences = preferences
            self.changed.emit(preferences)
        return ""

    def change_recording(self, **parts: Any) -> str:
        """Set these fields of what is usual for recordings; as :meth:`change`."""
        try:
            recording = self.preferences.recording.but(**parts)
        except SettingsError as error:
            return told(error.text)
        return self.change(recording=recording)
