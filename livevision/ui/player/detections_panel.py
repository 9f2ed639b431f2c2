"""What was detected, by what, and which of it is shown: chosen afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSlider, QVBoxLayout, QWidget

from livevision.inference.filter import DetectionFilter
from livevision.overlay import class_colour

if TYPE_CHECKING:
    from livevision.recording.sidecar_header import SidecarHeader

_WIDTH = 236
_LONGEST_NAME = 140
_SWATCH = 12
_MOST_CLASSES = 100
"""Check boxes; what a model knows beyond that is shown, without one."""


class DetectionsPanel(QWidget):
    """Confidence and classes; ``changed`` says that ``keep`` is another one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self.made_by = _wrapped("")
        self.confidence = QSlider(Qt.Orientation.Horizontal)
        self.confidence.setAccessibleName(self.tr("Least confidence"))
        self.confidence.setRange(0, 100)
        self.percent = QLabel()
        self.floor = _wrapped("")
        self.classes: list[QCheckBox] = []
        self._all_known = True
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(8)
        self.confidence.valueChanged.connect(self._confidence_changed)
        self._lay_out()

    @property
    def keep(self) -> DetectionFilter:
        """What is chosen."""
        chosen = frozenset(box.property("class_name") for box in self.classes if box.isChecked())
        everything = len(chosen) == len(self.classes)
        # A percent is a step of the slider; what was rounded to it must not fall through.
        confidence = max(0.0, self.confidence.value() / 100 - 1e-6)
        return DetectionFilter(confidence, None if everything else chosen)

    def fill(self, header: SidecarHeader, classes: tuple[str, ...]) -> None:
        """Offer what a recording has."""
        self.made_by.setText("\n".join(filter(None, (header.model or self.tr("Model not known"), header.runs_on))))
        floor = header.floor if header.floor is not None else (header.confidence or 0.0)
        self.confidence.setMinimum(round(floor * 100))
        self.confidence.setValue(round(max(floor, header.confidence or 0.0) * 100))
        self.floor.setText(self.tr("Recorded from {floor:.0f} % on: there is nothing below.").format(floor=100 * floor))
        self.floor.setVisible(floor > 0)
        self._confidence_changed(self.confidence.value())
        for name in classes[:_MOST_CLASSES]:
            words = name or self.tr("without a name")
            box = QCheckBox(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, _LONGEST_NAME))
            box.setAccessibleName(words)
            box.setToolTip(words)
            box.setProperty("class_name", name)
            box.setIcon(_swatch(QColor(*class_colour(name).as_rgb()), self.devicePixelRatioF()))
            box.setChecked(True)
            box.toggled.connect(self.changed)
            self.classes.append(box)
            self._boxes.addWidget(box)
        self.changed.emit()

    def _confidence_changed(self, value: int) -> None:
        self.percent.setText(f"{value} %")
        self.changed.emit()

    def _choose_all(self, chosen: bool) -> None:
        for box in self.classes:
            box.blockSignals(True)
            box.setChecked(chosen)
            box.blockSignals(False)
        self.changed.emit()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(_title(self.tr("Detections")))
        self.made_by.setProperty("role", "muted")
        layout.addWidget(self.made_by)
        layout.addSpacing(8)
        line = QHBoxLayout()
        line.addWidget(_title(self.tr("Confidence")))
        line.addStretch()
        line.addWidget(self.percent)
        layout.addLayout(line)
        layout.addWidget(self.confidence)
        self.floor.setProperty("role", "muted")
        layout.addWidget(self.floor)
        layout.addSpacing(8)
        line = QHBoxLayout()
        line.addWidget(_title(self.tr("Classes")))
        line.addStretch()
        for words, chosen in ((self.tr("All"), True), (self.tr("None"), False)):
            button = QPushButton(words)
            button.setProperty("role", "tool")
            button.clicked.connect(lambda _=False, chosen=chosen: self._choose_all(chosen))
            line.addWidget(button)
        layout.addLayout(line)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 4, 0, 0)
        column.addLayout(self._boxes)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(scroll, 1)


def _title(words: str) -> QLabel:
    label = QLabel(words)
    label.setStyleSheet("font-weight: 600;")
    return label


def _wrapped(words: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    # It comes out of a file.
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _swatch(colour: QColor, ratio: float) -> QIcon:
    side = round(_SWATCH * ratio)
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(square.rect(), 3 * ratio, 3 * ratio)
    painter.end()
    square.setDevicePixelRatio(ratio)
    return QIcon(square)
