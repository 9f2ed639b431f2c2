"""What of a picture is seen, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.ui.tile.viewport import CLOSEST, Fit, Viewport

PICTURE, ROOM = (1280, 720), (640, 480)


def seen_at(viewport: Viewport, x: float, y: float) -> tuple[float, float]:
    """Return which pixel of the picture is at a point of the view."""
    window = viewport.window(PICTURE, ROOM)
    return (
        window.part[0] + (x - (ROOM[0] - window.size[0]) / 2) / window.scale,
        window.part[1] + (y - (ROOM[1] - window.size[1]) / 2) / window.scale,
    )


def test_as_it_is_the_whole_picture_is_seen_as_large_as_it_fits() -> None:
    window = Viewport().window(PICTURE, ROOM)
    assert window.is_whole
    assert window.size == (640, 360)


def test_filled_there_are_no_bars_and_the_sides_are_cut() -> None:
    window = Viewport(fit=Fit.FILL).window(PICTURE, ROOM)
    assert window.size == ROOM
    assert window.part == pytest.approx((160, 0, 960, 720))


def test_zoomed_the_picture_takes_the_bars_room() -> None:
    window = Viewport(zoom=2).window(PICTURE, ROOM)
    assert window.size == ROOM
    assert window.part == pytest.approx((320, 120, 640, 480))


@given(x=st.floats(200, 440), y=st.floats(150, 330), steps=st.lists(st.sampled_from([1.25, 1.6, 0.9]), min_size=1))
def test_what_is_under_the_pointer_stays_there_while_one_zooms_in(x: float, y: float, steps: list[float]) -> None:
    viewport = Viewport(zoom=3)
    before = seen_at(viewport, x, y)
    for factor in steps:
        viewport = viewport.zoomed(factor, (x, y), PICTURE, ROOM)
        if viewport.zoom < 3:
            return
    assert seen_at(viewport, x, y) == pytest.approx(before, abs=0.01)


@given(st.lists(st.tuples(st.floats(0.1, 9), st.floats(-900, 900), st.floats(-900, 900)), max_size=12))
def test_whatever_one_does_only_the_picture_is_seen(moves: list[tuple[float, float, float]]) -> None:
    viewport = Viewport()
    for factor, x, y in moves:
        viewport = viewport.zoomed(factor, (x, y), PICTURE, ROOM).panned((y, x), PICTURE, ROOM)
        assert 1 <= viewport.zoom <= CLOSEST
        window = viewport.window(PICTURE, ROOM)
        left, top, width, height = window.part
        assert left >= 0
        assert top >= 0
        assert left + width <= PICTURE[0] + 1e-6
        assert top + height <= PICTURE[1] + 1e-6
        outer = window.outer
        assert outer[0] <= left
        assert outer[0] + outer[2] >= left + width - 1e-6
        assert outer[0] + outer[2] <= PICTURE[0]
        assert outer[1] + outer[3] <= PICTURE[1]


def test_dragging_moves_what_is_seen_with_the_hand() -> None:
    viewport = Viewport(zoom=4)
    before = seen_at(viewport, 300, 200)
    assert seen_at(viewport.panned((50, -30), PICTURE, ROOM), 350, 170) == pytest.approx(before)


def test_a_whole_picture_cannot_be_dragged_and_zooming_out_ends_in_the_middle() -> None:
    assert not Viewport().can_pan(PICTURE, ROOM)
    assert Viewport().panned((50, 0), PICTURE, ROOM).window(PICTURE, ROOM).is_whole
    far = Viewport(zoom=4, centre=(0.9, 0.1)).zoomed(0.01, (0, 0), PICTURE, ROOM)
    assert far == Viewport()
