"""The icons: one family, in one colour that the theme can replace."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).parents[2]
ICONS = ROOT / "livevision" / "ui" / "icons"
LINE_ICONS = sorted(path.stem for path in ICONS.glob("*.svg") if path.stem != "app")
FAMILY = {
    "viewBox": "0 0 24 24",
    "fill": "none",
    "stroke": "#000",
    "stroke-width": "1.75",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
}


def painted(svg: bytes, side: int) -> QImage:
    """Return a drawing as pixels on nothing."""
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def colours(image: QImage) -> dict[tuple[int, int], QColor]:
    """Return the colour at each place with any."""
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return {place: colour for place in places if (colour := image.pixelColor(*place)).alpha()}


@pytest.mark.parametrize("name", LINE_ICONS)
def test_a_line_icon_is_of_the_family(name: str) -> None:
    root = ET.parse(ICONS / f"{name}.svg").getroot()
    assert FAMILY.items() <= root.attrib.items()
    for element in root.iter():
        assert element.get("stroke", "#000") == "#000"
        assert element.get("fill", "#000") in {"#000", "none"}


@pytest.mark.parametrize("name", LINE_ICONS)
def test_a_line_icon_takes_the_themes_colour_and_stays_inside(name: str) -> None:
    svg = (ICONS / f"{name}.svg").read_bytes().replace(b"#000", b"#ff8800")
    drawn = colours(painted(svg, 48))
    assert len(drawn) > 100
    # What is drawn in full shows the colour itself; edges are mixed with nothing.
    assert {colour.name() for colour in drawn.values() if colour.alpha() == 255} == {"#ff8800"}
    border = {0, 47}
    assert not [place for place in drawn if border & set(place)], "touches the edge, where scaling cuts it"


def test_the_apps_icon_is_the_one_in_assets_and_has_round_corners() -> None:
    svg = (ICONS / "app.svg").read_bytes()
    assert svg == (ROOT / "assets" / "icon.svg").read_bytes()
    image = painted(svg, 128)
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(64, 64).alpha() == 255
