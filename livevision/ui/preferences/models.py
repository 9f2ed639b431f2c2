"""Models that are remembered, and Python code that may be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.ui.preferences.name_list import NameList
from livevision.ui.preferences.page import Page
from livevision.url_secrets import concealed

if TYPE_CHECKING:
    from livevision.ui.preferences.editing import PreferencesEditing
    from livevision.workspace.preferences import Preferences


class ModelsPage(Page):
    """Two lists to take something away from."""

    def __init__(self, editing: PreferencesEditing) -> None:
        super().__init__(editing)
        self.heading.setText(self.tr("Models"))
        self.recent = NameList(
            self.tr("Recent models"),
            self.tr("&Remove"),
            self.tr("No model has been used yet. Choose one in a camera's panel."),
        )
        self.allowed = NameList(
            self.tr("Python models that may be run"),
            self.tr("Re&voke"),
            self.tr("None. livevision asks before it runs a model that is Python code."),
        )
        self.below.addWidget(self.recent)
        self.below.addSpacing(6)
        self.below.addWidget(self.allowed)
        self.recent.taken.connect(self._forget)
        self.allowed.taken.connect(self._revoke)

    def fill(self, preferences: Preferences) -> None:
        """Show both lists; addresses without their secrets."""
        self.recent.fill([concealed(model) for model in preferences.recent_models])
        self.allowed.fill(preferences.allowed_python_models)

    def _forget(self, row: int) -> None:
        models = self.editing.preferences.recent_models
        self.editing.change(recent_models=models[:row] + models[row + 1 :])

    def _revoke(self, row: int) -> None:
        models = self.editing.preferences.allowed_python_models
        self.editing.change(allowed_python_models=models[:row] + models[row + 1 :])
