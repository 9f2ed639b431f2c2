"""Where settings are kept, and what happens at the start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from livevision.ui.panel.controls import Choice, words
from livevision.ui.preferences.page import Page

if TYPE_CHECKING:
    from livevision.ui.preferences.editing import PreferencesEditing
    from livevision.workspace.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Places:
    """Which files this window uses."""

    preferences: Path
    workspace: Path
    output: Path
    """Where recordings go when no folder is chosen."""


class FilesPage(Page):
    """Two paths with a button that opens their folder."""

    def __init__(self, editing: PreferencesEditing, places: Places) -> None:
        super().__init__(editing)
        self.heading.setText(self.tr("Files"))
        self.startup = Choice(self.tr("At the start"))
        self.startup.offer(
            (
                ("reopen", self.tr("What was open the last time")),
                ("empty", self.tr("The start page")),
            )
        )
        self.row(self.tr("At the start, show"), self.startup)
        self.startup.chosen.connect(lambda startup: editing.change(startup=startup))
        self.open_preferences = self._place(self.tr("Preferences"), places.preferences)
        self.open_workspace = self._place(self.tr("Workspace"), places.workspace)
        self.below.addWidget(
            self.explained(
                self.tr("The workspace holds cameras and layouts. Both are text files; no password is in them.")
            )
        )

    def fill(self, preferences: Preferences) -> None:
        """Show what happens at the start."""
        self.startup.put(preferences.startup)

    def _place(self, name: str, path: Path) -> QPushButton:
        shown = words()
        shown.setText(str(path))
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setAccessibleName(f"{name}: {path}")
        button = QPushButton(self.tr("Open folder"))
        button.setAutoDefault(False)
        button.setAccessibleName(self.tr("Open the folder of {name}").format(name=name))
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))))
        beside = QHBoxLayout()
        beside.setSpacing(10)
        beside.addWidget(shown, 1)
        beside.addWidget(button)
        self.wide_row(name, beside, button)
        return button
