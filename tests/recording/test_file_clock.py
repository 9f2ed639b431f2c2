import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.recording.file_clock import FileClock, Moment


def test_it_begins_at_zero_and_goes_as_the_camera_says() -> None:
    clock = FileClock()
    times = [clock.time_of(Moment(0, pts), captured) for pts, captured in [(7.0, 100.0), (7.04, 100.5), (7.2, 100.51)]]
    assert times == pytest.approx([0.0, 0.04, 0.2])


def test_a_reconnect_leaves_a_gap_as_long_as_it_was() -> None:
    clock = FileClock()
    clock.time_of(Moment(0, 50.0), 100.0)
    clock.time_of(Moment(0, 52.0), 102.0)
    assert clock.time_of(Moment(1, 0.5), 108.0) == pytest.approx(8.0)
    assert clock.time_of(Moment(1, 1.5), 109.0) == pytest.approx(9.0)


def test_what_comes_late_from_before_a_reconnect_keeps_its_time() -> None:
    clock = FileClock()
    clock.time_of(Moment(0, 50.0), 100.0)
    clock.time_of(Moment(1, 0.5), 108.0)
    assert clock.time_of(Moment(0, 51.0), 109.0) == pytest.approx(1.0)


def test_a_camera_that_sets_its_clock_makes_no_hours_of_nothing() -> None:
    clock = FileClock()
    clock.time_of(Moment(0, 10.0), 100.0)
    assert clock.time_of(Moment(0, 3610.0), 101.0) == pytest.approx(1.0)
    assert clock.time_of(Moment(0, 3610.04), 101.04) == pytest.approx(1.04)


def test_pictures_that_come_late_and_then_at_once_keep_the_cameras_time() -> None:
    clock = FileClock()
    clock.time_of(Moment(0, 10.0), 100.0)
    assert clock.time_of(Moment(0, 10.04), 115.0) == pytest.approx(0.04)
    assert clock.time_of(Moment(0, 24.0), 115.1) == pytest.approx(14.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=40))
def test_later_moments_never_have_earlier_times(asked: list[tuple[int, float, float]]) -> None:
    clock = FileClock()
    asked = sorted(asked)
    captured = sorted(each[2] for each in asked)
    times = [clock.time_of(Moment(each[0], each[1]), at) for each, at in zip(asked, captured, strict=True)]
    assert times == sorted(times)
    # And every one gets the same answer again.
    assert [clock.time_of(Moment(each[0], each[1]), 0.0) for each in asked] == times


def test_time_goes_forward_however_often_the_camera_comes_back() -> None:
    clock = FileClock()
    times = [clock.time_of(Moment(generation, 0.5), 100.0 + 3 * generation) for generation in range(3000)]
    assert times == pytest.approx([3.0 * generation for generation in range(3000)])
    # What comes late is of the last connections.
    assert clock.time_of(Moment(2998, 0.75), 9100.0) == pytest.approx(2998 * 3 + 0.25)


def test_a_sleep_of_the_computer_is_a_gap_although_the_monotonic_clock_stood_still() -> None:
    clock = FileClock()
    clock.time_of(Moment(0, 50.0), 100.0, 1_700_000_000.0)
    clock.time_of(Moment(0, 52.0), 102.0, 1_700_000_002.0)
    # Asleep for half an hour, and reconnected 3 s after waking.
    assert clock.time_of(Moment(1, 0.0), 105.0, 1_700_001_805.0) == pytest.approx(1805.0)
    assert clock.time_of(Moment(1, 1.0), 106.0, 1_700_001_806.0) == pytest.approx(1806.0)
    # A later reconnect adds what it took, and not the sleep again.
    assert clock.time_of(Moment(2, 0.0), 110.0, 1_700_001_810.0) == pytest.approx(1810.0)


@pytest.mark.parametrize("step", [-3600.0, -1.0, 0.5, 30 * 365 * 86_400.0])
def test_a_time_of_day_that_is_set_is_no_sleep(step: float) -> None:
    clock = FileClock()
    clock.time_of(Moment(0, 50.0), 100.0, 1_700_000_000.0)
    assert clock.time_of(Moment(1, 0.0), 105.0, 1_700_000_005.0 + step) == pytest.approx(5.0)
