"""What is usual for cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from livevision.ui.panel.controls import Choice, spin, words
from livevision.ui.panel.hidden_picker import HiddenPicker
from livevision.ui.preferences.page import Page, put, set_role
from livevision.workspace.camera_settings import PrivacySettings

if TYPE_CHECKING:
    from livevision.ui.preferences.editing import PreferencesEditing
    from livevision.workspace.preferences import Preferences

_LONGEST_WAIT = 86_400
_LONGEST_CYCLE = 3600


class CamerasPage(Page):
    """When a lost camera is told, how long a page is shown, and whom nobody may recognise.

    ``known`` are the classes that the models in use can find; None where nobody knows.
    """

    def __init__(self, editing: PreferencesEditing, known: tuple[str, ...] | None) -> None:
        super().__init__(editing)
        self.heading.setText(self.tr("Cameras"))
        self.lost_after = spin(self.tr("Seconds until a lost camera is told"), 0, _LONGEST_WAIT, " s")
        self.lost_after.setSpecialValueText(self.tr("never"))
        self.cycle = spin(self.tr("Seconds that a page is shown"), 1, _LONGEST_CYCLE, " s")
        self._known = known
        self.hidden = HiddenPicker(self.tr("Classes"))
        self.hidden.classes.view.setAccessibleName(self.tr("Classes that are hidden"))
        self.hidden_words = words("muted")
        self.style_of_hiding = Choice(self.tr("How they are hidden"))
        self.style_of_hiding.offer((("blur", self.tr("Blurred")), ("pixelate", self.tr("Pixelated"))))
        self.row(
            self.tr("Tell of lost cameras after"),
            self.lost_after,
            self.tr("The desktop says once that a camera is lost, and when it is back."),
        )
        self.row(self.tr("Show a page for"), self.cycle, self.tr("While pages of cameras change by themselves."))
        beside = QHBoxLayout()
        beside.addWidget(self.hidden)
        self.wide_row(self.tr("Hide"), beside, self.hidden.name, self.hidden_words)
        self.row(self.tr("How"), self.style_of_hiding)
        self.lost_after.valueChanged.connect(lambda seconds: editing.change(lost_after_s=seconds))
        self.cycle.valueChanged.connect(lambda seconds: editing.change(cycle_s=seconds))
        self.hidden.chosen.connect(lambda names: self._set_privacy(classes=names))
        self.style_of_hiding.chosen.connect(lambda style: self._set_privacy(style=style))

    def fill(self, preferences: Preferences) -> None:
        """Show what is usual."""
        put(self.lost_after, round(preferences.lost_after_s))
        put(self.cycle, round(preferences.cycle_s))
        self.hidden.show_classes(preferences.privacy.classes, self._known, ())
        self._say_of_hidden("")
        self.style_of_hiding.put(preferences.privacy.style)

    def _set_privacy(self, **parts: object) -> None:
        privacy = {name: getattr(self.editing.preferences.privacy, name) for name in PrivacySettings.model_fields}
        self._say_of_hidden(self.editing.change(privacy=privacy | parts))

    def _say_of_hidden(self, trouble: str) -> None:
        usual = self.tr("On the screen and in recordings. A camera may say something else.")
        self.hidden_words.setText(f"⚠ {trouble}" if trouble else usual)
        set_role(self.hidden_words, "bad" if trouble else "muted")
