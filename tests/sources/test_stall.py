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


@pytest.mark.parametrize(("fps", "patience"), [(25, 25), (None, 25), (0.5, 25), (0.1, 100)])
def test_a_declared_rate_is_no_reason_for_impatience(fps, patience):
    watch, last = fed(0, fps=fps, count=1)
    assert not watch.is_late(last + patience - 1, EVERY_FRAME)
    assert watch.is_late(last + patience + 1, EVERY_FRAME)


@pytest.mark.parametrize("interval", [4.0, 8.0, 10.0, 20.0])
@pytest.mark.parametrize("bunch", [0, 12])
def test_a_camera_in_the_dark_is_never_stalled_whatever_it_declares(interval, bunch):
    watch, now = StallWatch(0.0), 0.0
    watch.opened(25)
    for _ in range(bunch):  # what the camera had kept
        now += 0.002
        watch.arrived(now, EVERY_FRAME)
    for _ in range(30):
        watch.arrived(now, EVERY_FRAME)
        assert not watch.is_late(now + interval, EVERY_FRAME)
        now += interval
    assert watch.is_late(now + 10 * interval, EVERY_FRAME)


def test_pauses_are_expected_where_there_were_some_of_late_and_forgotten():
    watch, now = fed(0.04)
    watch.arrived(now + 2.9, EVERY_FRAME)
    assert not watch.is_late(now + 2.9 + 8, EVERY_FRAME)
    for _ in range(25 * 70):
        now += 0.04
        watch.arrived(now + 2.9, EVERY_FRAME)
    assert watch.is_late(now + 2.9 + 3.1, EVERY_FRAME)


def test_a_source_may_have_pauses():
    watch = StallWatch(0.0)
    watch.opened(25, patience=45.0)
    for index in range(100):
        watch.arrived(index / 25, EVERY_FRAME)
    assert not watch.is_late(4 + 40, EVERY_FRAME)
    assert watch.is_late(4 + 46, EVERY_FRAME)


def test_the_first_picture_may_take_longer():
    watch = StallWatch(100.0)
    assert not watch.is_late(129, EVERY_FRAME)
    assert watch.is_late(131, EVERY_FRAME)


def test_while_packets_come_the_first_keyframe_is_waited_for():
    watch = StallWatch(100.0)
    assert not watch.is_late(170, EVERY_FRAME, heard=169.9)
    assert watch.is_late(170, EVERY_FRAME, heard=140)
    assert watch.is_late(191, EVERY_FRAME, heard=190.9)


def test_packets_are_a_sign_of_life_where_no_picture_is_wanted():
    watch, last = fed(0.04)
    assert not watch.is_late(last + 600, KEYFRAMES, heard=last + 599)
    assert watch.is_late(last + 600, KEYFRAMES, heard=last + 560)
    assert watch.is_late(last + 600, EVERY_FRAME, heard=last + 599)


@pytest.mark.parametrize("demand", [EVERY_FRAME, KEYFRAMES])
def test_after_a_sleep_what_does_not_send_soon_is_gone(demand):
    watch, last = fed(0.04, demand)
    woken = last + 90
    watch.woke(woken)
    assert not watch.is_late(woken + 2.4, demand, heard=last)
    assert watch.is_late(woken + 2.6, demand, heard=last)
    watch.arrived(woken + 1, demand)
    assert not watch.is_late(woken + 3.5, demand, heard=woken + 1)


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
    watch, last = fed(0.04, fps=25)
    for _ in range(5):
        last += 10
        watch.arrived(last, KEYFRAMES)
    assert not watch.is_late(last + 9, EVERY_FRAME)
    watch.arrived(last + 9, EVERY_FRAME)
    # The long gap says nothing about the rate.
    assert not watch.is_late(last + 9 + 2.9, EVERY_FRAME)
    assert watch.is_late(last + 9 + 3.1, EVERY_FRAME)
