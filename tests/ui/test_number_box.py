"""Numbers begin where the words of other fields do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot

from livevision.ui.add_camera.demo_page import DemoPage
from livevision.ui.number_box import indent
from livevision.ui.panel.controls import Level, decimal_spin, spin
from livevision.ui.theme import Theme, apply_theme
from tests.fakes.fixtures import missing


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


@pytest.fixture(params=["de_DE", "pl_PL", "en_US", "de_CH"])
def here(request: pytest.FixtureRequest) -> Iterator[QLocale]:
    """The country that somebody types in."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield QLocale()
    QLocale.setDefault(before)


@pytest.mark.parametrize("typed", ["1.5", "1,5"])
def test_a_decimal_number_is_understood_with_a_comma_and_with_a_point(qtbot: QtBot, here: QLocale, typed: str) -> None:
    box = decimal_spin("Minutes", 0, 10_000, " min")
    qtbot.addWidget(box)
    box.show()
    box.selectAll()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 1.5
    assert box.text() == f"1{here.decimalPoint()}5 min"


@pytest.mark.parametrize("typed", ["1.5", "1,5", "0.4"])
def test_a_whole_number_does_not_become_another_one(qtbot: QtBot, here: QLocale, typed: str) -> None:
    box = spin("Seconds", 0, 86_400, " s")
    box.setValue(30)
    qtbot.addWidget(box)
    box.show()
    box.selectAll()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 30
    box.selectAll()
    QTest.keyClicks(box, "1500")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 1500


def test_c_libraries_read_numbers_with_a_point_in_every_country(tmp_path: Path) -> None:
    """FFmpeg reads its options with strtod, for one: with a comma's locale, 23.5 is 23."""
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/locales/de_DE").exists():
        missing("there are no locales to try: packaging/test.sh installs them")
    made = ["localedef", "-c", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")]
    subprocess.run(made, capture_output=True, check=True)
    program = (
        "import ctypes, locale\n"
        "locale.setlocale(locale.LC_ALL, '')\n"
        "strtod = ctypes.CDLL(None).strtod\n"
        "strtod.restype, strtod.argtypes = ctypes.c_double, [ctypes.c_char_p, ctypes.c_void_p]\n"
        "print(strtod(b'23.5', None))\n"
        "from livevision.ui.run import prepare_application\n"
        "prepare_application()\n"
        "print(strtod(b'23.5', None), f'{0.4}')\n"
    )
    environment = os.environ | {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8"}
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
    ).stdout
    assert said.split() == ["23.0", "23.5", "0.4"]
