"""Which stream of a file is the film, and words for files that have none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from livevision.errors import SourceUnusable
from livevision.export.section import Section
from livevision.export.section_packets import SectionPackets
from livevision.playback.video import Video
from livevision.sources.file import FileReader, Pace
from tests.fakes.clips import Encoding, numbered, plain, write_clip


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


@pytest.fixture
def cover(tmp_path: Path) -> Path:
    path = tmp_path / "cover.jpg"
    PillowImage.fromarray(np.full((600, 600, 3), 200, np.uint8)).save(path)
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "film.mp4", [numbered(number) for number in range(20)])


def size_and_count(path: Path) -> tuple[int, int, int]:
    reader = FileReader(path, 0, Pace.EVERY_FRAME)
    info = reader.open()
    count = 0
    while reader.read() is not None:
        count += 1
    reader.close()
    return info.width, info.height, count


@pytest.mark.parametrize("first", ["cover", "film"])
def test_a_cover_is_no_film(tmp_path: Path, cover: Path, film: Path, first: str) -> None:
    order = [cover, film] if first == "cover" else [film, cover]
    path = tmp_path / "both.mp4"
    number = order.index(cover)
    ffmpeg(
        *("-i", order[0], "-i", order[1], "-map", "0", "-map", "1", "-c", "copy"),
        *(f"-disposition:v:{number}", "attached_pic", path),
    )
    assert size_and_count(path) == (320, 240, 20)


@pytest.mark.parametrize("name", ["song.mp3", "song.m4a"])
def test_a_song_with_a_cover_is_refused_with_words(tmp_path: Path, cover: Path, name: str) -> None:
    path = tmp_path / name
    ffmpeg(
        *("-f", "lavfi", "-i", "sine=d=1", "-i", cover, "-map", "0", "-map", "1", "-c:v", "copy"),
        *("-disposition:v", "attached_pic", path),
    )
    words = f"{name} has no video in it, only the picture of a cover."
    for refuse in (
        FileReader(path, 0, Pace.EVERY_FRAME).open,
        Video(path).open,
        lambda: SectionPackets(path, Section(0, 1)),
    ):
        with pytest.raises(SourceUnusable) as error:
            refuse()
        assert str(error.value) == words


def test_a_preview_beside_the_film_is_not_the_film(tmp_path: Path, film: Path) -> None:
    preview = write_clip(tmp_path / "p.mov", [plain((9, 9, 200), (640, 480))] * 2, Encoding("mjpeg", fps=1))
    path = tmp_path / "action.mov"
    ffmpeg(
        *("-i", preview, "-i", film, "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v:0", "default", "-disposition:v:1", "0", path),
    )
    assert size_and_count(path) == (320, 240, 20)


def test_an_animated_webp_is_named_as_what_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    pictures = [PillowImage.fromarray(np.full((90, 120, 3), level, np.uint8)) for level in (10, 100, 200)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100)
    with pytest.raises(SourceUnusable, match=r"a\.webp is an animated WebP"):
        FileReader(path, 0).open()
    pictures[0].save(path)
    assert size_and_count(path) == (120, 90, 1)
