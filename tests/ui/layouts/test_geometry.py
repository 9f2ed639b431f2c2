import pytest
from PySide6.QtCore import QRect

from livevision.ui.layouts.automatic import Flow, Grid, Wish
from livevision.ui.layouts.geometry import Spacing, plan
from livevision.ui.layouts.kind import LayoutKind

WISH = Wish()
AREA = QRect(0, 0, 1280, 720)
TIGHT = Spacing(0, 0, 30)
USUAL = Spacing(4, 60, 30)


def overlaps(cells: tuple[QRect, ...]) -> bool:
    return any(one.intersects(other) for i, one in enumerate(cells) for other in cells[:i])


WIDE = QRect(0, 0, 1280, 720)
BESIDE_A_PANEL = QRect(0, 0, 900, 736)


def grid(count: int, room: QRect, spacing: Spacing = TIGHT, wish: Wish = WISH) -> Grid:
    found = plan(LayoutKind.AUTO, count, 0, room, spacing, wish).grid
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("count", "room", "expected"),
    [
        (1, WIDE, Grid((1,))),
        (2, WIDE, Grid((2,))),
        (2, QRect(0, 0, 720, 1280), Grid((1, 1))),
        (3, QRect(0, 0, 2400, 450), Grid((3,))),
        (3, WIDE, Grid((1, 2))),
        (3, QRect(0, 0, 1400, 720), Grid((1, 2), Flow.COLUMNS)),
        (4, WIDE, Grid((2, 2))),
        (5, WIDE, Grid((2, 3))),
        (9, WIDE, Grid((3, 3, 3))),
        (16, WIDE, Grid((4, 4, 4, 4))),
        (2, BESIDE_A_PANEL, Grid((1, 1))),
    ],
)
def test_the_automatic_grid_shows_the_pictures_largest(count: int, room: QRect, expected: Grid) -> None:
    assert grid(count, room) == expected


def areas(cells: tuple[QRect, ...], aspect: float, spacing: Spacing) -> list[float]:
    sizes = ((cell.width(), cell.height() - spacing.tile) for cell in cells)
    return [min(width, height * aspect) * min(width / aspect, height) for width, height in sizes]


@pytest.mark.parametrize("count", [2, 3, 5, 7, 9])
@pytest.mark.parametrize("aspect", [16 / 9, 4 / 3, 9 / 16])
@pytest.mark.parametrize("size", [(1272, 736), (900, 736), (1912, 1000), (700, 900), (500, 980), (1280, 400)])
def test_no_even_grid_shows_larger_pictures(count: int, aspect: float, size: tuple[int, int]) -> None:
    room = QRect(0, 0, *size)
    page = plan(LayoutKind.AUTO, count, 0, room, USUAL, Wish((aspect,) * count))
    assert page.pages == 1
    mine = areas(page.cells, aspect, USUAL)
    best = 0.0
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        cell = QRect(0, 0, (size[0] - 4) // columns - 4, (size[1] - 4) // rows - 4)
        if cell.width() < 160:
            continue
        best = max(best, areas((cell,), aspect, USUAL)[0])
    assert min(mine) > 0.95 * best
    assert sum(mine) > 0.97 * best * count


def test_it_stays_as_it_is_until_pictures_get_notably_larger() -> None:
    room = QRect(0, 0, 1000, 560)
    stacked = Grid((1, 1))
    # Side by side they are 500 wide, one above the other 497.
    assert grid(2, room) == Grid((2,))
    assert grid(2, room, TIGHT, Wish(kept=stacked)) == stacked
    assert grid(2, QRect(0, 0, 1000, 500), TIGHT, Wish(kept=stacked)) == Grid((2,))
    assert sum(grid(3, room, TIGHT, Wish(kept=stacked)).lines) == 3, "of another number of cameras"


def test_a_portrait_and_a_landscape_camera_share_fairly() -> None:
    assert grid(2, QRect(0, 0, 800, 900), TIGHT, Wish((9 / 16, 9 / 16))) == Grid((2,))
    assert grid(2, QRect(0, 0, 800, 900), TIGHT, Wish((16 / 9, 16 / 9))) == Grid((1, 1))


def test_headers_count_as_height_that_no_picture_has() -> None:
    # Side by side, two pictures are 500 wide; one above the other they could be 530, if nothing stood between them.
    room = QRect(0, 0, 1000, 600)
    assert grid(2, room, Spacing(0, 0, 0)) == Grid((1, 1))
    assert grid(2, room, Spacing(0, 60, 0)) == Grid((2,))


@pytest.mark.parametrize("kind", LayoutKind)
@pytest.mark.parametrize("count", [1, 2, 5, 6, 8, 9, 16, 40])
@pytest.mark.parametrize("area", [AREA, QRect(0, 0, 641, 421), QRect(0, 0, 501, 997)])
def test_cells_fill_the_room_and_never_overlap(kind: LayoutKind, count: int, area: QRect) -> None:
    page = plan(kind, count, 0, area, USUAL)
    assert not overlaps(page.cells)
    inner = area.adjusted(4, 4, -4, -4)
    if page.pages > 1:
        inner.setBottom(page.page_bar.top() - 5)
    together = QRect()
    for cell in page.cells:
        together = together.united(cell)
    assert together == inner


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (LayoutKind.ONE, 1),
        (LayoutKind.TWO, 4),
        (LayoutKind.THREE, 9),
        (LayoutKind.FOUR, 16),
        (LayoutKind.BIG_AND_5, 6),
        (LayoutKind.BIG_AND_7, 8),
    ],
)
def test_a_fixed_layout_has_its_cells_and_pages_for_the_rest(kind: LayoutKind, cells: int) -> None:
    assert len(plan(kind, 1, 0, AREA, USUAL).cells) == cells
    assert plan(kind, cells, 0, AREA, USUAL).pages == 1
    assert plan(kind, cells, 0, AREA, USUAL).page_bar.isEmpty()
    full = plan(kind, cells + 1, 7, AREA, USUAL)
    assert (full.pages, full.page, full.first) == (2, 1, cells)
    assert full.page_bar == QRect(0, 690, 1280, 30)


@pytest.mark.parametrize(("kind", "share"), [(LayoutKind.BIG_AND_5, 4), (LayoutKind.BIG_AND_7, 9)])
def test_the_first_cell_is_the_big_one(kind: LayoutKind, share: int) -> None:
    big, *small = plan(kind, 3, 0, AREA, TIGHT).cells
    for cell in small:
        assert big.width() * big.height() == pytest.approx(share * cell.width() * cell.height(), rel=0.02)


def test_the_automatic_grid_has_pages_before_pictures_get_too_small() -> None:
    assert plan(LayoutKind.AUTO, 16, 0, AREA, USUAL).pages == 1
    page = plan(LayoutKind.AUTO, 60, 0, AREA, USUAL)
    assert page.pages > 1
    assert all(cell.width() >= 160 and cell.height() >= 150 for cell in page.cells)
    # Every tile is on some page.
    assert page.pages * len(page.cells) >= 60


def test_there_is_a_cell_however_small_the_window_is() -> None:
    for area in (QRect(), QRect(0, 0, 3, 3)):
        page = plan(LayoutKind.AUTO, 5, 0, area, USUAL)
        assert (len(page.cells), page.pages) == (1, 5)
