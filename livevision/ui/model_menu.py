"""The menu of models: built-in ones, those used before, a file, a server; and a look into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu

from livevision.ui.address_dialog import MODEL, AddressDialog
from livevision.ui.words import duration, model_name

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

_NONE = "none"
_MOST_RECENT = 8


class ModelMenu(QObject):
    """A submenu in which the model of the chosen camera is ticked.  ``chosen`` gives a model, or None for none."""

    chosen = Signal(object)
    cancel_wanted = Signal()
    inspection_wanted = Signal(str)

    def __init__(self, window: QMainWindow, built_in: tuple[str, ...]) -> None:
        super().__init__(window)
        self._window = window
        self.menu = QMenu(self.tr("&Model"), window)
        self._group = QActionGroup(self.menu)
        self.stop = self.menu.addAction("", self.cancel_wanted.emit)
        self.stop.setVisible(False)
        for name in (None, *built_in):
            self._add(name)
        self._after_recent = self.menu.addSeparator()
        self._recent: list[QAction] = []
        self.menu.addAction(self.tr("Model &file…"), self._ask_for_file)
        self.menu.addAction(self.tr("Model on a &server…"), self._ask_for_address)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("&Inspect a model file…"), self._ask_what_to_inspect)
        self._group.triggered.connect(lambda action: self.chosen.emit(action.data()))

    @property
    def models(self) -> list[str | None]:
        """What can be ticked, from above to below."""
        return [action.data() for action in self._group.actions()]

    def tick(self, model: str | None) -> None:
        """Tick a model; one that is not there yet is added to those used before."""
        action = next((each for each in self._group.actions() if each.data() == model), None)
        (action or self._remember(model)).setChecked(True)

    def show_loading(self, model: str, seconds: float) -> None:
        """Offer to stop loading a model, and say for how long it has been; an empty name for none."""
        self.stop.setVisible(bool(model))
        if model:
            words = self.tr("S&top loading {model} ({time})")
            # What "&" means in a menu is no part of a name.
            self.stop.setText(words.format(model=model_name(model).replace("&", "&&"), time=duration(seconds)))

    def _add(self, model: str | None, before: QAction | None = None) -> QAction:
        name = (model or _NONE).replace("\\", "/")
        action = QAction(name if "://" in name else name.rpartition("/")[2], self.menu)
        action.setData(model)
        action.setCheckable(True)
        if model is not None:
            action.setToolTip(model)
        self._group.addAction(action)
        if before is None:
            self.menu.addAction(action)
        else:
            self.menu.insertAction(before, action)
        return action

    def _remember(self, model: str | None) -> QAction:
        action = self._add(model, self._after_recent)
        self._recent.append(action)
        if len(self._recent) > _MOST_RECENT:
            oldest = self._recent.pop(0)
            self._group.removeAction(oldest)
            self.menu.removeAction(oldest)
        return action

    def _ask_for_file(self) -> None:
        self._ask(self.tr("Open a model"), self.chosen.emit)

    def _ask_what_to_inspect(self) -> None:
        self._ask(self.tr("Inspect a model"), self.inspection_wanted.emit)

    def _ask(self, title: str, tell: object) -> None:
        dialog = QFileDialog(self._window, title, "", self.tr("ONNX models (*.onnx);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(tell)
        dialog.open()

    def _ask_for_address(self) -> None:
        dialog = AddressDialog(MODEL, self._window)
        dialog.address_wanted.connect(self.chosen.emit)
        dialog.finished.connect(self._window.activateWindow)
        dialog.show()
        dialog.activateWindow()
