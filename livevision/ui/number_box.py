"""Boxes for numbers: as the other fields look, and with a comma or a point, whatever the system's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractSpinBox, QWidget

_LEFT = 9
"""Pixels before the number."""
_BROKEN = re.compile(r"\s*-?\d*[.,]\d*\s*")


class WholeBox(QSpinBox):
    """A whole number.  One with a comma or a point in it is not taken: ``1.5`` is neither 15 nor 2."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _leave_thousands_alone(self)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let a fraction stand while it is typed; with Enter what was there before comes back."""
        if _BROKEN.fullmatch(text.removesuffix(self.suffix()).removeprefix(self.prefix())):
            return QValidator.State.Intermediate, text, position
        return super().validate(text, position)

    def fixup(self, text: str) -> str:
        """Leave it: Qt would take a point out of it where that stands between thousands."""
        return text


class DecimalBox(QDoubleSpinBox):
    """A number with decimals, after a comma or a point."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _leave_thousands_alone(self)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Take either sign, and show the one of the system."""
        return super().validate(self._as_here(text), position)

    def valueFromText(self, text: str) -> float:  # noqa: N802
        """Understand either sign."""
        return super().valueFromText(self._as_here(text))

    def _as_here(self, text: str) -> str:
        here = self.locale().decimalPoint()
        other = "." if here == "," else ","
        return text.replace(other, here) if text.count(other) == 1 and here not in text else text


def indent(box: QAbstractSpinBox) -> None:
    """Put the number where the words of other fields begin: a style sheet's padding does not reach the line inside."""
    box.lineEdit().setTextMargins(_LEFT, 0, 0, 0)


def _leave_thousands_alone(box: QAbstractSpinBox) -> None:
    # In German a point is a mark between thousands to Qt, and 1.5 is fifteen.
    here = box.locale()
    here.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator)
    box.setLocale(here)
