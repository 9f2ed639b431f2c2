"""Messages over the lower edge: several, none lost, with something to press."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from livevision.ui import message_bar, theme
from livevision.ui.message_bar import MessageBar
from livevision.ui.theme import Theme, apply_theme
from tests.ui.test_video_view import grabbed


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    apply_theme(QApplication.instance())  # type: ignore[arg-type]
    window = QWidget()
    window.resize(640, 400)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def bar(window: QWidget) -> MessageBar:
    return MessageBar(window)


def test_three_stand_there_and_the_others_wait(bar: MessageBar) -> None:
    for number in range(5):
        bar.inform(f"Saved {number}")
    assert [message.text for message in bar.messages] == ["Saved 0", "Saved 1", "Saved 2"]
    assert bar.waiting == ("Saved 3", "Saved 4")
    assert bar.text() == "Saved 2"
    bar.messages[0].close_button.click()
    assert [message.text for message in bar.messages] == ["Saved 1", "Saved 2", "Saved 3"]
    bar.clear()
    assert not bar.isVisible()
    assert (bar.text(), bar.waiting) == ("", ())


def test_they_leave_by_themselves(bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "_INFORMATION_MS", 10)
    bar.inform("Saved")
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_one_that_is_used_stays(bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "_ACTION_MS", 20)
    bar.window().activateWindow()
    qtbot.waitUntil(bar.window().isActiveWindow)
    for text in ("Removed", "Renamed"):
        bar.inform(text, ("Undo", lambda: None))
    bar.messages[0].button.setFocus()
    assert bar.messages[0].button.hasFocus()
    # The other one came later, and is gone.
    qtbot.waitUntil(lambda: len(bar.messages) == 1)
    assert bar.text() == "Removed"
    bar.messages[0].button.clearFocus()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_keyboard_presses_what_undoes_it(bar: MessageBar, qtbot: QtBot) -> None:
    undone: list[str] = []

    def undo() -> None:
        undone.append(bar.text())
        bar.inform("Front door is back")

    bar.inform("Front door was removed", ("Undo", undo))
    button = bar.messages[0].button
    assert button.isVisible()
    assert button.text() == "Undo"
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert undone == [""]
    assert bar.text() == "Front door is back"
    assert not bar.messages[0].button.isVisible()


def test_what_is_said_again_counts(bar: MessageBar) -> None:
    for _ in range(3):
        bar.warn("The disk is full")
    assert len(bar.messages) == 1
    assert bar.text() == "The disk is full"
    assert bar.messages[0].accessibleName() == "Warning: The disk is full  (×3)"


def test_of_too_many_warnings_are_kept(bar: MessageBar) -> None:
    for number in range(40):
        bar.inform(f"Saved {number}")
        bar.warn(f"Failed {number}")
    assert len(bar.waiting) <= 50
    assert sum(text.startswith("Failed") for text in bar.waiting) == 39  # all but the one that is shown


def test_long_words_fit_in_any_window(bar: MessageBar, window: QWidget) -> None:
    bar.warn("door.local refuses connections. " * 12)
    low = bar.height()
    window.resize(360, 400)
    QTest.qWait(0)
    assert bar.height() > low
    assert window.rect().contains(bar.geometry())
    close = bar.messages[0].close_button
    assert bar.rect().contains(close.mapTo(bar, QPoint(0, 0)))


def test_a_warning_looks_different_in_its_colour_and_in_its_shape(bar: MessageBar) -> None:
    bar.inform("The same words")
    bar.warn("Other words")
    QTest.qWait(0)
    informed, warned = (grabbed(message) for message in bar.messages)
    edge = warned[warned.shape[0] // 2, 2]
    assert [int(value) for value in edge[:3]] == [theme.BAD.blue(), theme.BAD.green(), theme.BAD.red()]
    shapes = [picture[:, 16:40].max(axis=2) > 120 for picture in (informed, warned)]
    assert (shapes[0] != shapes[1]).sum() > 40


def test_it_follows_the_theme(bar: MessageBar) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    bar.inform("Saved")
    QTest.qWait(0)
    dark = grabbed(bar.messages[0]).mean()
    try:
        apply_theme(app, Theme.LIGHT)
        QTest.qWait(0)
        assert grabbed(bar.messages[0]).mean() > dark + 100
    finally:
        apply_theme(app)
