"""Some classes, picked by ticks from those known or typed by name: one works as soon as its name is complete."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from livevision.ui.panel.class_list import ClassList
from livevision.ui.panel.class_model import THRESHOLD, ClassRows
from livevision.ui.panel.controls import words

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 4000


class ClassPicker(QWidget):
    """``picked`` gives a tuple with the names of all that are picked from now on.

    What is typed counts with Enter, a comma, when it is chosen from the names offered, and when the field is left.
    """

    picked = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picked: tuple[str, ...] = ()
        self._known: dict[str, str] | None = None
        self.classes = ClassList(title)
        self.classes.view.hideColumn(THRESHOLD)
        self.classes.view.setHeaderHidden(True)
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST)
        self.name.setPlaceholderText(self.tr("Add a class, such as: license plate"))
        self.name.setAccessibleName(self.tr("{title}: add a class").format(title=title))
        self._names = QStringListModel(self)
        self.completer = QCompleter(self._names, self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(self.completer)
        self.unknown = words("warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self.classes, self.name, self.unknown):
            layout.addWidget(part)
        self.setFocusProxy(self.name)
        self.classes.ticked.connect(self._tick)
        self.classes.all_ticked.connect(self._tick_all)
        self.name.textEdited.connect(self._typed)
        self.name.editingFinished.connect(self._complete)
        self.completer.activated.connect(self._add)
        # Later, as the field takes the name, too.
        self.completer.activated.connect(self.name.clear, Qt.ConnectionType.QueuedConnection)
        self.show_classes((), None, ())

    def show_classes(self, picked: Iterable[str], known: Iterable[str] | None, seen: Iterable[str]) -> None:
        """Show who is picked, which classes can be found (None: nobody knows), and which were found.  Tells nothing."""
        self._picked = tuple(picked)
        listed = tuple(sorted(seen) if known is None else known)
        self._known = None if known is None else {name.casefold(): name for name in listed}
        # Also what no model knows: another one may, and nobody should have to guess what is set.
        names = tuple({name.casefold(): name for name in (*self._picked, *listed)}.values())
        folded = frozenset(name.casefold() for name in self._picked)
        # Those picked come first, as those seen do.
        self.classes.show_rows(ClassRows(names, folded, seen=folded | {name.casefold() for name in seen}))
        offered = [name for name in names if name and name.casefold() not in folded]
        if offered != self._names.stringList():
            self._names.setStringList(offered)
        self._say_unknown()

    def _say_unknown(self) -> None:
        known = self._known or {}
        unknown = [] if self._known is None else [name for name in self._picked if name.casefold() not in known]
        lines = [self.tr("No model in use finds: {names}").format(names=", ".join(unknown))] if unknown else []
        lines += [
            self.tr("Is {near} meant by {name}?").format(near=known[near], name=name)
            for name in unknown
            for near in difflib.get_close_matches(name.casefold(), known, n=1)
        ]
        self.unknown.setText("⚠ " + "\n".join(lines) if lines else "")
        self.unknown.setVisible(bool(lines))

    def _typed(self, text: str) -> None:
        complete, comma, rest = text.rpartition(",")
        if comma:
            self.name.setText(rest.lstrip())
            self._add(complete)

    def _complete(self) -> None:
        offered = self.completer.popup()
        if offered is not None and offered.isVisible() and offered.currentIndex().isValid():
            return  # Enter chooses what is offered, and not its beginning
        text = self.name.text()
        self.name.clear()
        self._add(text)

    def _add(self, text: str) -> None:
        known = self._known or {}
        typed = (name.strip() for name in text.split(","))
        new = {name.casefold(): known.get(name.casefold(), name) for name in typed if name}
        there = {name.casefold() for name in self._picked}
        added = tuple(name for folded, name in new.items() if folded not in there)
        if added:
            self.picked.emit((*self._picked, *added))

    def _tick(self, name: str, is_on: bool) -> None:
        others = tuple(each for each in self._picked if each.casefold() != name.casefold())
        self.picked.emit((*others, name) if is_on else others)

    def _tick_all(self, is_on: bool) -> None:
        self.picked.emit(self.classes.model.rows.names if is_on else ())
