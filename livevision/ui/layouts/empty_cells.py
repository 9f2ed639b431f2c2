"""The cells of a page that no camera is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from livevision.ui.layouts.empty_cell import EmptyCell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint, QRect
    from PySide6.QtWidgets import QWidget


class EmptyCells:
    """Keeps as many :class:`EmptyCell` as there were ever empty cells, and shows as many as there are."""

    def __init__(self, parent: QWidget, add: Callable[[], None]) -> None:
        self._parent = parent
        self._add = add
        self._buttons: list[EmptyCell] = []

    def fill(self, cells: Sequence[QRect]) -> None:
        """Put a button into each of ``cells``."""
        while len(self._buttons) < len(cells):
            self._buttons.append(self._button())
        for index, button in enumerate(self._buttons):
            button.setVisible(index < len(cells))
        for button, cell in zip(self._buttons, cells, strict=False):
            button.setGeometry(cell)

    def cell_at(self, position: QPoint) -> QRect | None:
        """Return the empty cell at ``position``."""
        cells = (button.geometry() for button in self._buttons if not button.isHidden())
        return next((cell for cell in cells if cell.contains(position)), None)

    def _button(self) -> EmptyCell:
        button = EmptyCell(self._parent)
        # They all do the same: Tab stops at the first one only.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus if self._buttons else Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._add())  # noqa: PLW0108  # the signal's `checked` is no argument for it
        return button
