"""Files without an index or without times: every picture is reached, at its own time, and the end is found."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from livevision.errors import SourceUnusable
from livevision.export.exporting import Boxes, export_annotated, export_clean
from livevision.export.section import Section
from livevision.playback.reel import Reel
from livevision.playback.video import Video
from livevision.recording.recorded import Recorded
from livevision.recording.sidecar_header import SidecarHeader
from livevision.sources.file import FileReader, Pace
from tests.fakes.clips import Encoding, number_in, numbered, write_clip
from tests.fakes.dhav import write_dhav
from tests.recording.material import fill_boxes, read_back

FPS = 20
COUNT = 100


def bare(folder: Path, codec: str, *options: str) -> Path:
    """Write numbered pictures as a stream without a container."""
    whole = write_clip(folder / "whole.mkv", [numbered(number) for number in range(COUNT)], Encoding(fps=FPS))
    path = folder / {"libx264": "a.h264", "libx265": "a.hevc", "mpeg4": "a.m4v"}[codec]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", whole, "-c:v", codec, "-g", "20", *options, path]
    subprocess.run(list(map(str, command)), check=True)
    return path


FILES = {
    "h264": ("libx264", "-bf", "0"),
    "h264 with b-frames": ("libx264", "-bf", "2"),
    "hevc, open groups": ("libx265", "-x265-params", "log-level=error:open-gop=1:bframes=3:keyint=20:min-keyint=20"),
    "dav": ("libx264", "-bf", "0"),
}


def made(folder: Path, kind: str) -> Path:
    path = bare(folder, *FILES[kind])
    return write_dhav(folder / "a.dav", path, FPS) if kind == "dav" else path


@pytest.mark.parametrize("kind", FILES)
def test_times_are_those_of_the_declared_rate_and_the_end_is_found(tmp_path: Path, kind: str) -> None:
    video = Video(made(tmp_path, kind))
    info, first = video.open()
    assert number_in(first.bgr()) == 0
    assert info.interval == pytest.approx(1 / FPS)
    assert info.end - info.start == pytest.approx((COUNT - 1) / FPS, abs=1e-3)
    frames = [first]
    while (frame := video.read()) is not None:
        frames.append(frame)
    video.close()
    assert [number_in(each.bgr()) for each in frames] == list(range(COUNT))
    np.testing.assert_allclose([each.pts - info.start for each in frames], np.arange(COUNT) / FPS, atol=1e-3)


@pytest.mark.parametrize("kind", FILES)
def test_any_picture_is_found(tmp_path: Path, kind: str) -> None:
    video = Video(made(tmp_path, kind))
    reel = Reel(video)
    info = reel.open()
    for number in (99, 3, 50, 41, 98, 0, 79):
        found = reel.go(info.start + number / FPS, lambda frame: None, lambda: False)
        assert found is not None
        assert number_in(found.bgr()) == number
        assert found.pts - info.start == pytest.approx(number / FPS, abs=1e-3)
    for keyframe in (60, 20):
        video.seek(info.start + (keyframe + 5) / FPS)
        frame = video.read()
        assert frame is not None
        assert number_in(frame.bgr()) == keyframe, "it does not begin at the beginning"
    video.close()


def test_a_stream_that_names_no_rate_declares_none(tmp_path: Path) -> None:
    path = bare(tmp_path, "libx264", "-bsf:v", "h264_metadata=delete_filler=1")
    stripped = tmp_path / "b.mjpeg"
    subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-q:v", "2", stripped], check=True)
    for each, rate in ((path, FPS), (stripped, None)):
        reader = FileReader(each, 0, Pace.EVERY_FRAME)
        assert reader.open().fps == rate
        reader.close()


@pytest.mark.parametrize(
    ("suffix", "coder"), [(".mpg", "mpeg2video"), (".ts", "mpeg2video"), (".ts", "libx264"), (".flv", "libx264")]
)
def test_the_last_picture_is_the_end(tmp_path: Path, suffix: str, coder: str) -> None:
    whole = write_clip(tmp_path / "whole.mkv", [numbered(number) for number in range(COUNT)], Encoding(fps=25))
    path = tmp_path / f"a{suffix}"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", whole, "-c:v", coder, "-bf", "2", "-q:v", "3", path]
    subprocess.run(list(map(str, command)), check=True)
    video = Video(path)
    info, last = video.open()
    assert number_in(last.bgr()) == 0
    while (frame := video.read()) is not None:
        last = frame
    video.close()
    assert info.end == pytest.approx(last.pts, abs=1e-3)
    assert info.end - info.start == pytest.approx((COUNT - 1) / 25, abs=1e-3)
    assert number_in(last.bgr()) == COUNT - 1


async def test_of_a_stream_without_times_no_part_is_copied_but_it_can_be_encoded(tmp_path: Path) -> None:
    source = bare(tmp_path, "libx264", "-bf", "2")
    with pytest.raises(SourceUnusable, match=r"a\.h264 has no times in it.*Export it with boxes"):
        await export_clean(source, Section(1, 2), tmp_path / "b.mkv", None, lambda share: None)
    assert not (tmp_path / "b.mkv").exists()
    boxes = Boxes(Recorded(SidecarHeader(size=(320, 240))), lambda found: found, fill_boxes)
    await export_annotated(source, Section(1, 2), tmp_path / "c.mp4", boxes, lambda share: None)
    assert [number_in(image) for image in read_back(tmp_path / "c.mp4").images] == list(range(20, 41))
