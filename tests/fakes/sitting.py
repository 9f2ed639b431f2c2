"""Somebody at the desk: opens the window as the program does, and presses keys in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from livevision.app import App
from livevision.desk import Desk
from livevision.ui.camera_tile import CameraTile
from livevision.ui.main_window import MainWindow
from tests.fakes.cameras import until

STREET = "synthetic:street?size=320x180&fps=10&seed={}"


@asynccontextmanager
async def sitting(folder: Path) -> AsyncIterator[MainWindow]:
    """One session at the desk whose files are in ``folder``: opened and closed as the program does."""
    desk = Desk()
    await desk.open_preferences()
    await desk.open_workspace()
    async with App(folder) as app:
        window = MainWindow(app, desk)
        window.resize(1000, 700)
        window.preferring.apply()
        window.show()
        await activate(window)
        await window.reopen()
        try:
            yield window
        finally:
            await window.aclose()
            await app.aclose()
            window.hide()
            window.deleteLater()
    await desk.aclose()


async def activate(window: MainWindow) -> None:
    window.activateWindow()
    await until(window.isActiveWindow)


def press(window: QWidget, keys: str) -> None:
    """Press keys where the keyboard is."""
    combination = QKeySequence(keys)[0]
    focus = QApplication.focusWidget()
    target = focus if focus is not None and focus.window() is window else window
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def names(window: MainWindow) -> list[str]:
    return [tile.camera.name for tile in window.grid.tiles]


async def type_address(window: MainWindow, address: str) -> None:
    """Add a camera by its address: on the start page, or by pasting it."""
    count = len(window.grid.tiles)
    if window.start_page.isVisible():
        QTest.keyClicks(window.start_page.address, address)
        QTest.keyClick(window.start_page.address, Qt.Key.Key_Return)
    else:
        paste(window, address)
    await until(lambda: len(window.grid.tiles) == count + 1)


def paste(window: MainWindow, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    press(window, "Ctrl+V")


async def rename(window: MainWindow, name: str) -> None:
    press(window, "F2")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: name in names(window))


async def three(window: MainWindow) -> None:
    for number, name in enumerate(("Door", "Yard", "Gate")):
        await type_address(window, STREET.format(number))
        await rename(window, name)


def header(tile: CameraTile) -> QPoint:
    return QPoint(tile.header.width() // 3, tile.header.height() // 2)


def drag(window: MainWindow, tile: CameraTile, onto: CameraTile) -> None:
    """Drag a tile by its header onto the middle of another one."""
    grid = window.grid
    start = tile.header.mapTo(grid, header(tile))
    end = onto.mapTo(grid, onto.rect().center())
    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(grid, start + (end - start) * step / 5)
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=end)
