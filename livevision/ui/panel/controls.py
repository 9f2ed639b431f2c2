"""Controls that several sections have: a level, a choice, a form.  None takes a wheel that only passes over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from livevision.ui.number_box import DecimalBox, WholeBox, indent

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARGIN = 14


class _WheelGuard(QObject):
    """Leaves the wheel to the panel, which scrolls, until a control has been chosen."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Refuse the wheel on a control without focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def calm(control: QWidget) -> None:
    """Let a control ignore a wheel that passes over it."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_WheelGuard(control))


class Level(QWidget):
    """A slider and its number, which can be typed.  ``moved`` tells the number, in percent."""

    moved = Signal(int)

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.number = WholeBox()
        self.number.setSuffix(" %")
        self.number.setKeyboardTracking(False)
        indent(self.number)
        for part in (self.slider, self.number):
            part.setRange(low, high)
            part.setAccessibleName(name)
            calm(part)
        self.slider.setPageStep(max(1, (high - low) // 10))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.number)
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._moved)
        self.number.valueChanged.connect(self._moved)

    @property
    def value(self) -> int:
        """The number."""
        return self.slider.value()

    def put(self, value: int) -> None:
        """Show this number, without telling."""
        for part in (self.slider, self.number):
            with QSignalBlocker(part):
                put(part, value)

    def _moved(self, value: int) -> None:
        self.put(value)
        self.moved.emit(value)


class Choice(QComboBox):
    """A list to choose from.  ``chosen`` gives the value, once the operator has chosen."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        calm(self)
        self._values: tuple[object, ...] = ()
        self._words: tuple[str, ...] = ()
        self.activated.connect(lambda row: self.chosen.emit(self._values[row]))

    @property
    def value(self) -> Any:
        """What is chosen."""
        return self._values[self.currentIndex()] if self._values else None

    @property
    def values(self) -> tuple[object, ...]:
        """What can be chosen."""
        return self._values

    def offer(self, choices: Iterable[tuple[object, str]]) -> None:
        """Offer these values, by these words; a list that is the same stays as it is, open or not."""
        listed = list(choices)
        values, words = tuple(value for value, _ in listed), tuple(word for _, word in listed)
        if (values, words) == (self._values, self._words):
            return
        self._values, self._words = values, words
        self.clear()
        self.addItems(list(words))

    def put(self, value: object) -> None:
        """Show what is chosen."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))


def form() -> QFormLayout:
    """Return the layout of a section's body."""
    layout = QFormLayout()
    layout.setContentsMargins(_MARGIN, 4, _MARGIN, 14)
    layout.setHorizontalSpacing(12)
    layout.setVerticalSpacing(10)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def label(text: str, field: QWidget) -> QLabel:
    """Return what stands before a field of a form, in the middle of its height."""
    before = QLabel(text)
    before.setBuddy(field)
    # QFormLayout gives only those the whole height that want more than they need.
    before.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    return before


def words(role: str = "") -> QLabel:
    """Return a label for words that may be long, and may come from outside."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def put(box: QSlider | QSpinBox | QDoubleSpinBox, value: float) -> None:
    """Show a value; where it is shown already, what is being typed there stays."""
    if box.value() == value:
        return
    if isinstance(box, QDoubleSpinBox):
        box.setValue(value)
    else:
        box.setValue(round(value))


def spin(name: str, low: int, high: int, unit: str) -> QSpinBox:
    """Return a box for a whole number."""
    box = WholeBox()
    box.setRange(low, high)
    box.setSuffix(unit)
    _prepare(box, name)
    return box


def decimal_spin(name: str, low: float, high: float, unit: str) -> QDoubleSpinBox:
    """Return a box for a number with one decimal."""
    box = DecimalBox()
    box.setRange(low, high)
    box.setDecimals(1)
    box.setSuffix(unit)
    _prepare(box, name)
    return box


def _prepare(box: QSpinBox | QDoubleSpinBox, name: str) -> None:
    box.setAccessibleName(name)
    # Not every digit that is typed is meant.
    box.setKeyboardTracking(False)
    box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    indent(box)
    calm(box)
