"""What the windows look like, and which language they speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from livevision.ui.panel.controls import Choice
from livevision.ui.preferences.page import Page, put
from livevision.ui.translation import languages, own_name

if TYPE_CHECKING:
    from livevision.ui.preferences.editing import PreferencesEditing
    from livevision.workspace.preferences import Preferences


class AppearancePage(Page):
    """Theme, language, and the figures on tiles."""

    def __init__(self, editing: PreferencesEditing) -> None:
        super().__init__(editing)
        self.heading.setText(self.tr("Appearance"))
        self.theme = Choice(self.tr("Theme"))
        self.theme.offer(
            (
                ("system", self.tr("As the system")),
                ("dark", self.tr("Dark")),
                ("light", self.tr("Light")),
            )
        )
        self.language = Choice(self.tr("Language"))
        self.language.offer([("", self.tr("As the system")), *((each, own_name(each)) for each in languages())])
        self.monitor = Choice(self.tr("Figures on tiles"))
        self.monitor.offer(
            (
                ("compact", self.tr("One line")),
                ("full", self.tr("With curves")),
                ("off", self.tr("None")),
            )
        )
        self.row(self.tr("Theme"), self.theme)
        self.row(self.tr("Language"), self.language, self.tr("Takes effect when livevision is started again."))
        self.row(
            self.tr("Figures on tiles"),
            self.monitor,
            self.tr("Frames a second and their age, for cameras that say nothing else."),
        )
        self.screen_on = QCheckBox(self.tr("Keep the screen on while a camera is watched"))
        self.row(
            self.tr("Screen"),
            self.screen_on,
            self.tr("As long as a live picture or a playing recording can be seen, and always in kiosk mode."),
        )
        self.screen_on.toggled.connect(lambda on: editing.change(keep_screen_on=on))
        self.theme.chosen.connect(lambda theme: editing.change(theme=theme))
        self.language.chosen.connect(lambda language: editing.change(language=language))
        self.monitor.chosen.connect(lambda monitor: editing.change(monitor=monitor))

    def fill(self, preferences: Preferences) -> None:
        """Show what is chosen; a language that is not there, as the system's."""
        self.theme.put(preferences.theme)
        known = preferences.language in self.language.values
        base = preferences.language.replace("-", "_").partition("_")[0]
        self.language.put(preferences.language if known else base if base in self.language.values else "")
        self.monitor.put(preferences.monitor)
        put(self.screen_on, preferences.keep_screen_on)
