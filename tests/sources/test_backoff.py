"""Delays double to a ceiling, are spread, and start over after a calm minute."""

from hypothesis import given
from hypothesis import strategies as st

from livevision.sources.backoff import Backoff


def test_doubles_to_the_ceiling():
    backoff = Backoff(uniform=lambda: 0.5)
    assert [backoff.delay_after(0) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_starts_over_only_after_a_minute_live():
    backoff = Backoff(uniform=lambda: 0.5)
    assert [backoff.delay_after(live_for) for live_for in (0, 59.9, 60, 5)] == [0.5, 1, 0.5, 1]


@given(st.floats(0, 1, exclude_max=True))
def test_is_spread_by_a_fifth_either_way(number: float):
    assert 0.4 <= Backoff(uniform=lambda: number).delay_after(0) <= 0.6


def test_spread_uses_its_whole_range():
    assert Backoff(uniform=lambda: 0.0).delay_after(0) == 0.4
    assert Backoff(uniform=lambda: 1.0).delay_after(0) == 0.6
