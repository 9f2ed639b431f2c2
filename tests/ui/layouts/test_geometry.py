import pytest
from PySide6.QtCore import QRect

from livevision.ui.layouts.geometry import Spacing, best_columns, plan
from livevision.ui.layouts.kind import LayoutKind

AREA = QRect(0, 0, 1280, 720)
TIGHT = Spacing(0, 0, 30)
USUAL = Spacing(4, 60, 30)


def overlaps(cells: tuple[QRect, ...]) -> bool:
    return any(one.intersects(other) for i, one in enumerate(cells) for other in cells[:i])


@pytest.mark.parametrize(
    ("count", "room", "columns"),
    [
        (1, QRect(0, 0, 1280, 720), 1),
        (2, QRect(0, 0, 1280, 720), 2),
        (2, QRect(0, 0, 720, 1280), 1),
        (3, QRect(0, 0, 1280, 720), 2),
        (3, QRect(0, 0, 2400, 450), 3),
        (4, QRect(0, 0, 1280, 720), 2),
        (5, QRect(0, 0, 1280, 720), 3),
        (9, QRect(0, 0, 1280, 720), 3),
        (16, QRect(0, 0, 1280, 720), 4),
    ],
)
def test_the_automatic_grid_shows_the_pictures_largest(count: int, room: QRect, columns: int) -> None:
    assert best_columns(count, room, TIGHT) == columns


def test_headers_count_as_height_that_no_picture_has() -> None:
    # Side by side, two pictures are 500 wide; one above the other they could be 530, if nothing stood between them.
    room = QRect(0, 0, 1000, 600)
    assert best_columns(2, room, Spacing(0, 0, 0)) == 1
    assert best_columns(2, room, Spacing(0, 60, 0)) == 2


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
