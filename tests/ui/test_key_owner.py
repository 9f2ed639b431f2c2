"""Plain keys mean the camera only where nothing else has the keyboard."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTreeWidget,
    QWidget,
)

from livevision.timing import BoxTiming
from livevision.ui.fps_monitor import MonitorStyle
from livevision.ui.main_window import MainWindow
from tests.fakes.cameras import until
from tests.fakes.sitting import STREET, names, press, sitting, three, type_address

OnQt = Callable[[Coroutine[Any, Any, Any]], Any]
PLAIN = (
    *(Qt.Key(key) for key in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal, Qt.Key.Key_0),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_Question, Qt.Key.Key_F2, Qt.Key.Key_Return),
)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livevision.desk.workspace_path", lambda: tmp_path / "workspace.toml")
    monkeypatch.setattr("livevision.desk.preferences_path", lambda: tmp_path / "preferences.toml")


def filled_list() -> QListWidget:
    widget = QListWidget()
    widget.addItems(["Bus", "Tram", "Moped"])
    return widget


def filled_table() -> QTableWidget:
    return QTableWidget(3, 2)


def filled_combo() -> QComboBox:
    widget = QComboBox()
    widget.addItems(["Bus", "Tram", "Moped"])
    return widget


KINDS: tuple[Callable[[], QWidget], ...] = (
    QLineEdit,
    QSpinBox,
    QDoubleSpinBox,
    QPlainTextEdit,
    QSlider,
    QCheckBox,
    QTreeWidget,
    filled_list,
    filled_table,
    filled_combo,
)


def in_the_panel(window: MainWindow, widget: QWidget) -> QWidget:
    dock = QDockWidget("Something", window)
    dock.setWidget(widget)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    dock.show()
    widget.setFocus()
    return widget


def state(window: MainWindow) -> tuple[object, ...]:
    looks = [
        (tile.display.frozen, tile.display.timing, tile.display.boxes_shown, tile.display.viewport, tile.monitor.look)
        for tile in window.grid.tiles
    ]
    return looks, window.grid.state(), window.grid.chosen, window.desk.cameras, window.isFullScreen()


def test_whatever_has_the_keyboard_in_a_panel_keeps_its_keys(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await three(window)
            before = state(window)
            for make in KINDS:
                widget = in_the_panel(window, make())
                assert QApplication.focusWidget() is widget
                for key in PLAIN:
                    # A table's editor may have it by now.
                    focus = QApplication.focusWidget()
                    assert focus is not None
                    QTest.keyClick(focus if widget.isAncestorOf(focus) else widget, key)
                assert state(window) == before, make
                if isinstance(widget, QComboBox):
                    widget.hidePopup()
            in_the_panel(window, filled_list())
            # Taken back to the pictures, they mean the camera again.
            press(window, "Esc")
            assert QApplication.focusWidget() is window.grid
            press(window, "T")
            assert window.grid.tiles[2].display.timing is BoxTiming.ALIGNED
            press(window, "Del")
            await until(lambda: names(window) == ["Door", "Yard"])

    on_qt(scenario())


def test_a_letter_in_a_list_searches_and_page_keys_move_a_slider(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            classes = in_the_panel(window, filled_list())
            assert isinstance(classes, QListWidget)
            press(window, "T")
            assert classes.currentItem().text() == "Tram"
            slider = in_the_panel(window, QSlider())
            assert isinstance(slider, QSlider)
            press(window, "PgUp")
            assert slider.value() == slider.pageStep()

    on_qt(scenario())


def test_keys_of_the_whole_window_and_with_ctrl_work_from_everywhere(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            await type_address(window, STREET.format(1))
            in_the_panel(window, filled_list())
            press(window, "F11")
            assert window.isFullScreen()
            press(window, "Ctrl+W")
            await until(lambda: names(window) == [])

    on_qt(scenario())


def test_the_name_of_a_camera_and_an_address_are_typed_without_consequences(on_qt: OnQt, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sitting(tmp_path) as window:
            QTest.keyClicks(window.start_page.address, "FMTBI ?+-0")
            assert window.start_page.address.text() == "FMTBI ?+-0"
            assert not window.isFullScreen()
            window.start_page.address.clear()
            await type_address(window, STREET.format(1))
            (tile,) = window.grid.tiles
            press(window, "F2")
            field = QApplication.focusWidget()
            assert isinstance(field, QLineEdit)
            for key in PLAIN[:-1]:
                QTest.keyClick(field, key)
            assert QApplication.focusWidget() is field
            assert tile.monitor.look is MonitorStyle.COMPACT
            assert not tile.display.frozen
            assert window.grid.maximised is None
            assert len(window.desk.cameras) == 1
            # Given up, it is called what it was called, and the next Esc is the window's.
            press(window, "Esc")
            assert not field.isVisible()
            assert names(window) == ["Street (demo)"]
            press(window, "F11")
            press(window, "Esc")
            assert not window.isFullScreen()
            assert window.desk.undoes is not None
            assert window.desk.undoes.startswith("Add")

    on_qt(scenario())
