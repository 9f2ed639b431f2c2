"""The synthetic reader: options that are understood, and pictures that come in time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from livevision.errors import SourceUnavailable, UsageError
from livevision.sources import synthetic
from livevision.sources.street import backdrop, players
from livevision.sources.street import clock as bar_code
from livevision.sources.synthetic import SyntheticOptions, SyntheticReader, parse_synthetic
from tests.fakes.cameras import PATIENCE

SMALL = SyntheticOptions(size=(320, 180), fps=25, seed=1)


@pytest.fixture(autouse=True, scope="module")
def _kept() -> Iterator[None]:
    """Keep the scene that most tests open: it is built once, since readers share it while one is open."""
    reader = SyntheticReader(SMALL, 0)
    reader.open()
    yield
    reader.close()


class Time:
    """A clock that moves only by waiting, and by what a test adds."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return event.is_set()


def opened(options: SyntheticOptions, clock: Time) -> SyntheticReader:
    reader = SyntheticReader(options, 3, now=clock.monotonic, wait=clock.wait)
    reader.open()
    return reader


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("synthetic:", SyntheticOptions()),
        ("synthetic:street", SyntheticOptions("street", (1280, 720), 25.0, 1, False)),
        ("synthetic:street?size=640x360&fps=12.5&seed=0", SyntheticOptions(size=(640, 360), fps=12.5, seed=0)),
        ("synthetic:street?clock=on", SyntheticOptions(clock=True)),
        ("synthetic:street?clock=0&size=160x90", SyntheticOptions(size=(160, 90))),
        ("synthetic:?fps=0.1", SyntheticOptions(fps=0.1)),
        ("synthetic:?fps=120&size=3840x2160", SyntheticOptions(size=(3840, 2160), fps=120)),
    ],
)
def test_source_is_understood(source: str, options: SyntheticOptions) -> None:
    assert parse_synthetic(source) == options


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("synthetic:sreet", "unknown scene 'sreet', did you mean 'street'?"),
        ("synthetic:moon", "unknown scene 'moon'; try synthetic:street"),
        ("synthetic:street?sise=1x1", "unknown option 'sise' .*, did you mean 'size'?"),
        ("synthetic:street?colour=red", "there are size, fps, seed, clock"),
        ("synthetic:street?size=big", "try size=1280x720"),
        ("synthetic:street?size=159x90", "choose one from 160x90 to 3840x2160"),
        ("synthetic:street?size=3840x2161", "choose one from 160x90 to 3840x2160"),
        ("synthetic:street?fps=fast", "try fps=25"),
        ("synthetic:street?fps=0.05", "choose one from 0.1 to 120"),
        ("synthetic:street?fps=nan", "choose one from 0.1 to 120"),
        ("synthetic:street?seed=-1", "try seed=1"),
        ("synthetic:street?seed=", "try seed=1"),
        ("synthetic:street?clock=maybe", "neither on nor off"),
        ("synthetic:street?clock=on&size=320x180", "at least 512 pixels wide"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(source: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        parse_synthetic(source)
    assert "\n" not in str(error.value)


def test_open_tells_what_is_there() -> None:
    info = SyntheticReader(SMALL, 0).open()
    assert (info.width, info.height, info.fps, info.codec) == (320, 180, 25, "raw")
    assert info.duration is None


def test_pictures_come_when_they_are_due() -> None:
    clock = Time()
    reader = opened(SMALL, clock)
    seen = []
    for _ in range(6):
        frame = reader.read()
        assert frame is not None
        seen.append((frame.index, round(frame.pts, 6), round(clock.now - 100, 6)))
        clock.now += 0.007  # the work of whoever reads
    assert seen == [(i, i / 25, i / 25) for i in range(6)]
    assert clock.waits[1:] == pytest.approx([0.033] * 5)


def test_a_late_reader_skips_instead_of_bunching_up() -> None:
    clock = Time()
    reader = opened(SMALL, clock)
    frames = [reader.read()]
    clock.now += 0.33  # 8.25 pictures
    frames += [reader.read(), reader.read(), reader.read()]
    assert [f.index for f in frames if f] == [0, 8, 9, 10]
    assert clock.now == pytest.approx(100 + 10 / 25)


def test_no_drift_over_a_long_time() -> None:
    clock = Time()
    reader = opened(SyntheticOptions(size=(160, 90), fps=29.97), clock)
    for _ in range(200):
        frame = reader.read()
        clock.now += 0.011
    assert frame is not None
    assert frame.index == 199
    assert clock.now == pytest.approx(100 + 199 / 29.97 + 0.011)


def test_a_frame_and_its_truth_belong_together() -> None:
    reader = opened(SMALL, Time())
    again = opened(SMALL, Time())  # another camera that shows the same scene
    frames = [reader.read() for _ in range(3)]
    other = [again.read() for _ in range(3)]
    for frame, same in zip(frames, other, strict=True):
        assert frame is not None
        assert same is not None
        assert frame.generation == 3
        assert frame.size == (320, 180)
        assert not frame.bgr().flags.writeable
        assert np.array_equal(frame.bgr(), same.bgr())
        assert len(reader.truth(frame.index)) > 0


def test_the_clock_in_the_picture_is_the_frames_own() -> None:
    reader = opened(SyntheticOptions(size=(640, 360), clock=True), Time())
    frame = reader.read()
    assert frame is not None
    assert bar_code.read(frame.bgr()) == int(frame.wall * 1000) % 2**32


@pytest.mark.parametrize("fps", [0.01, 0.001])
def test_interrupt_ends_a_waiting_read_at_once_and_every_later_one(fps: float) -> None:
    reader = SyntheticReader(SyntheticOptions(size=(160, 90), fps=fps), 0)
    reader.open()
    assert reader.read() is not None
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(reader.read()), name="reading")
    thread.start()
    reader.interrupt()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "it waits for the next picture"
    assert answers == [None]
    assert reader.read() is None


@pytest.mark.parametrize(("module", "work"), [(backdrop, "paint_house"), (players, "draw_car")])
def test_interrupt_ends_the_building_of_a_scene(monkeypatch: pytest.MonkeyPatch, module: object, work: str) -> None:
    reader = SyntheticReader(SyntheticOptions(size=(160, 90), seed=78), 0)
    done: list[object] = []
    original = getattr(module, work)

    def interrupted_meanwhile(*given: object) -> object:
        done.append(given)
        reader.interrupt()
        return original(*given)

    monkeypatch.setattr(module, work, interrupted_meanwhile)
    with pytest.raises(SourceUnavailable, match=r"street: opening was interrupted\."):
        reader.open()
    assert len(done) == 1
    assert reader.read() is None
    monkeypatch.undo()
    another = SyntheticReader(SyntheticOptions(size=(160, 90), seed=78), 1)
    another.open()
    assert another.read() is not None


def test_interrupt_ends_the_wait_for_another_cameras_scene() -> None:
    reader = SyntheticReader(SyntheticOptions(size=(160, 90), seed=79), 0)
    answers: list[Exception] = []

    def open_it() -> None:
        try:
            reader.open()
        except SourceUnavailable as error:
            answers.append(error)

    thread = threading.Thread(target=open_it, name="opening")
    with synthetic._building:  # as it takes long for a large picture
        thread.start()
        reader.interrupt()
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert len(answers) == 1


def test_closed_reader_gives_nothing_and_may_be_closed_again() -> None:
    reader = SyntheticReader(SMALL, 0)
    reader.close()
    reader.open()
    reader.close()
    reader.close()
    assert reader.read() is None
    with pytest.raises(UsageError, match="while it is open"):
        reader.truth(0)


def test_the_scene_goes_with_its_last_reader() -> None:
    options = SyntheticOptions(size=(160, 90), seed=77)
    first, second = SyntheticReader(options, 0), SyntheticReader(options, 1)
    first.open()
    second.open()
    key = options.size, options.fps, options.seed
    assert key in synthetic._streets
    first.close()
    assert second.read() is not None
    second.close()
    gc.collect()
    assert key not in synthetic._streets
