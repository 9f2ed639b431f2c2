"""The operator's preferences: shown, kept, and put into effect at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from livevision.ui.preferences.dialog import PreferencesDialog
from livevision.ui.preferences.places import Places
from livevision.ui.theme import Theme, apply_theme
from livevision.workspace.folders import preferences_path, workspace_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livevision.inference.detector import Detector
    from livevision.ui.main_window import MainWindow
    from livevision.workspace.preferences import Preferences


def known_classes(detectors: Iterable[Detector | None]) -> tuple[str, ...] | None:
    """Return what these can find; None where there are none, or one does not say."""
    lists = [detector.classes for detector in detectors if detector is not None]
    if not lists or None in lists:
        return None
    return tuple(dict.fromkeys(name for names in lists if names for name in names))


class Preferring(QObject):
    """Puts what is preferred into effect."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._theme = Theme.DARK
        QApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def show_dialog(self) -> None:
        """Show what can be preferred; there is nothing to apply."""
        window = self._window
        places = Places(preferences_path(), window.desk.place or workspace_path(), window.app.output)
        known = known_classes(tile.camera.session.detector for tile in window.grid.tiles)
        dialog = PreferencesDialog(window.desk.preferences, places, window, known)
        dialog.changed.connect(self._take)
        dialog.show()

    def apply(self) -> None:
        """Put the desk's preferences into effect, but the language: menus are written once, when the window opens."""
        preferences = self._window.desk.preferences
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme = Theme(preferences.theme)
        if theme is not self._theme:
            self._theme = theme
            apply_theme(application, theme)
        if preferences.output_folder and self._window.desk.place is not None:
            self._window.app.output = Path(preferences.output_folder)
        for model in preferences.allowed_python_models:
            self._window.app.detectors.trust(model)
        self._window.cameras.apply_preferences()

    def ask_to_allow(self, model: str) -> None:
        """Say that a model is Python code which nobody said yes to, and offer to."""
        words = self.tr("{} is Python code, which can do whatever you can. It runs once you allow it.").format(model)
        self._window.messages.warn(words, (self.tr("Allow"), partial(self._allow, model)))

    def _allow(self, model: str) -> None:
        window = self._window
        window.app.detectors.trust(model)
        window.cameras.load_again(model)
        window.desk.prefer(window.desk.preferences.with_allowed(model))

    def _take(self, preferences: Preferences) -> None:
        desk = self._window.desk
        # What was opened and closed while the dialog stands there is not among what it shows.
        desk.prefer(preferences.but(recent_cameras=desk.preferences.recent_cameras))
        self.apply()

    def _system_changed(self) -> None:
        application = QApplication.instance()
        if self._theme is Theme.SYSTEM and isinstance(application, QApplication):
            apply_theme(application, self._theme)
