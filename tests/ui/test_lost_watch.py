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


def watched(watch: LostWatch, clock: Clock, state: CameraState, seconds: int) -> tuple[News, ...]:
    """Look now, and each second for so many seconds."""
    told = watch.look(door(state))
    for _ in range(seconds):
        clock.now += 1
        told += watch.look(door(state))
    return told


def test_an_outage_is_told_once_and_so_is_its_end(watch: LostWatch, clock: Clock) -> None:
    told: list[News] = []
    for second in range(200):
        clock.now = 100.0 + second
        state = CameraState.BACKING_OFF if 10 <= second < 120 else CameraState.LIVE
        told += watch.look(door(state))
        if second < 120 + 10:
            assert Turn.BACK not in [news.turn for news in told], "it has to hold"
    assert told == [News("Front door", Turn.LOST, 30), News("Front door", Turn.BACK, 110)]


def flapping(watch: LostWatch, clock: Clock, silent: int, seconds: int) -> list[Turn]:
    """Return what is told of a camera that sends for a second and is silent for ``silent``, again and again."""
    told: list[News] = []
    for second in range(seconds):
        clock.now += 1
        is_there = second % (silent + 1) == 0
        told += watch.look(door(CameraState.LIVE if is_there else CameraState.BACKING_OFF))
    return [news.turn for news in told]


@pytest.mark.parametrize(("silent", "turn"), [(10, Turn.UNSTABLE), (20, Turn.UNSTABLE), (40, Turn.LOST)])
def test_a_camera_that_comes_and_goes_is_told_once_and_back_when_it_has_held(
    watch: LostWatch, clock: Clock, silent: int, turn: Turn
) -> None:
    assert flapping(watch, clock, silent, 600) == [turn]
    assert [news.turn for news in watched(watch, clock, CameraState.LIVE, 60)] == [Turn.BACK]


def test_an_unstable_camera_that_is_then_lost_is_told_as_lost_too(watch: LostWatch, clock: Clock) -> None:
    assert flapping(watch, clock, 20, 100) == [Turn.UNSTABLE]
    assert [news.turn for news in watched(watch, clock, CameraState.STALLED, 100)] == [Turn.LOST]
    assert [news.turn for news in watched(watch, clock, CameraState.LIVE, 30)] == [Turn.BACK]


@pytest.mark.parametrize("asleep", [90.0, 8 * 3600.0])
def test_a_sleep_of_the_computer_makes_no_burst_of_lost_cameras(watch: LostWatch, clock: Clock, asleep: float) -> None:
    wall = [Seen(str(number), f"Camera {number}", CameraState.LIVE) for number in range(16)]
    lost = [Seen(each.camera, each.name, CameraState.BACKING_OFF) for each in wall]
    assert watch.look(wall) == ()
    clock.now += 1
    assert watch.look(lost) == ()
    clock.now += asleep
    assert watch.look(lost) == ()
    for _ in range(5):
        clock.now += 1
        assert watch.look(lost) == ()
    for _ in range(60):
        clock.now += 1
        assert watch.look(wall) == ()


def test_trying_again_is_no_end(watch: LostWatch, clock: Clock) -> None:
    told: list[News] = []
    for second in range(100):
        clock.now = 100.0 + second
        told += watch.look(door((CameraState.BACKING_OFF, CameraState.CONNECTING, CameraState.STALLED)[second % 3]))
    assert [news.turn for news in told] == [Turn.LOST]


def test_a_short_outage_is_not_told(watch: LostWatch, clock: Clock) -> None:
    assert watched(watch, clock, CameraState.STALLED, 29) == ()
    assert watched(watch, clock, CameraState.LIVE, 29) == ()
    assert watched(watch, clock, CameraState.STALLED, 29) == ()


@pytest.mark.parametrize("state", [CameraState.ENDED, CameraState.STOPPED])
def test_what_is_over_is_not_lost(watch: LostWatch, clock: Clock, state: CameraState) -> None:
    assert watched(watch, clock, state, 1000) == ()


@pytest.mark.parametrize("state", [CameraState.AUTH_FAILED, CameraState.FAILED, CameraState.CONNECTING])
def test_one_that_never_came_is_lost(watch: LostWatch, clock: Clock, state: CameraState) -> None:
    assert watched(watch, clock, state, 30) == (News("Front door", Turn.LOST, 30),)


def test_nothing_is_told_with_0_and_the_seconds_can_be_changed(watch: LostWatch, clock: Clock) -> None:
    watch.after = 0
    assert watched(watch, clock, CameraState.STALLED, 1000) == ()
    watch.after = 500
    assert watch.look(door(CameraState.STALLED)) == (News("Front door", Turn.LOST, 1000),)


def test_a_camera_that_was_removed_is_forgotten(watch: LostWatch, clock: Clock) -> None:
    assert len(watched(watch, clock, CameraState.STALLED, 40)) == 1
    assert watch.look([]) == ()
    assert watch.look(door(CameraState.LIVE)) == ()
    assert repr(watch) == "<LostWatch after 30 s: []>"
