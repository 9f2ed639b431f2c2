"""What the right side of the dialog has in common, whatever the kind of source."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from livevision.sources.registry import AtEnd


class SourcePage(QWidget):
    """Fields that name one or more sources.  ``changed`` tells that :meth:`sources` may be others now."""

    changed = Signal()

    def sources(self) -> tuple[str, ...]:
        """Return what is to be opened, as the registry understands it; empty while something is missing."""
        raise NotImplementedError

    def at_end(self) -> AtEnd:
        """Return what a file does when it is over."""
        return AtEnd.STOP

    def enter(self) -> None:
        """Begin what runs while it is looked at."""

    def leave(self) -> None:
        """End it: another kind was chosen, or the dialog closes and its widgets go."""

    async def ended(self) -> None:
        """Wait until what :meth:`leave` ended has given its device free."""


class Form(QGridLayout):
    """Labels and fields in rows, which look the same everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(10)
        self.setColumnStretch(1, 1)

    def add_row(self, text: str, field: QWidget, *, wide: bool = True) -> None:
        """Add a field and its label, whose underlined letter leads to it."""
        label = QLabel(text)
        label.setBuddy(field)
        row = self.rowCount()
        self.addWidget(label, row, 0)
        self.addWidget(field, row, 1, Qt.AlignmentFlag(0) if wide else Qt.AlignmentFlag.AlignLeft)


def muted(text: str) -> QLabel:
    """Return an explanation."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label


def set_role(label: QWidget, role: str) -> None:
    """Give ``label`` another role of the style sheet, seen at once."""
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)
