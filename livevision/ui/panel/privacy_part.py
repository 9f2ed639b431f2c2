"""Whom nobody may recognise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout

from livevision.inference.sought import WHATEVER_MOVES
from livevision.ui.panel.controls import words
from livevision.ui.panel.facts import CameraFacts
from livevision.ui.panel.hidden_picker import HiddenPicker
from livevision.ui.panel.part import Part
from livevision.ui.panel.segmented import Segmented
from livevision.workspace.camera_settings import PrivacySettings

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences


class PrivacyPart(Part):
    """Classes to hide, and how.  As in the preferences, until something else is chosen here."""

    def __init__(self, editing: Editing) -> None:
        super().__init__(editing)
        self.origin = words("muted")
        self.style_choice = Segmented(
            self.tr("How objects are hidden"),
            (
                ("blur", self.tr("Blur"), self.tr("A blot without details")),
                ("pixelate", self.tr("Pixelate"), self.tr("A few large blocks")),
            ),
        )
        self.picker = HiddenPicker(self.tr("Hide these"))
        self.classes = self.picker.classes
        self.usual = QPushButton(self.tr("As in the preferences"))
        self._facts = CameraFacts()
        self._shown = PrivacySettings()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.setSpacing(8)
        for part in (self.origin, self.picker, QLabel(self.tr("How")), self.style_choice, self.usual):
            layout.addWidget(part)
        self.picker.chosen.connect(lambda names: self._set(classes=names))
        self.style_choice.chosen.connect(lambda style: self._set(style=style))
        self.usual.clicked.connect(lambda: self.change(self.tr("Privacy"), privacy=None))

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is set, or else what is usual."""
        self._shown = settings.privacy or preferences.privacy
        is_usual = settings.privacy is None
        self.origin.setText(self.tr("As in the preferences, until you change it here.") if is_usual else "")
        self.origin.setVisible(is_usual)
        self.usual.setVisible(not is_usual)
        self.style_choice.choose(self._shown.style)
        self._show_classes()

    def tell(self, settings: CameraSettings, facts: CameraFacts) -> None:
        """Take the model's classes."""
        if (facts.classes, facts.seen) != (self._facts.classes, self._facts.seen):
            self._facts = facts
            self._show_classes()

    def summary(self, settings: CameraSettings) -> str:
        """Return who is hidden."""
        told = (self.tr("whatever moves") if name == WHATEVER_MOVES else name for name in self._shown.classes)
        return ", ".join(told) or self.tr("nobody hidden")

    def _show_classes(self) -> None:
        self.picker.show_classes(self._shown.classes, self._facts.classes, self._facts.seen)

    def _set(self, **parts: Any) -> None:
        self.change(self.tr("Privacy"), privacy={**self._shown.model_dump(), **parts})
