"""The player's thread: paced by the clock that it is given, obeying the newest order, gone when closed."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from livevision.playback.play_clock import PlayClock
from livevision.playback.player import Player, Shown
from tests.fakes.cameras import until
from tests.fakes.clips import Encoding, number_in, numbered, write_clip

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class Watch:
    """A clock that goes when it is told to, and what was shown by it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.shown: list[Shown] = []

    def __call__(self) -> float:
        return self.now

    @property
    def last(self) -> int | None:
        frame = self.shown[-1].frame if self.shown else None
        return None if frame is None else number_in(frame.bgr())


@asynccontextmanager
async def playing(path: Path, watch: Watch) -> AsyncIterator[Player]:
    player = Player(path, watch.shown.append, watch)
    player.start()
    try:
        await until(lambda: watch.shown)
        yield player
    finally:
        await player.aclose()


def clip(tmp_path: Path, count: int = 100, encoding: Encoding | None = None) -> Path:
    return write_clip(tmp_path / "a.mp4", [numbered(number) for number in range(count)], encoding)


async def settled(watch: Watch) -> None:
    """Wait until nothing new is shown."""
    count = -1
    while count != len(watch.shown):
        count = len(watch.shown)
        await asyncio.sleep(0.12)


def test_the_clock_runs_at_its_speed() -> None:
    clock = PlayClock()
    clock.start(10.0, 50.0)
    assert clock.position(52.0) == 12.0
    clock.set_speed(4.0, 52.0)
    assert clock.position(53.0) == 16.0
    assert clock.wait(20.0, 53.0) == pytest.approx(1.0)
    assert clock.wait(12.0, 53.0) == pytest.approx(-1.0)


@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
async def test_pictures_come_when_they_are_due_and_twice_as_fast_at_double_speed(tmp_path: Path, speed: float) -> None:
    watch = Watch()
    async with playing(clip(tmp_path), watch) as player:
        player.set_speed(speed)
        player.play()
        watch.now += 0.005
        # The hand moves by less than a picture at a time, so that none is left out.
        for _ in range(20):
            watch.now += 0.02
            due = int((watch.now - 100) * speed * 25)
            await until(lambda due=due: watch.last == due)
        assert [number_in(each.frame.bgr()) for each in watch.shown if each.frame] == list(range(due + 1))
        assert due == 10 * speed


async def test_what_comes_too_late_is_left_out_and_counted(tmp_path: Path) -> None:
    watch = Watch()
    async with playing(clip(tmp_path), watch) as player:
        player.play()
        await asyncio.sleep(0.1)  # some pictures are ready
        watch.now += 0.4
        await until(lambda: watch.last == 10)
        player.pause()
        dropped = watch.shown[-1].dropped
        assert dropped == 10 - (len(watch.shown) - 1)
        assert dropped > 0


async def test_far_behind_it_takes_keyframes_until_it_has_caught_up(tmp_path: Path) -> None:
    watch = Watch()
    async with playing(clip(tmp_path, 250), watch) as player:
        player.play()
        await asyncio.sleep(0.1)
        watch.now += 2.5
        await until(lambda: (watch.last or 0) >= 60)
        await settled(watch)
        assert watch.last is not None
        assert 60 <= watch.last <= 63
        assert watch.shown[-1].dropped > 40
        watch.now += 1.0  # from the next keyframe on it is every picture again
        await until(lambda: (watch.last or 0) >= 84)


async def test_steps_pause_and_add_up(tmp_path: Path) -> None:
    watch = Watch()
    async with playing(clip(tmp_path, encoding=Encoding(b_frames=2)), watch) as player:
        player.play()
        for _ in range(3):
            player.step(1)
        await until(lambda: watch.last == 3)
        assert not player.is_playing
        player.step(-1)
        player.step(-1)
        await until(lambda: watch.last == 1)


async def test_the_newest_place_wins_and_the_ends_hold(tmp_path: Path) -> None:
    watch = Watch()
    async with playing(clip(tmp_path), watch) as player:
        for seconds in (0.5, 3.0, 1.0, 2.6, 1.48):
            player.seek(seconds)
        assert player.position == 1.48
        await until(lambda: watch.last == 37)
        player.seek(-5)
        await until(lambda: watch.last == 0)
        player.seek(500)
        await until(lambda: watch.last == 99)


async def test_it_stops_at_the_end_and_play_begins_anew(tmp_path: Path) -> None:
    watch = Watch()
    async with playing(clip(tmp_path, 10), watch) as player:
        player.play()
        await asyncio.sleep(0.05)
        for _ in range(12):
            watch.now += 0.04
            await asyncio.sleep(0.01)
        await until(lambda: not player.is_playing)
        await settled(watch)
        assert watch.last == 9
        assert not watch.shown[-1].trouble
        player.play()
        await until(lambda: watch.last == 0)
        assert player.is_playing


async def test_a_file_that_lost_its_end_says_so_and_plays_up_to_there(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "a.mkv", [numbered(number) for number in range(250)], Encoding())
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) // 2])
    watch = Watch()
    async with playing(whole, watch) as player:
        player.seek(9.5)
        await until(lambda: watch.shown[-1].trouble)
        assert "There is no picture in the last" in watch.shown[-1].trouble
        assert watch.last is not None
        assert 80 < watch.last < 160
        player.seek(1.0)
        await until(lambda: watch.last == 25)
        assert not watch.shown[-1].trouble


async def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    watch = Watch()
    async with playing(tmp_path / "gone.mp4", watch):
        assert watch.shown[-1].frame is None
        assert "gone.mp4 could not be read" in watch.shown[-1].trouble


async def test_closing_in_the_middle_of_everything_leaves_nothing(tmp_path: Path) -> None:
    path = clip(tmp_path)
    for wait in (0.0, 0.01, 0.05):
        player = Player(path, lambda _: None)
        player.start()
        player.play()
        player.seek(3.0)
        await asyncio.sleep(wait)
        await player.aclose()
        await player.aclose()
    await asyncio.sleep(0.05)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("player")]
