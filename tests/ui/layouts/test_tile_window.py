from types import SimpleNamespace

from PySide6.QtCore import QRect

from livevision.ui.layouts.tile_window import place_beside


def screen(left: int, width: int, height: int) -> SimpleNamespace:
    return SimpleNamespace(availableGeometry=lambda: QRect(left, 0, width, height))


def test_a_window_goes_to_the_second_screen_where_there_is_one() -> None:
    first, second = screen(0, 1920, 1080), screen(1920, 1280, 800)
    assert place_beside(first, [first, second]) == QRect(1920 + 160, 100, 960, 600)
    assert second.availableGeometry().contains(place_beside(first, [first, second]))
    assert first.availableGeometry().contains(place_beside(second, [first, second]))
    assert first.availableGeometry().contains(place_beside(first, [first]))


def test_a_window_is_no_larger_than_its_screen() -> None:
    small = screen(0, 800, 480)
    assert place_beside(small, [small]) == QRect(0, 0, 800, 480)
