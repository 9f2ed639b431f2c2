"""How far behind pictures arrive."""

import random
from itertools import pairwise

import pytest

from livevision.sources.backlog import Backlog


def measured(arrivals_and_stamps):
    backlog = Backlog()
    return [backlog.measure(arrived, stamp) for arrived, stamp in arrivals_and_stamps]


def test_a_steady_stream_is_never_behind_whatever_the_delay_of_the_network():
    assert max(measured((100 + 0.7 + n / 25, n / 25) for n in range(100))) == pytest.approx(0, abs=1e-3)


def test_jitter_is_no_more_than_itself():
    random.seed(1)
    behind = measured((n / 25 + random.uniform(0.15, 0.25), n / 25) for n in range(2000))
    assert 0.05 < max(behind) <= 0.101


def test_what_waits_in_a_stalled_connection_is_behind_until_it_is_caught_up():
    live = [(n / 25, n / 25) for n in range(25)]
    stalled = [(4 + n / 1000, 1 + n / 25) for n in range(76)]
    behind = measured(live + stalled)
    assert behind[25] == pytest.approx(3.0, abs=0.01)
    assert all(later < earlier for earlier, later in pairwise(behind[25:]))
    assert behind[-1] < 0.1


def test_a_slow_consumer_falls_behind():
    assert measured((n / 20, n / 25) for n in range(51))[-1] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("drift", [-0.0002, 0.0002])
def test_clocks_that_drift_apart_for_a_day_are_no_backlog(drift):
    assert max(measured((n * (1 + drift), float(n)) for n in range(86400))) < 0.001


@pytest.mark.parametrize("jump", [-1000.0, -5.0, 5.0, 95443.7])
def test_a_camera_that_sets_its_clock_starts_the_comparison_anew(jump):
    before = [(n / 25, n / 25) for n in range(50)]
    after = [(n / 25, jump + n / 25) for n in range(50, 100)]
    late = [(n / 25 + 0.5, jump + n / 25) for n in range(100, 105)]
    behind = measured(before + after + late)
    assert max(behind[:100]) < 0.001
    assert behind[100] == pytest.approx(0.5, abs=0.01)


def test_pictures_out_of_order_are_no_jump():
    order = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8]
    behind = measured((place / 25, number / 25) for place, number in enumerate(order))
    assert max(behind) < 0.2
