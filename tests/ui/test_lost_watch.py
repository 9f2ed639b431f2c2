"""Lost cameras are told once, and so is their coming back."""

import pytest

from livevision.sources.status import CameraState
from livevision.ui.lost_watch import LostWatch, News, Seen, Turn


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> LostWatch:
    return LostWatch(30, clock)


def door(state: CameraState) -> list[Seen]:
    return [Seen("1", "Front door", state)]


def test_an_outage_is_told_once_and_so_is_its_end(watch: LostWatch, clock: Clock) -> None:
    told: list[News] = []
    for second in range(200):
        clock.now = 100.0 + second
        state = CameraState.BACKING_OFF if 10 <= second < 120 else CameraState.LIVE
        told += watch.look(door(state))
    assert told == [News("Front door", Turn.LOST, 30), News("Front door", Turn.BACK, 110)]


def test_trying_again_is_no_end(watch: LostWatch, clock: Clock) -> None:
    told: list[News] = []
    for second in range(100):
        clock.now = 100.0 + second
        told += watch.look(door((CameraState.BACKING_OFF, CameraState.CONNECTING, CameraState.STALLED)[second % 3]))
    assert [news.turn for news in told] == [Turn.LOST]


def test_a_short_outage_is_not_told(watch: LostWatch, clock: Clock) -> None:
    assert watch.look(door(CameraState.STALLED)) == ()
    clock.now += 29
    assert watch.look(door(CameraState.STALLED)) == ()
    assert watch.look(door(CameraState.LIVE)) == ()
    clock.now += 29
    assert watch.look(door(CameraState.STALLED)) == ()


@pytest.mark.parametrize("state", [CameraState.ENDED, CameraState.STOPPED])
def test_what_is_over_is_not_lost(watch: LostWatch, clock: Clock, state: CameraState) -> None:
    watch.look(door(state))
    clock.now += 1000
    assert watch.look(door(state)) == ()


@pytest.mark.parametrize("state", [CameraState.AUTH_FAILED, CameraState.FAILED, CameraState.CONNECTING])
def test_one_that_never_came_is_lost(watch: LostWatch, clock: Clock, state: CameraState) -> None:
    watch.look(door(state))
    clock.now += 30
    assert watch.look(door(state)) == (News("Front door", Turn.LOST, 30),)


def test_nothing_is_told_with_0_and_the_seconds_can_be_changed(watch: LostWatch, clock: Clock) -> None:
    watch.after = 0
    watch.look(door(CameraState.STALLED))
    clock.now += 1000
    assert watch.look(door(CameraState.STALLED)) == ()
    watch.after = 500
    assert watch.look(door(CameraState.STALLED)) == (News("Front door", Turn.LOST, 1000),)


def test_a_camera_that_was_removed_is_forgotten(watch: LostWatch, clock: Clock) -> None:
    watch.look(door(CameraState.STALLED))
    clock.now += 40
    assert len(watch.look(door(CameraState.STALLED))) == 1
    assert watch.look([]) == ()
    assert watch.look(door(CameraState.LIVE)) == ()
    assert repr(watch) == "<LostWatch after 30 s: []>"
