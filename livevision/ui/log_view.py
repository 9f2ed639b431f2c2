"""A window with the latest log lines, to look at and to copy."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.log_model import Column, LogModel
from livevision.ui.panel.controls import Choice

if TYPE_CHECKING:
    from livevision.ui.log_lines import LogLines

FETCH_MS = 250
"""Lines may come by the hundred in a second; eyes are content with four looks."""
_SIZE = QSize(940, 560)


class LogView(QDialog):
    """Shows lines from a level on, with some words in them; ``Follow`` stays at the newest.  Not modal."""

    def __init__(self, lines: LogLines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Log"))
        self.resize(_SIZE)
        self.model = LogModel(lines)
        self.model.setParent(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search in the log"))
        self.search.setClearButtonEnabled(True)
        self.level = Choice(self.tr("Least level"))
        self.level.offer(
            (
                (logging.NOTSET, self.tr("Everything")),
                (logging.INFO, self.tr("Information and more")),
                (logging.WARNING, self.tr("Warnings and errors")),
                (logging.ERROR, self.tr("Errors only")),
            )
        )
        self.level.setMinimumContentsLength(18)
        self.follow = QCheckBox(self.tr("&Follow"))
        self.follow.setToolTip(self.tr("Stay at the newest line"))
        self.follow.setChecked(True)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.table = self._make_table()
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName(self.tr("The whole line"))
        self.details.setPlaceholderText(self.tr("Choose a line to read all of it."))
        self.copy_selected = QPushButton(self.tr("&Copy selected"))
        self.copy_all = QPushButton(self.tr("Copy &all"))
        self._close = QPushButton(self.tr("Close"))
        self._timer = QTimer(self)
        self._timer.setInterval(FETCH_MS)
        self._lay_out()
        self._connect()
        self._tell_count()
        self.fetch()

    def fetch(self) -> None:
        """Show what is new."""
        if self.model.fetch():
            self._tell_count()
            self._go_to_newest()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Look at what comes."""
        self.fetch()
        self._timer.start()
        super().showEvent(event)
        # Rows were measured before the style sheet had a say.
        self.table.scheduleDelayedItemsLayout()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Look at nothing while nobody does."""
        self._timer.stop()
        super().hideEvent(event)

    def _make_table(self) -> QTreeView:
        table = QTreeView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Log lines"))
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAlternatingRowColors(False)
        table.setAllColumnsShowFocus(True)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = table.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        letters = table.fontMetrics().averageCharWidth()
        for column, wide in ((Column.TIME, 17), (Column.LEVEL, 20), (Column.ORIGIN, 24)):
            table.setColumnWidth(column, wide * letters)
        return table

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.search, 1)
        above.addWidget(self.level)
        above.addWidget(self.follow)
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.addWidget(self.table)
        middle.addWidget(self.details)
        middle.setStretchFactor(0, 1)
        middle.setSizes([360, 90])
        middle.setHandleWidth(10)
        middle.setChildrenCollapsible(False)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(self.count, 1)
        for button in (self.copy_selected, self.copy_all, self._close):
            button.setAutoDefault(False)
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addLayout(above)
        layout.addWidget(middle, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self._timer.timeout.connect(self.fetch)
        self.search.textChanged.connect(self._select)
        self.level.chosen.connect(self._select)
        self.follow.toggled.connect(self._go_to_newest)
        self.table.selectionModel().selectionChanged.connect(self._show_details)
        self.copy_selected.clicked.connect(self._copy_selected)
        self.copy_all.clicked.connect(self._copy_all)
        self._close.clicked.connect(self.close)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        copying = QShortcut(QKeySequence.StandardKey.Copy, self.table, self._copy_selected)
        copying.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._show_details()

    def _select(self) -> None:
        level = self.level.value
        assert isinstance(level, int)
        self.model.select(level, self.search.text())
        self._show_details()
        self._tell_count()
        self._go_to_newest()

    def _go_to_newest(self) -> None:
        if self.follow.isChecked():
            self.table.scrollToBottom()

    def _tell_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        if shown == total:
            self.count.setText(self.tr("%n line(s)", "", total))
        elif shown:
            self.count.setText(self.tr("{shown} of {count} lines").format(shown=shown, count=total))
        else:
            self.count.setText(self.tr("None of {count} lines is like that").format(count=total))
        self.copy_all.setEnabled(shown > 0)

    def _rows(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def _show_details(self) -> None:
        rows = self._rows()
        self.details.setPlainText(str(self.model.line(rows[-1])) if rows else "")
        self.copy_selected.setEnabled(bool(rows))
        if rows and rows[-1] < self.model.rowCount() - 1:
            # Who reads a line does not want it to run away.
            self.follow.setChecked(False)

    def _copy_selected(self) -> None:
        _copy([str(self.model.line(row)) for row in self._rows()])

    def _copy_all(self) -> None:
        _copy([str(line) for line in self.model.shown])


def _copy(lines: list[str]) -> None:
    if lines:
        QGuiApplication.clipboard().setText("\n".join(lines))
