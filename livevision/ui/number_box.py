"""Boxes for numbers as the other fields are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractSpinBox

_LEFT = 9
"""Pixels before the number."""


def indent(box: QAbstractSpinBox) -> None:
    """Put the number where the words of other fields begin: a style sheet's padding does not reach the line inside."""
    box.lineEdit().setTextMargins(_LEFT, 0, 0, 0)
