"""The times of packets: decoding times that fit, sound that moves with the picture, and what else is made fit."""

from fractions import Fraction
from itertools import pairwise

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livevision.sources.adts import audio_specific_config, bare_frame
from livevision.sources.packet_times import DecodingTimes, PictureClock, SoundTimes
from livevision.sources.parameter_sets import travels_apart, updated
from livevision.sources.timestamps import Timestamps

SPS, PPS, OTHER_SPS = b"\x67sps", b"\x68pps", b"\x67sps, larger"
KEY = b"\x65\x88slice"


def nals(*units):
    return b"".join(b"\0\0\0\1" + unit for unit in units)


def packet(pts, data=b"x"):
    made = av.Packet(data)
    made.pts, made.time_base = pts, Fraction(1, 100)
    return made


def picture(pts):
    made = av.VideoFrame(16, 16, "yuv420p")
    made.pts, made.time_base = pts, Fraction(1, 100)
    return made


@given(st.lists(st.integers(1, 4), min_size=1, max_size=30))
def test_decoding_times_increase_and_are_never_late(groups):
    # Behind the keyframe, each group is shown with its first picture last, which the others look ahead to.
    times, shown = [0.0], 0
    for group in groups:
        times += [(shown + group) / 25, *((shown + n) / 25 for n in range(1, group))]
        shown += group
    decoding = DecodingTimes(0.04)
    made = [decoding.next(pts, 1) for pts in times]
    assert all(earlier < later for earlier, later in pairwise(made))
    assert all(dts <= pts + 1e-9 for dts, pts in zip(made, times, strict=True))


def test_where_nothing_is_reordered_both_times_are_the_same():
    decoding = DecodingTimes(0.04)
    assert [decoding.next(pts, 0) for pts in (1.0, 1.04, 1.5)] == [1.0, 1.04, 1.5]


def test_a_depth_that_shows_late_makes_no_time_go_back():
    decoding = DecodingTimes(0.04)
    made = [decoding.next(*each) for each in ((0.0, 0), (0.12, 0), (0.04, 2), (0.08, 2), (0.24, 2), (0.16, 2))]
    assert all(earlier < later for earlier, later in pairwise(made))


def test_a_picture_has_the_time_of_its_packet_whatever_happened_to_the_clock():
    clock = PictureClock(Timestamps(0.04, longest_gap=60.0))
    stamps, shown = [], []
    for raw in (500_000, 500_004, 500_004, 100, 104):
        stamps.append(clock.stamp(packet(raw), 0))
        shown.append(clock.time_of(picture(raw)))
    assert stamps == shown
    assert shown == pytest.approx([5000.0, 5000.04, 5000.044, 5000.084, 5000.124])


def test_reordered_pictures_keep_their_times_over_a_jump_of_the_clock():
    clock = PictureClock(Timestamps(0.04, longest_gap=60.0))
    first = [clock.stamp(packet(raw), 2) for raw in (5000, 5012, 5004, 5008)]
    again = [clock.stamp(packet(raw), 2) for raw in (0, 12, 4, 8)]
    assert first == pytest.approx([50.0, 50.12, 50.04, 50.08])
    assert again == pytest.approx([50.16, 50.28, 50.20, 50.24])
    assert [clock.time_of(picture(raw)) for raw in (5000, 5004, 5008, 5012, 0, 4)] == pytest.approx(
        [50.0, 50.04, 50.08, 50.12, 50.16, 50.20]
    )


def test_reordered_pictures_without_times_get_theirs_when_they_come_out():
    clock = PictureClock(Timestamps(0.04))
    assert [clock.stamp(packet(None), 2) for _ in range(3)] == [None] * 3
    assert [clock.time_of(picture(None)) for _ in range(3)] == pytest.approx([0.0, 0.04, 0.08])


def test_sound_moves_with_the_corrections_of_the_picture():
    pictures = Timestamps(0.04, longest_gap=60.0)
    sound = SoundTimes(pictures)
    pictures.next(1000.0)
    assert sound.next(1000.02) == pytest.approx(1000.02)
    pictures.next(0.0)
    assert sound.next(0.02) == pytest.approx(1000.06)


def test_sound_on_a_clock_of_its_own_comes_beside_the_picture():
    pictures = Timestamps(0.04)
    sound = SoundTimes(pictures)
    pictures.next(1000.0)
    assert [sound.next(raw) for raw in (5.0, 5.1, 5.05)] == pytest.approx([1000.0, 1000.1, 1000.1], abs=0.001)


@pytest.mark.parametrize(
    ("known", "keyframe", "then"),
    [
        (b"", nals(SPS, PPS, KEY), nals(SPS, PPS)),
        (nals(SPS, PPS), nals(KEY), nals(SPS, PPS)),
        (nals(PPS, SPS), nals(b"\x09\xf0", SPS, PPS, b"\x06sei", KEY), nals(PPS, SPS)),
        (nals(SPS, PPS), nals(OTHER_SPS, PPS, KEY), nals(OTHER_SPS, PPS)),
        (nals(SPS, PPS), nals(PPS, KEY), nals(SPS, PPS)),
        (b"", nals(KEY, SPS), b""),
        (b"", b"", b""),
        (b"", b"\0\0\0\1", b""),
    ],
)
def test_parameter_sets_are_those_of_the_newest_keyframe(known, keyframe, then):
    assert updated("h264", known, keyframe) == then


def test_parameter_sets_of_hevc():
    sets = nals(b"\x40\1vps", b"\x42\1sps", b"\x44\1pps")
    assert updated("hevc", b"", sets + nals(b"\x26\1idr")) == sets


def test_where_parameter_sets_travel_apart():
    assert travels_apart("h264", b"\1\x64\0\x1f")
    assert travels_apart("mjpeg", b"")
    assert not travels_apart("h264", nals(SPS))
    assert not travels_apart("hevc", b"")


def test_an_adts_header_is_taken_off_where_it_says_what_is_known():
    config = audio_specific_config(48_000, 2)
    assert config == bytes.fromhex("1190")
    header = bytes.fromhex("fff14c80017ffc")
    assert bare_frame(header + b"frame", config) == b"frame"
    assert bare_frame(bytes.fromhex("fff04c80017ffc0102") + b"frame", config) == b"frame"
    assert bare_frame(header + b"frame", audio_specific_config(44_100, 2)) == b""
    assert bare_frame(b"no header", config) == b""
    assert bare_frame(b"\xff", config) == b""
    assert audio_specific_config(12_345, 1) == b""
