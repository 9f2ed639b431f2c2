"""Whatever a source stamps its pictures with, time goes on."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.sources.timestamps import Timestamps


def stamps(raw, interval=0.04):
    clock = Timestamps(interval)
    return [clock.next(value) for value in raw]


def test_good_stamps_stay_as_they_are():
    assert stamps([5.0, 5.04, 5.5, 9.0]) == [5.0, 5.04, 5.5, 9.0]


def test_missing_stamps_go_on_by_the_interval():
    assert stamps([1.0, None, None]) == pytest.approx([1.0, 1.04, 1.08])
    assert stamps([None, None]) == pytest.approx([0.0, 0.04])


def test_a_stamp_sent_twice_moves_only_that_picture():
    assert stamps([0.0, 0.04, 0.04, 0.08]) == pytest.approx([0.0, 0.04, 0.044, 0.08])


def test_a_clock_that_began_again_goes_on():
    assert stamps([100.0, 100.04, 0.0, 0.04, 0.08]) == pytest.approx([100.0, 100.04, 100.08, 100.12, 100.16])


@pytest.mark.parametrize("jump", [-3600.0, 95443.7])
def test_a_live_camera_that_sets_its_clock_leaves_no_gap(jump):
    clock = Timestamps(0.04, longest_gap=60.0)
    made = [clock.next(raw) for raw in (5000.0, 5000.04, 5000.08 + jump, 5000.12 + jump, 5050.12 + jump)]
    assert made == pytest.approx([5000.0, 5000.04, 5000.08, 5000.12, 5050.12])


def test_a_file_that_begins_again_goes_on_even_where_its_stamps_do_not_step_back():
    clock = Timestamps(0.04)
    first = clock.next(0.0)
    clock.begin_again()
    assert [first, clock.next(0.0), clock.next(0.5)] == pytest.approx([0.0, 0.04, 0.54])


@given(st.lists(st.none() | st.floats(-1e6, 1e6)))
def test_always_strictly_increases(raw):
    made = stamps(raw)
    assert all(earlier < later for earlier, later in pairwise(made))
