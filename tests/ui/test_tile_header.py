"""The line above a picture: what is more important stays readable."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from livevision.sources.status import CameraState
from livevision.ui import theme
from livevision.ui.theme import apply_theme
from livevision.ui.tile.header_line import Part
from livevision.ui.tile.header_words import HeaderWords
from livevision.ui.tile_header import TileHeader
from tests.ui.test_video_view import grabbed

TROUBLE = "server gpu1:9001 does not answer, trying again in 4 s"
DETAILS = "12.3 MB · no pre-roll: this source gives pictures, not packets"
EVERYTHING = HeaderWords(CameraState.BACKING_OFF, "yolox_nano.onnx · CPU", "boxes 120 ms", TROUBLE, "01:07", DETAILS)
RECORDING = HeaderWords(CameraState.LIVE, "yolox_nano.onnx · CPU", "", "", "01:07", DETAILS)
TILE_WIDTHS = [156, 200, 260, 316, 420, 636, 956, 1916]


@pytest.fixture
def header(qapp: QApplication, qtbot: QtBot) -> TileHeader:
    apply_theme(qapp)  # for its font
    header = TileHeader("Warehouse gate north, camera 12")
    qtbot.addWidget(header)
    return header


def columns_in(header: TileHeader, colour: object) -> np.ndarray:
    """Return where something stands in this colour, from left to right."""
    wanted = np.array([colour.blue(), colour.green(), colour.red()])  # type: ignore[attr-defined]
    near = np.abs(grabbed(header)[:, :, :3].astype(int) - wanted).max(axis=2) < 12
    return np.flatnonzero(near.any(axis=0))


@pytest.mark.parametrize("width", [520, 900])
def test_trouble_is_read_whole_and_the_model_gives_way(qtbot: QtBot, width: int) -> None:
    header = TileHeader("Door")
    qtbot.addWidget(header)
    header.resize(width, header.height())
    header.tell(HeaderWords(CameraState.LIVE, "roboflow+http://gpu1:9001/project/3", trouble=TROUBLE))
    found = columns_in(header, theme.WARNING)
    assert found[-1] - found[0] > 0.97 * header.fontMetrics().horizontalAdvance(TROUBLE)
    assert TROUBLE in header.words


@pytest.mark.parametrize("width", TILE_WIDTHS)
@pytest.mark.parametrize("told", [EVERYTHING, RECORDING, HeaderWords(CameraState.LIVE, "motion")])
def test_nothing_lies_on_anything_else_however_wide_a_tile_is(
    header: TileHeader, width: int, told: HeaderWords
) -> None:
    header.resize(width, header.height())
    header.tell(told)
    widths = header.widths()
    assert sum(widths.values()) + 8 * (len(widths) - 1) <= width - 36
    bold = QFont(header.font())
    bold.setWeight(QFont.Weight.DemiBold)
    name = QFontMetrics(bold).elidedText(header.name, Qt.TextElideMode.ElideMiddle, widths[Part.NAME])
    assert len(name) >= 7, name
    assert (Part.TROUBLE in widths) == bool(told.trouble), "at least its sign"
    assert (Part.RECORDING in widths) == bool(told.recording), "at least its dot"


def test_a_recording_says_how_long_it_is_in_the_smallest_tile_and_the_rest_to_those_who_ask(
    header: TileHeader,
) -> None:
    header.resize(156, header.height())
    header.tell(RECORDING)
    whole = header.fontMetrics().horizontalAdvance("01:07")
    assert header.widths()[Part.RECORDING] > whole
    dot = columns_in(header, theme.BAD)
    assert 156 - whole - 26 < dot[0] < dot[-1] < 156 - whole - 10, "left of its length"
    header.resize(1916, header.height())
    assert header.widths()[Part.RECORDING] < whole + 20, "and no more in a large one"
    for told in (header.words, header.toolTip(), header.accessibleDescription()):
        assert "no pre-roll: this source gives pictures" in told


def test_what_is_less_important_goes_first(header: TileHeader) -> None:
    header.tell(EVERYTHING)
    seen = []
    for width in range(1900, 150, -4):
        header.resize(width, header.height())
        seen.append(header.widths().keys())
    gone = [part for before, now in pairwise(seen) for part in before - now]
    assert gone == [Part.BOX_AGE, Part.MODEL, Part.STATE]


def test_names_and_servers_answers_are_no_mark_up(header: TileHeader) -> None:
    header.tell(HeaderWords(CameraState.LIVE, trouble="<b>500</b> Internal & error"))
    assert "&lt;b&gt;500&lt;/b&gt; Internal &amp; error" in header.toolTip()
