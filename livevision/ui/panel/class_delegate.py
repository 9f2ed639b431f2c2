"""How a class looks in its row, and how its threshold is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import QSpinBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from livevision.ui import swatch
from livevision.ui.number_box import WholeBox
from livevision.ui.panel.class_model import COLOUR

if TYPE_CHECKING:
    from livevision.ui.panel.class_model import Index

_UNSET = -1
_ROOM = 8


class NameDelegate(QStyledItemDelegate):
    """A swatch between tick and name."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Add the swatch, as sharp as the screen."""
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        option.icon = swatch.swatch(index.data(COLOUR), option.widget)
        option.decorationSize.setWidth(swatch.SIDE)
        option.decorationSize.setHeight(swatch.SIDE)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return a row that is easily hit."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), option.fontMetrics.height() + _ROOM))


class ThresholdDelegate(QStyledItemDelegate):
    """A number in percent; below 0 % it goes by the general one."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        """Return a box for the number."""
        box = WholeBox(parent)
        box.setRange(_UNSET, 100)
        box.setSpecialValueText("–")
        box.setSuffix(" %")
        box.setFrame(False)
        # Not every digit that is typed is meant; every press of an arrow is.
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda: self.commitData.emit(box))
        # A row is lower than a form's field.
        box.setStyleSheet("padding: 0 4px; min-height: 0; border-radius: 0;")
        box.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        """Begin with what is set."""
        assert isinstance(editor, QSpinBox)
        percent = index.data(Qt.ItemDataRole.EditRole)
        with QSignalBlocker(editor):
            editor.setValue(_UNSET if percent is None else percent)
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802
        """Tell what was typed."""
        assert isinstance(editor, QSpinBox)
        editor.interpretText()
        value: Any = editor.value()
        model.setData(index, None if value == _UNSET else value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Give it the whole cell, and its arrows room."""
        editor.setGeometry(option.rect)
