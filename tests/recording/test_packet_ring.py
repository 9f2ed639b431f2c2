"""Pre-roll: what just happened, beginning with a keyframe, and what follows, with nothing lost or doubled."""

import dataclasses
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.recording.packet_ring import PacketRing
from livevision.sources.packets import EncodedPacket, MediaFormat, Medium, StreamFormat
from tests.fakes.packet_log import PacketLog

SMALL = MediaFormat(StreamFormat("h264", b"s", 320, 240))
LARGE = MediaFormat(StreamFormat("h264", b"l", 640, 480))


class Camera:
    """Sends a packet every 0.1 s, of 10 bytes, whose ``pts`` counts them."""

    def __init__(self, ring):
        self.ring = ring
        self.now = 100.0
        self.generation = 0
        self.media = SMALL
        self.sent = []
        self._count = 0

    def announce(self, media=SMALL, generation=0):
        self.media, self.generation = media, generation
        self.ring.on_format(media, generation)

    def send(self, kinds):
        """``K`` is a keyframe, ``v`` another picture, ``a`` sound."""
        for kind in kinds:
            self.now = round(self.now + 0.1, 3)
            medium = Medium.AUDIO if kind == "a" else Medium.VIDEO
            pts = float(self._count)
            packet = EncodedPacket(medium, b"x" * 10, pts, pts, kind in "Ka", self.generation, self.now, 0.0)
            self._count += 1
            self.sent.append(packet)
            self.ring.on_packet(packet)


def make(seconds=10.0, limit=10_000):
    ring = PacketRing(seconds, limit, clock=lambda: camera.now)
    camera = Camera(ring)
    camera.announce()
    return ring, camera


def numbers(log):
    return [round(packet.pts) for packet in log.packets]


def attached(ring, seconds):
    log = PacketLog()
    return log, ring.attach(log, seconds)


def test_what_happened_before_is_included_from_the_keyframe_on():
    ring, camera = make()
    camera.send("vKvvvKvvvKvv")  # the first one cannot be decoded
    log, detach = attached(ring, 0.5)
    assert log.kinds == ["format", "key", "video", "video", "video", "key", "video", "video"]
    camera.send("vK")
    assert numbers(log) == list(range(5, 14))
    detach()
    detach()
    camera.send("vKv")
    assert numbers(log) == list(range(5, 14))


@pytest.mark.parametrize(("seconds", "first"), [(0, 9), (0.2, 9), (0.25, 5), (0.6, 5), (0.65, 1), (60, 1)])
def test_it_begins_with_the_newest_keyframe_that_is_old_enough(seconds, first):
    ring, camera = make()
    camera.send("vKvvvKvvvKvv")
    log, _ = attached(ring, seconds)
    assert numbers(log)[0] == first
    assert log.kinds[:2] == ["format", "key"]


def test_a_ring_of_no_seconds_holds_what_follows_the_newest_keyframe():
    ring, camera = make(seconds=0)
    camera.send("KvvvKavv")
    assert ring.held_bytes == 40
    log, _ = attached(ring, 10)
    assert log.kinds == ["format", "key", "audio", "video", "video"]


def test_it_holds_no_more_than_the_seconds_asked_for_need():
    ring, camera = make(seconds=1.0)
    camera.send("Kvvv" * 25)
    # At most as much as begins with the newest keyframe that is a second old.
    assert 1.0 <= ring.held_seconds < 1.5
    assert ring.held_bytes <= 150
    ring.seconds = 0.3
    camera.send("v")
    assert ring.held_seconds < 0.8


def test_it_holds_no_more_than_the_bytes_allowed():
    ring, camera = make(limit=100)
    camera.send("Kvvv" * 5)
    assert ring.held_bytes <= 100
    log, _ = attached(ring, 60)
    assert numbers(log) == list(range(12, 20))


def test_where_not_even_the_newest_pictures_fit_it_goes_on_with_the_next_keyframe():
    ring, camera = make(limit=50)
    early, _ = attached(ring, 0)
    camera.send("Kvvvvvv")
    assert ring.held_bytes == 0
    late, _ = attached(ring, 0)
    camera.send("vvKv")
    assert numbers(early) == list(range(11))  # the limit is not for those who were there
    assert numbers(late) == [9, 10]
    assert late.kinds[0] == "format"


def test_changes_of_format_come_where_they_happened():
    ring, camera = make()
    camera.send("Kv")
    camera.announce(LARGE)
    camera.send("vKv")
    camera.announce(LARGE, 1)
    camera.send("Kv")
    log, _ = attached(ring, 60)
    assert log.formats == [(SMALL, 0), (LARGE, 0), (LARGE, 1)]
    assert log.kinds == ["format", "key", "video", "format", "key", "video", "format", "key", "video"]
    camera.announce(SMALL, 1)
    camera.send("aaKv")
    assert log.kinds[9:] == ["format", "key", "video"]


def test_between_a_new_format_and_its_keyframe_one_may_attach():
    ring, camera = make()
    camera.send("Kv")
    camera.announce(LARGE, 1)
    log, _ = attached(ring, 60)
    camera.send("vaKv")
    assert log.formats == [(SMALL, 0), (LARGE, 1)]
    assert numbers(log) == [0, 1, 4, 5]


def test_a_reader_that_was_given_up_is_not_heard():
    ring, camera = make()
    camera.announce(SMALL, 1)
    camera.send("Kv")
    log, _ = attached(ring, 60)
    ring.on_format(LARGE, 0)
    ring.on_packet(dataclasses.replace(camera.sent[0], generation=0))
    camera.send("v")
    assert numbers(log) == [0, 1, 2]
    assert log.formats == [(SMALL, 1)]
    assert ring.media == SMALL


STEPS = st.lists(
    st.one_of(
        st.sampled_from("KKvvvva"),
        st.sampled_from(["small", "large", "again"]),
        st.tuples(st.just("attach"), st.floats(0, 3)),
    ),
    max_size=80,
)


@given(STEPS, st.floats(0, 3), st.integers(20, 300))
def test_nothing_is_lost_doubled_or_out_of_order(steps, seconds, limit):
    ring, camera = make(seconds, limit)
    logs = []
    for step in steps:
        if step in ("small", "large"):
            camera.announce(SMALL if step == "small" else LARGE, camera.generation)
        elif step == "again":
            camera.announce(camera.media, camera.generation + 1)
        elif isinstance(step, tuple):
            log, _ = attached(ring, step[1])
            logs.append((log, len(camera.sent)))
        else:
            camera.send(step)
        assert ring.held_bytes <= limit
    decodable = can_be_decoded(steps)
    for log, since in logs:
        got = numbers(log)
        if got:
            assert got == [number for number in decodable if number >= got[0]]
            assert log.kinds[:2] == ["format", "key"]
        # What came after attaching is there from the first keyframe on, if it was not before.
        later = [
            n for n in decodable if n >= since and camera.sent[n].medium is Medium.VIDEO and camera.sent[n].is_keyframe
        ]
        assert not later or later[0] in got


def is_keyframe(packet):
    return packet.medium is Medium.VIDEO and packet.is_keyframe


def can_be_decoded(steps):
    numbers, begun, count = [], False, 0
    for step in steps:
        if step in ("small", "large", "again"):
            begun = False
        elif isinstance(step, str):
            begun = begun or step == "K"
            numbers += [count] * begun
            count += 1
    return numbers


def test_attaching_while_packets_come_loses_none():
    ring, camera = make(seconds=1.0)
    camera.send("Kvvv")
    stopped = threading.Event()

    def send():
        while not stopped.is_set():
            camera.send("Kvvv")

    thread = threading.Thread(target=send, name="camera")
    thread.start()
    logs = []
    for _ in range(20):
        log, detach = attached(ring, 0.5)
        while len(log.packets) < 50:
            pass
        detach()
        logs.append(log)
    stopped.set()
    thread.join()
    for log in logs:
        got = numbers(log)
        assert got == list(range(got[0], got[0] + len(got)))


def test_what_was_before_a_sleep_of_the_computer_is_no_pre_roll():
    ring = PacketRing(clock=lambda: 103.0)
    ring.on_format(SMALL, 0)
    day = 1_700_000_000.0

    def send(number, captured, wall):
        ring.on_packet(EncodedPacket(Medium.VIDEO, b"x", number, number, number % 10 == 0, 0, captured, wall))

    for number in range(20):
        send(number, 100 + number / 10, day + number / 10)
    for number in range(20, 30):  # the monotonic clock stood still for eight hours
        send(number, 100 + number / 10, day + 8 * 3600 + number / 10)
    log = PacketLog()
    ring.attach(log, 10.0)
    assert [packet.pts for packet in log.packets] == list(range(20, 30))
    assert ring.held_bytes == 10
