"""The classes of a model as rows: which are wanted, from which confidence on, and which have been seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from livevision.ui.swatch import colour_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Index = QModelIndex | QPersistentModelIndex
NAME, THRESHOLD = 0, 1
ORDER = Qt.ItemDataRole.UserRole
COLOUR = Qt.ItemDataRole.UserRole + 1
_CHECK = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


@dataclass(frozen=True, slots=True)
class ClassRows:
    """What the rows say.  Immutable."""

    names: tuple[str, ...] = ()
    wanted: frozenset[str] = frozenset()
    """Case-folded names of those that are ticked."""
    thresholds: Mapping[str, int] = field(default_factory=dict)
    """Percent, by case-folded name; what is not there goes by the general one."""
    seen: frozenset[str] = frozenset()
    """Case-folded; they come first."""


class ClassModel(QAbstractTableModel):
    """Rows that are filled without a word; ``ticked`` and ``threshold_wanted`` are the operator's doing."""

    ticked = Signal(str, bool)
    threshold_wanted = Signal(str, object)
    """The name, and percent or None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = ClassRows()

    def show(self, rows: ClassRows) -> None:
        """Show these; what is chosen in the view, and an open editor, stay where their names stay."""
        old, self.rows = self.rows, rows
        if rows == old:
            return
        count = len(old.names)
        if rows.names == old.names:
            if count:
                self.dataChanged.emit(self.index(0, NAME), self.index(count - 1, THRESHOLD))
            return
        self.rows = old
        if rows.names[:count] == old.names:
            self.beginInsertRows(QModelIndex(), count, len(rows.names) - 1)
            self.rows = rows
            self.endInsertRows()
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many classes there are."""
        return 0 if parent.isValid() else len(self.rows.names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return name and threshold."""
        return 0 if parent.isValid() else 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names are ticked, thresholds edited."""
        if index.column() == NAME:
            return _CHECK
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        if not index.isValid() or index.row() >= len(self.rows.names):
            return None
        name = self.rows.names[index.row()]
        if role == ORDER:
            return (0 if name.casefold() in self.rows.seen else 1, index.row())
        if index.column() == NAME:
            return self._name_data(name, role)
        return self._threshold_data(name, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Tell what the operator wants; it is shown when it is set."""
        name = self.rows.names[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            self.ticked.emit(name, Qt.CheckState(value) == Qt.CheckState.Checked)
        elif index.column() == THRESHOLD:
            self.threshold_wanted.emit(name, value)
        else:
            return False
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return what a column is."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.tr("Class") if section == NAME else self.tr("At least")
        return None

    def _name_data(self, name: str, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name or self.tr("without a name")
            case Qt.ItemDataRole.CheckStateRole:
                is_wanted = name.casefold() in self.rows.wanted
                return Qt.CheckState.Checked if is_wanted else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return name
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.tr("seen") if name.casefold() in self.rows.seen else ""
        return colour_of(name) if role == COLOUR else None

    def _threshold_data(self, name: str, role: int) -> Any:
        percent = self.rows.thresholds.get(name.casefold())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return "–" if percent is None else f"{percent} %"
            case Qt.ItemDataRole.EditRole:
                return percent
            case Qt.ItemDataRole.ToolTipRole:
                return self.tr("Least confidence of this class; – goes by the slider")
            case Qt.ItemDataRole.AccessibleTextRole:
                said = (
                    self.tr("{name}: confidence as usual")
                    if percent is None
                    else self.tr("{name}: at least {percent} %")
                )
                return said.format(name=name, percent=percent)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
        return None
