"""Any place of any file: the picture shown is the one of that time, read from its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from livevision.errors import SourceUnusable
from livevision.playback.reel import Reel
from livevision.playback.video import Video
from tests.fakes.clips import Encoding, number_in, numbered, write_clip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livevision.frame import Frame

FRAMES = 60
UNEVEN = [0.04 * index + (0.3 if index >= 20 else 0) + (index % 3) * 0.01 for index in range(FRAMES)]


def clip(path: Path, name: str) -> Path:
    pictures = [numbered(number) for number in range(FRAMES)]
    if name == "open GOP":
        return open_gop(path / "open.mkv")
    kinds = {
        "plain": ("a.mp4", Encoding(), None),
        "B-frames": ("b.mp4", Encoding(b_frames=3), None),
        "B-frames in Matroska": ("b.mkv", Encoding(b_frames=2, sound="aac"), None),
        "uneven": ("u.mkv", Encoding(), UNEVEN),
        "MPEG-TS": ("t.ts", Encoding(b_frames=2), None),
        "MJPEG": ("m.avi", Encoding(codec="mjpeg"), None),
        "one keyframe": ("k.mp4", Encoding(gop=1000), None),
    }
    file, encoding, times = kinds[name]
    return write_clip(path / file, pictures, encoding, times)


def open_gop(path: Path) -> Path:
    """Keyframes in front of which stand pictures that need the group before."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.codec_context.options = {
            "crf": "8",
            "x264-params": "open-gop=1:keyint=12:min-keyint=12:bframes=3:b-adapt=0:scenecut=0",
        }
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(numbered(number), "bgr24").reformat(format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


KINDS = ("plain", "B-frames", "B-frames in Matroska", "uneven", "MPEG-TS", "MJPEG", "one keyframe", "open GOP")


@pytest.fixture
def reels() -> Iterator[list[Reel]]:
    opened: list[Reel] = []
    yield opened
    for reel in opened:
        reel.video.close()


def never() -> bool:
    return False


def number(frame: Frame | None) -> int | None:
    return None if frame is None else number_in(frame.bgr())


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_time_it_goes_to_the_picture_is_the_one_of_that_time(
    kind: str, tmp_path: Path, reels: list[Reel]
) -> None:
    reel = Reel(Video(clip(tmp_path, kind)))
    reels.append(reel)
    info = reel.open()
    times = [at + info.start for at in (UNEVEN if kind == "uneven" else [index / 25 for index in range(FRAMES)])]
    assert info.end == pytest.approx(times[-1], abs=0.05)
    for wanted in (30, 31, 29, 12, 11, 13, 0, 59, 24, 23, 58, 1):
        found = reel.go(times[wanted] + 0.003, lambda _: None, never)
        assert found is not None
        assert (number(found), found.pts) == (wanted, pytest.approx(times[wanted], abs=0.002))


@pytest.mark.parametrize("kind", KINDS)
def test_steps_go_one_picture_in_both_directions(kind: str, tmp_path: Path, reels: list[Reel]) -> None:
    reel = Reel(Video(clip(tmp_path, kind)))
    reels.append(reel)
    info = reel.open()
    reel.go(info.end + 5, lambda _: None, never)
    assert number(reel.current) == FRAMES - 1
    assert [number(reel.back(never)) for _ in range(40)] == list(range(58, 18, -1))
    assert [number(reel.forward()) for _ in range(30)] == list(range(20, 50))


def test_at_both_ends_a_step_changes_nothing(tmp_path: Path, reels: list[Reel]) -> None:
    reel = Reel(Video(clip(tmp_path, "B-frames")))
    reels.append(reel)
    reel.open()
    assert reel.back(never) is None
    assert [number(reel.forward()), number(reel.back(never)), reel.back(never)] == [1, 0, None]
    assert [number(reel.forward()) for _ in range(FRAMES + 3)] == [*range(1, FRAMES), None, None, None, None]
    assert number(reel.back(never)) == FRAMES - 2


def test_on_the_way_there_is_a_keyframe_to_see_where_it_is_nearer(tmp_path: Path, reels: list[Reel]) -> None:
    reel = Reel(Video(clip(tmp_path, "plain")))
    reels.append(reel)
    reel.open()
    previews: list[int | None] = []

    def note(frame: Frame) -> None:
        previews.append(number(frame))

    reel.go(33 / 25, note, never)  # keyframes are 0, 12, 24, 36, …
    reel.go(35 / 25, note, never)
    assert previews == [24]  # the second time what is shown is nearer than any keyframe


def test_a_newer_wish_ends_the_way_to_an_older_one(tmp_path: Path, reels: list[Reel]) -> None:
    reel = Reel(Video(clip(tmp_path, "one keyframe")))
    reels.append(reel)
    reel.open()
    assert reel.go(2.0, lambda _: None, lambda: True) is None
    assert number(reel.go(0.4, lambda _: None, never)) == 10
    assert reel.back(lambda: True) is not None  # remembered: nothing to wait for


def test_what_is_remembered_is_bounded(tmp_path: Path, reels: list[Reel]) -> None:
    reel = Reel(Video(clip(tmp_path, "plain")))
    reels.append(reel)
    reel.open()
    while reel.forward():
        while reel.read_ahead():
            pass
        assert len(reel._ahead) <= 4
        assert len(reel._behind) <= 16


def test_while_it_catches_up_only_keyframes_come_and_then_whole_groups(tmp_path: Path, reels: list[Reel]) -> None:
    video = Video(clip(tmp_path, "open GOP"))
    reel = Reel(video)
    reels.append(reel)
    reel.open()
    video.keyframes_only = True
    while (frame := video.read()) is not None and frame.pts < 1.3:
        assert number(frame) == round(frame.pts * 25)
    assert video.skipped > 10
    video.keyframes_only = False
    rest = [number(frame) for frame in iter(video.read, None)]
    assert rest == list(range(FRAMES - len(rest), FRAMES))  # nothing in it that needs what was left out
    assert len(rest) >= 8


def test_what_is_no_video_is_refused_in_words(tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"hello" * 100)
    with pytest.raises(SourceUnusable, match=r"bad\.mp4 is not a video"):
        Video(bad).open()
    with pytest.raises(SourceUnusable, match="could not be read"):
        Video(tmp_path / "missing.mp4").open()
