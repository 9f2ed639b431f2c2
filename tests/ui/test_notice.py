import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from livevision.ui.notice import Notice
from livevision.ui.video_view import VideoView
from tests.ui.test_video_view import grabbed

WAITING = Notice("No picture for 4 s, reconnecting in 2 s", "door.local refuses connections. " * 3, "Retry now")


@pytest.fixture
def view(qtbot: QtBot) -> VideoView:
    view = VideoView()
    view.resize(640, 360)
    qtbot.addWidget(view)
    view.show()
    return view


def test_the_button_is_there_only_with_something_to_do(view: VideoView) -> None:
    view.set_notice(Notice("Connecting…"))
    assert not view.action.isVisible()
    view.set_notice(WAITING)
    assert view.action.isVisible()
    assert view.action.text() == "Retry now"
    assert view.notice == WAITING
    view.set_notice(None)
    assert not view.action.isVisible()
    assert view.notice is None


def test_mouse_and_keyboard_press_it(view: VideoView, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    view.action_wanted.connect(lambda: pressed.append(True))
    view.set_notice(WAITING)
    qtbot.mouseClick(view.action, Qt.MouseButton.LeftButton)
    assert view.action.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(view.action, Qt.Key.Key_Space)
    assert pressed == [True, True]


def test_words_stand_above_the_button_and_not_behind_it(view: VideoView) -> None:
    view.set_notice(WAITING)
    lit = grabbed(view).max(axis=2) > 110
    rows = np.flatnonzero(lit[: view.action.y()].any(axis=1))
    assert len(rows) > 20
    assert rows[0] > 60
    assert view.action.geometry().bottom() < 300
    assert abs(view.action.geometry().center().x() - 320) <= 1


def test_a_small_tile_keeps_headline_and_button(view: VideoView) -> None:
    view.resize(200, 112)
    view.set_notice(WAITING)
    assert view.rect().contains(view.action.geometry())
    assert (grabbed(view)[: view.action.y()].max(axis=2) > 110).any()


def test_a_screen_reader_gets_the_words(view: VideoView) -> None:
    view.set_notice(Notice("Ended", "Last picture 8 s ago"))
    overlay = view.action.parentWidget()
    assert overlay.accessibleName() == "Ended Last picture 8 s ago"
