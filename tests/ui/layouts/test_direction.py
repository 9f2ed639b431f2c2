import pytest
from PySide6.QtCore import QRect

from livevision.ui.layouts.direction import Direction, neighbour
from livevision.ui.layouts.geometry import Spacing, plan
from livevision.ui.layouts.kind import LayoutKind


def cells(kind: LayoutKind) -> tuple[QRect, ...]:
    return plan(kind, 1, 0, QRect(0, 0, 1280, 720), Spacing(4, 0, 0)).cells


@pytest.mark.parametrize(
    ("here", "direction", "there"),
    [
        (4, Direction.LEFT, 3),
        (4, Direction.RIGHT, 5),
        (4, Direction.UP, 1),
        (4, Direction.DOWN, 7),
        (0, Direction.LEFT, None),
        (0, Direction.UP, None),
        (2, Direction.RIGHT, None),
        (8, Direction.DOWN, None),
    ],
)
def test_in_a_grid_one_goes_straight_ahead(here: int, direction: Direction, there: int | None) -> None:
    assert neighbour(cells(LayoutKind.THREE), here, direction) == there


# One big cell (0), two beside it (1, 2), three below (3, 4, 5).
@pytest.mark.parametrize(
    ("here", "direction", "there"),
    [
        (1, Direction.LEFT, 0),
        (2, Direction.LEFT, 0),
        (3, Direction.UP, 0),
        (4, Direction.UP, 0),
        (5, Direction.UP, 2),
        (1, Direction.DOWN, 2),
        (2, Direction.DOWN, 5),
        (5, Direction.LEFT, 4),
        (0, Direction.LEFT, None),
    ],
)
def test_beside_a_big_cell_one_comes_to_what_lies_there(here: int, direction: Direction, there: int | None) -> None:
    assert neighbour(cells(LayoutKind.BIG_AND_5), here, direction) == there


def test_from_a_big_cell_one_comes_to_one_that_touches_it() -> None:
    assert neighbour(cells(LayoutKind.BIG_AND_5), 0, Direction.RIGHT) in {1, 2}
    assert neighbour(cells(LayoutKind.BIG_AND_5), 0, Direction.DOWN) in {3, 4}


def test_a_gap_in_the_last_row_is_passed() -> None:
    five = plan(LayoutKind.THREE, 5, 0, QRect(0, 0, 1280, 720), Spacing(4, 0, 0)).cells[:5]  # 3 + 2
    assert neighbour(five, 2, Direction.DOWN) == 4
