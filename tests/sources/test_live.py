"""Decoding what is worth it: behind the camera, unwatched, damaged, and with another size."""

from fractions import Fraction
from functools import cache

import av
import pytest

from livevision.sources.backlog import Backlog
from livevision.sources.live import LiveDecoder
from livevision.sources.reader import Demand
from tests.fakes.clips import encoded, number_in, numbered

GOP = 10


@cache
def camera(size=(64, 48), count=120):
    options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1", "crf": "10"}
    packets = encoded([numbered(number, size) for number in range(count)], "libx264", options, gop=GOP)
    return [(bytes(packet), packet.pts, packet.is_keyframe) for packet in packets]


class Watching:
    """Feeds a decoder and remembers the numbers of the pictures that came out, and what was skipped before each."""

    def __init__(self, backlog=True):
        context = av.CodecContext.create("h264", "r")
        context.thread_count = 1
        self.decoder = LiveDecoder(context, Backlog() if backlog else None)
        self.numbers = []
        self.skipped = []
        self.sizes = []

    def feed(self, arrived, number, data=None, size=(64, 48), stamp=None):
        content, pts, is_keyframe = camera(size)[number]
        packet = av.Packet(data or content)
        packet.pts = pts if stamp is None else stamp
        packet.time_base = Fraction(1, 25)
        packet.is_keyframe = is_keyframe
        for picture in self.decoder.decode(packet, arrived):
            self.numbers.append(number_in(picture.to_ndarray(format="bgr24")))
            self.sizes.append((picture.width, picture.height))
            self.skipped.append(self.decoder.skipped)
            self.decoder.skipped = 0


def test_every_picture_is_shown_while_they_come_in_time():
    watching = Watching()
    for number in range(40):
        watching.feed(7 + number / 25, number)
    assert watching.numbers == list(range(40))
    assert sum(watching.skipped) == 0


def test_after_a_stall_it_catches_up_with_keyframes_and_goes_on_with_the_newest_picture():
    watching = Watching()
    for number in range(25):
        watching.feed(number / 25, number)
    # Nothing for 2 s, then all at once until picture 75 is due: less than 0.1 s behind is 73.
    for number in range(25, 75):
        watching.feed(3 + number / 100_000, number)
    assert watching.numbers[25:] == [30, 40, 50, 60, 70, 73, 74]
    assert watching.skipped[25:] == [5, 9, 9, 9, 9, 2, 0]
    for number in range(75, 100):
        watching.feed(number / 25, number)
    assert watching.numbers[-26:] == list(range(74, 100))


def test_a_stamp_that_stepped_back_a_little_is_no_backlog_for_long():
    watching = Watching()
    for number in range(20):
        watching.feed(number / 25, number)
    for number in range(20, 100):
        watching.feed(number / 25, number, stamp=number - 15)
    # For two seconds it may look like one: then all pictures are shown, although none comes sooner.
    assert watching.numbers[-25:] == list(range(75, 100))


def test_a_network_too_slow_for_the_stream_still_shows_something():
    watching = Watching()
    for number in range(100):
        watching.feed(number / 10, number)
    assert {10, 20, 30, 40, 50, 60, 70, 80, 90} <= set(watching.numbers)


def test_unwatched_only_keyframes_are_decoded_and_back_again_comes_the_newest_at_once():
    watching = Watching()
    watching.decoder.demand = Demand.KEYFRAMES
    for number in range(37):
        watching.feed(number / 25, number)
    assert watching.numbers == [0, 10, 20, 30]
    watching.decoder.demand = Demand.EVERY_FRAME
    for number in range(37, 45):
        watching.feed(number / 25, number)
    assert watching.numbers == [0, 10, 20, 30, *range(37, 45)]
    assert sum(watching.skipped) == 0  # nobody wanted them


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr("livevision.sources.live._KEPT", 20)
    watching = Watching()
    watching.decoder.demand = Demand.KEYFRAMES
    for number in range(37):
        watching.feed(number / 25, number)
    watching.decoder.demand = Demand.EVERY_FRAME
    for number in range(37, 45):
        watching.feed(number / 25, number)
    assert watching.numbers == [0, 10, 20, 30, *range(40, 45)]


def test_pictures_without_a_time_are_all_shown():
    watching = Watching()
    context = watching.decoder
    shown = []
    for data, _, is_keyframe in camera()[:15]:
        packet = av.Packet(data)
        packet.is_keyframe = is_keyframe
        shown += context.decode(packet, 1.0)
    assert len(shown) == 15


def test_damage_is_counted_in_a_row_and_survived():
    watching = Watching()
    for number in range(20):
        watching.feed(number / 25, number, data=b"\0\0\0\1\x41\xff\xff" if 5 <= number < 9 else None)
        if number == 8:
            assert watching.decoder.damaged == 4
    assert watching.decoder.damaged == 0
    assert watching.numbers[-10:] == list(range(10, 20))


def test_before_the_first_keyframe_nothing_counts_as_damage():
    watching = Watching()
    for number in range(3, 15):
        watching.feed(number / 25, number)
    assert watching.decoder.damaged == 0
    assert watching.numbers[-5:] == list(range(10, 15))


@pytest.mark.parametrize("size", [(128, 96), (48, 64)])
def test_another_size_in_mid_stream(size):
    watching = Watching()
    for number in range(20):
        watching.feed(number / 25, number)
    for number in range(20, 40):
        watching.feed(number / 25, number, size=size)
    assert watching.sizes == [(64, 48)] * 20 + [size] * 20
    assert watching.numbers == list(range(40))


def test_it_says_how_late_a_picture_is_by_the_cameras_own_clock():
    watching = Watching()
    for number in range(5):
        watching.feed(7 + number / 25, number)
    assert watching.decoder.behind == pytest.approx(0, abs=0.001)
    watching.feed(7 + 5 / 25 + 0.2, 5)
    assert watching.decoder.behind == pytest.approx(0.2, abs=0.001)
    watching.feed(7 + 6 / 25, 6)
    assert watching.decoder.behind == pytest.approx(0, abs=0.001)
