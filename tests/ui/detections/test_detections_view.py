"""The dock of recent detections, used with mouse and keys."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from livevision.sightings import Sighting
from livevision.ui.detections.detections_view import DetectionsView
from livevision.ui.detections.sighting_delegate import SightingDelegate
from livevision.ui.detections.sighting_model import SIGHTING
from livevision.ui.theme import apply_theme

RED = (0, 0, 255)  # BGR


class Book:
    """Stands for the sightings of an app; the test says what they are."""

    def __init__(self) -> None:
        self.version = 0
        self.total = 0
        self.cameras = ("Door", "Yard")
        self.entries: dict[int, Sighting] = {}
        self.now: dict[str, Counter[str]] = {}
        self.asked = 0

    def recent(self) -> tuple[Sighting, ...]:
        self.asked += 1
        return tuple(reversed(self.entries.values()))

    def counts(self, camera: str | None = None) -> Counter[str]:
        return sum((each for name, each in self.now.items() if camera in (None, name)), Counter())

    def clear(self) -> None:
        self.entries.clear()
        self.version += 1

    def see(self, name: str, camera: str, thumbnail: np.ndarray | None = None, ago: float = 0.0) -> Sighting:
        self.total += 1
        wall = time.time() - ago
        entry = Sighting(self.total, camera, name, 0.87, self.total, wall, wall, 0, 5.0, thumbnail)
        self.entries[self.total] = entry
        if len(self.entries) > 500:
            del self.entries[next(iter(self.entries))]
        self.version += 1
        return entry

    def change(self, number: int, **parts: object) -> None:
        self.entries[number] = replace(self.entries[number], **parts)
        self.version += 1


@pytest.fixture(scope="module", autouse=True)
def theme(qapp: QApplication) -> None:
    apply_theme(qapp)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def view(qtbot: QtBot, book: Book) -> DetectionsView:
    view = DetectionsView(book)
    qtbot.addWidget(view)
    view.resize(340, 600)
    view.show()
    qtbot.waitExposed(view)
    return view


def street(book: Book, view: DetectionsView) -> None:
    for name, camera in (("person", "Door"), ("car", "Yard"), ("person", "Yard"), ("dog", "Door")):
        book.see(name, camera)
    view.refresh()


def listed(view: DetectionsView) -> list[str]:
    rows = (view.model.index(row).data(SIGHTING) for row in range(view.model.rowCount()))
    return [f"{each.class_name} {each.camera}" for each in rows]


def grabbed(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].copy()


def test_an_empty_list_says_what_to_do(view: DetectionsView) -> None:
    assert view.empty.isVisible()
    assert "Give a camera a model" in view.empty.text()
    assert not view.unfilter.isVisible()
    assert view.chips.words == "Nothing in the picture"


def test_the_newest_stand_above(view: DetectionsView, book: Book) -> None:
    street(book, view)
    assert listed(view) == ["dog Door", "person Yard", "car Yard", "person Door"]
    assert view.list.isVisible()
    assert view.state.text() == "4 listed"


def test_typing_searches_class_camera_and_identity(view: DetectionsView, book: Book) -> None:
    street(book, view)
    QTest.keyClicks(view.search, "PERS yard")
    assert listed(view) == ["person Yard"]
    assert view.state.text() == "1 of 4"
    view.search.clear()
    QTest.keyClicks(view.search, "#2")
    assert listed(view) == ["car Yard"]


def test_class_and_camera_are_chosen_from_what_there_is(view: DetectionsView, book: Book) -> None:
    street(book, view)
    assert view.classes.values == (None, "car", "dog", "person")
    view.classes.setFocus()
    QTest.keyClick(view.classes, Qt.Key.Key_End)
    assert listed(view) == ["person Yard", "person Door"]
    view.cameras.setFocus()
    QTest.keyClick(view.cameras, Qt.Key.Key_End)
    assert listed(view) == ["person Yard"]
    book.see("zebra", "Roof")
    view.refresh()
    assert view.classes.value == "person"  # whatever comes into the list of choices
    assert listed(view) == ["person Yard"]


def test_what_fits_nothing_offers_a_way_back(view: DetectionsView, book: Book) -> None:
    street(book, view)
    QTest.keyClicks(view.search, "zebra")
    assert "None of the 4" in view.empty.text()
    QTest.mouseClick(view.unfilter, Qt.MouseButton.LeftButton)
    assert len(listed(view)) == 4


def test_counts_follow_the_chosen_camera(view: DetectionsView, book: Book) -> None:
    book.now = {"Door": Counter(person=2), "Yard": Counter(car=3, person=1)}
    view.refresh()
    assert view.chips.words == "3 car, 3 person"
    view.show_camera("Yard")
    assert view.chips.words == "3 car, 1 person"
    assert view.chips.accessibleName() == view.chips.words


def test_many_classes_break_into_lines_and_none_is_cut(view: DetectionsView, book: Book, qtbot: QtBot) -> None:
    book.now = {"Door": Counter({f"class number {number}": 20 - number for number in range(15)})}
    view.refresh()
    qtbot.waitUntil(lambda: view.chips.height() >= view.chips.heightForWidth(view.chips.width()) > 60)
    assert view.chips.words.endswith("21 more")
    pixels = grabbed(view.chips)
    blank = (pixels == pixels[-1, -1]).all(axis=(1, 2))
    assert not blank[-12:].all()  # the last line is there


def test_the_picture_in_the_list_is_the_object(view: DetectionsView, book: Book) -> None:
    picture = np.full((96, 48, 3), RED, np.uint8)
    picture[48:] = (0, 255, 0)
    book.see("person", "Door", picture)
    view.refresh()
    pixels = grabbed(view.list.viewport())
    reds = np.argwhere((pixels == RED).all(axis=2))
    greens = np.argwhere((pixels == (0, 255, 0)).all(axis=2))
    assert len(reds) > 500
    assert np.ptp(reds[:, 1]) + 1 == 28  # half as wide as high, as the object
    assert reds[:, 0].max() < greens[:, 0].min()  # and upright


def test_an_entry_is_brought_up_to_date_where_it_stands(view: DetectionsView, book: Book) -> None:
    street(book, view)
    view.list.setCurrentIndex(view.model.index(2))
    book.change(2, confidence=0.99)
    book.see("cat", "Door")
    view.refresh()
    assert view.list.currentIndex().data().startswith("car #2  99 %")
    assert view.list.currentIndex().row() == 3


def test_times_are_said_as_people_say_them(view: DetectionsView, book: Book) -> None:
    seen = book.see("car", "Yard")
    for later, words in ((0.5, "now"), (12, "12 s ago"), (125, "2 min ago"), (7300, "2 h ago")):
        delegate = SightingDelegate(view.model, view, now=lambda later=later: seen.last_seen + later)
        assert delegate.when(seen) == f"{time.strftime('%H:%M:%S', time.localtime(seen.first_seen))} · {words}"


def test_paused_stands_still_and_says_what_came(view: DetectionsView, book: Book) -> None:
    street(book, view)
    QTest.mouseClick(view.pause, Qt.MouseButton.LeftButton)
    book.see("cat", "Door")
    view.refresh()
    assert "cat Door" not in listed(view)
    assert view.state.text() == "Paused · 1 new since"
    QTest.keyClicks(view.search, "car")
    assert listed(view) == ["car Yard"]
    view.search.clear()
    QTest.mouseClick(view.pause, Qt.MouseButton.LeftButton)
    assert listed(view)[0] == "cat Door"


def test_cleared_is_cleared(view: DetectionsView, book: Book) -> None:
    street(book, view)
    QTest.mouseClick(view.clear, Qt.MouseButton.LeftButton)
    assert listed(view) == []
    assert view.empty.isVisible()


def test_a_double_click_or_enter_wants_the_moment(view: DetectionsView, book: Book) -> None:
    street(book, view)
    wanted: list[Sighting] = []
    view.moment_wanted.connect(wanted.append)
    place = view.list.visualRect(view.model.index(1)).center()
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted == []
    QTest.mouseDClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(view.list, Qt.Key.Key_Down)
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert [each.class_name for each in wanted] == ["person", "car"]


def test_it_follows_while_it_is_seen_and_rests_while_it_is_not(view: DetectionsView, book: Book, qtbot: QtBot) -> None:
    book.see("car", "Yard")
    qtbot.waitUntil(lambda: listed(view) == ["car Yard"])
    view.hide()
    asked = book.asked
    qtbot.wait(400)
    assert book.asked == asked
    view.show()
    assert book.asked > asked


def test_a_full_list_is_cheap(view: DetectionsView, book: Book) -> None:
    picture = np.full((96, 60, 3), 90, np.uint8)
    for number in range(500):
        book.see(f"class {number % 20}", "Yard", picture)
    view.refresh()
    QApplication.processEvents()
    took = []
    for step in range(8):
        for _ in range(3):
            book.see("car", "Yard", picture)
        for number in list(book.entries)[-20:]:
            book.change(number, confidence=step / 10)
        began = time.thread_time()
        view.refresh()
        view.list.repaint()
        took.append(time.thread_time() - began)
    assert view.model.rowCount() == 500
    print(f"{1000 * float(np.median(took)):.1f} ms")
    assert np.median(took) < 0.04  # 5 ms measured
    view.list.verticalScrollBar().setValue(view.list.verticalScrollBar().maximum())
    assert view.list.indexAt(QPoint(20, 20)).row() > 480
