"""A camera's own packets: complete, on the clock of its pictures, and with all that a file must know of them."""

from itertools import pairwise

import av
import numpy as np
import pytest

from livevision.sources import stream
from livevision.sources.file import AtEnd, FileReader, Pace
from livevision.sources.packets import PacketSource, StreamFormat, tapped
from livevision.sources.reader import Demand
from livevision.sources.registry import SourceRegistry
from tests.fakes.clips import Encoding, numbered, write_clip
from tests.fakes.packet_log import PacketLog


def read(reader, count=10_000):
    frames = []
    try:
        reader.open()
        while len(frames) < count and (frame := reader.read()) is not None:
            frames.append(frame)
    finally:
        reader.close()
    return frames


def tapped_stream(url, count, demand=Demand.EVERY_FRAME):
    log = PacketLog()
    reader = tapped(SourceRegistry().opener(url), log)(7)
    reader.want(demand)
    return log, read(reader, count)


def are_in_order(packets):
    return all(earlier.dts < later.dts for earlier, later in pairwise(packets)) and all(
        packet.dts <= packet.pts for packet in packets
    )


def decoded(log):
    """Decode the packets as a player would that has nothing else."""
    form = log.formats[0][0].video
    context = av.CodecContext.create(form.codec, "r")
    context.extradata = form.extradata or None
    pictures = []
    for packet in log.video:
        pictures += context.decode(av.Packet(packet.data))
    return pictures + context.decode(None)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
@pytest.mark.parametrize("b_frames", [0, 3])
@pytest.mark.parametrize("pace", Pace)
def test_a_files_packets_have_the_times_of_its_pictures(tmp_path, name, b_frames, pace):
    path = write_clip(tmp_path / name, [numbered(n) for n in range(20)], Encoding(b_frames=b_frames, fps=100))
    log = PacketLog()
    reader = FileReader(path, 4, pace)
    reader.tap(log)
    frames = read(reader)
    assert len(frames) == 20
    assert sorted(packet.pts for packet in log.video) == [frame.pts for frame in frames]
    assert are_in_order(log.video)
    assert log.kinds[:2] == ["format", "key"]
    assert [packet.is_keyframe for packet in log.video].count(True) == 2
    assert log.formats[0][1] == log.video[0].generation == 4
    assert len(decoded(log)) == 20
    if b_frames:
        assert [packet.pts for packet in log.video] != [frame.pts for frame in frames]


def test_a_file_that_loops_goes_on_in_its_packets(tmp_path):
    path = write_clip(tmp_path / "a.mp4", [numbered(n) for n in range(10)], Encoding(b_frames=2, fps=100))
    log = PacketLog()
    reader = FileReader(path, 0, at_end=AtEnd.LOOP)
    reader.tap(log)
    frames = read(reader, 25)
    packets = log.video
    assert {frame.pts for frame in frames} <= {packet.pts for packet in packets}
    assert are_in_order(packets)
    assert len(log.formats) == 1
    assert np.diff(sorted(packet.pts for packet in packets)) == pytest.approx(0.01, abs=0.001)


@pytest.mark.parametrize(("name", "encoder", "codec"), [("a.mp4", "aac", "aac"), ("a.mov", "pcm_alaw", "pcm_alaw")])
def test_the_sound_of_a_file_comes_beside_its_pictures(tmp_path, name, encoder, codec):
    path = write_clip(tmp_path / name, [numbered(n) for n in range(25)], Encoding(sound=encoder))
    log = PacketLog()
    reader = FileReader(path, 0, Pace.EVERY_FRAME)
    reader.tap(log)
    frames = read(reader)
    audio = log.formats[0][0].audio
    assert (audio.codec, audio.sample_rate, audio.channels) == (codec, 8000, 1)
    assert sorted(packet.pts for packet in log.video) == [frame.pts for frame in frames]
    assert log.audio[0].pts < 0.2
    assert 0.8 < log.audio[-1].pts < 1.2
    assert are_in_order(log.audio)
    assert log.kinds[:2] == ["format", "key"]


def test_sound_of_an_unknown_kind_is_left_out(tmp_path):
    path = write_clip(tmp_path / "a.mov", [numbered(n) for n in range(5)], Encoding(sound="adpcm_ima_qt"))
    log = PacketLog()
    reader = FileReader(path, 0, Pace.EVERY_FRAME)
    reader.tap(log)
    read(reader)
    assert log.formats[0][0].audio is None
    assert not log.audio
    assert len(log.video) == 5


def test_a_camera_that_changes_its_size_says_so_before_the_picture(tmp_path):
    small, large = tmp_path / "small.ts", tmp_path / "large.ts"
    write_clip(small, [numbered(n) for n in range(6)], Encoding(gop=6))
    write_clip(large, [numbered(n, (640, 480)) for n in range(6)], Encoding(gop=6))
    both = tmp_path / "both.ts"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    log = PacketLog()
    reader = FileReader(both, 0)
    reader.tap(log)
    frames = read(reader)
    assert [frame.size for frame in frames].count((640, 480)) == 6
    sizes = [(media.video.width, media.video.height) for media, _ in log.formats]
    assert sizes == [(320, 240), (640, 480)]
    assert log.formats[0][0].video.extradata != log.formats[1][0].video.extradata
    change = log.kinds.index("format", 1)
    assert log.kinds[change : change + 2] == ["format", "key"]
    assert log.kinds[:change].count("video") + log.kinds[:change].count("key") == 6
    assert [packet.pts for packet in log.video] == [frame.pts for frame in frames]


def test_what_has_no_packets_is_left_as_it_is():
    reader = tapped(SourceRegistry().opener("synthetic:street"), PacketLog())(0)
    assert not isinstance(reader, PacketSource)


def test_a_reader_out_of_which_no_picture_comes_sends_nothing(tmp_path):
    path = write_clip(tmp_path / "a.ts", [numbered(n) for n in range(10)])
    log = PacketLog()
    reader = FileReader(path, 0)
    reader.tap(log)
    reader.interrupt()
    reader.open()
    reader.close()
    assert log.kinds == []


def test_hls_has_the_times_of_its_pictures(web_server):
    write_clip(web_server.folder / "part.ts", [numbered(n) for n in range(10)], Encoding(b_frames=2))
    (web_server.folder / "live.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.4,\npart.ts\n#EXT-X-ENDLIST\n"
    )
    log, frames = tapped_stream(web_server.url("live.m3u8"), 10)
    assert sorted(packet.pts for packet in log.video) == [frame.pts for frame in frames]
    assert are_in_order(log.video)


def test_mjpeg_packets_are_stamped_when_they_arrive_as_their_pictures_are(web_server):
    log, frames = tapped_stream(web_server.url("mjpeg"), 8)
    assert [packet.pts for packet in log.video][:8] == [frame.pts for frame in frames]
    assert log.formats[0][0].video == StreamFormat("mjpeg", b"", *frames[0].size)
    assert all(packet.is_keyframe for packet in log.video)
    assert log.video[0].data.startswith(b"\xff\xd8")


@pytest.mark.rtsp
@pytest.mark.parametrize(
    ("arguments", "codec"),
    [
        (["--codec", "h264"], "h264"),
        (["--codec", "h264-bframes"], "h264"),
        (["--codec", "hevc"], "hevc"),
        (["--codec", "mjpeg"], "mjpeg"),
    ],
)
def test_an_rtsp_cameras_packets_have_the_times_of_its_pictures(start_rtsp, arguments, codec):
    server = start_rtsp("--size", "320x240", "--gop", "10", *arguments)
    log, frames = tapped_stream(server.url, 30)
    stamps = sorted(packet.pts for packet in log.video)
    times = [frame.pts for frame in frames]
    assert stamps[stamps.index(times[0]) :][:30] == times
    assert len(stamps) <= 36
    assert are_in_order(log.video)
    video = log.formats[0][0].video
    assert (video.codec, video.width, video.height, video.fps) == (codec, 320, 240, 25)
    assert len(log.formats) == 1
    assert log.formats[0][1] == log.video[0].generation == 7
    assert log.kinds[:2] == ["format", "key"]
    assert len(decoded(log)) == len(log.video)
    if "bframes" in arguments[-1]:
        assert [packet.pts for packet in log.video] != stamps


@pytest.mark.rtsp
@pytest.mark.parametrize(("sound", "codec", "rate"), [("pcma", "pcm_alaw", 8000), ("aac", "aac", 16000)])
def test_the_sound_of_an_rtsp_camera_comes_when_its_packets_are_wanted(start_rtsp, sound, codec, rate):
    server = start_rtsp("--size", "320x240", "--gop", "10", "--sound", sound)
    log, frames = tapped_stream(server.url, 40)
    audio = log.formats[0][0].audio
    assert (audio.codec, audio.sample_rate, audio.channels) == (codec, rate, 1)
    assert are_in_order(log.audio)
    # Sound and picture on one clock: each within what the sender collects before it sends.
    assert abs(log.audio[-1].pts - frames[-1].pts) < 0.5
    context = av.CodecContext.create(codec, "r")
    context.extradata = audio.extradata or None
    context.sample_rate, context.layout = rate, "mono"
    heard = [frame for packet in log.audio for frame in context.decode(av.Packet(packet.data))]
    seconds = sum(frame.samples for frame in heard) / rate
    assert seconds == pytest.approx(log.audio[-1].pts - log.audio[0].pts, abs=0.2)
    assert {frame.pts for frame in frames} <= {packet.pts for packet in log.video}


@pytest.mark.rtsp
def test_packets_come_whether_or_not_their_pictures_are_wanted(start_rtsp):
    server = start_rtsp("--size", "320x240", "--gop", "10")
    log, frames = tapped_stream(server.url, 4, Demand.KEYFRAMES)
    assert np.diff([frame.pts for frame in frames]) == pytest.approx(0.4, abs=0.05)
    assert np.diff([packet.pts for packet in log.video]) == pytest.approx(0.04, abs=0.02)
    assert {frame.pts for frame in frames} <= {packet.pts for packet in log.video}


@pytest.mark.rtsp
def test_a_packet_comes_no_later_than_its_picture(start_rtsp):
    server = start_rtsp("--size", "320x240")
    log = PacketLog()
    reader = tapped(SourceRegistry().opener(server.url), log)(0)
    reader.open()
    for _ in range(10):
        frame = reader.read()
        assert any(packet.pts == frame.pts and packet.captured <= frame.captured for packet in log.video)
    reader.close()


@pytest.mark.rtsp
def test_packets_go_on_when_the_reader_takes_another_way(start_rtsp, monkeypatch):
    server = start_rtsp("--size", "320x240", "--gop", "5")
    log = PacketLog()
    reader = tapped(SourceRegistry().opener(server.url), log)(0)
    reader.open()
    before = [reader.read() for _ in range(7)]
    monkeypatch.setattr("livevision.sources.stream._DAMAGED", -1)
    after = [reader.read() for _ in range(7)]
    assert repr(reader).endswith("open, parsed>")
    reader.close()
    stream.NEEDS_PARSER.clear()
    assert are_in_order(log.video)
    assert {frame.pts for frame in before + after} <= {packet.pts for packet in log.video}
    assert len(log.formats) == 1
    way = len(before)
    assert log.video[way].is_keyframe or log.video[way + 1].is_keyframe
