"""Network addresses, end to end: from what is typed to numbered pictures out of real sockets."""

import shutil
import socket
import subprocess
import sys
import textwrap
import time
from itertools import pairwise
from pathlib import Path

import pytest

from livevision.errors import SourceError
from livevision.sources.address import Transport, parse_address
from livevision.sources.registry import SourceRegistry
from livevision.sources.transports import TransportChoice
from tests.fakes import rtsp
from tests.fakes.clips import Encoding, number_in, numbered, write_clip

SENDER = textwrap.dedent("""
    import sys, time
    import av
    url, clip = sys.argv[1:]
    with av.open(clip) as source, av.open(url, "w", format="mpegts") as sink:
        stream = source.streams.video[0]
        copy = sink.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        print("sending", flush=True)
        length = packets[-1].dts + packets[-1].duration
        for turn in range(1000):
            for packet in packets:
                packet.stream = copy
                packet.pts += length * bool(turn)
                packet.dts += length * bool(turn)
                sink.mux(packet)
                time.sleep(0.02)
""")


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def udp_camera(tmp_path):
    """The port of this machine to which numbered pictures are sent as MPEG-TS, for ever."""
    clip = write_clip(tmp_path / "a.ts", [numbered(n) for n in range(16)], Encoding(gop=4))
    port = free_port(socket.SOCK_DGRAM)
    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER, f"udp://127.0.0.1:{port}?pkt_size=1316", str(clip)], stdout=subprocess.PIPE
    )
    assert sender.stdout.readline() == b"sending\n"
    yield port
    sender.kill()
    sender.communicate()


def read_some(source, count):
    reader = SourceRegistry().opener(source)(0)
    try:
        info = reader.open()
        frames = [reader.read() for _ in range(count)]
    finally:
        reader.interrupt()
        reader.close()
    return info, frames


def test_mpegts_over_udp(udp_camera):
    info, frames = read_some(f"udp://127.0.0.1:{udp_camera}", 12)
    assert (info.width, info.height, info.codec) == (320, 240, "h264")
    numbers = [number_in(frame.bgr()) for frame in frames]
    steps = {(later - earlier) % 16 for earlier, later in pairwise(numbers)}
    assert steps == {1}


def test_udp_that_nobody_sends(monkeypatch):
    monkeypatch.setattr("livevision.sources.stream.TIMEOUT", 0.3)
    port = free_port(socket.SOCK_DGRAM)
    with pytest.raises(SourceError, match=rf"^udp://127\.0\.0\.1:{port}\W"):
        read_some(f"udp://127.0.0.1:{port}", 1)


def test_hls(web_server, tmp_path):
    write_clip(tmp_path / "a.ts", [numbered(n) for n in range(10)])
    (tmp_path / "live.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.4,\na.ts\n#EXT-X-ENDLIST\n", encoding="ascii"
    )
    _, frames = read_some(web_server.url("live.m3u8", "admin:p%40ss"), 10)
    assert [number_in(frame.bgr()) for frame in frames] == list(range(10))


def test_a_remote_playlist_does_not_lead_to_files_here(web_server, tmp_path):
    secret = write_clip(tmp_path / "a.ts", [numbered(1)] * 5)
    for target in (secret.as_uri(), f"concat:{secret}", f"subfile,,start,0,end,0,,:{secret}"):
        (tmp_path / "evil.m3u8").write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.2,\n{target}\n#EXT-X-ENDLIST\n", encoding="utf-8"
        )
        with pytest.raises(SourceError):
            read_some(web_server.url("evil.m3u8"), 1)


def test_mjpeg(web_server):
    _, frames = read_some(web_server.url("mjpeg"), 5)
    numbers = [number_in(frame.bgr()) for frame in frames]
    assert numbers == list(range(numbers[0], numbers[0] + 5))


@pytest.mark.rtsp
def test_rtsp_over_udp(rtsp_url):
    info, frames = read_some(f"{rtsp_url}?transport=udp", 10)
    assert (info.width, info.height) == (1280, 720)
    assert all(frame is not None for frame in frames)


@pytest.mark.rtsp
def test_a_camera_that_knows_only_udp_becomes_live(rtsp_udp_only):
    choice = SourceRegistry().opener(rtsp_udp_only)
    assert isinstance(choice, TransportChoice)
    first = choice(0)
    with pytest.raises(SourceError):
        first.open()
    first.close()
    # The server needs a moment to forget the first attempt, so that the second may come too early.
    assert picture_within(choice, 10) is not None
    assert repr(choice).endswith("next is udp>")


def test_rtmp(tmp_path):
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        pytest.skip("ffmpeg is not installed: packaging/test.sh installs it")
    clip = write_clip(tmp_path / "a.mp4", [numbered(n) for n in range(16)], Encoding(gop=4))
    url = f"rtmp://127.0.0.1:{free_port(socket.SOCK_STREAM)}/live/x"
    sending = [ffmpeg, "-loglevel", "quiet", "-re", "-stream_loop", "-1", "-i", clip, "-c", "copy", "-f", "flv"]
    server = subprocess.Popen([*sending, "-listen", "1", url], stdin=subprocess.DEVNULL)
    try:
        frame = picture_within(SourceRegistry().opener(url), 50)
    finally:
        server.kill()
        server.wait()
    assert number_in(frame.bgr()) == 0


def picture_within(opener, attempts):
    """Return the first picture that one of so many attempts gives."""
    for generation in range(1, attempts + 1):
        reader = opener(generation)
        try:
            reader.open()
            return reader.read()
        except SourceError:
            time.sleep(0.1)
        finally:
            reader.close()
    return None


@pytest.fixture
def rtsp_udp_only(_rtsp_available):
    """The address of a camera that refuses to send its pictures inside the connection."""
    script = textwrap.dedent("""
        import sys
        import rtsp_server
        from gi.repository import GstRtsp
        usual = rtsp_server.factory
        def factory(options):
            made = usual(options)
            made.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
            return made
        rtsp_server.factory = factory
        sys.argv[1:] = ["--size", "320x240"]
        rtsp_server.main()
    """)
    server = subprocess.Popen(
        [rtsp.PYTHON, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(rtsp.__file__).parent,
    )
    yield server.stdout.readline().strip()
    server.communicate()


@pytest.mark.parametrize(
    ("source", "tried"),
    [
        ("rtsp://cam", [Transport.TCP, Transport.UDP, Transport.TCP]),
        ("rtsp://cam?transport=udp", [Transport.UDP, Transport.TCP, Transport.UDP]),
    ],
)
def test_transports_take_turns_until_one_delivers(monkeypatch, source, tried):
    choice = TransportChoice(parse_address(source))
    readers = [choice(generation) for generation in range(3)]
    assert [reader._transport for reader in readers] == tried
    # A picture came by this one: it stays.
    monkeypatch.setattr("livevision.sources.stream.StreamReader.open", lambda _self: "info")
    assert readers[1].open() == "info"
    assert {choice(generation)._transport for generation in range(3, 6)} == {tried[1]}
