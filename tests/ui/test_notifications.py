"""What is said of lost cameras, in the window and on the desktop."""

import pytest
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from livevision.ui.lost_watch import News, Turn
from livevision.ui.message_bar import MessageBar
from livevision.ui.notifications import Notifier

LOST = News("Front door", Turn.LOST, 30)


@pytest.fixture
def messages(qtbot: QtBot) -> MessageBar:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return MessageBar(window)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    # There is none on this platform, and Qt would not survive the attempt.
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _, title, text, *rest: said.append((title, text)))
    return said


def test_both_say_it(messages: MessageBar, desktop: list[tuple[str, str]]) -> None:
    notifier = Notifier(messages)
    notifier.tell(())
    assert not messages.isVisible()
    notifier.tell((LOST,))
    assert messages.text() == "Front door: no picture for 30 s"
    notifier.tell((News("Front door", Turn.BACK, 150),))
    assert messages.text() == "Front door is back after 2 min"
    assert desktop == [
        ("Camera lost", "Front door: no picture for 30 s"),
        ("Camera back", "Front door is back after 2 min"),
    ]
    notifier.close()
    notifier.close()


def test_without_a_tray_the_window_says_it(messages: MessageBar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    notifier = Notifier(messages)
    notifier.tell((LOST,))
    assert messages.text() == "Front door: no picture for 30 s"
    assert notifier.findChildren(QSystemTrayIcon) == []
    notifier.close()


def test_many_cameras_are_one_message(messages: MessageBar, desktop: list[tuple[str, str]]) -> None:
    notifier = Notifier(messages)
    notifier.tell([News(f"Camera {number}", Turn.LOST, 30) for number in range(9)])
    text = "9 cameras without a picture: Camera 0, Camera 1, Camera 2, Camera 3, Camera 4 …"
    assert desktop == [("Camera lost", text)]
    assert len(messages.messages) == 1
    notifier.close()


def test_a_camera_that_keeps_coming_and_going_is_named_as_such(
    messages: MessageBar, desktop: list[tuple[str, str]]
) -> None:
    notifier = Notifier(messages)
    notifier.tell([News("Front door", Turn.UNSTABLE, 150)])
    assert messages.text() == "Front door keeps coming and going for 2 min: check its network and power"
    notifier.tell([News("Front door", Turn.UNSTABLE, 150), News("Yard", Turn.UNSTABLE, 90)])
    assert messages.text() == "2 cameras keep coming and going: Front door, Yard"
    assert [title for title, _ in desktop] == ["Camera unstable", "Camera unstable"]
    notifier.close()


def test_pressing_it_opens_the_window(messages: MessageBar, desktop: list[tuple[str, str]], qtbot: QtBot) -> None:
    notifier = Notifier(messages)
    notifier.tell((LOST,))
    (tray,) = notifier.findChildren(QSystemTrayIcon)
    with qtbot.waitSignal(notifier.opened):
        tray.messageClicked.emit()
    notifier.close()
