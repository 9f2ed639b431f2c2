"""What counts as a stall, at every rate and demand."""

import pytest

from livevision.sources.reader import Demand
from livevision.sources.stall import StallWatch

EVERY_FRAME, KEYFRAMES = Demand


def fed(interval, demand=EVERY_FRAME, fps=None, count=200):
    """Return a watch after pictures at 0, ``interval``, …, and the time of the last one."""
    watch = StallWatch(0.0)
    watch.opened(fps)
    for index in range(count):
        watch.arrived(index * interval, demand)
    return watch, (count - 1) * interval


@pytest.mark.parametrize(("interval", "patience"), [(0.04, 3), (0.3, 3), (0.5, 5), (2.0, 20)])
def test_patience_is_ten_intervals_and_three_seconds_at_least(interval, patience):
    watch, last = fed(interval)
    assert not watch.is_late(last + patience - 0.1, EVERY_FRAME)
    assert watch.is_late(last + patience + 0.1, EVERY_FRAME)


def test_the_declared_rate_counts_until_there_is_a_better_one():
    watch, last = fed(0, fps=0.5, count=1)
    assert not watch.is_late(last + 19, EVERY_FRAME)
    assert watch.is_late(last + 21, EVERY_FRAME)


def test_the_first_picture_may_take_longer():
    watch = StallWatch(100.0)
    assert not watch.is_late(119, EVERY_FRAME)
    assert watch.is_late(121, EVERY_FRAME)


@pytest.mark.parametrize("gap", [1.0, 10.0, 25.0])
def test_keyframes_come_as_rarely_as_they_come(gap):
    watch, last = fed(gap, KEYFRAMES, fps=25)
    assert not watch.is_late(last + 29, KEYFRAMES)
    assert watch.is_late(last + 31, KEYFRAMES)


def test_who_looks_away_gets_patience_at_once():
    watch, last = fed(0.04)
    assert watch.is_late(last + 4, EVERY_FRAME)
    assert not watch.is_late(last + 4, KEYFRAMES)


def test_who_looks_again_waits_for_a_keyframe_and_then_for_every_picture():
    watch, last = fed(10.0, KEYFRAMES, fps=25, count=5)
    assert not watch.is_late(last + 9, EVERY_FRAME)
    watch.arrived(last + 9, EVERY_FRAME)
    # The long gap says nothing about the rate.
    assert not watch.is_late(last + 9 + 2.9, EVERY_FRAME)
    assert watch.is_late(last + 9 + 3.1, EVERY_FRAME)
