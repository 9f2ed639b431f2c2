"""This computer's own screen, or a part of it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QComboBox, QSpinBox, QVBoxLayout, QWidget

from livevision.sources.options import LARGEST, SMALLEST
from livevision.sources.schemes import SCREEN
from livevision.ui.add_camera.page import Form, SourcePage, muted
from livevision.ui.number_box import WholeBox, indent

_RATES = (5, 10, 15, 25, 30, 60)
_USUAL_RATE = 15


class Extent(Enum):
    """How much of the screen."""

    WHOLE = "whole"
    PART = "part"


class ScreenPage(SourcePage):
    """All of it, or where it begins and how large it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.extent = QComboBox()
        self.extent.setAccessibleName(self.tr("How much of the screen"))
        self.extent.addItem(self.tr("The whole screen"), Extent.WHOLE)
        self.extent.addItem(self.tr("A part of it"), Extent.PART)
        self.left = self._pixels(self.tr("Left"), 0, LARGEST[0], 0)
        self.top = self._pixels(self.tr("Top"), 0, LARGEST[1], 0)
        self.part_width = self._pixels(self.tr("Width"), SMALLEST[0], LARGEST[0], 1280)
        self.part_height = self._pixels(self.tr("Height"), SMALLEST[1], LARGEST[1], 720)
        self.rate = QComboBox()
        self.rate.setAccessibleName(self.tr("Pictures a second"))
        for rate in _RATES:
            self.rate.addItem(str(rate), rate)
        self.rate.setCurrentIndex(_RATES.index(_USUAL_RATE))
        self.rate.currentIndexChanged.connect(self.changed)
        self.extent.currentIndexChanged.connect(self._extent_chosen)
        self.setFocusProxy(self.extent)
        self._lay_out()
        self._extent_chosen()

    def sources(self) -> tuple[str, ...]:
        """Return what the registry reads the screen by."""
        options = [f"fps={self.rate.currentData()}"]
        if self.extent.currentData() is Extent.PART:
            options.append(f"size={self.part_width.value()}x{self.part_height.value()}")
            options.append(f"at={self.left.value()},{self.top.value()}")
        return (f"{SCREEN}?{'&'.join(options)}",)

    def _extent_chosen(self) -> None:
        self._edges.setVisible(self.extent.currentData() is Extent.PART)
        self.changed.emit()

    def _pixels(self, name: str, least: int, most: int, value: int) -> QSpinBox:
        box = WholeBox()
        box.setRange(least, most)
        box.setValue(value)
        box.setSuffix(self.tr(" px"))
        box.setAccessibleName(name)
        indent(box)
        box.valueChanged.connect(self.changed)
        return box

    def _lay_out(self) -> None:
        self._edges = QWidget()
        edges = Form()
        for box in (self.left, self.top, self.part_width, self.part_height):
            edges.add_row(box.accessibleName(), box, wide=False)
        self._edges.setLayout(edges)
        fields = Form()
        fields.add_row(self.tr("What to &show"), self.extent, wide=False)
        fields.addWidget(self._edges, fields.rowCount(), 1)
        fields.add_row(self.tr("Pictures a s&econd"), self.rate, wide=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(muted(self.tr("What another program shows becomes a camera: a conference, or a browser.")))
        layout.addLayout(fields)
        layout.addStretch()
