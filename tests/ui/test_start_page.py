"""The start page: what there is to click, and what that asks for."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from livevision.ui import theme
from livevision.ui.add_camera.kind import SourceKind
from livevision.ui.start_page import RecentCamera, StartPage
from tests.ui.test_video_view import grabbed


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> StartPage:
    theme.apply_theme(qapp)
    page = StartPage()
    qtbot.addWidget(page)
    page.resize(1000, 760)
    page.show()
    return page


def test_cards_ask_for_their_kind(page: StartPage) -> None:
    wanted: list[object] = []
    page.add_wanted.connect(wanted.append)
    page.file_wanted.connect(lambda: wanted.append("file"))
    page.demo_wanted.connect(lambda: wanted.append("demo"))
    for card in (page.webcam, page.network, page.file, page.demo):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert wanted == [SourceKind.WEBCAM, SourceKind.NETWORK, "file", "demo"]


def test_a_card_works_by_keyboard_and_shows_that_it_is_meant(page: StartPage, qtbot: QtBot) -> None:
    wanted: list[object] = []
    page.add_wanted.connect(wanted.append)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    plain = grabbed(page.webcam)
    page.webcam.setFocus()
    assert not np.array_equal(grabbed(page.webcam), plain)
    QTest.keyClick(page.webcam, Qt.Key.Key_Space)
    assert wanted == [SourceKind.WEBCAM]


def test_recent_cameras_open_again_and_are_bounded(page: StartPage) -> None:
    wanted: list[RecentCamera] = []
    page.recent_wanted.connect(wanted.append)
    cameras = [RecentCamera(f"Door & yard {number}", f"rtsp://cam/{number}") for number in range(50)]
    page.show_recent(cameras)
    assert len(page.recent) == 6
    QTest.mouseClick(page.recent[1], Qt.MouseButton.LeftButton)
    assert wanted == [cameras[1]]
    assert page.recent[1].accessibleName() == "Open Door & yard 1 again"
    page.show_recent([])
    assert page.recent == ()
    assert "Recent cameras" not in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_the_empty_state_says_what_else_can_be_done(page: StartPage) -> None:
    said = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
    assert "drop videos, folders and addresses" in said
    assert "paste an address" in said


def test_cards_follow_the_theme(page: StartPage, qapp: QApplication) -> None:
    dark = grabbed(page.demo)
    theme.apply_theme(qapp, theme.Theme.LIGHT)
    try:
        light = grabbed(page.demo)
    finally:
        theme.apply_theme(qapp)
    # Below the middle there is no picture: the surface itself.
    assert dark[10, 60].max() < 80
    assert light[10, 60].min() > 200


def test_words_of_any_length_fit_into_a_card(page: StartPage) -> None:
    words = "Eine auf diesem Rechner aufgezeichnete Videodatei oder ein ganzer Ordner voller Einzelbilder"
    label = next(label for label in page.file.findChildren(QLabel) if label.text() == "A recorded video")
    label.setText(words)
    page.resize(1001, 760)
    QApplication.processEvents()
    assert label.height() >= label.heightForWidth(label.width())


def test_a_recent_camera_shows_as_much_of_its_name_as_there_is_room_for(page: StartPage) -> None:
    long = "Loading bay, gates 1 to 4"
    page.show_recent([RecentCamera("Desk", "0"), RecentCamera(long, "1"), RecentCamera(long * 3, "2")])
    QApplication.processEvents()
    widths = [button.width() for button in page.recent]
    assert max(widths) - min(widths) <= 1
    assert page.recent[0].shown == "Desk"
    assert page.recent[1].shown == long
    # Its beginning and its end, which tell it from others.
    assert page.recent[2].shown.startswith("Loading bay")
    assert page.recent[2].shown.endswith("gates 1 to 4")
    assert page.recent[2].shown != long * 3
    drawn = grabbed(page.recent[2])
    assert np.ptp(drawn[10:-10, -10:-4], axis=(0, 1)).max() < 3  # no letters at its right edge
