"""Log lines as rows of a table: those of a level and more, with some words in them."""

from __future__ import annotations

import logging
from collections import deque
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from livevision.ui import theme
from livevision.ui.icon import icon
from livevision.ui.log_lines import MOST_LINES, LogLine, LogLines

_NONE = QModelIndex()


class Column(IntEnum):
    """What stands where."""

    TIME = 0
    LEVEL = 1
    ORIGIN = 2
    TEXT = 3


class LogModel(QAbstractTableModel):
    """Fetches what is new when asked to; nothing happens in between."""

    def __init__(self, lines: LogLines, most: int = MOST_LINES) -> None:
        super().__init__()
        self._source = lines
        self._next = 0
        self._all: deque[LogLine] = deque(maxlen=most)
        self._shown: list[LogLine] = []
        self._level = logging.NOTSET
        self._words = ""

    @property
    def shown(self) -> tuple[LogLine, ...]:
        """The lines of the rows."""
        return tuple(self._shown)

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return len(self._all)

    def line(self, row: int) -> LogLine:
        """Return what stands in a row."""
        return self._shown[row]

    def fetch(self) -> int:
        """Show what is new, forget what is too old, and return how many lines were new."""
        new = self._source.since(self._next)
        if not new:
            return 0
        self._next = new[-1].number + 1
        self._all.extend(new)
        oldest = self._all[0].number
        gone = next((row for row, line in enumerate(self._shown) if line.number >= oldest), len(self._shown))
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._shown[:gone]
            self.endRemoveRows()
        if wanted := [line for line in new if line.number >= oldest and self._is_wanted(line)]:
            self.beginInsertRows(QModelIndex(), len(self._shown), len(self._shown) + len(wanted) - 1)
            self._shown.extend(wanted)
            self.endInsertRows()
        return len(new)

    def select(self, level: int, words: str) -> None:
        """Show lines of ``level`` and more with ``words`` in them, whatever their case."""
        self._level, self._words = level, words.strip().casefold()
        self.beginResetModel()
        self._shown = [line for line in self._all if self._is_wanted(line)]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:  # noqa: N802
        """Return how many lines are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:  # noqa: N802
        """Return how many things are known of a line."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return a column's title."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Time"), self.tr("Level"), self.tr("Part"), self.tr("Message"))[section]
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows; a level that matters has a sign, and not only a colour."""
        if not index.isValid():
            return None
        line, column = self._shown[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return _colour(line.level) if column in {Column.LEVEL, Column.TEXT} else theme.MUTED
        if role == Qt.ItemDataRole.DecorationRole and column is Column.LEVEL and line.level >= logging.WARNING:
            return icon("warning", _colour(line.level).name())
        if role == Qt.ItemDataRole.ToolTipRole and column is Column.ORIGIN:
            return line.origin
        return None

    def _text(self, line: LogLine, column: Column) -> str:
        match column:
            case Column.TIME:
                return f"{line.when:%H:%M:%S}.{line.when.microsecond // 1000:03}"
            case Column.LEVEL:
                return self._level_word(line.level)
            case Column.ORIGIN:
                return line.origin.removeprefix("livevision.")
            case Column.TEXT:
                return line.headline

    def _level_word(self, level: int) -> str:
        if level >= logging.ERROR:
            return self.tr("Error")
        if level >= logging.WARNING:
            return self.tr("Warning")
        return self.tr("Information") if level >= logging.INFO else self.tr("Detail")

    def _is_wanted(self, line: LogLine) -> bool:
        if line.level < self._level:
            return False
        return not self._words or self._words in line.text.casefold() or self._words in line.origin.casefold()


def _colour(level: int) -> Any:
    if level >= logging.ERROR:
        return theme.BAD
    return theme.WARNING if level >= logging.WARNING else theme.TEXT
