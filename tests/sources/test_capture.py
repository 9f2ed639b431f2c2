"""The capture thread: its states, the stall watchdog, trying again, and an end that is one."""

import logging
import queue
import random
import threading

import pytest

from livevision.errors import SourceRefused, SourceUnavailable, SourceUnusable
from livevision.frame import Frame
from livevision.pictures import ArrayPicture
from livevision.sources.backoff import Backoff
from livevision.sources.capture import Capture
from livevision.sources.file import FileReader, Pace
from livevision.sources.reader import Demand, SourceInfo
from livevision.sources.retry import Retry
from livevision.sources.status import CameraState
from tests.fakes.cameras import PATIENCE
from tests.fakes.clips import number_in, plain

CONNECTING, LIVE, STALLED, BACKING_OFF, AUTH_FAILED, ENDED, FAILED, STOPPED = CameraState
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


class Passes:
    """A picture for which it takes so many seconds."""

    def __init__(self, seconds):
        self.seconds = seconds


LIVELY = ["picture", *[Passes(0.04)] * 30]
"""Pictures that show how often they come."""


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
        self.wanted = []
        self.clock = FakeClock()  # the watcher's, once it is opened

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
        if isinstance(step, Passes):
            self.clock.time += step.seconds
            return self.picture()
        if step is HANG:
            self.hangs.set()
            assert self.released.wait(PATIENCE)
            return self.after_hang()
        return self.picture()

    def after_hang(self):
        step = self.script.pop(0) if self.script else END
        if isinstance(step, Exception):
            raise step
        return None if step is END else self.picture()

    def picture(self):
        frame = Frame(self.index, self.generation, self.index / 25, 0.0, 0.0, ArrayPicture(plain((0, 0, 0), (32, 24))))
        self.index += 1
        return frame

    def want(self, demand):
        self.wanted.append(demand)

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
        retry = Retry(Backoff(uniform=lambda: 0.5), clock=self.clock)
        self.capture = Capture("door", self.open_reader, self.deliver, self.on_status, retry, self.clock)

    def open_reader(self, generation):
        made = self.readers.pop(0)
        reader = made(generation) if callable(made) else made
        reader.generation = generation
        reader.clock = self.clock
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
    assert states(said) == [CONNECTING, *[BACKING_OFF, CONNECTING] * 3, LIVE]
    assert watcher.clock.waits == [0.5, 1.0, 2.0]
    waiting, trying = said[1], said[2]
    assert waiting.reason == trying.reason == "door refuses connections."
    assert waiting.retry_at == 1000.5
    assert trying.retry_at is None
    assert said[-1].reason == ""
    # A generation is what brought pictures.
    assert (said[-1].generation, watcher.opened[-1].generation) == (0, 0)


def test_a_camera_that_is_lost_comes_back_in_the_next_generation(watch):
    watcher = watch(reader("picture", SourceUnavailable("door closed the connection.")), reader("picture"))
    said = watcher.until(LIVE) + watcher.until(BACKING_OFF) + watcher.until(LIVE)
    assert states(said) == [CONNECTING, LIVE, BACKING_OFF, CONNECTING, LIVE]
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


@pytest.mark.parametrize("script", [(), ("picture",)])
def test_a_surprise_fails_in_words_and_is_logged(watch, caplog, script):
    with caplog.at_level(logging.ERROR):
        watcher = watch(reader(*script, KeyError("rtsp://user:secret@door")))
        failed = watcher.until(FAILED)[-1]
    assert failed.reason == "livevision failed (KeyError): a mistake in it. The log has the details."
    assert "Traceback" in caplog.text


def test_a_stalled_camera_is_interrupted_and_read_anew(watch):
    silent = reader(*LIVELY, HANG)
    watcher = watch(silent, reader("picture"))
    watcher.until(LIVE)
    assert silent.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 2.9)
    assert watcher.capture.status.state is LIVE
    watcher.capture.check(watcher.clock.time + 3.1)
    said = watcher.until(LIVE)
    assert states(said) == [STALLED, BACKING_OFF, CONNECTING, LIVE]
    stalled = next(item for item in said if getattr(item, "state", None) is STALLED)
    assert stalled.reason == "The camera stopped sending pictures."
    assert silent.interrupted.is_set()
    assert said[-1].generation == 1


def test_a_slow_camera_is_not_a_stalled_one(watch):
    slow = reader("picture", Passes(2), Passes(2), HANG)
    watcher = watch(slow, reader("picture"))
    watcher.until(LIVE)
    assert slow.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 19)
    assert not slow.interrupted.is_set()
    watcher.capture.check(watcher.clock.time + 21)
    assert slow.interrupted.is_set()


@pytest.mark.parametrize("interval", [4, 8, 10, 20])
def test_a_camera_in_the_dark_stays_live_although_it_declares_25(watch, interval):
    dark = reader("picture", *[Passes(interval)] * 5, END, fps=25.0)
    watcher = watch(dark)
    watcher.until(LIVE)
    watcher.frame()
    said = []
    while states(said[-1:]) != [ENDED]:
        said.append(watcher.said.get(timeout=PATIENCE))
        watcher.capture.check(watcher.clock.time)
    assert states(said) == [ENDED]


def test_a_reader_that_hangs_is_left_behind_and_its_late_pictures_are_discarded(watch):
    deaf = DeafReader(0, ["picture", HANG, "late"])
    watcher = watch(deaf, reader("picture", HANG))
    watcher.until(LIVE)
    assert watcher.frame().generation == 0
    assert deaf.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 26)
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
        watcher.clock.time += 26
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
    watcher.capture.check(watcher.clock.time + 29)
    watcher.capture.check(watcher.clock.time + 31)
    said = watcher.until(LIVE)
    assert states(said) == [CONNECTING, STALLED, BACKING_OFF, CONNECTING, LIVE]
    assert said[1].reason == "No picture came after connecting."


WALL = 1_700_000_000.0


@pytest.mark.parametrize("stopped", [True, False], ids=["clock went on", "clock stood still"])
def test_after_a_sleep_a_camera_that_is_silent_is_connected_anew_at_once(watch, stopped):
    silent = reader(*LIVELY, HANG)
    watcher = watch(silent, reader(*LIVELY, HANG))
    capture, clock = watcher.capture, watcher.clock
    watcher.until(LIVE)
    assert silent.hangs.wait(PATIENCE)
    capture.check(clock.time, WALL)
    clock.time += 90 if stopped else 0.25
    woken = clock.time
    capture.check(clock.time, WALL + 90)
    assert capture.status.state is LIVE, "it may have something to say"
    while capture.status.state is LIVE and capture.status.generation == 0:
        clock.time += 0.25
        capture.check(clock.time, WALL + 90 + clock.time - woken)
    watcher.until(LIVE)
    assert clock.time - woken < 5 + 30 * 0.04
    assert clock.waits == [0.5]


def test_after_a_sleep_a_camera_that_sends_stays_live(watch):
    awake = reader(*LIVELY, HANG, "late")
    watcher = watch(awake)
    watcher.until(LIVE)
    assert awake.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time, WALL)
    watcher.capture.check(watcher.clock.time + 90, WALL + 90)
    assert not awake.interrupted.is_set()
    assert watcher.capture.status.state is LIVE


def test_after_a_sleep_nobody_waits_out_a_long_delay(watch):
    gone = SourceUnavailable("gone")
    watcher = Watcher(*[reader(gone) for _ in range(8)], reader("picture", HANG))
    asleep = threading.Event()

    def wait(ended, seconds):
        watcher.clock.waits.append(seconds)
        if seconds > 20:
            asleep.set()
            ended.wait(PATIENCE)
        else:
            watcher.clock.time += seconds

    watcher.clock.wait = wait
    watcher.capture.start()
    assert asleep.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time, WALL)
    watcher.capture.check(watcher.clock.time + 0.25, WALL + 8 * 3600)
    watcher.until(LIVE)
    watcher.capture.stop()
    watcher.opened[-1].released.set()
    assert watcher.capture.join(PATIENCE)
    assert watcher.clock.waits[-1] == 0.5, "and delays begin anew"


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
        Retry(Backoff(first=3600, ceiling=3600)),
    )
    capture.start()
    assert [said.get(timeout=PATIENCE).state for _ in range(2)] == [CONNECTING, BACKING_OFF]
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


def test_a_refused_password_is_not_tried_again_until_the_operator_says_so(watch):
    watcher = watch(reader(SourceRefused("door refused the password.")), reader("picture"))
    refused = watcher.until(AUTH_FAILED)[-1]
    assert isinstance(refused.error, SourceRefused)
    assert refused.reason == "door refused the password."
    assert refused.retry_at is None
    assert watcher.clock.waits == []
    assert len(watcher.opened) == 1
    watcher.capture.retry_now()
    said = watcher.until(LIVE)
    assert states(said) == [CONNECTING, LIVE]
    assert said[0].error is None
    assert watcher.frame().generation == 1


def test_a_password_that_is_refused_after_a_loss_is_not_tried_again_either(watch):
    watcher = watch(reader("picture", SourceUnavailable("gone")), reader(SourceRefused("door refused the password.")))
    assert states(watcher.until(AUTH_FAILED)) == [CONNECTING, LIVE, BACKING_OFF, CONNECTING, AUTH_FAILED]
    assert len(watcher.opened) == 2


@pytest.mark.parametrize(
    ("script", "state"), [((END,), ENDED), ((SourceUnusable("no video"),), FAILED), ((KeyError("bug"),), FAILED)]
)
def test_the_operator_may_try_again_what_is_over(watch, script, state):
    watcher = watch(reader(*script), reader("picture"))
    watcher.until(state)
    watcher.capture.retry_now()
    assert states(watcher.until(LIVE)) == [CONNECTING, LIVE]
    assert watcher.frame().generation == 1


def test_the_operator_ends_a_wait_at_once_and_the_delays_start_over():
    said = queue.Queue()
    readers = [reader(SourceUnavailable("gone")), reader(SourceUnavailable("gone")), reader("picture")]
    retry = Retry(Backoff(first=3600, ceiling=7200, jitter=0))
    capture = Capture("door", lambda _generation: readers.pop(0), said.put, said.put, retry)
    capture.start()
    waits = []
    for _ in range(2):
        while (status := said.get(timeout=PATIENCE)).state is not BACKING_OFF:
            pass
        waits.append(status.retry_at - status.since)
        capture.retry_now()
    while said.get(timeout=PATIENCE).state is not LIVE:
        pass
    capture.stop()
    assert capture.join(PATIENCE)
    assert waits == [pytest.approx(3600), pytest.approx(3600)]


def test_trying_again_is_harmless_while_all_is_well(watch):
    lively = reader("picture", HANG)
    watcher = watch(lively)
    watcher.until(LIVE)
    assert lively.hangs.wait(PATIENCE)
    watcher.capture.retry_now()
    assert (watcher.capture.status.state, watcher.capture.status.generation) == (LIVE, 0)
    assert not lively.interrupted.is_set()
    watcher.capture.stop()
    watcher.capture.retry_now()
    assert watcher.capture.status.state is STOPPED
    assert len(watcher.opened) == 1


def test_an_abandoned_reader_that_fails_late_makes_nobody_wait_longer(watch):
    deaf = DeafReader(0, ["picture", HANG, SourceUnavailable("late")])
    lost = reader("picture", HANG, SourceUnavailable("gone"))
    watcher = watch(deaf, lost, reader("picture"))
    watcher.until(LIVE)
    assert deaf.hangs.wait(PATIENCE)
    watcher.capture.check(watcher.clock.time + 26)
    watcher.until(LIVE)
    deaf.released.set()
    assert deaf.closed.wait(PATIENCE)
    assert lost.hangs.wait(PATIENCE)
    lost.released.set()
    watcher.until(LIVE)
    assert watcher.clock.waits == [0.5, 1.0]


def test_what_is_wanted_reaches_the_reader_and_those_after_it(watch):
    lost = reader("picture", HANG, SourceUnavailable("gone"))
    watcher = watch(lost, reader("picture"))
    watcher.until(LIVE)
    assert lost.hangs.wait(PATIENCE)
    watcher.capture.want(Demand.KEYFRAMES)
    watcher.capture.want(Demand.KEYFRAMES)
    lost.released.set()
    watcher.until(LIVE)
    assert lost.wanted == [Demand.EVERY_FRAME, Demand.KEYFRAMES]
    assert watcher.opened[1].wanted == [Demand.KEYFRAMES]


def test_sparse_pictures_are_no_stall_while_only_keyframes_are_wanted(watch):
    sparse = reader("picture", HANG)
    watcher = watch(sparse, reader("picture"))
    watcher.until(LIVE)
    assert sparse.hangs.wait(PATIENCE)
    watcher.capture.want(Demand.KEYFRAMES)
    watcher.capture.check(watcher.clock.time + 29)
    assert watcher.capture.status.state is LIVE
    watcher.capture.check(watcher.clock.time + 31)
    assert sparse.interrupted.is_set()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_the_states_follow_each_other_as_they_may(watch, caplog, seed):
    """A thread that tried an impossible change would end with an exception, which fails the test."""
    dice = random.Random(seed)
    steps = ["picture", "picture", END, HANG, SourceUnavailable("gone"), SourceRefused("no"), SourceUnusable("never")]

    def made(_generation):
        script = [dice.choice(steps) for _ in range(dice.randrange(1, 4))]
        return dice.choice([ScriptedReader, ScriptedReader, DeafReader])(0, script)

    watcher = watch(*[made] * 1000)
    moment = threading.Event()
    for _ in range(150):
        match dice.randrange(4):
            case 0:
                watcher.capture.retry_now()
            case 1:
                watcher.capture.check(watcher.clock.time + 25)
            case 2:
                watcher.capture.want(dice.choice(list(Demand)))
            case _:
                moment.wait(0.001)
        if dice.random() < 0.1:
            for opened in tuple(watcher.opened):
                opened.released.set()
    assert len(watcher.opened) > 5
    assert "unexpectedly" not in caplog.text


def test_an_error_that_is_kept_keeps_nothing_else_alive(watch):
    class Wrapping(ScriptedReader):
        def open(self):
            try:
                return {}["rtsp://anna:secret@door"]
            except KeyError as cause:
                raise SourceUnusable("door is not a video.") from cause

    watcher = watch(Wrapping(0, []))
    kept = watcher.until(FAILED)[-1].error
    assert (kept.__cause__, kept.__context__, kept.__traceback__) == (None, None, None)


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
