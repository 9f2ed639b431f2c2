"""Which classes are listed, and in which order: those seen so far first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSortFilterProxyModel

from livevision.ui.panel.class_model import NAME, ORDER

if TYPE_CHECKING:
    from livevision.ui.panel.class_model import Index


class ClassOrder(QSortFilterProxyModel):
    """Lists the classes whose names have ``searched`` in them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._searched = ""
        self.setSortRole(ORDER)
        self.setDynamicSortFilter(True)
        self.sort(NAME)

    def search(self, text: str) -> None:
        """List these only; nothing lists all."""
        self._searched = text.strip().casefold()
        self.invalidate()

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802
        """Order as the model says."""
        return bool(left.data(ORDER) < right.data(ORDER))

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802
        """Tell whether a class is listed."""
        if not self._searched:
            return True
        name = self.sourceModel().index(row, NAME, parent).data()
        return self._searched in str(name).casefold()
