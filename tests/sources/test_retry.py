"""The wait before another attempt: as long as it must be, and no longer."""

import threading

import pytest

from livevision.sources.backoff import Backoff
from livevision.sources.retry import Retry


class FakeClock:
    """Time that passes when somebody waits; ``during`` is called in each wait."""

    def __init__(self, during=lambda: None):
        self.time = 0.0
        self.during = during

    def now(self):
        return self.time

    def wait(self, ended, seconds):
        self.during()
        if not ended.is_set():
            self.time += seconds


class Camera:
    """Answers from ``back_at`` on; counts how often it was asked."""

    def __init__(self, clock, back_at):
        self.clock = clock
        self.back_at = back_at
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return self.clock.time >= self.back_at


def waited(back_at, seconds=30.0):
    clock = FakeClock()
    camera = Camera(clock, back_at)
    Retry(is_answering=camera, clock=clock).wait(seconds)
    return clock.time, camera.asked


@pytest.mark.parametrize("back_at", [0.1, 7.3, 28.0])
def test_a_camera_that_is_back_is_found_within_a_second_or_so(back_at):
    over, _asked = waited(back_at)
    assert 0 <= over - back_at <= 1


def test_a_camera_that_answers_wrongly_is_left_alone():
    assert waited(back_at=0) == (30, 1)


def test_a_camera_that_stays_away_is_tried_when_its_time_has_come():
    over, asked = waited(back_at=1000)
    assert over == 30
    assert asked <= 31


def test_short_waits_are_only_waited():
    assert waited(back_at=1000, seconds=0.5) == (0.5, 0)


def test_without_anybody_to_ask_it_is_one_wait():
    waits = []
    clock = FakeClock(lambda: waits.append(clock.time))
    Retry(clock=clock).wait(30)
    assert (clock.time, waits) == (30, [0])


def test_a_camera_that_is_back_is_tried_quickly_from_then_on():
    clock = FakeClock()
    retry = Retry(Backoff(jitter=0), Camera(clock, 10), clock)
    assert [retry.delay_after(0) for _ in range(6)][-1] == 16
    retry.wait(16)
    assert retry.delay_after(0) == 0.5


def test_hurry_ends_the_wait_and_the_delays_start_over():
    clock = FakeClock()
    retry = Retry(Backoff(jitter=0), clock=clock)
    clock.during = retry.hurry
    assert [retry.delay_after(0) for _ in range(3)][-1] == 2
    retry.wait(2)
    assert clock.time == 0
    # It was for this wait only.
    clock.during = lambda: None
    retry.wait(retry.delay_after(0))
    assert clock.time == 0.5


def test_hurry_between_the_delay_and_the_wait_is_not_lost():
    clock = FakeClock()
    retry = Retry(clock=clock)
    delay = retry.delay_after(0)
    retry.hurry()
    retry.wait(delay)
    assert clock.time == 0


def test_hurry_ends_a_real_wait_from_another_thread():
    retry = Retry()
    retry.delay_after(0)
    waiting = threading.Thread(target=retry.wait, args=(3600,))
    waiting.start()
    retry.hurry()
    waiting.join(60)
    assert not waiting.is_alive()
