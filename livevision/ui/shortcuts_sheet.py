"""A sheet with every key, in two columns, that can be searched."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SIZE = QSize(820, 620)
_WORTH_IT = 3
"""Lines that are put together if they differ in a digit only."""


@dataclass(frozen=True, slots=True)
class ShortcutLine:
    """What is done, and the keys that do it, each as it is written on them."""

    text: str
    keys: tuple[str, ...]
    stands_for: str = ""
    """What else can be searched for: all that was put together in this line."""


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """The lines of one menu."""

    title: str
    lines: tuple[ShortcutLine, ...]


def groups_of(menus: Iterable[QMenu]) -> tuple[ShortcutGroup, ...]:
    """Return what has a key in each menu and the menus in it; a menu without any is left out."""
    groups = (ShortcutGroup(_plain(menu.title()), tuple(_together(_lines(menu)))) for menu in menus)
    return tuple(group for group in groups if group.lines)


def _lines(menu: QMenu) -> Iterator[ShortcutLine]:
    for action in menu.actions():
        below: object = action.menu()
        if isinstance(below, QMenu):
            yield from _lines(below)
            continue
        # A key that the action does not own, for it depends on where the focus is, stands behind a tab.
        text, _, told = action.text().partition("\t")
        written = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
        if keys := tuple(filter(None, (*written, told))):
            yield ShortcutLine(_plain(text), keys)


def _together(lines: Iterable[ShortcutLine]) -> Iterator[ShortcutLine]:
    """Put lines together that differ in a digit only, which is also that of their key: Ctrl+1…9."""
    for shape, group in groupby(lines, _shape):
        alike = list(group)
        if shape is None or len(alike) < _WORTH_IT:
            yield from alike
            continue
        (text, after), (key, behind) = shape
        digits = f"{_digit(alike[0])}…{_digit(alike[-1])}"
        every = " ".join(f"{line.text} {line.keys[0]}" for line in alike)
        yield ShortcutLine(f"{text}{digits}{after}", (f"{key}{digits}{behind}",), every)


def _shape(line: ShortcutLine) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return what is before and behind the digit in its words and in its one key."""
    digit = _digit(line)
    if len(line.keys) != 1 or not digit or line.text.count(digit) != 1:
        return None
    text, _, after = line.text.partition(digit)
    key, _, behind = line.keys[0].rpartition(digit)
    return (text, after), (key, behind)


def _digit(line: ShortcutLine) -> str:
    last = line.keys[0][-1:]
    return last if last.isdecimal() and last.isascii() else ""


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…. ")


class ShortcutsSheet(QDialog):
    """Esc closes it.  Not modal: keys can be tried while it stands there."""

    def __init__(self, groups: Sequence[ShortcutGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(_SIZE)
        self._blocks = [_Block(group) for group in groups]
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search for a key or what it does"))
        self.search.setAccessibleName(self.tr("Search for a key or what it does"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.nothing = QLabel()
        self.nothing.setProperty("role", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 8, 14)
        layout.setSpacing(14)
        above = QHBoxLayout()
        above.setContentsMargins(0, 0, 12, 0)
        above.addWidget(self.search)
        layout.addLayout(above)
        layout.addWidget(self.nothing)
        layout.addWidget(self._columns(), 1)

    @property
    def shown(self) -> tuple[str, ...]:
        """What stands there at this moment, top to bottom."""
        return tuple(text for block in self._blocks for text in block.shown)

    def _columns(self) -> QScrollArea:
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(40)
        columns = (QVBoxLayout(), QVBoxLayout())
        for column in columns:
            column.setSpacing(18)
            row.addLayout(column, 1)
        half = sum(block.lines for block in self._blocks) / 2
        above = 0
        for block in self._blocks:
            # In the order of the menus; a block that crosses the middle goes where more of it is.
            columns[above + block.lines / 2 > half].addWidget(block)
            above += block.lines
        for column in columns:
            column.addStretch()
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _search(self, words: str) -> None:
        for block in self._blocks:
            block.search(words.strip().casefold())
        self.nothing.setText(self.tr("Nothing here is called “{words}”.").format(words=words.strip()))
        self.nothing.setVisible(not self.shown)


class _Block(QWidget):
    """A group: its title, and a row for each line."""

    def __init__(self, group: ShortcutGroup) -> None:
        super().__init__()
        self._group = group
        self._shown = [True] * len(group.lines)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        title = QLabel(group.title)
        title.setProperty("role", "heading")
        title.setContentsMargins(0, 0, 0, 4)
        grid.addWidget(title, 0, 0, 1, 2)
        self._rows: list[tuple[QLabel, QWidget]] = []
        for number, line in enumerate(group.lines, 1):
            label, keys = QLabel(line.text), _keys(line)
            label.setWordWrap(True)
            grid.addWidget(label, number, 0)
            grid.addWidget(keys, number, 1, Qt.AlignmentFlag.AlignRight)
            self._rows.append((label, keys))

    @property
    def lines(self) -> int:
        """Lines that it is high."""
        return len(self._rows) + 2

    @property
    def shown(self) -> tuple[str, ...]:
        """The texts that are shown."""
        return tuple(line.text for line, shown in zip(self._group.lines, self._shown, strict=True) if shown)

    def search(self, words: str) -> None:
        """Show lines with these words, in lower case, in them or in their keys; all of a group with such a title."""
        whole = words in self._group.title.casefold()
        for number, line in enumerate(self._group.lines):
            wanted = whole or words in f"{line.text} {' '.join(line.keys)} {line.stands_for}".casefold()
            self._shown[number] = wanted
            for part in self._rows[number]:
                part.setVisible(wanted)
        self.setVisible(any(self._shown))


def _keys(line: ShortcutLine) -> QWidget:
    shown = QWidget()
    shown.setAccessibleName(", ".join(line.keys))
    row = QHBoxLayout(shown)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for key in line.keys:
        label = QLabel(key)
        label.setProperty("role", "key")
        label.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(label)
    return shown
