"""Clean recordings: every packet, at its time, playable everywhere, also what is left after a kill."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from itertools import pairwise

import av
import pytest

from livevision.errors import RecordingError
from livevision.recording.remux import RemuxSink, can_remux, container_for
from livevision.sources.packets import MediaFormat, StreamFormat
from tests.fakes.clips import Encoding, number_in
from tests.recording.material import read_back
from tests.recording.packet_material import camera, complaints, item, probe, timed

SUFFIXES = [".mp4", ".mkv"]


def record(path, items, title="door"):
    sink = RemuxSink(path, title)
    for one in items:
        sink.write(one)
    sink.close()
    return sink


def stream_of(path, kind):
    return next(stream for stream in probe(path)["streams"] if stream["codec_type"] == kind)


def times_in(path):
    with av.open(str(path)) as container:
        return [frame.time for frame in container.decode(video=0)]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["camera.ts", "camera.mp4"])
@pytest.mark.parametrize("b_frames", [0, 3])
def test_every_picture_is_there_once_at_its_time(tmp_path, suffix, name, b_frames):
    log = camera(tmp_path, 30, Encoding(b_frames=b_frames), name)
    path = tmp_path / f"out{suffix}"
    sink = record(path, timed(log))
    assert complaints(path) == ""
    recording = read_back(path)
    assert [number_in(image) for image in recording.images] == list(range(30))
    assert recording.times == pytest.approx([n / 25 for n in range(30)], abs=0.001)
    assert recording.duration == pytest.approx(1.2, abs=0.002)
    video = stream_of(path, "video")
    assert (video["nb_read_frames"], video["avg_frame_rate"]) == ("30", "25/1")
    assert (video["width"], video["height"], video["codec_name"]) == (320, 240, "h264")
    assert (sink.pictures, sink.seconds) == (30, pytest.approx(1.16))
    assert sink.bytes_written == path.stat().st_size


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_says_when_it_began_and_what_it_is_called(tmp_path, suffix):
    log = camera(tmp_path, 3)
    packets = [dataclasses.replace(packet, wall=1_700_000_000.25) for packet in log.packets]
    path = tmp_path / f"out{suffix}"
    record(path, [item(log.formats[0][0], packet, 0.04 * n) for n, packet in enumerate(packets)], "Tür \udcff")
    tags = {name.lower(): value for name, value in probe(path)["format"]["tags"].items()}
    assert tags["title"] == "Tür ?"
    assert tags["creation_time"].startswith("2023-11-14T22:13:20.25" if suffix == ".mkv" else "2023-11-14T22:13:20")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hevc(tmp_path, suffix):
    log = camera(tmp_path, 20, Encoding(codec="libx265"))
    path = tmp_path / f"out{suffix}"
    record(path, timed(log))
    assert complaints(path) == ""
    assert [number_in(image) for image in read_back(path).images] == list(range(20))


@pytest.mark.parametrize(
    ("encoder", "name", "suffix", "kept"),
    [
        ("aac", "camera.ts", ".mp4", "aac"),
        ("aac", "camera.mp4", ".mp4", "aac"),
        ("aac", "camera.ts", ".mkv", "aac"),
        ("pcm_alaw", "camera.mov", ".mkv", "pcm_s16le"),
        ("pcm_mulaw", "camera.mov", ".mkv", "pcm_s16le"),
    ],
)
def test_sound_is_kept(tmp_path, encoder, name, suffix, kept):
    log = camera(tmp_path, 30, Encoding(sound=encoder), name)
    media = log.formats[0][0]
    assert container_for(media, suffix) == suffix
    path = tmp_path / f"out{suffix}"
    record(path, timed(log))
    assert complaints(path) == ""
    audio = stream_of(path, "audio")
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == (kept, "8000", 1)
    assert int(audio["nb_read_frames"]) >= len(log.audio) - 1
    assert stream_of(path, "video")["nb_read_frames"] == "30"
    level = subprocess.run(
        ["ffmpeg", "-nostdin", "-i", str(path), "-af", "volumedetect", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    # A tone of amplitude 8000 has -15 dB.
    loudness = float(level.partition("mean_volume: ")[2].split()[0])
    assert loudness == pytest.approx(-15.3, abs=1.5)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_sound_that_falls_silent_keeps_no_picture_waiting(tmp_path, suffix):
    log = camera(tmp_path, 75, Encoding(sound="aac"), "camera.mp4")
    path = tmp_path / f"out{suffix}"
    sink = RemuxSink(path)
    for one in timed(log):
        if one.packet in log.video or one.time < 0.5:
            sink.write(one)
    shutil.copy(path, tmp_path / f"killed{suffix}")
    sink.close()
    assert times_in(tmp_path / f"killed{suffix}")[-1] > 75 / 25 - 1.2


def test_the_container_is_one_that_can_hold_it():
    h264, mjpeg = StreamFormat("h264"), StreamFormat("mjpeg")
    assert container_for(MediaFormat(h264)) == ".mp4"
    assert container_for(MediaFormat(h264), ".mkv") == ".mkv"
    assert container_for(MediaFormat(h264, StreamFormat("aac"))) == ".mp4"
    assert container_for(MediaFormat(h264, StreamFormat("pcm_alaw"))) == ".mkv"
    assert container_for(MediaFormat(mjpeg)) == ".mkv"
    assert can_remux(MediaFormat(mjpeg))
    assert not can_remux(MediaFormat(StreamFormat("wmv3")))


def test_motion_jpeg(tmp_path):
    log = camera(tmp_path, 10, Encoding(codec="mjpeg"), "camera.avi")
    path = tmp_path / "out.mkv"
    record(path, timed(log))
    assert complaints(path) == ""
    assert [number_in(image) for image in read_back(path).images] == list(range(10))


def test_it_begins_with_a_keyframe_and_what_looks_back_is_left_out(tmp_path):
    log = camera(tmp_path, 30, Encoding(b_frames=3, gop=10))
    items = timed(log)
    second = [n for n, one in enumerate(items) if one.packet.is_keyframe][1]
    late = [dataclasses.replace(one, time=one.time - items[second].time) for one in items[1:]]
    # As an open group of pictures has it: one that belongs in front of the keyframe comes behind it.
    late.insert(second, dataclasses.replace(late[second], time=-0.04))
    path = tmp_path / "out.mp4"
    record(path, late)
    assert complaints(path) == ""
    recording = read_back(path)
    first = round(items[second].time * 25)
    assert [number_in(image) for image in recording.images] == list(range(first, 30))
    assert recording.times[0] == 0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_times_that_jump_back_are_mended(tmp_path, suffix):
    log = camera(tmp_path, 30, Encoding(sound="aac", gop=5), "camera.mp4")
    items = timed(log)
    half = len(items) // 2
    items = items[:half] + [dataclasses.replace(one, time=one.time - 0.5) for one in items[half:]]
    path = tmp_path / f"out{suffix}"
    record(path, items)
    recording = read_back(path)
    assert len(recording.images) == 30
    assert all(earlier < later for earlier, later in pairwise(recording.times))


def test_another_kind_of_video_needs_another_file(tmp_path):
    log = camera(tmp_path, 4)
    items = timed(log)
    sink = RemuxSink(tmp_path / "out.mp4")
    sink.write(items[0])
    sink.write(dataclasses.replace(items[1], media=dataclasses.replace(items[1].media)))  # an equal one is none
    other = dataclasses.replace(items[2].media, video=StreamFormat("h264", b"", 640, 480))
    with pytest.raises(RecordingError, match=r"out\.mp4 on: the camera sends another kind"):
        sink.write(dataclasses.replace(items[2], media=other))
    sink.close()
    assert len(read_back(tmp_path / "out.mp4").images) == 2


def test_nothing_is_overwritten_and_a_file_without_pictures_is_removed(tmp_path):
    path = tmp_path / "out.mp4"
    path.write_bytes(b"mine")
    with pytest.raises(RecordingError, match="it exists already"):
        RemuxSink(path)
    assert path.read_bytes() == b"mine"
    empty = RemuxSink(tmp_path / "empty.mkv")
    empty.close()
    empty.close()
    assert not (tmp_path / "empty.mkv").exists()


KILLED = textwrap.dedent("""
    import os, sys
    from pathlib import Path
    from livevision.recording.remux import RemuxSink
    from tests.recording.packet_material import packets_of, timed
    sink = RemuxSink(Path(sys.argv[2]))
    for one in timed(packets_of(Path(sys.argv[1]))):
        sink.write(one)
    print("ready", flush=True)
    sys.stdin.read()
""")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_kill_loses_less_than_a_second_and_a_half(tmp_path, suffix):
    camera(tmp_path, 100, Encoding(b_frames=2, sound="aac"), "camera.mp4")
    path = tmp_path / f"out{suffix}"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "camera.mp4"), str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
    assert complaints(path) == ""
    recording = times_in(path)
    assert recording[-1] > 100 / 25 - 1.5
    assert len(recording) == round(recording[-1] * 25) + 1
