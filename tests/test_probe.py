"""What probe says, measured on made-up arrivals and on real sources."""

import json
import subprocess
from fractions import Fraction

import cv2
import pytest

from livevision.errors import SourceUnavailable, SourceUnusable, UsageError
from livevision.probe import Arrival, measure, probe, probe_reader
from tests.fakes.cameras import ScriptedCamera
from tests.fakes.clips import Encoding, numbered, write_clip


def steady(count, gop=10, late=lambda _n: 0.0):
    return [Arrival(n * 0.04, 100 + n * 0.04 + late(n), n % gop == 0) for n in range(count)]


def test_a_steady_camera():
    seen = measure(steady(76))
    assert seen.pictures == 76
    assert seen.fps == pytest.approx(25)
    assert seen.keyframe_interval == pytest.approx(0.4)
    assert seen.jitter_ms == pytest.approx(0, abs=1e-6)
    assert (seen.damaged, seen.skipped) == (0, 0)


def test_jitter_is_what_95_of_100_stay_below():
    # Every second picture is 10 ms late, and one of a hundred a whole second.
    seen = measure(steady(200, late=lambda n: 1.0 if n % 100 == 50 else 0.01 * (n % 2)))
    assert seen.jitter_ms == pytest.approx(10, abs=0.1)


def test_the_bunch_at_the_beginning_does_not_count_for_jitter():
    # What the camera had kept comes at once.
    assert measure(steady(60, late=lambda n: max(0.0, 0.3 - n * 0.04))).jitter_ms == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_to_measure(count):
    seen = measure(steady(count))
    assert (seen.pictures, seen.fps, seen.jitter_ms, seen.keyframe_interval) == (count, None, None, None)


def test_damage_is_counted():
    arrivals = [Arrival(0, 0, True), Arrival(1, 1, False, damaged=True), Arrival(2, 2, False, skipped=7)]
    assert (measure(arrivals).damaged, measure(arrivals).skipped) == (1, 7)


def test_a_file(tmp_path):
    path = write_clip(tmp_path / "a.mp4", [numbered(n) for n in range(31)], Encoding(gop=10))
    report = probe(str(path), 1.0)
    assert (report.name, report.codec, report.width, report.height) == ("a.mp4", "h264", 320, 240)
    assert report.declared_fps == 25
    assert report.measured.fps == pytest.approx(25, rel=0.01)
    assert report.measured.keyframe_interval == pytest.approx(0.4, abs=0.001)
    assert 0 < report.open_seconds <= report.first_picture_seconds < 5
    said = "\n".join(report.lines())
    assert "320x240, h264" in said
    assert "every 0.40 s" in said
    assert "25.0 a second measured, 25 declared" in said
    assert "length     1.2 s" in said


def test_a_folder_and_a_scene(tmp_path):
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), numbered(number))
    report = probe(f"{tmp_path}?fps=20", 1.0)
    assert (report.codec, report.measured.pictures, report.measured.coded) == ("png", 3, False)
    assert "every picture stands alone" in "\n".join(report.lines())
    report = probe("synthetic:street?size=320x180&fps=50", 0.3)
    assert report.measured.fps == pytest.approx(50, rel=0.2)


def test_mjpeg_is_all_keyframes(web_server):
    report = probe(web_server.url("mjpeg", "admin:s3cret"), 0.5)
    said = "\n".join(report.lines())
    assert "every picture is one" in said
    assert "none declared" in said
    assert "s3cret" not in said + json.dumps(report.as_dict())


@pytest.mark.rtsp
def test_a_camera(start_rtsp):
    server = start_rtsp("--size", "320x240", "--gop", "5")
    report = probe(server.url, 1.2)
    assert report.codec == "h264"
    assert report.measured.fps == pytest.approx(25, rel=0.15)
    assert report.measured.keyframe_interval == pytest.approx(0.2, abs=0.02)
    assert report.measured.jitter_ms < 200
    assert report.duration is None


def test_json_is_flat_and_round():
    camera = ScriptedCamera()
    camera.send()
    camera.send()
    camera.end()
    report = probe_reader("door", camera.opener, 5.0).as_dict()
    assert json.loads(json.dumps(report))["name"] == "door"
    assert report["pictures"] == 2
    assert report["keyframe_interval"] is None
    assert not any(isinstance(value, dict) for value in report.values())


def test_a_camera_that_is_lost_is_reported_as_far_as_it_was_seen():
    camera = ScriptedCamera()
    camera.send()
    camera.lose(SourceUnavailable("door closed the connection."))
    report = probe_reader("door", camera.opener, 5.0)
    assert report.measured.pictures == 1
    assert "  ended      door closed the connection." in report.lines()
    assert camera.readers[0].closed


def test_silence_is_given_up_on():
    camera = ScriptedCamera()
    with pytest.raises(SourceUnavailable, match=r"^door was opened, but no picture came within 0\.1 s"):
        probe_reader("door", camera.opener, 0.1)
    assert camera.readers[0].closed


def test_what_cannot_be_opened_is_closed():
    camera = ScriptedCamera()
    camera.refuse.append(SourceUnusable("no"))
    with pytest.raises(SourceUnusable):
        probe_reader("door", camera.opener, 1.0)
    assert camera.readers[0].closed


@pytest.mark.parametrize("seconds", [0, -1, 1e9, float("nan")])
def test_a_time_that_cannot_be(seconds):
    with pytest.raises(UsageError, match="--seconds"):
        probe("synthetic:street", seconds)


def stored_words(path):
    return [line.split(maxsplit=1)[1] for line in probe(str(path), 0.1).lines() if line.split()[0] == "stored"]


@pytest.mark.parametrize(
    ("encoding", "words", "size"),
    [
        (Encoding(), [], (320, 240)),
        (Encoding(pixel_aspect=Fraction(16, 11)), ["320x240, pixels 16:11"], (466, 240)),
        (Encoding(rotation=90), ["turned 270° clockwise"], (240, 320)),
        (Encoding(rotation=180), ["turned 180° clockwise"], (320, 240)),
        (Encoding(hflip=True), ["mirrored"], (320, 240)),
        (Encoding(vflip=True), ["turned 180° clockwise, mirrored"], (320, 240)),
    ],
)
def test_how_pictures_are_stored_is_said(tmp_path, encoding, words, size):
    path = write_clip(tmp_path / "a.mp4", [numbered(n) for n in range(8)], encoding)
    assert stored_words(path) == words
    report = probe(str(path), 0.1).as_dict()
    assert (report["width"], report["height"], tuple(report["stored"])) == (*size, (320, 240))
    assert (report["interlaced"], report["hdr"], report["bits"]) == (False, "", 8)


def test_light_depth_and_fields_are_said(tmp_path):
    deep, fields = tmp_path / "a.mkv", tmp_path / "b.ts"
    source = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=0.4"]
    hdr = "log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
    subprocess.run([*source, "-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-x265-params", hdr, deep], check=True)
    subprocess.run([*source, "-c:v", "mpeg2video", "-flags", "+ilme+ildct", fields], check=True)
    assert stored_words(deep) == ["HDR, HLG (shown as an ordinary picture), 10 bit"]
    assert stored_words(fields) == ["interlaced (combs are taken out)"]
