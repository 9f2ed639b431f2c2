"""Which detections are left out: too small, too many, one over the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livevision.ui.panel.controls import form, label, put, spin
from livevision.ui.panel.part import Part

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences

_AS_THE_MODEL = -1


class LimitsPart(Part):
    """Smallest size, overlap, most."""

    def __init__(self, editing: Editing) -> None:
        super().__init__(editing)
        self.least_side = spin(self.tr("Smallest side of a box"), 0, 16384, self.tr(" px"))
        self.least_side.setSpecialValueText(self.tr("any"))
        self.overlap = spin(self.tr("Overlap from which the less sure of two boxes goes"), _AS_THE_MODEL, 100, " %")
        self.overlap.setSpecialValueText(self.tr("as the model has it"))
        self.most = spin(self.tr("Most boxes on a picture"), 1, 10_000, "")
        layout = form()
        self.setLayout(layout)
        layout.addRow(label(self.tr("Smallest side"), self.least_side), self.least_side)
        layout.addRow(label(self.tr("Overlap (IoU)"), self.overlap), self.overlap)
        layout.addRow(label(self.tr("At most"), self.most), self.most)
        self.least_side.valueChanged.connect(lambda px: self._filter(self.tr("Smallest side"), least_side_px=px))
        self.overlap.valueChanged.connect(self._set_overlap)
        self.most.valueChanged.connect(lambda most: self._filter(self.tr("Most boxes"), most=most))

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is set."""
        keep = settings.filter
        put(self.least_side, round(keep.least_side_px))
        put(self.overlap, _AS_THE_MODEL if keep.iou is None else round(keep.iou * 100))
        put(self.most, keep.most)

    def _set_overlap(self, percent: int) -> None:
        self._filter(self.tr("Overlap"), iou=None if percent == _AS_THE_MODEL else percent / 100)

    def _filter(self, what: str, **parts: Any) -> None:
        if self._editing.settings is not None:
            self.drag(what, filter={**dict(self.settings.filter), **parts})
