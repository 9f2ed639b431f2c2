"""Recent detections as rows, the newest first; a change touches only the rows that it is about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livevision.sightings import Sighting

Index = QModelIndex | QPersistentModelIndex
SIGHTING = Qt.ItemDataRole.UserRole


class SightingModel(QAbstractListModel):
    """Shows what :meth:`show` was given last.  What is chosen in the view stays chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Sighting] = []

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """What is shown."""
        return tuple(self._rows)

    def show(self, sightings: Sequence[Sighting]) -> None:
        """Show these, ordered by falling number."""
        self._remove({each.number for each in sightings})
        kept = {each.number for each in self._rows}
        self._insert(sightings, kept)
        changed = [row for row, each in enumerate(sightings) if each is not self._rows[row]]
        self._rows[:] = sightings
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first), self.index(last))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a sighting, or its words."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        sighting = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return sighting
            case Qt.ItemDataRole.DisplayRole:
                return self.title(sighting)
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return ", ".join((self.title(sighting), sighting.camera, clock(sighting.first_seen)))
        return None

    def title(self, sighting: Sighting) -> str:
        """Return what it is, and how sure the model was at best."""
        name = sighting.class_name or self.tr("without a name")
        identity = "" if sighting.tracker_id is None else f" #{sighting.tracker_id}"
        sure = "" if sighting.confidence is None else f"  {sighting.confidence * 100:.0f} %"
        return f"{name}{identity}{sure}"

    def _remove(self, staying: set[int]) -> None:
        going = [row for row, each in enumerate(self._rows) if each.number not in staying]
        for first, last in reversed(_runs(going)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()

    def _insert(self, sightings: Sequence[Sighting], there: set[int]) -> None:
        coming = [row for row, each in enumerate(sightings) if each.number not in there]
        for first, last in _runs(coming):
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = sightings[first : last + 1]
            self.endInsertRows()


def clock(wall: float) -> str:
    """Write a moment as a clock on the wall shows it."""
    return f"{datetime.fromtimestamp(wall).astimezone():%H:%M:%S}"


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of neighbours."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = runs[-1][0], row
        else:
            runs.append((row, row))
    return runs
