"""How boxes look."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QColorDialog, QGridLayout, QLabel, QPushButton

from livevision.errors import SettingsError
from livevision.overlay import Annotator, ColourBy, OverlayStyle
from livevision.ui import swatch
from livevision.ui.panel.controls import Level, form, label, words
from livevision.ui.panel.part import Part
from livevision.ui.panel.segmented import Segmented
from livevision.ui.translation import told
from livevision.workspace.camera_settings import PrivacySettings
from livevision.workspace.overlay_words import overlay_style, overlay_words

if TYPE_CHECKING:
    from livevision.ui.panel.editing import Editing
    from livevision.workspace.camera_settings import CameraSettings
    from livevision.workspace.preferences import Preferences

_LEAST, _MOST = 25, 400
"""Percent of what fits the picture's size."""


class LooksPart(Part):
    """Annotators in groups, two sizes, and what colours stand for."""

    def __init__(self, editing: Editing) -> None:
        super().__init__(editing)
        self.annotators: dict[Annotator, QCheckBox] = {}
        self.trouble = words("warning")
        self.thickness = Level(self.tr("Thickness of lines"), _LEAST, _MOST)
        self.text = Level(self.tr("Size of text"), _LEAST, _MOST)
        self.colour_by = Segmented(
            self.tr("Colour"),
            (
                (ColourBy.CLASS, self.tr("Class"), self.tr("A colour for each class")),
                (ColourBy.IDENTITY, self.tr("Object"), self.tr("A colour for each object that is followed")),
                (ColourBy.ONE, self.tr("One"), self.tr("One colour for all")),
            ),
        )
        self.colour = QPushButton()
        self.colour.setAccessibleName(self.tr("The one colour"))
        layout = form()
        self.setLayout(layout)
        layout.addRow(self.trouble)
        layout.addRow(self._grid())
        layout.addRow(label(self.tr("Lines"), self.thickness), self.thickness)
        layout.addRow(label(self.tr("Text"), self.text), self.text)
        layout.addRow(label(self.tr("Colour by"), self.colour_by), self.colour_by)
        layout.addRow("", self.colour)
        self._layout = layout
        self.thickness.moved.connect(lambda percent: self._drag(self.tr("Thickness"), thickness=percent / 100))
        self.text.moved.connect(lambda percent: self._drag(self.tr("Size of text"), text=percent / 100))
        self.colour_by.chosen.connect(lambda by: self._set(self.tr("Colours"), colour_by=by))
        self.colour.clicked.connect(self._ask_for_colour)

    def fill(self, settings: CameraSettings, preferences: Preferences) -> None:
        """Show what is set; where it cannot be understood, what is usual, and why."""
        try:
            overlay_style(settings.overlay, PrivacySettings())
        except SettingsError as error:
            self.trouble.setText(f"⚠ {told(error.text)}")
        else:
            self.trouble.setText("")
        self.trouble.setVisible(bool(self.trouble.text()))
        style = _style(settings)
        for annotator, box in self.annotators.items():
            box.setChecked(annotator in style.annotators)
        self.thickness.put(round(style.thickness * 100))
        self.text.put(round(style.text * 100))
        self.colour_by.choose(style.colour_by)
        self.colour.setText(style.colour)
        self.colour.setIcon(swatch.swatch(QColor(style.colour), self))
        self._layout.setRowVisible(self.colour, style.colour_by is ColourBy.ONE)

    def summary(self, settings: CameraSettings) -> str:
        """Return the first of what is drawn."""
        chosen = [box.text() for each, box in self.annotators.items() if each in _style(settings).annotators]
        return ", ".join(chosen[:2]) + (" …" if len(chosen) > 2 else "")

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        row = 0
        for title, annotators in self._groups():
            heading = QLabel(title)
            heading.setProperty("role", "muted")
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for number, (annotator, name) in enumerate(annotators.items()):
                box = QCheckBox(name)
                box.toggled.connect(lambda is_on, each=annotator: self._toggle(each, is_on))
                self.annotators[annotator] = box
                grid.addWidget(box, row + number // 2, number % 2)
            row += (len(annotators) + 1) // 2
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _groups(self) -> tuple[tuple[str, dict[Annotator, str]], ...]:
        return (
            (
                self.tr("Around objects"),
                {
                    Annotator.BOX: self.tr("Box"),
                    Annotator.ROUND_BOX: self.tr("Round box"),
                    Annotator.CORNERS: self.tr("Corners"),
                    Annotator.ORIENTED_BOX: self.tr("Oriented box"),
                },
            ),
            (
                self.tr("At objects"),
                {
                    Annotator.LABEL: self.tr("Label"),
                    Annotator.RICH_LABEL: self.tr("Two-line label"),
                    Annotator.DOT: self.tr("Dot"),
                    Annotator.TRIANGLE: self.tr("Triangle"),
                    Annotator.ELLIPSE: self.tr("Ellipse"),
                },
            ),
            (
                self.tr("Outlines"),
                {
                    Annotator.MASK: self.tr("Mask"),
                    Annotator.POLYGON: self.tr("Polygon"),
                    Annotator.HALO: self.tr("Halo"),
                    Annotator.KEYPOINTS: self.tr("Skeleton"),
                },
            ),
            (
                self.tr("Over time"),
                {Annotator.TRACE: self.tr("Trace"), Annotator.HEAT_MAP: self.tr("Heat map")},
            ),
            (
                self.tr("Hide everything found"),
                {Annotator.BLUR: self.tr("Blur"), Annotator.PIXELATE: self.tr("Pixelate")},
            ),
        )

    def _toggle(self, annotator: Annotator, is_on: bool) -> None:
        if self._editing.settings is None:
            return
        chosen = _style(self.settings).annotators
        self._set(self.tr("Looks"), annotators=chosen | {annotator} if is_on else chosen - {annotator})

    def _set(self, what: str, **parts: Any) -> None:
        if self._editing.settings is not None:
            self.change(what, overlay=overlay_words(replace(_style(self.settings), **parts)))

    def _drag(self, what: str, **parts: Any) -> None:
        if self._editing.settings is not None:
            self.drag(what, overlay=overlay_words(replace(_style(self.settings), **parts)))

    def _ask_for_colour(self) -> None:
        dialog = QColorDialog(QColor(_style(self.settings).colour), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self._set(self.tr("Colours"), colour=colour.name()))
        dialog.open()


def _style(settings: CameraSettings) -> OverlayStyle:
    try:
        return overlay_style(settings.overlay, PrivacySettings())
    except SettingsError:
        return OverlayStyle()
