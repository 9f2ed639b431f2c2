"""Whole pictures out of NAL units and fragments, compared with what FFmpeg's own parser makes of them."""

from functools import cache

import av
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from livevision.sources.access_units import AccessUnits
from livevision.sources.nal_units import SYNTAXES
from tests.fakes.clips import encoded
from tests.fakes.rtp import START, depacketized, nal_units

ENCODINGS = {
    "one slice": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1"}),
    "delimiters": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1:aud=1"}),
    "three slices": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1:slices=3"}),
    "filler": ("libx264", {"tune": "zerolatency", "x264-params": "threads=1:nal-hrd=cbr:bitrate=900:vbv-bufsize=90"}),
    "B-frames": ("libx264", {"preset": "fast", "x264-params": "threads=1:bframes=2:open-gop=1"}),
    "hevc": ("libx265", {"preset": "ultrafast", "tune": "zerolatency", "x265-params": "log-level=none:pools=1"}),
    "hevc slices": (
        "libx265",
        {"preset": "ultrafast", "tune": "zerolatency", "x265-params": "log-level=none:pools=1:slices=2:aud=1:hash=1"},
    ),
}
INCONSTANT = ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "threads=1:slice-max-size=700"})


def noisy(number):
    """A picture of which nearly nothing can be predicted, so that it takes many packets, now more and now fewer."""
    image = np.full((192, 256, 3), number * 9, np.uint8)
    image[: 24 + number * 31 % 160] = np.random.default_rng(number).integers(0, 255, (24 + number * 31 % 160, 256, 3))
    return image


@cache
def stream(codec, *options):
    return encoded([noisy(number) for number in range(20)], codec, dict(options))


def packets_of(name):
    codec, options = ENCODINGS.get(name, INCONSTANT)
    kind = "h264" if codec == "libx264" else "hevc"
    return kind, stream(codec, *options.items())


def parsed(kind, packets):
    """FFmpeg's parser: whole pictures, and which are keyframes."""
    context = av.CodecContext.create(kind, "r")
    whole = context.parse(b"".join(map(bytes, packets))) + context.parse(None)
    return [(nal_units(bytes(packet)), packet.is_keyframe) for packet in whole]


def without_trailing(kind, nals):
    """Without what adds nothing to a picture that is complete: filler, and HEVC's suffix SEI."""
    syntax = SYNTAXES[kind]
    return [nal for nal in nals if syntax.type_of(nal) not in syntax.trailing]


def feed(units, pieces, pts):
    return [unit for piece in pieces for unit in units.feed(piece, pts)]


def assembled(kind, packets, size, aggregated=False, timed=True):
    units = AccessUnits(SYNTAXES[kind])
    header = SYNTAXES[kind].header
    done = []
    for packet in packets:
        pieces = depacketized(bytes(packet), size, header, aggregated)
        done += feed(units, pieces, packet.pts if timed else None)
    return units, done + units.flush()


@pytest.mark.parametrize("name", ENCODINGS)
@settings(max_examples=25, deadline=None)
@given(size=st.integers(510, 20000) | st.sampled_from([65000, 1400, 1388]), aggregated=st.booleans())
@example(size=674, aggregated=False)  # the first SEI fills a packet to the last byte
@example(size=611, aggregated=True)  # several units together are longer than the first fragment of one
@example(size=730, aggregated=True)
def test_the_pictures_are_those_of_ffmpegs_parser(name, size, aggregated):
    kind, packets = packets_of(name)
    units, done = assembled(kind, packets, size, aggregated)
    expected = [(without_trailing(kind, nals), key) for nals, key in parsed(kind, packets)]
    assert [(without_trailing(kind, nal_units(unit.data)), unit.keyframe) for unit in done] == expected
    assert [unit.pts for unit in done] == [packet.pts for packet in packets]
    assert units.faults == 0


@pytest.mark.parametrize("name", ENCODINGS)
@settings(max_examples=10, deadline=None)
@given(size=st.integers(510, 20000))
def test_without_times_the_pictures_are_the_same(name, size):
    kind, packets = packets_of(name)
    _, done = assembled(kind, packets, size, timed=False)
    expected = [without_trailing(kind, nals) for nals, _ in parsed(kind, packets)]
    assert [without_trailing(kind, nal_units(unit.data)) for unit in done] == expected


@pytest.mark.parametrize("name", [name for name in ENCODINGS if name != "filler"])
@settings(max_examples=25, deadline=None)
@given(size=st.integers(510, 1500))
def test_a_picture_is_given_back_with_its_own_last_piece(name, size):
    kind, packets = packets_of(name)
    units = AccessUnits(SYNTAXES[kind])
    header = SYNTAXES[kind].header
    at_once = waited = 0
    for packet in packets:
        pieces = list(depacketized(bytes(packet), size, header))
        done = feed(units, pieces, packet.pts)
        if any(unit.pts == packet.pts for unit in done):
            at_once += 1
            continue
        # The first, whose number of slices nobody knows; and one whose last piece is as long as those before it.
        last = nal_units(bytes(packet))[-1]
        is_full = len(last) >= size - 1 and (len(last) <= size or (len(last) - header) % (size - header - 1) == 0)
        waited += not is_full
    assert at_once >= 17
    assert waited <= 1


@settings(max_examples=25, deadline=None)
@given(size=st.integers(710, 2000))
def test_where_the_number_of_slices_changes_it_settles_for_waiting(size):
    kind, packets = packets_of("inconstant")
    units, done = assembled(kind, packets * 5, size)
    whole = [nal_units(bytes(packet)) for packet in packets]
    as_they_should_be = [nal_units(unit.data) == whole[place % 20] for place, unit in enumerate(done)]
    assert len(done) == 100
    assert all(as_they_should_be[40:])
    assert units.faults <= 200


def test_a_piece_whose_beginning_was_lost_is_a_fault_and_the_next_pictures_are_whole():
    kind, packets = packets_of("one slice")
    units = AccessUnits(SYNTAXES[kind])
    for number, packet in enumerate(packets):
        pieces = list(depacketized(bytes(packet), 1000, 1))
        if number == 5:
            assert len(pieces) > 2
            del pieces[0]
        done = feed(units, pieces, packet.pts)
        if number == 5:
            assert units.faults >= 1
        elif number > 6:
            assert [(unit.pts, nal_units(unit.data)) for unit in (done + units.flush())][-1:] == [
                (packet.pts, nal_units(bytes(packet)))
            ]


def test_fragments_of_uneven_length_are_learned():
    kind, packets = packets_of("one slice")
    units = AccessUnits(SYNTAXES[kind])
    done = []
    for packet in packets:
        pieces = []
        for nal in nal_units(bytes(packet)):
            middle = len(nal) // 3 if len(nal) > 900 else len(nal)
            pieces += [
                piece for piece in (START + nal[:middle], nal[middle : middle + 300], nal[middle + 300 :]) if piece
            ]
        done += feed(units, pieces, packet.pts)
    done += units.flush()
    assert units.faults <= 3
    whole = [nal_units(bytes(packet)) for packet in packets]
    assert [nal_units(unit.data) for unit in done][4:] == whole[4:]


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("livevision.sources.access_units._LARGEST", 100_000)
    units = AccessUnits(SYNTAXES["h264"])
    units.feed(START + b"\x65\x88" + bytes([1]) * 1000, 0)
    for _ in range(1000):
        assert units.feed(bytes([1]) * 1000, 0) == []
    assert units.faults > 0
    assert sum(len(unit.data) for unit in units.flush()) <= 100_000


@given(pieces=st.lists(st.tuples(st.booleans(), st.binary(max_size=40), st.none() | st.integers(0, 3)), max_size=30))
def test_whatever_comes_it_goes_on(pieces):
    for syntax in SYNTAXES.values():
        units = AccessUnits(syntax)
        fed, out = 0, []
        for starts, data, pts in pieces:
            piece = START + data if starts else data
            fed += len(piece)
            out += units.feed(piece, pts)
        out += units.flush()
        # Nothing is made up, and nothing is handed out twice.
        assert sum(len(unit.data) for unit in out) <= fed
