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


def test_what_differs_in_a_digit_is_one_line_that_is_found_by_each(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    layouts = [Entry(f"Layout {slot}", f"Ctrl+{slot}", int) for slot in range(1, 10)]
    saves = [Entry(f"Save as layout {slot}", f"Ctrl+Shift+{slot}", int) for slot in range(1, 10)]
    others: list[Entry | None] = [Entry("Two 1", "Alt+1", int), Entry("Two 2", "Alt+2", int), Entry("Whole", "0", int)]
    (group,) = groups_of([actions.add_menu("&View", [*layouts, None, *saves, *others])])
    assert [(line.text, line.keys) for line in group.lines] == [
        ("Layout 1…9", ("Ctrl+1…9",)),
        ("Save as layout 1…9", ("Ctrl+Shift+1…9",)),
        ("Two 1", ("Alt+1",)),
        ("Two 2", ("Alt+2",)),
        ("Whole", ("0",)),
    ]
    sheet = ShortcutsSheet([group])
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    qtbot.keyClicks(sheet.search, "layout 3")
    assert sheet.shown == ("Layout 1…9", "Save as layout 1…9")
    sheet.search.clear()
    qtbot.keyClicks(sheet.search, "ctrl+5")
    assert sheet.shown == ("Layout 1…9",)
