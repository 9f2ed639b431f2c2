"""The sheet of keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from livevision.ui.actions import Actions, Entry
from livevision.ui.shortcuts_sheet import ShortcutGroup, ShortcutLine, ShortcutsSheet, groups_of

GROUPS = (
    ShortcutGroup("File", (ShortcutLine("Open file", ("Ctrl+O",)), ShortcutLine("Quit", ("Ctrl+Q",)))),
    ShortcutGroup("View", (ShortcutLine("Full screen", ("F11", "F")), ShortcutLine("Leave it", ("Esc",)))),
)


@pytest.fixture
def sheet(qtbot: QtBot) -> ShortcutsSheet:
    sheet = ShortcutsSheet(GROUPS)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    sheet.show()
    return sheet


def words(sheet: ShortcutsSheet) -> set[str]:
    return {label.text() for label in sheet.findChildren(QLabel) if label.isVisible()}


def test_it_is_made_from_menus(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    camera = actions.add_menu(
        "&Camera",
        [
            Entry("&Record && keep…", "Ctrl+R", int),
            None,
            Entry("Without a key", "", int),
            Entry("&Freeze\tSpace", "", int),
        ],
    )
    actions.add_submenu(camera, actions.add_menu("&Zoom", [Entry("Zoom &in", "+ =", int)]))
    empty = actions.add_menu("&Empty", [Entry("Nothing", "", int)])
    assert groups_of([camera, empty]) == (
        ShortcutGroup(
            "Camera",
            (
                ShortcutLine("Record & keep", ("Ctrl+R",)),
                ShortcutLine("Freeze", ("Space",)),
                ShortcutLine("Zoom in", ("+", "=")),
            ),
        ),
    )


def test_everything_stands_there_in_two_columns(sheet: ShortcutsSheet) -> None:
    assert sheet.shown == ("Open file", "Quit", "Full screen", "Leave it")
    assert {"File", "View", "Ctrl+O", "F11", "F", "Esc"} <= words(sheet)
    left, right = (
        next(label for label in sheet.findChildren(QLabel) if label.text() == title) for title in ("File", "View")
    )
    assert right.mapTo(sheet, right.rect().topLeft()).x() > left.mapTo(sheet, left.rect().topLeft()).x() + 200
    assert all(label.width() >= label.sizeHint().width() for label in sheet.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("full", ("Full screen",)),
        ("CTRL+", ("Open file", "Quit")),
        ("view", ("Full screen", "Leave it")),
        ("garden", ()),
    ],
)
def test_searching(sheet: ShortcutsSheet, qtbot: QtBot, typed: str, found: tuple[str, ...]) -> None:
    qtbot.keyClicks(sheet.search, typed)
    assert sheet.shown == found
    assert sheet.nothing.isVisible() == (not found)
    every = {line.text for group in GROUPS for line in group.lines}
    assert every & words(sheet) == set(found)
    sheet.search.clear()
    assert len(sheet.shown) == 4


def test_escape_closes_it(sheet: ShortcutsSheet, qtbot: QtBot) -> None:
    assert sheet.search.hasFocus() or sheet.focusWidget() is sheet.search
    qtbot.keyClick(sheet.search, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_screen_reader_gets_the_keys(sheet: ShortcutsSheet) -> None:
    assert "F11, F" in {label.parentWidget().accessibleName() for label in sheet.findChildren(QLabel)}
