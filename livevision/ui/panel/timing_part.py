"""How boxes and pictures come together, and how objects are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.timing import BoxTiming
from livevision.tracking.identities import TrackerChoice
from livevision.ui.panel.controls import Choice, form, label, words
from livevision.ui.panel.part import Part
from livevision.ui.panel.segmented import Segmented

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences

_NAMES = {
    TrackerChoice.BYTETRACK: "ByteTrack",
    TrackerChoice.SORT: "SORT",
    TrackerChoice.OC_SORT: "OC-SORT",
    TrackerChoice.BOT_SORT: "BoT-SORT",
}


class TimingPart(Part):
    """Timing, with what it means, and the tracker."""

    def __init__(self, editing: Editing) -> None:
        super().__init__(editing)
        live = self.tr("The newest picture at once, with boxes moved to where their objects are by now")
        aligned = self.tr("Each picture waits for its own boxes: exact, and a little late")
        newest = self.tr("The newest picture at once, with the newest boxes where their objects were")
        self._meanings = {BoxTiming.LIVE: live, BoxTiming.ALIGNED: aligned, BoxTiming.AS_THEY_COME: newest}
        self.timing = Segmented(
            self.tr("Timing of boxes"),
            (
                (BoxTiming.LIVE, self.tr("Live"), live),
                (BoxTiming.ALIGNED, self.tr("Aligned"), aligned),
                (BoxTiming.AS_THEY_COME, self.tr("As they come"), newest),
            ),
        )
        self.meaning = words("muted")
        self.tracker = Choice(self.tr("Tracker"))
        self.tracker.offer(
            (
                ("", self.tr("Usual")),
                (TrackerChoice.OFF.value, self.tr("Off: no identities")),
                *((each.value, name) for each, name in _NAMES.items()),
            )
        )
        layout = form()
        self.setLayout(layout)
        layout.addRow(self.timing)
        layout.addRow(self.meaning)
        layout.addRow(label(self.tr("Tracker"), self.tracker), self.tracker)
        self.timing.chosen.connect(self._choose_timing)
        self.tracker.chosen.connect(lambda name: self.change(self.tr("Tracker"), tracker=name))

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is set."""
        timing = BoxTiming(settings.timing)
        self.timing.choose(timing)
        hides = bool((settings.privacy or preferences.privacy).classes)
        waits = self.tr("While somebody is hidden, each picture waits for its own boxes, whatever is chosen here")
        self.meaning.setText(waits if hides else self._meanings[timing])
        self.tracker.put(settings.tracker)

    def summary(self, settings: CameraSettings) -> str:
        """Return the timing."""
        return self.timing.segment(BoxTiming(settings.timing)).text()

    def _choose_timing(self, timing: BoxTiming) -> None:
        self.change(self.tr("Timing"), timing=timing.value)
