"""Labels that do not cover each other, and do not jump."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.overlay import Annotator, Overlay, OverlayStyle
from livevision.overlay.layout import arrange
from tests.fakes.objects import GREY, canvas, detections

BOUNDS = (1280, 720)
SIZE = (100, 20)


def arranged(*boxes, before=None, size=SIZE):
    return arrange(list(boxes), [size] * len(boxes), BOUNDS, before or [0] * len(boxes))


def overlaps(places, size=SIZE) -> int:
    return sum(
        abs(x - u) < size[0] and abs(y - v) < size[1] for (_, x, y), (_, u, v) in itertools.combinations(places, 2)
    )


def test_the_usual_place_is_above_the_left_corner():
    assert arranged((300, 200, 400, 400)) == [(0, 300, 180)]


def test_labels_of_close_objects_do_not_overlap():
    boxes = [(300 + 12 * step, 200 + 4 * step, 420 + 12 * step, 400) for step in range(6)]

    assert overlaps(arranged(*boxes)) == 0


def test_ten_small_objects_at_one_place_are_all_told():
    assert overlaps(arranged(*[(300, 200, 320, 240)] * 10)) == 0


def test_who_chooses_first_stays_where_it_would_be_alone():
    first, *_ = arranged((300, 200, 420, 400), (310, 205, 430, 400), (320, 195, 440, 400))

    assert first == (0, 300, 180)


def test_a_label_does_not_cover_a_small_object():
    for width in (50, 150):
        _, (_, x, y) = arranged((300, 200, 300 + width, 230), (304, 200, 304 + width, 230))

        assert x >= 304 + width or x + SIZE[0] <= 304 or y >= 230 or y + SIZE[1] <= 200


def test_a_label_stays_where_it_went_until_the_usual_place_is_clear():
    boxes = [(300, 200, 420, 400), (310, 200, 430, 400)]
    place = arranged(*boxes)[1][0]
    touching = [(300, 200, 420, 400), (401, 200, 521, 400)]  # just free: not enough to move back
    clear = [(300, 200, 420, 400), (420, 200, 540, 400)]

    assert place != 0
    assert arranged(*touching, before=[0, place])[1][0] == place
    assert arranged(*clear, before=[0, place])[1] == (0, 420, 180)


def test_a_label_stays_where_it_went_while_that_is_free():
    boxes = [(300, 200, 420, 400), (310, 200, 430, 400)]

    for place in range(1, 10):
        assert arranged(*boxes, before=[0, place])[1][0] in (place, 1, 3), "free there, or else as for a newcomer"
    assert arranged(*boxes, before=[0, 5])[1][0] == 5


def test_pictures_remember_where_labels_of_identities_went():
    ours = Overlay(OverlayStyle(frozenset((Annotator.LABEL,))))
    identities = np.array([1, 2])

    def drawn_by(overlay, apart):
        found = detections((100, 100, 300, 250), (100 + apart, 100, 300 + apart, 250), tracker_id=identities)
        return overlay.draw(canvas(640, 360), found, (640, 360))

    def fresh(apart):
        return drawn_by(Overlay(ours.style), apart)

    # The first distance at which a newcomer's label is above its box, too: nothing is drawn below the tops.
    free = next(apart for apart in range(1, 200) if (fresh(apart)[102:] == GREY).all())
    for apart in range(1, free):
        drawn_by(ours, apart)

    assert (drawn_by(ours, free) != fresh(free)).any(), "not yet"
    np.testing.assert_array_equal(drawn_by(ours, free + 10), fresh(free + 10))


@given(st.lists(st.tuples(st.integers(-50, 1300), st.integers(-50, 750), st.integers(0, 300), st.integers(0, 300))))
def test_every_label_is_within_the_picture_and_none_is_forgotten(numbers):
    boxes = [(x, y, x + width, y + height) for x, y, width, height in numbers]

    places = arranged(*boxes)

    assert len(places) == len(boxes)
    assert all(0 <= x <= BOUNDS[0] - SIZE[0] and 0 <= y <= BOUNDS[1] - SIZE[1] for _, x, y in places)


def test_a_crowd_is_labelled_as_well_as_there_is_room():
    random = np.random.default_rng(1)
    corners = random.integers((0, 60), (1100, 500), (60, 2))
    boxes = [(int(x), int(y), int(x) + 60, int(y) + 160) for x, y in corners]

    plain = [(0, max(0, x), max(0, y - SIZE[1])) for x, y, *_ in boxes]
    assert overlaps(arranged(*boxes)) <= 0.1 * overlaps(plain)


def test_a_label_without_text_takes_no_place():
    assert arrange([(300, 200, 400, 400)] * 2, [(0, 0), SIZE], BOUNDS, [0, 0])[1] == (0, 300, 180)


@pytest.mark.parametrize("shift", [0, 1, 2, 3])
def test_pictures_of_two_walkers_that_pass_show_both_labels(shift):
    ours = Overlay(OverlayStyle(frozenset((Annotator.LABEL,))))

    def ink(*boxes):
        image = ours.draw(canvas(640, 360), detections(*boxes), (640, 360))
        return int((image != GREY).any(axis=2).sum())

    one = (200, 100, 300, 250)
    other = (200 + 10 * shift, 102, 300 + 10 * shift, 252)
    assert ink(one, other) == ink(one) + ink(other)
