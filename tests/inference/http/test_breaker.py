from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livevision.inference.http.breaker import (
    FAILURES,
    FIRST_DELAY,
    JITTER,
    LONGEST_DELAY,
    Breaker,
    BreakerState,
    Failure,
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock, lambda: 0.5)  # no jitter


def fail(breaker: Breaker, times: int = 1, wish: float | None = None) -> None:
    for _ in range(times):
        number = breaker.admit()
        assert number is not None
        breaker.fail(number, wish)


def test_five_failures_in_a_row_open_it(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    assert breaker.state is BreakerState.CLOSED
    assert breaker.retry_in == 0
    fail(breaker)
    assert breaker.state is BreakerState.OPEN
    assert breaker.retry_in == 1.0
    assert breaker.admit() is None


def test_a_success_in_between_begins_the_row_anew(breaker: Breaker) -> None:
    for _ in range(3):
        fail(breaker, FAILURES - 1)
        number = breaker.admit()
        assert number is not None
        breaker.succeed(number)
    assert breaker.state is BreakerState.CLOSED


def test_probes_come_one_at_a_time_and_ever_more_rarely(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    delays = []
    for _ in range(7):
        delays.append(breaker.retry_in)
        clock.now += breaker.retry_in
        probe = breaker.admit()
        assert probe is not None
        assert breaker.state is BreakerState.PROBING
        assert breaker.admit() is None
        assert breaker.retry_in > 0
        breaker.fail(probe)
    assert delays == [1, 2, 4, 8, 16, 30, 30]


def test_a_good_probe_closes_it_and_delays_begin_anew(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now += 1
    fail(breaker)
    clock.now += 2
    number = breaker.admit()
    assert number is not None
    breaker.succeed(number)
    assert breaker.state is BreakerState.CLOSED
    fail(breaker, FAILURES)
    assert breaker.retry_in == 1.0


def test_what_was_sent_before_it_opened_neither_counts_nor_ends_the_probe(breaker: Breaker, clock: Clock) -> None:
    old = [breaker.admit() for _ in range(FAILURES + 3)]
    for number in old[:FAILURES]:
        assert number is not None
        breaker.fail(number)
    clock.now += 1
    breaker.admit()
    for number in old[FAILURES:]:
        assert number is not None
        breaker.fail(number)
        breaker.abandon(number)
    assert breaker.state is BreakerState.PROBING


def test_a_late_success_closes_it(breaker: Breaker) -> None:
    early = breaker.admit()
    assert early is not None
    fail(breaker, FAILURES)
    breaker.succeed(early)
    assert breaker.state is BreakerState.CLOSED


def test_a_late_success_does_not_overrule_what_the_server_asked_for(breaker: Breaker, clock: Clock) -> None:
    early = breaker.admit()
    assert early is not None
    fail(breaker, wish=7.0)
    breaker.succeed(early)
    assert breaker.retry_in == 7.0
    clock.now += 7
    number = breaker.admit()
    assert number is not None
    breaker.succeed(number)
    assert breaker.state is BreakerState.CLOSED


def test_a_probe_that_nobody_waited_for_may_be_sent_again_at_once(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now += 1
    probe = breaker.admit()
    assert probe is not None
    breaker.abandon(probe)
    assert breaker.retry_in == 0
    assert breaker.admit() == probe


def test_a_server_that_wants_to_be_left_alone_is_at_once(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, wish=42.0)
    assert breaker.retry_in == 42.0
    clock.now += 42
    probe = breaker.admit()
    assert probe is not None
    breaker.fail(probe, 1e9)
    assert breaker.retry_in == 600
    clock.now += 600
    fail(breaker, wish=0.5)
    assert breaker.retry_in == 4.0  # a shorter wish does not shorten the delay


def test_a_model_that_fails_is_asked_again_every_second_however_long_it_fails(breaker: Breaker, clock: Clock) -> None:
    began, asked = clock.now, 0
    while clock.now < began + 600:  # a camera that is dark for ten minutes
        number = breaker.admit()
        assert number is not None
        breaker.fail(number, failure=Failure.PICTURE)
        asked += 1
        assert breaker.retry_in <= FIRST_DELAY + 1e-6
        clock.now += max(breaker.retry_in, 0.04)
    assert asked < 650  # and the server has little to do


def test_a_model_that_fails_shows_that_its_server_is_back(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    for _ in range(5):
        clock.now += breaker.retry_in
        fail(breaker)
    assert breaker.retry_in == pytest.approx(LONGEST_DELAY)
    clock.now += breaker.retry_in
    number = breaker.admit()
    assert number is not None
    breaker.fail(number, failure=Failure.PICTURE)
    assert breaker.retry_in == pytest.approx(FIRST_DELAY)
    clock.now += breaker.retry_in
    fail(breaker)  # it is away again
    assert breaker.retry_in == pytest.approx(2 * FIRST_DELAY)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["admit", "fail", "succeed", "abandon", "wait", "wish"]), max_size=60),
    st.floats(0, 1, exclude_max=True),
)
def test_whatever_happens_it_can_be_asked_again_in_time(steps: list[str], jitter: float) -> None:
    clock = Clock()
    breaker = Breaker(clock, lambda: jitter)
    under_way: list[int] = []
    for step in steps:
        if step == "admit":
            probing = breaker.state is BreakerState.PROBING
            number = breaker.admit()
            assert number is None or not probing
            if number is not None:
                under_way.append(number)
        elif step == "wait":
            clock.now += FIRST_DELAY
        elif under_way:
            number = under_way.pop(0)
            if step == "succeed":
                breaker.succeed(number)
            elif step == "abandon":
                breaker.abandon(number)
            else:
                breaker.fail(number, 20.0 if step == "wish" else None)
        assert 0 <= breaker.retry_in <= LONGEST_DELAY * (1 + JITTER)
    for number in under_way:  # all of them end some time
        breaker.abandon(number)
    clock.now += breaker.retry_in
    assert breaker.admit() is not None
