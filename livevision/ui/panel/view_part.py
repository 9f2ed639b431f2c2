"""How a camera's picture is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox

from livevision.ui.panel.controls import Choice, form, label
from livevision.ui.panel.part import Part
from livevision.ui.panel.segmented import Segmented

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences


class ViewPart(Part):
    """Turning, mirroring, fitting, boxes and monitor."""

    def __init__(self, editing: Editing) -> None:
        super().__init__(editing)
        self.rotate = Segmented(
            self.tr("Turn the picture"),
            tuple((turn, f"{turn}°", self.tr("Clockwise by {turn}°").format(turn=turn)) for turn in (0, 90, 180, 270)),
        )
        self.mirror = QCheckBox(self.tr("Mirror left and right"))
        self.fit = Segmented(
            self.tr("Fit"),
            (
                ("fit", self.tr("Whole picture"), self.tr("All of it, with bars where it is narrower")),
                ("fill", self.tr("Fill the tile"), self.tr("No bars; what does not fit is cut")),
            ),
        )
        self.boxes = QCheckBox(self.tr("Show boxes"))
        self.monitor = Choice(self.tr("FPS monitor"))
        layout = form()
        self.setLayout(layout)
        layout.addRow(label(self.tr("Turn"), self.rotate), self.rotate)
        layout.addRow("", self.mirror)
        layout.addRow(label(self.tr("Fit"), self.fit), self.fit)
        layout.addRow(label(self.tr("FPS monitor"), self.monitor), self.monitor)
        layout.addRow("", self.boxes)
        self.rotate.chosen.connect(lambda turn: self._set(self.tr("Turning"), rotate=turn))
        self.mirror.toggled.connect(lambda is_on: self._set(self.tr("Mirroring"), mirror=is_on))
        self.fit.chosen.connect(lambda fit: self._set(self.tr("Fit"), fit=fit))
        self.boxes.toggled.connect(lambda is_on: self._set(self.tr("Boxes"), boxes=is_on))
        self.monitor.chosen.connect(lambda style: self._set(self.tr("FPS monitor"), monitor=style))

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is set."""
        view = settings.view
        styles = {"compact": self.tr("Compact"), "full": self.tr("Full, with curves"), "off": self.tr("Off")}
        usual = self.tr("Usual ({what})").format(what=styles[preferences.monitor].lower())
        self.monitor.offer(((None, usual), *styles.items()))
        self.monitor.put(view.monitor)
        self.rotate.choose(view.rotate)
        self.mirror.setChecked(view.mirror)
        self.fit.choose(view.fit)
        self.boxes.setChecked(view.boxes)

    def summary(self, settings: CameraSettings) -> str:
        """Return what is not as the camera sends it."""
        view = settings.view
        parts = [f"{view.rotate}°" if view.rotate else "", self.tr("mirrored") if view.mirror else ""]
        return ", ".join(filter(None, parts))

    def _set(self, what: str, **parts: Any) -> None:
        if self._editing.settings is not None:
            self.change(what, view={**dict(self.settings.view), **parts})
