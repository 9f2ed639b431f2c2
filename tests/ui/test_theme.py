"""Dark and light, and words that can be read in both."""

from itertools import product

import pytest
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from livevision.ui import theme
from livevision.ui.icon import dress
from livevision.ui.theme import Theme, apply_theme


@pytest.fixture(autouse=True)
def dark_again(qapp: QApplication):  # type: ignore[no-untyped-def]
    yield
    apply_theme(qapp)


def luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = colour.getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2's ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("wanted", [Theme.DARK, Theme.LIGHT])
def test_words_can_be_read_on_every_ground(qapp: QApplication, wanted: Theme) -> None:
    apply_theme(qapp, wanted)
    words = (theme.TEXT, theme.MUTED, theme.ACCENT, theme.GOOD, theme.WARNING, theme.BAD)
    grounds = (theme.BACKGROUND, theme.SURFACE, theme.RAISED)
    assert min(contrast(word, ground) for word, ground in product(words, grounds)) >= 4.5
    assert contrast(theme.ON_ACCENT, theme.ACCENT) >= 4.5
    assert contrast(theme.ON_VIDEO, theme.VIDEO) >= 4.5


def test_the_same_colours_change_their_values(qapp: QApplication) -> None:
    kept = theme.TEXT
    apply_theme(qapp, Theme.LIGHT)
    assert kept.lightness() < 60
    assert qapp.palette().color(QPalette.ColorRole.WindowText) == kept
    assert kept.name() in qapp.styleSheet()
    assert "@" not in qapp.styleSheet()
    apply_theme(qapp, Theme.DARK)
    assert kept.lightness() > 200


def test_icons_follow_the_theme_and_are_let_go_of(qtbot: QtBot, qapp: QApplication) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    dress(button, "camera")
    action = QAction()
    dress(action, "camera")

    def darkest() -> int:
        image = button.icon().pixmap(24, 24).toImage()
        drawn = [image.pixelColor(x, y) for x, y in product(range(24), range(24))]
        return min(colour.lightness() for colour in drawn if colour.alpha() > 200)

    assert darkest() > 180
    apply_theme(qapp, Theme.LIGHT)
    assert darkest() < 60
    action.deleteLater()
    qapp.processEvents()
    apply_theme(qapp, Theme.DARK)


def test_switching_again_and_again_changes_nothing_but_colours(qtbot: QtBot, qapp: QApplication) -> None:
    button = QPushButton("Record")
    qtbot.addWidget(button)
    button.show()
    style, families, width = qapp.style(), button.font().families(), button.sizeHint().width()
    for wanted in (Theme.LIGHT, Theme.DARK) * 2:
        apply_theme(qapp, wanted)
    # Another style is a second look at every widget, which stops the pictures for a moment.
    assert qapp.style() is style
    assert button.font().families() == families
    assert button.font().pixelSize() == 13
    assert button.sizeHint().width() == width
