"""The list of classes: search, all, none, ticks, thresholds."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from livevision.ui.panel.class_delegate import NameDelegate, ThresholdDelegate
from livevision.ui.panel.class_model import NAME, THRESHOLD, ClassModel, ClassRows
from livevision.ui.panel.class_order import ClassOrder

_MOST_ROWS = 8
"""That are shown at once."""
_WORTH_A_SEARCH = 12


class ClassList(QWidget):
    """Shows rows; ``ticked``, ``threshold_wanted`` and ``all_ticked`` are the operator's doing."""

    ticked = Signal(str, bool)
    threshold_wanted = Signal(str, object)
    all_ticked = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ClassModel(self)
        self.order = ClassOrder(self)
        self.order.setSourceModel(self.model)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search classes"))
        self.search.setAccessibleName(self.tr("Search classes"))
        self.search.setClearButtonEnabled(True)
        self.view = QTreeView()
        self.view.setAccessibleName(title)
        self.all = self._button(self.tr("All"), self.tr("Tick all classes"))
        self.none = self._button(self.tr("None"), self.tr("Tick no class"))
        self.empty = QLabel(self.tr("Which classes there are is known once the model runs."))
        self.empty.setWordWrap(True)
        self.empty.setProperty("role", "muted")
        self._lay_out(title)
        self._prepare_view()
        self.search.textChanged.connect(self.order.search)
        self.model.ticked.connect(self.ticked)
        self.model.threshold_wanted.connect(self.threshold_wanted)
        self.all.clicked.connect(lambda: self.all_ticked.emit(True))
        self.none.clicked.connect(lambda: self.all_ticked.emit(False))
        self._fit()

    def show_rows(self, rows: ClassRows) -> None:
        """Show these, in place."""
        count = len(self.model.rows.names)
        self.model.show(rows)
        if len(rows.names) != count:
            self._fit()

    def _prepare_view(self) -> None:
        view = self.view
        view.setModel(self.order)
        view.setItemDelegateForColumn(NAME, NameDelegate(view))
        view.setItemDelegateForColumn(THRESHOLD, ThresholdDelegate(view))
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setTabKeyNavigation(False)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        view.clicked.connect(self._edit)
        header = view.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(THRESHOLD, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(THRESHOLD, view.fontMetrics().horizontalAdvance("100 %") + 52)

    def _edit(self, index: QModelIndex) -> None:
        if index.column() == THRESHOLD:
            self.view.edit(index)

    def _fit(self) -> None:
        """Make the list as high as it needs to be; beyond some rows it scrolls."""
        count = len(self.model.rows.names)
        self.search.setVisible(count > _WORTH_A_SEARCH)
        self.view.setVisible(count > 0)
        self.empty.setVisible(count == 0)
        self.all.setEnabled(count > 0)
        self.none.setEnabled(count > 0)
        if count:
            row = self.view.sizeHintForRow(0)
            header = 0 if self.view.isHeaderHidden() else self.view.header().sizeHint().height()
            self.view.setFixedHeight(header + row * min(count, _MOST_ROWS) + 2 * self.view.frameWidth())

    def _lay_out(self, title: str) -> None:
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(QLabel(title))
        line.addStretch()
        line.addWidget(self.all)
        line.addWidget(self.none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(line)
        for part in (self.search, self.view, self.empty):
            layout.addWidget(part)

    @staticmethod
    def _button(text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "tool")
        # Enter in a field of the same window is for the field.
        button.setAutoDefault(False)
        button.setAccessibleName(name)
        return button
