"""What all pages of the preferences have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.number_box import indent
from livevision.ui.panel.controls import words

if TYPE_CHECKING:
    from livevision.ui.preferences.editing import PreferencesEditing
    from livevision.workspace.preferences import Preferences

_NARROW = 220
_LABEL_DOWN = 4
"""Pixels from the upper edge of a control to that of its letters."""


class Page(QWidget):
    """A heading, and controls that show what :meth:`fill` gives them and change it through ``editing``."""

    def __init__(self, editing: PreferencesEditing) -> None:
        super().__init__()
        self.editing = editing
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(18)
        self.form.setVerticalSpacing(14)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.below = QVBoxLayout()
        self.below.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(16)
        layout.addWidget(self.heading)
        layout.addLayout(self.form)
        layout.addLayout(self.below)
        layout.addStretch()

    def fill(self, preferences: Preferences) -> None:
        """Show these preferences, without telling."""

    def row(self, label: str, control: QWidget, hint: str = "") -> None:
        """Add a control under its name, not wider than it has to be, and a few words that explain it."""
        control.setMinimumWidth(_NARROW)
        if isinstance(control, QComboBox):
            # As wide as its longest words in any language.
            control.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        elif isinstance(control, QSpinBox | QDoubleSpinBox):
            indent(control)
        beside = QHBoxLayout()
        beside.addWidget(control)
        beside.addStretch(1)
        self.wide_row(label, beside, control, self.explained(hint) if hint else None)

    def wide_row(self, label: str, field: QLayout, buddy: QWidget, below: QLabel | None = None) -> None:
        """Add what is as wide as the page, with words below it that may change."""
        cell = QVBoxLayout()
        cell.setSpacing(5)
        cell.addLayout(field)
        if below is not None:
            cell.addWidget(below)
        name = QLabel(label)
        name.setBuddy(buddy)
        name.setContentsMargins(0, _LABEL_DOWN, 0, 0)
        self.form.addRow(name, cell)

    def explained(self, text: str) -> QLabel:
        """Return a few words that explain a control."""
        label = words("muted")
        label.setText(text)
        return label


def put(control: QSpinBox | QDoubleSpinBox | QCheckBox, value: float) -> None:
    """Show a value without telling: what is shown may be rounded, and must not come back as a change."""
    with QSignalBlocker(control):
        if isinstance(control, QCheckBox):
            control.setChecked(bool(value))
        elif isinstance(control, QSpinBox):
            control.setValue(round(value))
        else:
            control.setValue(value)


def set_role(label: QLabel, role: str) -> None:
    """Let the style sheet see another role."""
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)
