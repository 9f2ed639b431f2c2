"""Recorded files: every picture, at its time, upright, in its colours; and clear words for what is no video."""

import threading
import time
from itertools import pairwise
from pathlib import Path

import cv2
import pytest

from livevision.errors import SourceUnusable
from livevision.sources.file import AtEnd, FileReader, Pace
from tests.fakes.clips import Encoding, number_in, numbered, write_clip


def read_all(reader, at_most=1000):
    frames = []
    try:
        info = reader.open()
        while len(frames) < at_most and (frame := reader.read()) is not None:
            frames.append(frame)
    finally:
        reader.close()
    return info, frames


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.ts", "libx264"), ("a.avi", "mjpeg"), ("a.h264", "libx264")],
)
def test_every_picture_comes_once_and_in_order(tmp_path, name, codec):
    path = write_clip(tmp_path / name, [numbered(n) for n in range(15)], Encoding(codec=codec))
    info, frames = read_all(FileReader(path, 3, Pace.EVERY_FRAME))
    assert [number_in(frame.bgr()) for frame in frames] == list(range(15))
    assert [frame.index for frame in frames] == list(range(15))
    assert {frame.generation for frame in frames} == {3}
    assert [later.pts - earlier.pts for earlier, later in pairwise(frames)] == pytest.approx([0.04] * 14)
    assert (info.width, info.height, info.fps) == (320, 240, 25)


def test_says_what_is_in_the_file(clip):
    info, frames = read_all(FileReader(clip, 0, Pace.EVERY_FRAME))
    assert (info.codec, info.duration, info.frames) == ("h264", 0.8, 20)
    assert len(frames) == 20


def test_a_name_like_a_protocol(tmp_path, clip, monkeypatch):
    (tmp_path / "12:30.mp4").write_bytes(clip.read_bytes())
    monkeypatch.chdir(tmp_path)
    _, frames = read_all(FileReader(Path("12:30.mp4"), 0, Pace.EVERY_FRAME))
    assert len(frames) == 20


def test_a_still_picture_is_a_recording_of_one(tmp_path):
    cv2.imwrite(str(tmp_path / "still.png"), numbered(77))
    _, frames = read_all(FileReader(tmp_path / "still.png", 0))
    assert [number_in(frame.bgr()) for frame in frames] == [77]


def test_variable_rate_keeps_its_times(tmp_path):
    times = [0.0, 0.1, 0.15, 0.5, 0.52]
    path = write_clip(tmp_path / "a.mkv", [numbered(n) for n in range(5)], times=times)
    _, frames = read_all(FileReader(path, 0, Pace.EVERY_FRAME))
    assert [frame.pts for frame in frames] == pytest.approx(times, abs=0.001)


def test_real_time_takes_as_long_as_the_recording(tmp_path):
    path = write_clip(tmp_path / "a.mp4", [numbered(n) for n in range(6)])
    started = time.monotonic()
    _, frames = read_all(FileReader(path, 0))
    assert len(frames) == 6
    # Upper bounds would measure the machine.
    assert all(frame.captured - started >= frame.pts for frame in frames)
    assert frames[-1].pts == pytest.approx(0.2)


def test_every_frame_does_not_wait(tmp_path):
    path = write_clip(tmp_path / "a.mkv", [numbered(n) for n in range(3)], times=[0.0, 30.0, 60.0])
    _, frames = read_all(FileReader(path, 0, Pace.EVERY_FRAME))
    assert [frame.pts for frame in frames] == pytest.approx([0, 30, 60])


def test_a_loop_goes_on_in_time(clip):
    _, frames = read_all(FileReader(clip, 0, Pace.EVERY_FRAME, AtEnd.LOOP), at_most=45)
    assert [number_in(frame.bgr()) for frame in frames] == [*range(20), *range(20), *range(5)]
    assert all(0.039 < later.pts - earlier.pts < 0.041 for earlier, later in pairwise(frames))


def test_interrupt_ends_the_wait_for_a_picture(tmp_path, monkeypatch):
    monkeypatch.setattr("livevision.sources.pacing._LONGEST_WAIT", 3600.0)
    path = write_clip(tmp_path / "a.mkv", [numbered(n) for n in range(3)], times=[0.0, 600.0, 1200.0])
    reader = FileReader(path, 0)
    reader.open()
    assert reader.read() is not None
    timer = threading.Timer(0.05, reader.interrupt)
    timer.start()
    assert reader.read() is None
    assert reader.read() is None
    timer.join()
    reader.close()
    reader.close()


@pytest.mark.parametrize(
    ("rotation", "size", "dark_side"), [(90, (240, 320), "right"), (-90, (240, 320), "left"), (180, (320, 240), "top")]
)
def test_a_phone_held_upright_shows_upright(tmp_path, rotation, size, dark_side):
    # The bands of numbered(0) are the black lower half of a grey picture.
    path = write_clip(tmp_path / "phone.mp4", [numbered(0)] * 2, Encoding(rotation=rotation))
    info, frames = read_all(FileReader(path, 0, Pace.EVERY_FRAME))
    image = frames[0].bgr()
    height, width = image.shape[:2]
    sides = {
        "top": image[: height // 4],
        "bottom": image[-height // 4 :],
        "left": image[:, : width // 4],
        "right": image[:, -width // 4 :],
    }
    assert (info.width, info.height) == frames[0].size == (width, height) == size
    assert min(sides, key=lambda side: sides[side].mean()) == dark_side


def test_odd_sizes(tmp_path):
    path = write_clip(tmp_path / "odd.avi", [numbered(5, (322, 242))] * 2, Encoding(codec="mjpeg"))
    _, frames = read_all(FileReader(path, 0, Pace.EVERY_FRAME))
    image = frames[0].bgr((161, 121))
    assert image.shape == (121, 161, 3)
    assert image.flags.c_contiguous
    assert number_in(image) == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"This is no video.\n" * 200),
        ("notes.mp4", b"This is no video.\n" * 200),
        ("empty.mp4", b""),
        ("noise.avi", bytes(range(256)) * 200),
    ],
)
def test_what_is_no_video_is_named_so(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceUnusable, match=rf"^{name} is not a video"):
        read_all(FileReader(path, 0))


def test_a_file_that_vanished_is_named(tmp_path):
    with pytest.raises(SourceUnusable, match=r"gone\.mp4 could not be read: No such file"):
        read_all(FileReader(tmp_path / "gone.mp4", 0))


def test_what_is_left_of_a_truncated_recording_plays(tmp_path):
    whole = write_clip(tmp_path / "whole.mkv", [numbered(n) for n in range(15)], Encoding(gop=1)).read_bytes()
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    _, frames = read_all(FileReader(path, 0, Pace.EVERY_FRAME))
    assert 5 <= len(frames) < 15
    assert [number_in(frame.bgr()) for frame in frames[:5]] == list(range(5))


def test_damage_in_the_middle_is_not_the_end(tmp_path):
    path = write_clip(tmp_path / "a.avi", [numbered(n) for n in range(15)], Encoding(codec="mjpeg"))
    content = bytearray(path.read_bytes())
    third = content.find(b"\xff\xd8", content.find(b"\xff\xd8", content.find(b"\xff\xd8") + 2) + 2)
    content[third : third + 1500] = b"\x00" * 1500
    path.write_bytes(content)
    _, frames = read_all(FileReader(path, 0, Pace.EVERY_FRAME))
    shown = [number_in(frame.bgr()) for frame in frames]
    assert shown[:2] == [0, 1]
    assert shown[-12:] == list(range(3, 15))


def test_a_playlist_does_not_lead_into_the_network(tmp_path):
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(SourceUnusable, match=r"list\.m3u8"):
        read_all(FileReader(path, 0))
