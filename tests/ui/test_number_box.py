"""Numbers begin where the words of other fields do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot

from livevision.ui.add_camera.demo_page import DemoPage
from livevision.ui.number_box import indent
from livevision.ui.panel.controls import Level
from livevision.ui.theme import Theme, apply_theme


def first_ink(box: QSpinBox) -> int:
    """Return how far from the left edge, in logical pixels, the number begins."""
    picture = box.grab().toImage()
    middle, ratio = picture.height() // 2, picture.devicePixelRatio()
    ground = picture.pixelColor(picture.width() // 2, middle).lightness()
    for x in range(round(2 * ratio), picture.width()):
        column = (picture.pixelColor(x, y).lightness() for y in range(middle - 5, middle + 5))
        if max(abs(value - ground) for value in column) > 90:
            return round(x / ratio)
    raise AssertionError("there is no number")


def shown(qtbot: QtBot, box: QSpinBox) -> QSpinBox:
    qtbot.addWidget(box)
    box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    box.setValue(88)
    box.resize(200, box.sizeHint().height())
    box.show()
    return box


def test_the_number_does_not_touch_the_edge(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, Theme.DARK)
    indented = QSpinBox()
    indent(indented)
    assert first_ink(shown(qtbot, QSpinBox())) < 6
    assert first_ink(shown(qtbot, indented)) >= 9


def test_the_fields_of_panel_and_dialog_are_so(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, Theme.DARK)
    level, page = Level("Confidence", 0, 100), DemoPage()
    qtbot.addWidget(level)
    qtbot.addWidget(page)
    for box in (level.number, page.seed):
        assert box.lineEdit().textMargins().left() >= 9
