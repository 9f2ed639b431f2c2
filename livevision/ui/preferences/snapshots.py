"""How snapshots are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.ui.panel.controls import Choice
from livevision.ui.preferences.page import Page

if TYPE_CHECKING:
    from livevision.ui.preferences.editing import PreferencesEditing
    from livevision.workspace.preferences import Preferences


class SnapshotsPage(Page):
    """The format."""

    def __init__(self, editing: PreferencesEditing) -> None:
        super().__init__(editing)
        self.heading.setText(self.tr("Snapshots"))
        self.format = Choice(self.tr("Format of snapshots"))
        self.format.offer(
            (
                ("png", self.tr("PNG: every pixel as it is")),
                ("jpeg", self.tr("JPEG: smaller files")),
            )
        )
        self.row(self.tr("Format"), self.format, self.tr("They are kept in the folder for recordings."))
        self.format.chosen.connect(lambda chosen: editing.change(snapshot_format=chosen))

    def fill(self, preferences: Preferences) -> None:
        """Show the format."""
        self.format.put(preferences.snapshot_format)
