"""The capture thread: its states, the stall watchdog, trying again, and an end that is one."""

import logging
import queue
import threading

import pytest

from livevision.errors import SourceUnavailable, SourceUnusable
from livevision.frame import Frame
from livevision.pictures import ArrayPicture
from livevision.sources.backoff import Backoff
from livevision.sources.capture import Capture
from livevision.sources.file import FileReader, Pace
from livevision.sources.reader import SourceInfo
from livevision.sources.status import CameraState
from tests.fakes.clips import number_in, plain

PATIENCE = 10.0
CONNECTING, LIVE, STALLED, RECONNECTING, ENDED, FAILED, STOPPED = CameraState
END, HANG = object(), object()


class FakeClock:
    """Time that passes only when somebody waits, or when the test says so."""

    def __init__(self):
        self.time = 1000.0
        self.waits = []

    def now(self):
        return self.time

    def wait(self, ended, seconds):
        self.waits.append(seconds)
        if not ended.wait(0.001):
            self.time += seconds


class ScriptedReader:
    """Does what its script says: an exception in open(), then pictures, exceptions, END, or HANG until interrupted."""

    def __init__(self, generation, script, fps=25.0):
        self.generation = generation
        self.script = list(script)
        self.fps = fps
        self.interrupted = threading.Event()
        self.released = threading.Event()
        self.hangs = threading.Event()
        self.closed = threading.Event()
        self.index = 0

    def open(self):
        if self.script and isinstance(self.script[0], Exception):
            raise self.script.pop(0)
        return SourceInfo(32, 24, self.fps, "raw")

    def read(self):
        step = self.script.pop(0) if self.script else HANG
        if isinstance(step, Exception):
            raise step
        if step is END:
            return None
        if step is HANG:
            self.hangs.set()
            assert self.released.wait(PATIENCE)
            return None if not self.script else self.picture()
        return self.picture()

    def picture(self):
        frame = Frame(self.index, self.generation, self.index / 25, 0.0, 0.0, ArrayPicture(plain((0, 0, 0), (32, 24))))
        self.index += 1
        return frame

    def interrupt(self):
        self.interrupted.set()
        self.released.set()

    def close(self):
        self.closed.set()


class DeafReader(ScriptedReader):
    """Takes no notice of an interrupt, as a driver that hangs."""

    def interrupt(self):
        self.interrupted.set()


class Watcher:
    """A capture and everything it said."""

    def __init__(self, *readers):
        self.readers = list(readers)
        self.opened = []
        self.clock = FakeClock()
        self.said = queue.Queue()
        self.callers = set()
        self.capture = Capture(
            "door", self.open_reader, self.deliver, self.on_status, Backoff(uniform=lambda: 0.5), self.clock
        )

    def open_reader(self, generation):
        made = self.readers.pop(0)
        reader = made(generation) if callable(made) else made
        reader.generation = generation
        self.opened.append(reader)
        return reader

    def deliver(self, frame):
        self.callers.add(threading.current_thread().name)
        self.said.put(frame)

    def on_status(self, status):
        self.callers.add(threading.current_thread().name)
        self.said.put(status)

    def until(self, state):
        """Collect what is said up to the status with ``state``."""
        said = []
        while not said or getattr(said[-1], "state", None) is not state:
            said.append(self.said.get(timeout=PATIENCE))
        return said

    def frame(self):
        frame = self.said.get(timeout=PATIENCE)
        assert isinstance(frame, Frame)
        return frame


def states(said):
    return [item.state for item in said if not isinstance(item, Frame)]


@pytest.fixture
def watch():
    watchers = []

    def start(*readers):
        watcher = Watcher(*readers)
        watchers.append(watcher)
        watcher.capture.start()
        return watcher

    yield start
    for watcher in watchers:
        watcher.capture.stop()
        for reader in watcher.opened:
            reader.released.set()
        assert watcher.capture.join(PATIENCE)
        assert all(reader.closed.is_set() for reader in watcher.opened)


def reader(*script, fps=25.0):
    return ScriptedReader(0, script, fps)


def test_a_file_plays_and_ends(watch):
    watcher = watch(reader("picture", "picture", END))
    said = watcher.until(ENDED)
    assert states(said) == [CONNECTING, LIVE, ENDED]
    # Live with the first picture, not before.
    assert isinstance(said[2], Frame)
    assert [item.index for item in said if isinstance(item, Frame)] == [0, 1]
    assert said[1].info.width == 32
    assert watcher.callers == {"capture door"}


def test_a_camera_that_cannot_be_reached_is_tried_again_later_and_later(watch):
    watcher = watch(
        reader(SourceUnavailable("door refuses connections.")),
        reader(SourceUnavailable("door refuses connections.")),
        reader(SourceUnavailable("door refuses connections.")),
        reader("picture"),
    )
    said = watcher.until(LIVE)
    assert states(said) == [CONNECTING, *[RECONNECTING] * 6, LIVE]
    assert watcher.clock.waits == [0.5, 1.0, 2.0]
    waiting, trying = said[1], said[2]
    assert waiting.reason == trying.reason == "door refuses connections."
    assert waiting.retry_at == 1000.5
    assert trying.retry_at is None
    assert waiting.since == said[6].since == 1000.0
    # A generation is what brought pictures.
    assert (said[-1].generation, watcher.opened[-1].generation) == (0, 0)


def test_a_camera_that_is_lost_comes_back_in_the_next_generation(watch):
    watcher = watch(reader("picture", SourceUnavailable("door closed the connection.")), reader("picture"))
    said = watcher.until(LIVE) + watcher.until(RECONNECTING) + watcher.until(LIVE)
    assert states(said) == [CONNECTING, LIVE, RECONNECTING, RECONNECTING, LIVE]
    assert watcher.frame().generation == 1
    assert watcher.capture.status.generation == 1


def test_a_minute_live_makes_the_next_try_quick_again(watch):
    gone = SourceUnavailable("gone")
    last = reader("picture", HANG, "late")
    watcher = watch(*[reader(gone) for _ in range(4)], last, reader("picture"))
    watcher.until(LIVE)
    assert last.hangs.wait(PATIENCE)
    watcher.clock.time += 61
    watcher.capture.check(watcher.clock.time)
    watcher.until(LIVE)
    assert watcher.clock.waits == [0.5, 1, 2, 4, 0.5]


def test_what_can_never_work_is_not_tried_again(watch):
    watcher = watch(reader(SourceUnusable("door has no video in it.")))
    said = watcher.until(FAILED)
    assert states(said) == [CONNECTING, FAILED]
    assert said[-1].reason == "door has no video in it."
    assert watcher.clock.waits == []


def test_a_surprise_fails_in_words_and_is_logged(watch, caplog):
    with caplog.at_level(logging.ERROR):
        watcher = watch(reader("picture", KeyError("rtsp://user:secret@door")))
        failed = watcher.until(FAILED)[-1]
    assert failed.reason == "Reading failed unexpectedly (KeyError); the log has the details."
    assert "Traceback" in caplog.text


def test_a_stalled_camera_is_interrupted_and_read_anew(watch):
    silent = reader("picture", HANG)
    watcher = watch(silent, reader("picture"))
    watcher.until(LIVE)
    assert silent.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 2.9)
    assert watcher.capture.status.state is LIVE
    watcher.capture.check(watcher.clock.time + 3.1)
    said = watcher.until(LIVE)
    assert states(said) == [STALLED, RECONNECTING, RECONNECTING, LIVE]
    stalled = next(item for item in said if getattr(item, "state", None) is STALLED)
    assert stalled.reason == "The camera stopped sending pictures."
    assert silent.interrupted.is_set()
    assert said[-1].generation == 1


def test_a_slow_camera_is_not_a_stalled_one(watch):
    slow = reader("picture", HANG, fps=0.5)
    watcher = watch(slow, reader("picture"))
    watcher.until(LIVE)
    assert slow.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 19)
    assert not slow.interrupted.is_set()
    watcher.capture.check(watcher.clock.time + 21)
    assert slow.interrupted.is_set()


def test_a_reader_that_hangs_is_left_behind_and_its_late_pictures_are_discarded(watch):
    deaf = DeafReader(0, ["picture", HANG, "late"])
    watcher = watch(deaf, reader("picture", HANG))
    watcher.until(LIVE)
    assert watcher.frame().generation == 0
    assert deaf.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 4)
    watcher.until(LIVE)
    assert watcher.frame().generation == 1
    deaf.released.set()
    assert deaf.closed.wait(PATIENCE)
    assert watcher.opened[1].hangs.wait(PATIENCE)
    assert deaf.index == 2  # it did read one more
    assert watcher.said.empty()
    assert watcher.capture.status.state is LIVE


def test_readers_that_hang_do_not_pile_up(watch):
    deaf = [DeafReader(0, ["picture", HANG]) for _ in range(5)]
    watcher = watch(*deaf, reader("picture"))
    for one in deaf[:4]:
        assert one.hangs.wait(PATIENCE)
        watcher.clock.time += 4
        watcher.capture.check(watcher.clock.time)
    # The fifth waits until one of the four has ended, however long it is checked.
    polled = threading.Event()
    for _ in range(100):
        watcher.capture.check(watcher.clock.time + 1000)
        polled.wait(0.001)
    assert len(watcher.opened) == 4
    deaf[0].released.set()
    assert deaf[4].hangs.wait(PATIENCE)
    assert watcher.capture.status.state is LIVE


def test_a_camera_that_connects_and_sends_nothing_is_tried_anew(watch):
    mute = reader(HANG)
    watcher = watch(mute, reader("picture"))
    assert mute.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 19)
    watcher.capture.check(watcher.clock.time + 21)
    said = watcher.until(LIVE)
    assert states(said) == [CONNECTING, RECONNECTING, RECONNECTING, LIVE]
    assert said[1].reason == "No picture came in time after connecting."


def test_stop_ends_a_wait_for_pictures_and_says_nothing_more(watch):
    waiting = reader("picture", HANG, "late")
    watcher = watch(waiting)
    watcher.until(LIVE)
    watcher.frame()
    assert waiting.hangs.wait(PATIENCE)
    watcher.capture.stop()
    watcher.capture.stop()
    assert watcher.capture.status.state is STOPPED
    assert watcher.capture.join(PATIENCE)
    assert watcher.said.empty()
    assert waiting.closed.is_set()


def test_stop_ends_a_back_off_at_once():
    said = queue.Queue()
    capture = Capture(
        "door",
        lambda _generation: reader(SourceUnavailable("gone")),
        lambda _frame: None,
        said.put,
        Backoff(first=3600, ceiling=3600),
    )
    capture.start()
    assert [said.get(timeout=PATIENCE).state for _ in range(2)] == [CONNECTING, RECONNECTING]
    capture.stop()
    assert capture.join(PATIENCE)
    assert said.empty()


def test_stop_waits_for_a_callback_that_is_under_way():
    entered, leave, stopped = threading.Event(), threading.Event(), threading.Event()

    def deliver(_frame):
        entered.set()
        assert leave.wait(PATIENCE)

    def stop():
        capture.stop()
        stopped.set()

    capture = Capture("door", lambda _generation: reader("picture", END), deliver, lambda _status: None)
    capture.start()
    assert entered.wait(PATIENCE)
    stopper = threading.Thread(target=stop)
    stopper.start()
    assert not stopped.wait(0.05)
    leave.set()
    assert stopped.wait(PATIENCE)
    stopper.join()
    assert capture.join(PATIENCE)


def test_a_callback_may_stop_the_capture():
    frames = []

    def deliver(frame):
        frames.append(frame)
        capture.stop()

    capture = Capture("door", lambda _generation: reader(*["picture"] * 5), deliver, lambda _status: None)
    capture.start()
    assert capture.join(PATIENCE)
    assert len(frames) == 1
    assert repr(capture) == "<Capture 'door' stopped, generation 0>"


def test_join_says_when_a_reader_still_hangs(watch):
    deaf = DeafReader(0, [HANG])
    watcher = watch(deaf)
    assert deaf.hangs.wait(PATIENCE)
    watcher.capture.stop()
    assert not watcher.capture.join(0.02)


def test_starts_once(watch):
    watcher = watch(reader("picture"))
    with pytest.raises(RuntimeError, match="capture door was started before"):
        watcher.capture.start()


def test_a_real_file(clip):
    said = queue.Queue()
    capture = Capture(
        "clip",
        lambda generation: FileReader(clip, generation, Pace.EVERY_FRAME),
        said.put,
        said.put,
    )
    capture.start()
    numbers = []
    while (item := said.get(timeout=PATIENCE)) and getattr(item, "state", None) is not ENDED:
        if isinstance(item, Frame):
            numbers.append(number_in(item.bgr()))
    assert numbers == list(range(20))
    capture.stop()
    assert capture.join(PATIENCE)
