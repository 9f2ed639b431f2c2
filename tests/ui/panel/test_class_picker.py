"""Classes picked by ticks and by names."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from livevision.ui.panel.class_picker import ClassPicker
from livevision.ui.preferring import known_classes
from livevision.ui.swatch import colour_of
from livevision.ui.theme import apply_theme
from tests.fakes.cameras import ScriptedDetector, things
from tests.ui.test_video_view import grabbed

KNOWN = ("person", "bicycle", "License plate", "car")


class Picked:
    """A picker, and the one who keeps what is picked."""

    def __init__(self, picker: ClassPicker, known: tuple[str, ...] | None = KNOWN) -> None:
        self.picker = picker
        self.known = known
        self.told: list[tuple[str, ...]] = []
        picker.picked.connect(self._keep)
        picker.show_classes((), known, ())

    @property
    def now(self) -> tuple[str, ...]:
        return self.told[-1] if self.told else ()

    def _keep(self, names: tuple[str, ...]) -> None:
        self.told.append(names)
        self.picker.show_classes(names, self.known, ())


@pytest.fixture
def picked(qtbot: QtBot, qapp: QApplication) -> Picked:
    apply_theme(qapp)
    picker = ClassPicker("Hide these")
    qtbot.addWidget(picker)
    picked = Picked(picker)
    picker.resize(320, 400)
    picker.show()
    qtbot.waitExposed(picker)
    return picked


def listed(picker: ClassPicker) -> list[str]:
    order = picker.classes.order
    return [order.index(row, 0).data() for row in range(order.rowCount())]


def test_those_known_have_ticks_and_colours(picked: Picked) -> None:
    view = picked.picker.classes.view
    room = view.visualRect(picked.picker.classes.order.index(0, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(room.left() + 11, room.center().y()))
    assert picked.now == ("person",)
    shown = grabbed(view.viewport())
    colour = colour_of("person")
    row = shown[room.top() : room.bottom()].reshape(-1, 3)
    assert (abs(row.astype(int) - (colour.blue(), colour.green(), colour.red())).max(axis=1) < 3).any()


def test_a_name_is_taken_as_the_model_writes_it_and_once(picked: Picked) -> None:
    QTest.keyClicks(picked.picker.name, "LICENSE PLATE")
    assert picked.told == []
    QTest.keyClick(picked.picker.name, Qt.Key.Key_Return)
    QTest.keyClicks(picked.picker.name, "license plate,")
    assert picked.told == [("License plate",)]
    assert picked.picker.name.text() == ""
    assert not picked.picker.unknown.isVisible()
    assert listed(picked.picker)[0] == "License plate"


def test_one_that_is_offered_is_taken_when_it_is_chosen(picked: Picked, qtbot: QtBot) -> None:
    QTest.keyClicks(picked.picker.name, "pla")
    popup = picked.picker.completer.popup()
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: picked.now == ("License plate",))
    qtbot.waitUntil(lambda: picked.picker.name.text() == "")
    assert len(picked.told) == 1


def test_one_that_nobody_knows_is_hidden_and_said(picked: Picked) -> None:
    QTest.keyClicks(picked.picker.name, "persn,")
    assert picked.now == ("persn",)
    words = picked.picker.unknown.text()
    assert "No model in use finds: persn" in words
    assert "Is person meant by persn?" in words
    picked.picker.show_classes(("persn",), None, ())
    assert not picked.picker.unknown.isVisible(), "where no model says what it knows, nobody knows better"


def test_what_is_typed_counts_when_the_field_is_left(picked: Picked, qtbot: QtBot) -> None:
    picked.picker.activateWindow()
    picked.picker.name.setFocus()
    qtbot.waitUntil(picked.picker.name.hasFocus)
    QTest.keyClicks(picked.picker.name, "wheelbarrow")
    picked.picker.classes.view.setFocus()
    assert picked.now == ("wheelbarrow",)


def test_what_the_models_in_use_know_together() -> None:
    one, other, silent = (ScriptedDetector(things()) for _ in range(3))
    one.classes, other.classes, silent.classes = ("person", "car"), ("car", "face"), None
    assert known_classes([one, None, other]) == ("person", "car", "face")
    assert known_classes([one, silent]) is None
    assert known_classes([None]) is None
