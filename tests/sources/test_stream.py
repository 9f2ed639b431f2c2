"""Network streams, from real servers: RTSP by GStreamer, and a small web server."""

import queue
import resource
import socket
import threading
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from livevision.errors import SourceError, SourceRefused, SourceUnavailable, SourceUnusable
from livevision.frame import Frame
from livevision.sources import stream
from livevision.sources.access_units import AccessUnits
from livevision.sources.backoff import Backoff
from livevision.sources.capture import Capture
from livevision.sources.reader import Demand
from livevision.sources.registry import SourceRegistry, display_name
from livevision.sources.retry import Retry
from livevision.sources.status import CameraState
from livevision.sources.stream import StreamReader
from livevision.sources.street import clock
from tests.fakes.cameras import PATIENCE
from tests.fakes.clips import number_in, numbered, write_clip
from tests.fakes.inference_server import wait_until
from tests.fakes.odd_server import OddServer, rtsp_answer
from tests.fakes.throttle import Proxy

SECRET = "s3cret"
NOT_THERE = (SourceUnusable, "leads to an address that it must not lead to")


def open_stream(url, generation=0):
    reader = SourceRegistry().opener(url)(generation)
    assert isinstance(reader, StreamReader)
    return reader


def age(frame):
    """Milliseconds between drawing at the sender and the decoder."""
    return (int(frame.wall * 1000) - clock.read(frame.bgr())) % (1 << 32)


@pytest.fixture(autouse=True)
def _forget_what_needs_the_parser():
    yield
    stream.NEEDS_PARSER.clear()
    stream.PAUSES.clear()
    stream.BROKEN_MJPEG.clear()


def fail_to_open(url):
    reader = open_stream(url)
    try:
        with pytest.raises(SourceError) as caught:
            reader.open()
    finally:
        reader.close()
    assert SECRET not in str(caught.value)
    # A traceback would show the address.
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught


@pytest.mark.rtsp
def test_rtsp_pictures_have_sane_times_sizes_and_colours(rtsp_url):
    reader = open_stream(rtsp_url, 5)
    info = reader.open()
    frames = [reader.read() for _ in range(55)]
    reader.close()
    assert (info.width, info.height, info.fps, info.codec, info.duration) == (1280, 720, 25, "h264", None)
    gaps = [later.pts - earlier.pts for earlier, later in pairwise(frames)]
    assert frames[-1].pts - frames[0].pts >= 2.0
    assert min(gaps) > 0
    assert np.median(gaps) == pytest.approx(0.04, abs=0.005)
    assert [frame.index for frame in frames] == list(range(55))
    assert {(frame.size, frame.generation) for frame in frames} == {((1280, 720), 5)}
    # The server's bars are saturated: the fourth of seven is green, the sixth red.
    bars = frames[30].bgr((70, 40))
    assert np.abs(bars[5, 35].astype(int) - (0, 255, 0)).max() < 12
    assert np.abs(bars[5, 55].astype(int) - (0, 0, 255)).max() < 12


@pytest.mark.alone
@pytest.mark.rtsp
def test_an_rtsp_picture_is_young(rtsp_clock_url):
    reader = open_stream(rtsp_clock_url)
    reader.open()
    ages = [age(reader.read()) for _ in range(30)]
    reader.close()
    # Usually 4 ms, more on a busy machine; a reader with a buffer in it falls behind by seconds.
    assert np.median(ages) < 250


@pytest.mark.alone
@pytest.mark.rtsp
@pytest.mark.parametrize("kind", [["--slices", "1"], ["--slices", "2"], ["--codec", "hevc"]])
def test_an_rtsp_picture_comes_before_the_next_one_begins(start_rtsp, kind):
    server = start_rtsp("--clock", "--fps", "2", "--size", "640x360", *kind)
    reader = open_stream(server.url)
    info = reader.open()
    frames = [reader.read() for _ in range(10)]
    assert repr(reader).endswith("open, unparsed>")
    reader.close()
    assert info.codec == ("hevc" if "hevc" in kind else "h264")
    assert info.fps == 2
    # The parser gives a picture away 500 ms later, with the next.  The first has to wait: it may have more slices.
    assert np.median([age(frame) for frame in frames[2:]]) < 300


@pytest.mark.rtsp
def test_b_frames_are_put_in_order_without_the_parser(start_rtsp):
    server = start_rtsp("--clock", "--codec", "h264-bframes", "--size", "640x360")
    reader = open_stream(server.url)
    reader.open()
    frames = [reader.read() for _ in range(30)]
    assert repr(reader).endswith("open, unparsed>")
    reader.close()
    drawn = [clock.read(frame.bgr()) for frame in frames]
    assert drawn == sorted(drawn)
    assert np.median([later.pts - earlier.pts for earlier, later in pairwise(frames)]) == pytest.approx(0.04, abs=0.01)


@pytest.mark.rtsp
def test_other_codecs_take_the_parser_and_the_next_generation_knows(start_rtsp):
    server = start_rtsp("--codec", "mjpeg", "--size", "320x240")
    for generation in range(2):
        reader = open_stream(server.url, generation)
        info = reader.open()
        assert reader.read().size == (320, 240)
        assert repr(reader).endswith("open, parsed>")
        assert info.codec == "mjpeg"
        reader.close()
    assert server.url in stream.NEEDS_PARSER


@pytest.mark.rtsp
def test_a_stream_whose_pictures_come_out_damaged_takes_the_parser(rtsp_url, monkeypatch):
    reader = open_stream(rtsp_url)
    reader.open()
    before = [reader.read() for _ in range(5)]
    take = AccessUnits.feed
    monkeypatch.setattr("livevision.sources.stream._DAMAGED", 3)
    monkeypatch.setattr(
        AccessUnits, "feed", lambda *given: [replace(unit, data=unit.data[:9]) for unit in take(*given)]
    )
    after = [reader.read() for _ in range(5)]
    assert repr(reader).endswith("open, parsed>")
    reader.close()
    assert [frame.index for frame in before + after] == list(range(10))
    assert all(earlier.pts < later.pts for earlier, later in pairwise(before + after))
    again = open_stream(rtsp_url, 1)
    again.open()
    assert repr(again).endswith("open, parsed>")
    again.close()


@pytest.mark.alone
@pytest.mark.rtsp
def test_after_a_stall_of_the_network_pictures_are_as_young_as_before(start_rtsp):
    server = start_rtsp("--clock", "--size", "640x360", "--gop", "50")
    with Proxy(server.port) as network:
        reader = open_stream(server.url.replace(str(server.port), str(network.port)))
        reader.open()
        usual = np.median([age(reader.read()) for _ in range(20)])
        network.stall()
        over = threading.Timer(1.5, network.resume)
        over.start()
        frames = [reader.read() for _ in range(40)]
        over.join()
        reader.close()
    late = next(place for place, frame in enumerate(frames) if frame.skipped)
    resumed = frames[late].captured
    assert sum(frame.skipped for frame in frames) > 15
    after = [age(frame) for frame in frames[late:] if frame.captured > resumed + 0.5]
    assert len(after) > 5
    assert np.median(after) < usual + 100


@pytest.mark.rtsp
def test_unwatched_only_keyframes_are_decoded(start_rtsp):
    server = start_rtsp("--clock", "--size", "640x360", "--gop", "10")
    reader = open_stream(server.url)
    reader.want(Demand.KEYFRAMES)
    reader.open()
    frames = [reader.read() for _ in range(4)]
    gaps = [later.pts - earlier.pts for earlier, later in pairwise(frames)]
    reader.want(Demand.EVERY_FRAME)
    again = [reader.read() for _ in range(4)]
    reader.close()
    # The camera is a program beside many others: its clock is even, its pictures are not.
    assert min(gaps) > 0.15
    assert sum(gaps) == pytest.approx(1.2, abs=0.35)
    assert again[0].pts - frames[-1].pts < 0.2
    assert [frame.skipped for frame in frames + again] == [0] * 8


@pytest.mark.rtsp
def test_rtsp_interrupt_ends_reading(rtsp_url):
    reader = open_stream(rtsp_url)
    reader.open()
    assert reader.read() is not None
    reader.interrupt()
    assert reader.read() is None
    reader.close()
    reader.close()


@pytest.mark.rtsp
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_camera_for_one_viewer_is_free_again_after_every_end(start_rtsp, transport):
    server = start_rtsp("--size", "320x240", "--sessions", "1")
    for _ in range(3):
        reader = open_stream(f"{server.url}?transport={transport}")
        reader.open()
        assert reader.read() is not None
        reader.interrupt()
        assert reader.read() is None
        reader.close()


@pytest.mark.rtsp
def test_interrupt_ends_the_wait_on_a_dead_connection_at_once(start_rtsp, monkeypatch):
    monkeypatch.setattr(stream, "TIMEOUT", 600.0)
    asked = []
    server = start_rtsp("--size", "320x240")
    with Proxy(server.port) as network:
        reader = open_stream(server.url.replace(str(server.port), str(network.port)))
        reader.open()
        network.stall()
        interrupted = threading.Timer(0.6, lambda: (asked.append("interrupt"), reader.interrupt()))
        interrupted.start()
        while reader.read() is not None:
            pass
        assert asked == ["interrupt"]
        interrupted.join()
        reader.close()


@pytest.mark.rtsp
def test_a_connection_that_is_cut_is_said_at_once(start_rtsp, monkeypatch):
    monkeypatch.setattr(stream, "TIMEOUT", 600.0)
    server = start_rtsp("--size", "320x240")
    with Proxy(server.port) as network:
        reader = open_stream(server.url.replace(str(server.port), str(network.port)))
        reader.open()
        network.cut()
        with pytest.raises(SourceUnavailable, match="connection"):
            list(iter(reader.read, None))
        reader.close()


@pytest.mark.rtsp
def test_a_wrong_rtsp_password_is_said_and_not_repeated(start_rtsp):
    server = start_rtsp("--user", "admin:right", "--size", "320x240")
    right = server.url.replace("//", "//admin:right@")
    wrong = server.url.replace("//", f"//admin:{SECRET}@")
    assert fail_to_open(wrong).type is SourceRefused
    assert "the camera refused the user name or the password" in str(fail_to_open(wrong).value)
    reader = open_stream(right)
    reader.open()
    assert reader.read().size == (320, 240)
    reader.close()


@pytest.mark.rtsp
def test_a_wrong_rtsp_path(rtsp_url):
    caught = fail_to_open(rtsp_url.replace("/live", "/other"))
    assert caught.type is SourceUnavailable
    assert "nothing there (404)" in str(caught.value)


@pytest.mark.rtsp
def test_a_camera_that_dies_comes_back(start_rtsp):
    server = start_rtsp("--size", "320x240")
    said = queue.Queue()
    capture = Capture(
        "door", SourceRegistry().opener(server.url), said.put, said.put, Retry(Backoff(first=0.05, ceiling=0.05))
    )

    def until(state):
        while True:
            item = said.get(timeout=PATIENCE)
            if getattr(item, "state", None) is state:
                return item

    capture.start()
    assert until(CameraState.LIVE).generation == 0
    port = server.port
    server.kill()
    lost = until(CameraState.BACKING_OFF)
    assert display_name(server.url) in lost.reason
    server.start("--port", str(port))
    live = until(CameraState.LIVE)
    assert live.generation == 1
    frame = said.get(timeout=PATIENCE)
    assert isinstance(frame, Frame)
    assert (frame.generation, frame.index) == (1, 0)
    capture.stop()
    assert capture.join(60)
    # What is left of threads and descriptors, the leak guard finds.


def test_mjpeg_is_stamped_when_it_arrives(web_server):
    reader = open_stream(web_server.url("mjpeg", f"admin:{SECRET}"))
    info = reader.open()
    frames = [reader.read() for _ in range(20)]
    reader.interrupt()
    assert reader.read() is None
    reader.close()
    assert (info.codec, info.fps) == ("mjpeg", None)
    numbers = [number_in(frame.bgr()) for frame in frames]
    assert numbers == list(range(numbers[0], numbers[0] + 20))
    # The first ones were waiting since the opening.  Medians: this thread may be held up between two stamps.
    waited = [frame.captured - frame.pts for frame in frames[5:]]
    assert np.median(waited[-7:]) == pytest.approx(np.median(waited[:7]), abs=0.02)
    assert frames[-1].pts - frames[5].pts >= 0.4


def test_a_live_stream_that_ends_is_tried_again(web_server):
    reader = open_stream(web_server.url("mjpeg"))
    reader.open()
    reader.read()
    web_server.stopped.set()
    with pytest.raises(SourceUnavailable, match=r"^127\.0\.0\.1:\d+/mjpeg: the connection was lost\.$"):
        list(iter(reader.read, None))
    reader.close()


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_a_recording_on_a_web_server_is_paced_and_ends(web_server, name):
    write_clip(web_server.folder / name, [numbered(n) for n in range(10)])
    reader = open_stream(web_server.url(name))
    info = reader.open()
    started = time.monotonic()
    frames = []
    while (frame := reader.read()) is not None:
        frames.append(frame)
    reader.close()
    assert info.duration == pytest.approx(0.4)
    assert [number_in(frame.bgr()) for frame in frames] == list(range(10))
    assert time.monotonic() - started >= 0.36


def test_hls(web_server):
    write_clip(web_server.folder / "part.ts", [numbered(n) for n in range(10)])
    (web_server.folder / "live.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.4,\npart.ts\n#EXT-X-ENDLIST\n"
    )
    reader = open_stream(web_server.url("live.m3u8"))
    reader.open()
    numbers = [number_in(reader.read().bgr()) for _ in range(10)]
    reader.close()
    assert numbers == list(range(10))


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, SourceRefused, "refused the user name or the password"),
        (403, SourceRefused, r"access was refused \(403\)"),
        (404, SourceUnavailable, r"nothing there \(404\)"),
        (429, SourceUnavailable, r"left alone for a while \(429\)"),
        (503, SourceUnavailable, r"trouble of its own \(5xx\)"),
    ],
)
def test_what_a_web_server_refuses(web_server, status, kind, words):
    caught = fail_to_open(web_server.url(f"status/{status}", f"admin:{SECRET}"))
    assert caught.type is kind
    assert caught.match(rf"^127\.0\.0\.1:\d+/status/{status}.*{words}")
    assert len(web_server.paths) <= 2  # asked once, and once more with the password


@pytest.mark.parametrize("path", ["status/401", "status/401?token=x"])
def test_a_password_that_was_not_given_was_not_refused(web_server, path):
    caught = fail_to_open(web_server.url(path))
    assert caught.type is SourceRefused
    assert caught.match(r"status/401 wants a user name and a password, .* Add them: http://user:password@")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<html><body>Please log in</body></html>" * 100),
        ("list.m3u8", b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{clip}\n#EXT-X-ENDLIST\n"),
        ("list.txt", b"ffconcat version 1.0\nfile 'file://{clip}'\n"),
    ],
)
def test_what_is_no_video_or_leads_to_files_here(web_server, clip, name, content):
    (web_server.folder / name).write_bytes(content.replace(b"{clip}", str(clip).encode()))
    caught = fail_to_open(web_server.url(name))
    # What is a page now may be a stream when the server has started; a script that leads to files never is.
    assert caught.type is (SourceUnusable if name == "list.txt" else SourceUnavailable)
    assert f"{name} is not a video" in str(caught.value)


def test_sound_alone_is_no_video(web_server):
    import av

    with av.open(str(web_server.folder / "sound.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        silence = av.AudioFrame(format="s16", layout="mono", samples=8000)
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
    caught = fail_to_open(web_server.url("sound.wav"))
    assert caught.type is SourceUnavailable
    assert caught.match("has no video in it")


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_nobody_there(scheme):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and not listening
        caught = fail_to_open(f"{scheme}://admin:{SECRET}@127.0.0.1:{taken.getsockname()[1]}/x")
    assert caught.type is SourceUnavailable
    assert caught.match("refuses connections. Is it switched on")


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_no_such_host(scheme):
    caught = fail_to_open(f"{scheme}://admin:{SECRET}@camera.invalid/x")
    assert caught.type is SourceUnavailable
    assert caught.match(r"^camera\.invalid/x: no such host")


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_camera_that_says_nothing_may_be_starting(scheme, monkeypatch):
    usual = stream.TIMEOUT
    monkeypatch.setattr(stream, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        started = time.monotonic()
        caught = fail_to_open(f"{scheme}://admin:{SECRET}@127.0.0.1:{mute.getsockname()[1]}/x")
    assert caught.type is SourceUnavailable
    assert caught.match("does not answer")
    assert time.monotonic() - started < usual


def test_an_rtsp_address_that_leads_to_something_else(web_server):
    caught = fail_to_open(web_server.url("page").replace("http:", "rtsp:"))
    assert caught.type is SourceUnavailable
    assert caught.match("does not answer as a camera does")


def describing(answer):
    """An RTSP server up to the session description, which is ``answer(request)``."""
    methods = "Public: DESCRIBE, SETUP, PLAY\r\n"
    return OddServer(lambda request: answer(request) if request[:2] == b"DE" else rtsp_answer(request, head=methods))


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (lambda request: rtsp_answer(request, b"v=0\r\ns=x\r\nt=0 0\r\n"), SourceUnavailable, "has no video in it"),
        (rtsp_answer, SourceUnavailable, "does not answer as a camera does"),
        (lambda request: rtsp_answer(request, status="403 Forbidden"), SourceRefused, r"refused \(403\)"),
        (
            lambda request: rtsp_answer(request, status="454 Session Not Found"),
            SourceUnavailable,
            "refused the request",
        ),
        (
            lambda request: rtsp_answer(request, status="500 Internal Server Error"),
            SourceUnavailable,
            "trouble of its own",
        ),
        (lambda request: rtsp_answer(request, status="302 Found", head="Location: file:///etc/passwd\r\n"), *NOT_THERE),
        (lambda _request: None, SourceUnavailable, "does not answer as a camera does"),
    ],
)
def test_cameras_that_answer_oddly(answer, kind, words):
    with describing(answer) as server:
        caught = fail_to_open(f"rtsp://admin:{SECRET}@127.0.0.1:{server.port}/x")
    assert caught.type is kind
    assert caught.match(words)


def endless_header(request):
    yield rtsp_answer(request).removesuffix(b"\r\n")
    while True:
        yield b"X-More: " + b"m" * 60_000 + b"\r\n"
        time.sleep(0.001)


def test_an_answer_that_never_ends_is_ended_by_an_interrupt_and_fills_no_memory():
    with describing(endless_header) as server:
        reader = open_stream(f"rtsp://admin:{SECRET}@127.0.0.1:{server.port}/x")
        interrupted = threading.Thread(target=lambda: (wait_until(lambda: server.sent > 100_000), reader.interrupt()))
        interrupted.start()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(SourceUnavailable):
            reader.open()
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes
        interrupted.join()
        reader.close()


def test_after_an_interrupt_nothing_is_opened(web_server):
    reader = open_stream(web_server.url("mjpeg"))
    reader.interrupt()
    with pytest.raises(SourceUnavailable, match="interrupted"):
        reader.open()
    reader.close()
    assert web_server.paths == []
