"""A list of names from which some can be taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from livevision.ui.panel.controls import words

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = 5


class NameList(QWidget):
    """``taken`` gives the row that the operator wants to be without: by the button or by Del."""

    taken = Signal(int)

    def __init__(self, title: str, word: str, empty: str) -> None:
        super().__init__()
        heading = QLabel(title)
        self.names = QListWidget()
        self.names.setAccessibleName(title)
        self.names.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setFixedHeight(_ROWS * (self.names.fontMetrics().height() + 8))
        self.empty = words("muted")
        self.empty.setText(empty)
        self.button = QPushButton(word)
        self.button.setAutoDefault(False)
        beside = QHBoxLayout()
        beside.setSpacing(10)
        beside.addWidget(self.names, 1)
        beside.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading)
        layout.addWidget(self.empty)
        layout.addLayout(beside)
        self.button.clicked.connect(self._take)
        delete = QShortcut(QKeySequence.StandardKey.Delete, self.names, self._take)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.names.currentRowChanged.connect(lambda row: self.button.setEnabled(row >= 0))
        self.fill(())

    def fill(self, names: Sequence[str]) -> None:
        """Show these names."""
        if [self.names.item(row).text() for row in range(self.names.count())] != list(names):
            row = self.names.currentRow()
            self.names.clear()
            for name in names:
                item = QListWidgetItem(name)
                item.setToolTip(name)
                self.names.addItem(item)
            # The next one, so that Del takes one after the other.
            self.names.setCurrentRow(min(row, len(names) - 1))
        self.empty.setVisible(not names)
        self.names.setVisible(bool(names))
        self.button.setVisible(bool(names))
        self.button.setEnabled(self.names.currentRow() >= 0)

    def _take(self) -> None:
        if (row := self.names.currentRow()) >= 0:
            self.taken.emit(row)
